"""Notes on what a query asks for and its search cannot use: nothing is dropped in silence."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.types import Group, Mode, Query, Sort


def unused(query: Query, mode: Mode, group: Group, like: str | None) -> Iterator[str]:
    """One sentence for each part without effect; the others are those searched with."""
    if query.half_life is not None and not query.words and like is None:
        yield "recency: has nothing to weigh here: without words articles are listed by date"
    if query.mode == "keyword" and like is not None:
        yield "mode:keyword has no effect on what is similar: an article is compared by meaning"
    if query.mode is not None and not query.words and like is None:
        yield f"mode:{query.mode} has no effect without words: articles are listed by date"
    if group == "story" and not query.words and like is None:
        yield "group:story has no effect without words: articles are listed by date, copies in one"
    if query.words and like is not None and mode == "semantic":
        yield f"“{query.words}” is not searched: meaning is compared with the article alone"


def not_reranked(query: Query, sort: Sort, like: str | None) -> str | None:
    """Why a reranker has no effect; None where it has one."""
    if like is not None:
        return "reranking has no effect on what is similar: it compares passages with words alone"
    if not query.words:
        return "reranking has no effect without words: articles are listed by date"
    if sort != "relevance":
        return "reranking has no effect on hits that are sorted by date"
    return None


def unused_in_reranking(query: Query) -> Iterator[str]:
    """One sentence for each part that a reranker takes the effect from, in part or whole."""
    if query.half_life is not None:
        yield "recency: chooses which passages are reranked, but not the order they are put in"
