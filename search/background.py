"""What an index with one model gives to anything: its own background of scores.

A cosine says nothing by itself. .5 is a good answer to one model and noise to another, and the more
passages there are, the nearer the best of them comes to any nonsense. So a score is held against
what the same model gives on the same passages: to words in random order, and to sentences that are
held.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]

SAMPLED_VECTORS = 2_000
SAMPLED_PASSAGES = 128
"""Of so many passages each gives a sentence and some words; the medians then move by .02, .01."""
REFRESHED_AT = 1.5
"""A background is measured anew when the passages are so many times more, or fewer."""
_SALAD_WORDS = 5
_SENTENCE_WORDS = (4, 25)
_LEAST_SPAN = 0.1
_PRIOR_PASSAGES = 8
_SEED = 7


@dataclass(frozen=True, slots=True)
class Background:
    """What an index with one model gives to anything: kept in the index, measured after adding.

    `mean` is the mean vector of up to `SAMPLED_VECTORS` passages, drawn toward 0 as if there were
    eight more that are like nothing, since the mean of two or three is mostly the hit itself.
    `unrelated` and `held` are closenesses, `passages` how many there were.
    """

    mean: Floats
    unrelated: float
    held: float
    passages: int

    @classmethod
    def measured(
        cls,
        sample: Floats,
        passages: int,
        pseudo: PseudoQueries,
        best: Callable[[str], tuple[Floats, float]],
    ) -> Self:
        """From a random sample of vectors, shape (n, dim), rows of length 1.

        `best` gives a query's vector, encoded as a query, and its highest cosine with any passage.
        """
        mean: Floats = sample.sum(axis=0) / (len(sample) + _PRIOR_PASSAGES)

        def level(queries: Sequence[str]) -> float:
            if not queries:
                return math.nan
            found = [best(query) for query in queries]
            return float(
                np.median(
                    [
                        closeness(np.array([cosine], np.float32), mean, vector)
                        for vector, cosine in found
                    ]
                )
            )

        unrelated, held = level(pseudo.shuffled), level(pseudo.sentences)
        if math.isnan(unrelated):
            unrelated = 0.0
        if math.isnan(held) or held < unrelated + _LEAST_SPAN:
            held = unrelated + _LEAST_SPAN
        return cls(mean, unrelated, held, passages)

    def is_outgrown(self, passages: int) -> bool:
        """Whether it was measured on too few or too many passages to hold for these."""
        return not self.passages / REFRESHED_AT < passages < self.passages * REFRESHED_AT

    def nearness(self, cosine: npt.ArrayLike, query: Floats) -> Floats:
        """0 as near as words in random order, 1 as a sentence that is held; within [-1, 2]."""
        close = closeness(np.asarray(cosine, np.float32), self.mean, query)
        moved = (close - self.unrelated) / (self.held - self.unrelated)
        within: Floats = np.clip(moved, -1, 2).astype(np.float32)
        return within

    def to_dict(self) -> dict[str, Any]:
        """As JSON holds it: four values, the mean in five decimals."""
        mean = [round(value, 5) for value in self.mean.tolist()]
        return {
            "mean": mean,
            "unrelated": round(self.unrelated, 4),
            "held": round(self.held, 4),
            "passages": self.passages,
        }

    @classmethod
    def from_dict(cls, kept: Mapping[str, Any]) -> Self:
        """The background that `to_dict` wrote.

        Raises:
            KeyError, TypeError, ValueError: it did not.
        """
        return cls(
            np.array(kept["mean"], np.float32),
            float(kept["unrelated"]),
            float(kept["held"]),
            int(kept["passages"]),
        )


def closeness(cosine: Floats, mean: Floats, query: Floats) -> Floats:
    """How far from the query's mean cosine to 1, as Cohen's kappa is corrected for chance.

    Some models find everything near to some queries; what a passage adds to that is what counts.
    """
    expected = min(float(mean @ query), 0.99)
    return (cosine - np.float32(expected)) / np.float32(1 - expected)


@dataclass(frozen=True, slots=True)
class PseudoQueries:
    """Queries known without judgments to be answered, and not: sentences held, words shuffled."""

    sentences: tuple[str, ...]
    shuffled: tuple[str, ...]

    @classmethod
    def of(
        cls, sentences: Sequence[Sequence[str]], significant: Callable[[str], Sequence[str]]
    ) -> Self:
        """From the sentences of up to `SAMPLED_PASSAGES` random passages.

        Each passage gives a sentence of 4 to 25 significant words, or none; of a few passages, each
        gives several. Five words drawn from all of them at random make one of the shuffled.
        """
        random = np.random.default_rng(_SEED)
        fitting = [[one for one in passage if _is_fit(significant(one))] for passage in sentences]
        words = [word for passage in sentences for one in passage for word in significant(one)]
        several = -(-SAMPLED_PASSAGES // max(len(sentences), 1))
        held = [
            " ".join(passage[place].split())
            for passage in fitting
            for place in random.permutation(len(passage))[:several].tolist()
        ]
        shuffled = [
            " ".join(words[place] for place in random.integers(len(words), size=_SALAD_WORDS))
            for _ in range(SAMPLED_PASSAGES if words else 0)
        ]
        return cls(tuple(held[:SAMPLED_PASSAGES]), tuple(shuffled))


def _is_fit(words: Sequence[str]) -> bool:
    least, most = _SENTENCE_WORDS
    return least <= len(words) <= most
