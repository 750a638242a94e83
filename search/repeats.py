"""Which sentences of articles on their way to the store are boilerplate there.

An article is judged by those before it, whether they are stored already or still on their way, so
that the same articles in the same order make the same passages however fast each step is.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from search.boilerplate import Seen, boilerplate_of, counted, keys_of

if TYPE_CHECKING:
    from search.store import StoreWriter
    from search.types import Article, Span


class _Passed(NamedTuple):
    """An article on its way: the how manieth ever stored it will be, and what it holds."""

    number: int
    keys: frozenset[int]
    day: int | None


class Repeats:
    """Judges articles in the order in which the writer will store them."""

    def __init__(self, writer: StoreWriter) -> None:
        self._writer = writer
        self._passed: deque[_Passed] = deque()
        self._last: int | None = None

    def boilerplate(self, articles: Sequence[Article]) -> list[list[Span]]:
        """The spans of each article's sentences that are not searched, in order."""
        keys = [keys_of(article) for article in articles]
        held = [counted(article, own) for article, own in zip(articles, keys, strict=True)]
        stored, seen = self._writer.sightings(frozenset().union(*held))
        if self._last is None:
            self._last = stored
        while self._passed and self._passed[0].number <= stored:
            self._passed.popleft()
        known = defaultdict(Seen, seen)
        for passed in self._passed:
            _count(known, passed)
        found = []
        for article, own, all_keys in zip(articles, keys, held, strict=True):
            found.append(boilerplate_of(article, own, known))
            self._last += 1
            day = None if article.day is None else article.day.toordinal()
            self._passed.append(_Passed(self._last, all_keys, day))
            _count(known, self._passed[-1])
        return found


def _count(known: defaultdict[int, Seen], passed: _Passed) -> None:
    for key in passed.keys:
        known[key] = known[key].and_in(passed.day)
