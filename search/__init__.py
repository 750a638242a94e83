"""Semantic search over a news archive: articles in, ranked passages with their sources out.

from search import NewsIndex

with NewsIndex.open("index/") as index:
    index.add("articles/")
    for hit in index.search("who was killed in the airstrike", k=5).hits:
        print(hit.rank, hit.article.source, hit.article.published, hit.text)
"""

from typing import TYPE_CHECKING, Any

from search.differences import difference
from search.errors import (
    ArticleNotFound,
    IndexDamaged,
    IndexLocked,
    IndexNotFound,
    IndexRefused,
    InputError,
    ModelError,
    QueryError,
    SearchError,
    StoreError,
)
from search.metadata import MetadataReport, OutletMetadata, SharedParagraph, Spike
from search.types import (
    EVERYTHING,
    AddReport,
    AllOf,
    AnyOf,
    Article,
    Chip,
    Condition,
    Contains,
    Copies,
    Copy,
    Count,
    Coverage,
    Difference,
    Encoder,
    Erasure,
    Evidence,
    FacetValue,
    Fetching,
    Field,
    FieldChange,
    Group,
    Guess,
    Hit,
    IndexStats,
    Marked,
    Mode,
    Not,
    OneOf,
    Passage,
    Piece,
    Plan,
    Precision,
    Progress,
    Provenance,
    Published,
    Query,
    Reject,
    Reranker,
    Results,
    Shares,
    Sort,
    Span,
    Standing,
    StoryArticle,
    Strength,
    Suggestion,
    TimeBucket,
    Undated,
    UrlHas,
    Version,
    Why,
    Withdrawal,
    WordShare,
)

if TYPE_CHECKING:
    from search.index import NewsIndex

__all__ = [
    "EVERYTHING",
    "AddReport",
    "AllOf",
    "AnyOf",
    "Article",
    "ArticleNotFound",
    "Chip",
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
    "IndexDamaged",
    "IndexLocked",
    "IndexNotFound",
    "IndexRefused",
    "IndexStats",
    "InputError",
    "Marked",
    "MetadataReport",
    "Mode",
    "ModelError",
    "NewsIndex",
    "Not",
    "OneOf",
    "OutletMetadata",
    "Passage",
    "Piece",
    "Plan",
    "Precision",
    "Progress",
    "Provenance",
    "Published",
    "Query",
    "QueryError",
    "Reject",
    "Reranker",
    "Results",
    "SearchError",
    "SharedParagraph",
    "Shares",
    "Sort",
    "Span",
    "Spike",
    "Standing",
    "StoreError",
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
    "difference",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load NewsIndex, with FAISS and all, when it is first asked for: `import search` is quick."""
    if name == "NewsIndex":
        from search.index import NewsIndex

        return NewsIndex
    msg = f"module 'search' has no attribute {name!r}"
    raise AttributeError(msg)
