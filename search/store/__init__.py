"""Where an index lives on disk: articles, passages, vectors and keywords under one commit point.

`contract.py` is the seam that another engine would implement; `LocalStore` implements it on files.
"""

from search.store.contract import (
    Candidates,
    EncodedArticle,
    PassageStore,
    Snapshot,
    SplitArticle,
    StoreWriter,
    Tally,
)
from search.store.local import LocalStore

__all__ = [
    "Candidates",
    "EncodedArticle",
    "LocalStore",
    "PassageStore",
    "Snapshot",
    "SplitArticle",
    "StoreWriter",
    "Tally",
]
