"""The facts of articles that searches counted before: they never change under a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from search.store.contract import ArticleFacts
    from search.store.reading import Reading

_MOST = 100_000
"""About 30 MB."""


class FactsCache:
    """Facts by article number, for every generation. Safe to share between threads."""

    def __init__(self) -> None:
        self._known: dict[int, ArticleFacts] = {}

    def get(self, reading: Reading, numbers: Sequence[int]) -> dict[int, ArticleFacts]:
        """The facts of these articles; those not asked for before come from the database."""
        known = self._known
        missing = [number for number in numbers if number not in known]
        if missing:
            if len(known) + len(missing) > _MOST:
                known = self._known = {}
                missing = list(numbers)
            known.update(reading.facts(missing))
        return {number: known[number] for number in numbers}
