"""Wall time of the steps of a search."""

from __future__ import annotations

import time
from collections.abc import Mapping


class Clock:
    """Seconds of each step, by name."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._started = self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Note the time since the last lap under `name`."""
        now = time.perf_counter()
        self.seconds[name] = now - self._last
        self._last = now

    def lap_in(self, steps: Mapping[str, float]) -> None:
        """Note the steps that the time since the last lap was spent on, as others took it."""
        self.seconds.update(steps)
        self._last = time.perf_counter()

    def total(self) -> dict[str, float]:
        """Every step, and `total` since the start; steps that ran beside others add up to more."""
        return {**self.seconds, "total": time.perf_counter() - self._started}
