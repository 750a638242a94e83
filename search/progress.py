"""A progress bar with the time left, on a terminal; one line now and then elsewhere."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from search.types import Progress

_LINE_EVERY_SECONDS = 30.0
_PACE_SECONDS = 60.0
"""How much of the time just spent encoding the time left is told from."""


@contextmanager
def shown_progress(
    *, silent: bool, by_line: bool = False
) -> Iterator[Callable[[Progress], None] | None]:
    """A function that shows how far an `add` is, on standard error; of several, by line alone."""
    if silent:
        yield None
    elif sys.stderr.isatty() and not by_line:
        with _bar() as show:
            yield show
    else:
        yield _lines()


class _Step(NamedTuple):
    size_bytes: int
    seconds: float


class Pace:
    """How long the rest takes, by the bytes done in the last minute of encoding.

    What was there unchanged goes by hundreds of times faster and says nothing of the rest: steps
    in which nothing was encoded do not count. Until something was, nobody can tell.
    """

    def __init__(self) -> None:
        self._last: Progress | None = None
        self._steps: deque[_Step] = deque()

    def seconds_left(self, now: Progress) -> float | None:
        """Seconds until the last byte; None where that cannot be told."""
        self._note(now)
        done = sum(step.size_bytes for step in self._steps)
        if not done or not now.bytes_total:
            return None
        seconds = sum(step.seconds for step in self._steps)
        return seconds / done * max(0, now.bytes_total - now.bytes_read)

    def _note(self, now: Progress) -> None:
        last = self._last or Progress(0, 0, 0, 0, 0.0)
        if now.seconds < last.seconds:  # another `add` has begun
            last = Progress(0, 0, 0, 0, 0.0)
            self._steps.clear()
        self._last = now
        if now.passages == last.passages:
            return
        self._steps.append(_Step(now.bytes_read - last.bytes_read, now.seconds - last.seconds))
        seconds = sum(step.seconds for step in self._steps)
        while seconds - self._steps[0].seconds >= _PACE_SECONDS:
            seconds -= self._steps.popleft().seconds


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("adding"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.description}"),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    pace = Pace()
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None, left="")

        def show(progress: Progress) -> None:
            speed = progress.passages / max(progress.seconds, 1e-3)
            bar.update(
                task,
                total=progress.bytes_total or None,
                completed=progress.bytes_read,
                description=f"{progress.articles:,} articles, {speed:.0f} passages/s",
                left=_left(pace.seconds_left(progress)),
            )

        yield show


def _lines() -> Callable[[Progress], None]:
    last, pace = 0.0, Pace()

    def show(progress: Progress) -> None:
        nonlocal last
        left = pace.seconds_left(progress)
        last = min(last, progress.seconds)
        if progress.seconds - last < _LINE_EVERY_SECONDS:
            return
        last = progress.seconds
        parts = [f"{progress.articles:,} articles", f"{progress.passages:,} passages"]
        if progress.bytes_total:
            parts.append(f"{progress.bytes_read / progress.bytes_total:.0%}")
        parts += filter(None, [_left(left)])
        print(", ".join(parts), file=sys.stderr, flush=True)

    return show


def _left(seconds: float | None) -> str:
    return "" if seconds is None else f"{timedelta(seconds=round(seconds))} left"
