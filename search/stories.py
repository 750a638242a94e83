"""Which articles tell the same story: the same event, in other words, within a few days.

An article joins the story whose leader it is near enough to in meaning: the more so, the more days
lie between it and the nearest article of that story. So a story goes on for as long as something
is written of it, and no chain leads away from its leader. Nothing of it is stored: stories are
found among the articles at hand, when they are asked for. The limits were chosen on pairs of real
articles: benchmarks/README.md.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    alike = vectors @ vectors.T
    led = np.arange(len(vectors))
    days_of = dict[int, list[int]]()  # of the articles of each story, by the place of its leader
    for place, day in enumerate(days.tolist()):
        near = [
            head
            for head in np.flatnonzero(alike[place, :place] >= NEAR).tolist()
            if head in days_of
        ]
        spare = [alike[place, head] - needed(_gap(day, days_of[head])) for head in near]
        if spare and max(spare) >= 0:
            led[place] = head = near[int(np.argmax(spare))]
            days_of[head].append(day)
        elif day != UNDATED:
            days_of[place] = [day]
    return led


def joining(likeness: Floats, days: Ints, day: int) -> Mask:
    """Which articles are in the story that one of this `day` leads, the most alike taken first.

    `likeness` has their cosines with it.
    """
    days_of, is_in = [day], np.zeros(len(days), np.bool_)
    for place in np.argsort(-likeness, kind="stable").tolist():
        if likeness[place] >= needed(_gap(int(days[place]), days_of)):
            is_in[place] = True
            days_of.append(int(days[place]))
    return is_in


def needed(gap: float) -> float:
    """The cosine that so many days ask for; none reaches beyond the window."""
    return NEAR + NEARER_A_DAY * gap if gap <= WINDOW else math.inf


def _gap(day: int, days: Sequence[int]) -> float:
    """Days to the nearest of `days`."""
    return math.inf if day == UNDATED else min(abs(day - other) for other in days)
