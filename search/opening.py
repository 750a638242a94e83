"""What every command begins and ends with: the index that was named, and an exit code."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.index import NewsIndex

DONE, REJECTED, FATAL = 0, 1, 2


def opened(options: argparse.Namespace) -> NewsIndex:
    """The index that the arguments name; raises as `NewsIndex.open`."""
    from search.index import NewsIndex

    return NewsIndex.open(
        options.index,
        model=getattr(options, "model", None),
        reranker=getattr(options, "rerank", None),
    )
