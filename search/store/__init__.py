"""Where an index lives on disk: articles, passages, vectors and keywords under one commit point.

`contract.py` is the seam that another engine would implement; `LocalStore` implements it on files.
"""

from search.store.contract import (
    ArticleFacts,
    Candidates,
    EncodedArticle,
    PassageStore,
    Snapshot,
    StoreWriter,
)
from search.store.local import LocalStore

__all__ = [
    "ArticleFacts",
    "Candidates",
    "EncodedArticle",
    "LocalStore",
    "PassageStore",
    "Snapshot",
    "StoreWriter",
]
