"""What a condition on metadata admits, as a mask over slots; exactly what SQL would say.

A condition is about articles, so it is worked out over article numbers, of which there are a tenth
as many as slots. Values of fields are asked of the database, which has an index for them; days are
held in memory, since a range of them may admit almost every article.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.store.labels import fold
from search.types import (
    AllOf,
    AnyOf,
    Condition,
    Contains,
    Count,
    Not,
    OneOf,
    Published,
    Undated,
    UrlHas,
)

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.store.contract import Ints
    from search.store.neighbours import Mask
    from search.store.reading import Reading

    Days = npt.NDArray[np.int32]

_UNDATED = 0  # ordinal 0 is no day


class DaysCache:
    """Days by article number: a number's never changes. Safe to share between threads."""

    class _Read(NamedTuple):
        generation: int
        days: Days

    def __init__(self) -> None:
        self._read = self._Read(0, np.empty(0, np.int32))
        self._reading = threading.Lock()

    def days(self, reading: Reading, generation: int, numbers: int) -> Days:
        """The days of all live articles below `numbers` (anything for the others)."""
        known = self._read
        if known.generation <= generation and len(known.days) >= numbers:
            return known.days
        with self._reading:
            known = self._read
            if known.generation > generation:  # articles that are live here may be gone there
                known = self._Read(0, np.empty(0, np.int32))
            if len(known.days) >= numbers:
                return known.days
            days = np.zeros(numbers, np.int32)
            days[: len(known.days)] = known.days
            found, day = reading.days_from(len(known.days), numbers)
            days[found] = day
            if self._read.generation <= generation:
                self._read = self._Read(generation, days)
            return days


class Admitting:
    """Conditions on one generation. Safe to share between threads."""

    def __init__(
        self,
        generation: int,
        owners: npt.NDArray[np.uint32],
        alive: Mask,
        days: DaysCache,
    ) -> None:
        """`owners` has the article number of every slot, `alive` whether it is committed."""
        self._generation, self._owners, self._alive, self._days = generation, owners, alive, days
        self._numbers = int(owners[-1]) + 1 if len(owners) else 0  # they never fall along the slots
        self._live: Mask | None = None

    @property
    def live_articles(self) -> int:
        """How many articles have passages."""
        return int(np.count_nonzero(self._live_articles()))

    def mask(self, reading: Reading, condition: Condition) -> tuple[Mask, Count]:
        """A mask over slots, and how much it admits."""
        articles = self._articles(reading, condition)
        mask = articles[self._owners]
        mask &= self._alive
        return mask, Count(int(np.count_nonzero(mask)), int(np.count_nonzero(articles)))

    def _articles(self, reading: Reading, condition: Condition) -> Mask:
        """A mask over article numbers, of those with live passages."""
        live = self._live_articles()
        admitted: Mask
        match condition:
            case OneOf():
                admitted = live & self._labelled(reading, condition)
            case UrlHas():
                admitted = live & self._numbered(reading.numbers_where(condition))
            case Published() | Undated():
                admitted = live & self._dated(reading, condition)
            case Not(inner):
                admitted = live & ~self._articles(reading, inner)
            case AllOf(conditions):
                parts = [self._articles(reading, part) for part in conditions]
                admitted = np.logical_and.reduce([live, *parts])
            case AnyOf(conditions):
                parts = [self._articles(reading, part) for part in conditions]
                admitted = np.logical_or.reduce([np.zeros_like(live), *parts])
            case Contains():
                msg = "a condition on words cannot be asked of the metadata"
                raise ValueError(msg)
        return admitted

    def _labelled(self, reading: Reading, condition: OneOf) -> Mask:
        numbers = reading.numbers_labelled(condition.field, list(map(fold, condition.values)))
        return self._numbered(numbers)

    def _numbered(self, numbers: Ints) -> Mask:
        admitted = np.zeros(self._numbers, np.bool_)
        admitted[numbers[numbers < self._numbers]] = True  # beyond: articles without passages
        return admitted

    def _dated(self, reading: Reading, condition: Published | Undated) -> Mask:
        days = self._days.days(reading, self._generation, self._numbers)[: self._numbers]
        if isinstance(condition, Undated):
            return np.equal(days, _UNDATED)
        after, before = condition.after, condition.before
        first = _UNDATED + 1 if after is None else after.toordinal()
        end = np.iinfo(np.int32).max if before is None else before.toordinal()
        return np.logical_and(days >= first, days < end)

    def _live_articles(self) -> Mask:
        if self._live is None:
            live = np.zeros(self._numbers, np.bool_)
            live[self._owners[self._alive]] = True
            self._live = live
        return self._live
