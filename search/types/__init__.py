"""The nouns of the house: what flows from files to hits, and nothing that does work."""

from typing import TYPE_CHECKING

from search.types.adding import AddReport, Guess, Progress, Reject, Withdrawal
from search.types.articles import (
    UNKNOWN_SOURCE,
    Article,
    Passage,
    Precision,
    Provenance,
    Span,
)
from search.types.fetching import Fetching
from search.types.groups import STORY_DAYS, Copies, Copy, StoryArticle
from search.types.hits import Evidence, Hit, Marked, Shares, Strength, Why, WordShare
from search.types.holdings import Coverage, Erasure, IndexStats
from search.types.models import Encoder, Reranker, Standing
from search.types.queries import (
    EVERYTHING,
    FIELDS,
    GROUPS,
    MODES,
    SORTS,
    AllOf,
    AnyOf,
    Chip,
    ChipKind,
    Condition,
    Contains,
    Field,
    Group,
    Mode,
    Not,
    OneOf,
    Published,
    Query,
    Sort,
    Suggestion,
    Undated,
    UrlHas,
)
from search.types.results import Count, FacetValue, Plan, Results, TimeBucket
from search.types.versions import ChangedField, Difference, FieldChange, Piece, PieceKind, Version

if TYPE_CHECKING:  # arrays have no name without numpy, which nothing here loads
    from search.types.models import Vector as Vector
    from search.types.models import Vectors as Vectors

__all__ = [
    "EVERYTHING",
    "FIELDS",
    "GROUPS",
    "MODES",
    "SORTS",
    "STORY_DAYS",
    "UNKNOWN_SOURCE",
    "AddReport",
    "AllOf",
    "AnyOf",
    "Article",
    "ChangedField",
    "Chip",
    "ChipKind",
    "Condition",
    "Contains",
    "Copies",
    "Copy",
    "Count",
    "Coverage",
    "Difference",
    "Encoder",
    "Erasure",
    "Evidence",
    "FacetValue",
    "Fetching",
    "Field",
    "FieldChange",
    "Group",
    "Guess",
    "Hit",
    "IndexStats",
    "Marked",
    "Mode",
    "Not",
    "OneOf",
    "Passage",
    "Piece",
    "PieceKind",
    "Plan",
    "Precision",
    "Progress",
    "Provenance",
    "Published",
    "Query",
    "Reject",
    "Reranker",
    "Results",
    "Shares",
    "Sort",
    "Span",
    "Standing",
    "StoryArticle",
    "Strength",
    "Suggestion",
    "TimeBucket",
    "Undated",
    "UrlHas",
    "Version",
    "Why",
    "Withdrawal",
    "WordShare",
]
