"""From files to articles: every format, one set of rules, nothing dropped without a word."""

from search.ingest.article import prepared, prepared_or_rejected
from search.ingest.flags import CODES, FLAGS
from search.ingest.identity import is_another, renamed
from search.ingest.reading import Reading, read

__all__ = [
    "CODES",
    "FLAGS",
    "Reading",
    "is_another",
    "prepared",
    "prepared_or_rejected",
    "read",
    "renamed",
]
