"""Measuring an index's background of scores after adding: what `search.strength` holds them to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from search.background import SAMPLED_PASSAGES, SAMPLED_VECTORS, Background, PseudoQueries
from search.types import EVERYTHING
from search.words import significant

if TYPE_CHECKING:
    from search.store import PassageStore, Snapshot
    from search.types import Encoder, Vector


FIRST_AT = 2_000
"""While a first adding goes on, scores have a background from so many vectors on."""
AGAIN_AT = 4
"""And another when there are so many times more."""


class Calibrating:
    """Keeps the background of a store in step with an adding."""

    def __init__(self, store: PassageStore, encoder: Encoder) -> None:
        self._store, self._encoder = store, encoder
        self._next = FIRST_AT

    def note(self, encoded: int) -> None:
        """So many passages were encoded by now: else nothing found by meaning is a good match."""
        if encoded >= self._next:
            self._next = AGAIN_AT * encoded
            self.bring_up()

    def bring_up(self) -> None:
        """Measure what scores are held against, where what is kept does not hold any more."""
        with self._store.snapshot() as snapshot:
            background = measured(snapshot, self._encoder) if outgrown(snapshot) else None
        if background is not None:
            self._store.keep_background(background)


def outgrown(snapshot: Snapshot) -> bool:
    """Whether the background has to be measured anew."""
    kept = snapshot.background()
    return kept is None or kept.is_outgrown(snapshot.passages_encoded)


def measured(snapshot: Snapshot, encoder: Encoder) -> Background:
    """The background of this state; 256 short texts are encoded and searched for."""
    refs = snapshot.sample(SAMPLED_VECTORS)
    found = snapshot.fetch(refs[:SAMPLED_PASSAGES].tolist())
    sentences = [
        [article.text[start:end] for start, end in passage.sentences] for article, passage in found
    ]

    pseudo = PseudoQueries.of(sentences, significant)
    queries = [*pseudo.sentences, *pseudo.shuffled]
    vectors = dict(zip(queries, encoder.encode_queries(queries), strict=True)) if queries else {}

    def best(query: str) -> tuple[Vector, float]:
        vector = vectors[query]
        nearest = snapshot.candidates(
            encode=lambda: vector, words=None, condition=EVERYTHING, depth=1
        )
        return vector, -1.0 if nearest.cosine is None else float(
            np.fmax.reduce(nearest.cosine, initial=-1)
        )

    return Background.measured(snapshot.vectors(refs), snapshot.passages_encoded, pseudo, best)
