"""Semantic search over a news archive: articles in, ranked passages with their sources out.

from search import NewsIndex

with NewsIndex.open("index/") as index:
    index.add("articles/")
    for hit in index.search("who was killed in the airstrike", k=5).hits:
        print(hit.rank, hit.article.source, hit.article.published, hit.text)
"""

from typing import TYPE_CHECKING, Any

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
from search.types import (
    EVERYTHING,
    AddReport,
    AllOf,
    AnyOf,
    Article,
    Chip,
    Condition,
    Contains,
    Copy,
    Count,
    Encoder,
    Erasure,
    Evidence,
    FacetValue,
    Fetching,
    Field,
    Group,
    Guess,
    Hit,
    IndexStats,
    Mode,
    Not,
    OneOf,
    Passage,
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
    Strength,
    Suggestion,
    TimeBucket,
    Undated,
    UrlHas,
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
    "Copy",
    "Count",
    "Encoder",
    "Erasure",
    "Evidence",
    "FacetValue",
    "Fetching",
    "Field",
    "Group",
    "Guess",
    "Hit",
    "IndexDamaged",
    "IndexLocked",
    "IndexNotFound",
    "IndexRefused",
    "IndexStats",
    "InputError",
    "Mode",
    "ModelError",
    "NewsIndex",
    "Not",
    "OneOf",
    "Passage",
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
    "Shares",
    "Sort",
    "Span",
    "Standing",
    "StoreError",
    "Strength",
    "Suggestion",
    "TimeBucket",
    "Undated",
    "UrlHas",
    "Why",
    "Withdrawal",
    "WordShare",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401
    """Load NewsIndex, with FAISS and all, when it is first asked for: `import search` is quick."""
    if name == "NewsIndex":
        from search.index import NewsIndex

        return NewsIndex
    msg = f"module 'search' has no attribute {name!r}"
    raise AttributeError(msg)
