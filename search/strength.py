"""How strong a hit is, and whether the index answers a query at all: bands, and a line below them.

    closeness = (cosine - m) / (1 - m)              m: the query's mean cosine with the passages
    nearness  = (closeness - unrelated) / (held - unrelated)
    strength  = 0.6 nearness + 0.4 words            from -0.6 to 1.6

`unrelated` is how close the nearest passage comes to words of the index in random order, `held` how
close it comes to a sentence that the index does hold (`search.background`): nearness 0 and 1.
`words` is the share of the query's words that the hit holds, weighted by rarity. Judgments chose
nothing but the weights, the two edges and `WORDS_ALONE`: benchmarks/README.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from search.words import is_function

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.background import Background
    from search.types import Strength

    Floats = npt.NDArray[np.float32]

LIKELY = 0.4
STRONG = 0.75
"""The line, as a logistic fit gives it, one collection left out; the edge above it by eye."""
NEARNESS_WEIGHT = 0.6
WORDS_ALONE = 0.6
"""Where no meaning was compared, the share of the words that makes a hit likely."""
LOOKED_UP = 2
"""Up to so many words are looked up rather than asked: a hit that holds them all is likely."""
FIRST_HITS = 10
"""A query is answered when one of so many is above the line."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What kind of words a query has.

    `is_looked_up`: one or two different words, not all of them function words or numbers. Who types
    a name asks for passages that hold it, and no model is near to a bare name.
    `is_about_something`: not function words alone.
    """

    is_looked_up: bool
    is_about_something: bool

    @classmethod
    def of(cls, words: Sequence[str]) -> Self:
        """`words` are the significant ones: function words only where there are no others."""
        about = [word for word in words if not is_function(word)]
        is_named = any(character.isalpha() for word in about for character in word)
        distinct = {word.casefold() for word in words}
        return cls(len(distinct) <= LOOKED_UP and is_named, bool(about))


def strengths(
    asked: Asked | None,
    held: Floats,
    cosine: Floats | None,
    query: Floats | None,
    background: Background | None,
) -> Floats:
    """A number for each hit, from -1 to 2; `band` names it. More of either evidence is never less.

    `held` is the share of the words, weighted by rarity, that stands in each hit; `asked` is None
    where words were not compared. Without cosines, or a background to compare them with, the words
    decide: scaled so that `WORDS_ALONE` of them stands on the line. So they do for each hit whose
    cosine is NaN, since its vector is still awaited.
    """
    is_about = asked is not None and asked.is_about_something
    by_words = held * np.float32(LIKELY / WORDS_ALONE if is_about else 0)
    if cosine is None or query is None or background is None:
        return by_words
    by_both = _by_both(asked, held, background.nearness(cosine, query))
    return np.where(np.isnan(cosine), by_words, by_both)


def _by_both(asked: Asked | None, held: Floats, near: Floats) -> Floats:
    if asked is None:
        return near
    mixed = NEARNESS_WEIGHT * near + (1 - NEARNESS_WEIGHT) * held
    if asked.is_looked_up:
        mixed = np.where(held > 0.999, np.maximum(mixed, LIKELY), mixed)
    numbers: Floats = mixed.astype(np.float32)
    return numbers


def band(strength: float) -> Strength:
    """What people are shown."""
    if strength >= STRONG:
        return "strong"
    return "likely" if strength >= LIKELY else "weak"
