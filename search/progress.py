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
    passages: int
    seconds: float


_NOTHING = Progress(0, 0, 0, 0, 0.0)


class Pace:
    """How long the rest takes, by the passages encoded in the last minute of encoding.

    The rest is what awaits its vectors, and what the bytes not yet read will bring, if they hold as
    many passages as those that were stored. What was there unchanged goes by hundreds of times
    faster and says nothing of the rest: it counts neither as bytes nor as time. Until something was
    encoded, nobody can tell.
    """

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._last = _NOTHING
        self._steps = deque[_Step]()
        self._stored = self._stored_bytes = 0
        self._busy_since = 0.0

    def seconds_left(self, now: Progress) -> float | None:
        """Seconds until the last vector; None where that cannot be told."""
        self._note(now)
        done = sum(step.passages for step in self._steps)
        if not done or not now.bytes_total:
            return None
        to_read = max(0, now.bytes_total - now.bytes_read)
        to_come = to_read * self._stored / self._stored_bytes if self._stored_bytes else 0
        seconds = sum(step.seconds for step in self._steps)
        return seconds / done * (now.awaiting + to_come)

    def _note(self, now: Progress) -> None:
        if now.seconds < self._last.seconds:  # another `add` has begun
            self._begin()
        last, self._last = self._last, now
        stored = now.passages + now.awaiting - last.passages - last.awaiting
        if stored > 0 and now.articles:  # else an `add` before this one stored them
            self._stored += stored
            self._stored_bytes += now.bytes_read - last.bytes_read
        encoded, since = now.passages - last.passages, self._busy_since
        if encoded or not now.awaiting:
            self._busy_since = now.seconds
        if not encoded:
            return
        self._steps.append(_Step(encoded, now.seconds - since))
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
            done = f"{progress.articles:,} articles, {_passages(progress)}, {speed:.0f}/s"
            bar.update(
                task,
                total=None if progress.share is None else 1.0,
                completed=progress.share or 0.0,
                description=_read(progress) or done,
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
        parts = [_read(progress)]
        if progress.share_read is None:
            parts = [f"{progress.articles:,} articles", _passages(progress)]
            parts += [] if progress.share is None else [f"{progress.share:.0%}"]
            parts += filter(None, [_left(left)])
        print(", ".join(parts), file=sys.stderr, flush=True)

    return show


def _read(progress: Progress) -> str:
    """How far the reading is that goes before all else, if it does."""
    share = progress.share_read
    return "" if share is None else f"reading everything before the newest is stored, {share:.0%}"


def _passages(progress: Progress) -> str:
    """Those that meaning finds; of those that words find, where there are more."""
    if not progress.awaiting:
        return f"{progress.passages:,} passages"
    return f"{progress.passages:,} of {progress.passages + progress.awaiting:,} passages encoded"


def _left(seconds: float | None) -> str:
    return "" if seconds is None else f"{timedelta(seconds=round(seconds))} left"
