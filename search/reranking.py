"""Reranking: the first passages of a whole order, put in that of a cross-encoder."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from search import rank
from search.errors import ModelError
from search.passages import encoded_text
from search.ranking import Ranked

if TYPE_CHECKING:
    from collections.abc import Sequence

    from search.store import Snapshot
    from search.types import Reranker

RERANKED = 50
"""A choice of time: what more or fewer are worth was not measured."""


def reranked(found: Ranked, words: str, snapshot: Snapshot, reranker: Reranker) -> Ranked:
    """The first `RERANKED` passages in the order of their scores for `words`, the rest behind them.

    They are taken from the first tier alone, so that every page reranks the same ones. At most two
    passages of an article still stand before the best two of every other: the order begins with
    those, so that either they are all among the first `RERANKED`, and are chosen anew, or there is
    nothing else among them.

    Raises:
        ModelError: the reranker did not give each text one finite score.
    """
    first = found.order[: min(RERANKED, found.tiers[0])]
    if len(first) == 0:
        return found
    refs, owners = found.candidates.refs[first], found.candidates.owners[first]
    texts = [encoded_text(article, passage) for article, passage in snapshot.fetch(refs.tolist())]
    given = _scores(words, texts, reranker)
    scores = np.full(len(found.order), np.nan, np.float32)
    scores[first] = given
    again = first[rank.ranked_order(given, refs, owners)]
    order = np.concatenate([again, found.order[len(first) :]])
    return replace(found, order=order, reranked=scores)


class Remembering:
    """A reranker that reads the same texts once, however often it is asked."""

    def __init__(self, reranker: Reranker) -> None:
        self._reranker = reranker
        self._known: dict[tuple[str, ...], rank.Floats] = {}

    @property
    def name(self) -> str:
        """The reranker's."""
        return self._reranker.name

    def scores(self, query: str, texts: Sequence[str], /) -> rank.Floats:
        """The reranker's."""
        key = (query, *texts)
        if key not in self._known:
            self._known[key] = self._reranker.scores(query, texts)
        return self._known[key]


def _scores(words: str, texts: list[str], reranker: Reranker) -> rank.Floats:
    scores = np.asarray(reranker.scores(words, texts), np.float32)
    if scores.shape != (len(texts),) or not np.isfinite(scores).all():
        msg = f"{reranker.name} did not give each of {len(texts)} passages one finite score"
        raise ModelError(msg)
    return scores
