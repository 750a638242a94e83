"""Which articles tell the same story: the same event, in other words, within a few days.

An article joins the story whose leader it is near enough to in meaning: the more so, the more days
lie between it and the nearest article of that story. So a story goes on for as long as something
is written of it, and no chain leads away from its leader. Nothing of it is stored: stories are
found among the articles at hand, when they are asked for. The limits were chosen on pairs of real
articles: benchmarks/README.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.types import Vectors

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]

NEAR = 0.77
"""The cosine with its leader that brings an article of the same day into a story."""
NEARER_A_DAY = 0.02
"""So much more is needed for each day to the nearest article of the story."""
WINDOW = 7
"""A story rests after so many days without an article."""
MOST = 1_000
"""So many articles are compared with one another: a million cosines, a few milliseconds."""
UNDATED = -1


def leaders(vectors: Vectors, days: Ints) -> Ints:
    """For each article, in order of rank, the place of the one that leads its story.

    `vectors` has a row of length 1 for each, `days` proleptic ordinals or `UNDATED`; no two are
    copies. An article leads itself unless one before it does, so those that follow change nothing.
    An undated one is alone: with cosines as high, months apart, articles tell of what recurs.
    """
    alike, apart = vectors @ vectors.T, _days_apart(days)
    led = np.arange(len(vectors))
    heads = np.empty(0, np.int64)
    gaps = np.empty((len(vectors), len(vectors)), np.float32)  # to each story, by its head
    for place in range(len(vectors)):
        spare = alike[place, heads] - needed(gaps[place, heads])
        best = int(np.argmax(spare)) if len(heads) else 0
        if len(heads) and spare[best] >= 0:
            led[place] = head = heads[best]
            np.minimum(gaps[:, head], apart[place], out=gaps[:, head])
        else:
            heads = np.append(heads, place)
            gaps[:, place] = apart[place]
    return led


def joining(likeness: Floats, days: Ints, day: int) -> Mask:
    """Which articles are in the story that one of this `day` leads, the most alike taken first.

    `likeness` has their cosines with it.
    """
    apart = _days_apart(np.append(days, day))
    gaps, is_in = apart[-1, :-1].copy(), np.zeros(len(days), np.bool_)
    for place in np.argsort(-likeness, kind="stable"):
        if likeness[place] >= needed(gaps[place]):
            is_in[place] = True
            np.minimum(gaps, apart[place, :-1], out=gaps)
    return is_in


def needed(gaps: Floats) -> Floats:
    """The cosines that so many days ask for; never reached beyond the window."""
    cosines: Floats = np.where(gaps <= WINDOW, NEAR + NEARER_A_DAY * gaps, np.inf)
    return cosines.astype(np.float32)


def _days_apart(days: Ints) -> Floats:
    """Between each two; infinite where one is undated."""
    apart = np.abs(days[:, None] - days[None, :]).astype(np.float32)
    is_undated = days == UNDATED
    apart[is_undated] = np.inf
    apart[:, is_undated] = np.inf
    return apart
