"""What is counted of articles: it never changes under a number, so it is read once."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.store.contract import Tally

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.store.labels import Label
    from search.store.reading import Reading

_Value = tuple[str, str, str]  # field, key, as published
_MOST = 100_000
"""About 20 MB."""


class _Facts(NamedTuple):
    """Of one article; labels by their number, since numbers are counted ten times as fast."""

    labels: tuple[int, ...]
    day: int | None
    moment: float
    is_excerpt: bool


class _Known:
    """Facts by article number, labels by theirs."""

    def __init__(self) -> None:
        self.articles: dict[int, _Facts] = {}
        self.values: list[_Value] = []
        self.respelled: set[int] = set()  # labels whose key has another spelling too
        self._numbers: dict[Label, int] = {}
        self._firsts: dict[tuple[str, str], int] = {}

    def number_of(self, label: Label) -> int:
        """Not for two threads at once."""
        number = self._numbers.setdefault(label, len(self.values))
        if number == len(self.values):
            self.values.append((label.field, label.key, label.shown or label.key))
            first = self._firsts.setdefault((label.field, label.key), number)
            if first != number:
                self.respelled |= {first, number}
        return number


class FactsCache:
    """Facts of articles, for every generation. Safe to share between threads."""

    def __init__(self) -> None:
        self._known = _Known()
        self._learning = threading.Lock()

    def tally(self, reading: Reading, numbers: Sequence[int]) -> Tally:
        """See the contract."""
        known = self._with(reading, numbers)
        facts = [known.articles[number] for number in numbers]
        labels = np.fromiter(chain.from_iterable([one.labels for one in facts]), np.int64)
        by_label = np.bincount(labels)
        found = np.flatnonzero(by_label)
        counts = dict(zip(found.tolist(), by_label[found].tolist(), strict=True))
        respelled = counts.keys() & known.respelled
        values: dict[str, dict[str, int]] = defaultdict(dict)
        for number, count in counts.items():
            if number not in respelled:
                field, _, value = known.values[number]
                values[field][value] = count
        for field, value, count in _merged((known.values[one], counts[one]) for one in respelled):
            values[field][value] = count
        return Tally(values, Counter([one.day for one in facts if one.day is not None]))

    def moments(self, reading: Reading, numbers: Sequence[int]) -> npt.NDArray[np.float64]:
        """See the contract."""
        articles = self._with(reading, numbers).articles
        return np.array([articles[number].moment for number in numbers])

    def are_excerpts(self, reading: Reading, numbers: Sequence[int]) -> npt.NDArray[np.bool_]:
        """See the contract."""
        articles = self._with(reading, numbers).articles
        return np.array([articles[number].is_excerpt for number in numbers], np.bool_)

    def _with(self, reading: Reading, numbers: Sequence[int]) -> _Known:
        """What is known, these among it; those not asked for before come from the database."""
        known = self._known
        missing = [number for number in numbers if number not in known.articles]
        if missing:
            if len(known.articles) + len(missing) > _MOST:
                known, missing = _Known(), list(numbers)
            read = reading.facts(missing)
            with self._learning:
                for number, (labels, day, moment, is_excerpt) in read.items():
                    numbered = tuple(known.number_of(label) for label in labels)
                    known.articles[number] = _Facts(numbered, day, moment, is_excerpt)
            self._known = known
        return known


def _merged(counted: Iterable[tuple[_Value, int]]) -> list[tuple[str, str, int]]:
    """Field, first spelling and count of each key."""
    counts: Counter[tuple[str, str]] = Counter()
    spelled: dict[tuple[str, str], str] = {}
    for (field, key, shown), count in counted:
        counts[field, key] += count
        spelled[field, key] = min(spelled.get((field, key), shown), shown)
    return [(field, spelled[field, key], count) for (field, key), count in counts.items()]
