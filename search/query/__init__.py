"""The query language: what a person types, read into what a search does."""

from search.query.reading import MAX_CHARS, read_query, well_formed
from search.query.spelling import spelled_value
from search.query.tokens import OPERATORS, QUOTES

__all__ = ["MAX_CHARS", "OPERATORS", "QUOTES", "read_query", "spelled_value", "well_formed"]
