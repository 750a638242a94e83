"""A progress bar with the time left, on a terminal; one line now and then elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from search.types import Progress

_LINE_EVERY_SECONDS = 30.0


@contextmanager
def shown_progress(*, silent: bool) -> Iterator[Callable[[Progress], None] | None]:
    """A function that shows how far an `add` is, on standard error."""
    if silent:
        yield None
    elif sys.stderr.isatty():
        with _bar() as show:
            yield show
    else:
        yield _lines()


@contextmanager
def _bar() -> Iterator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn("adding"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %  {task.description}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("", total=None)

        def show(progress: Progress) -> None:
            speed = progress.passages / progress.seconds
            bar.update(
                task,
                total=progress.bytes_total or None,
                completed=progress.bytes_read,
                description=f"{progress.articles} articles, {speed:.0f} passages/s",
            )

        yield show


def _lines() -> Callable[[Progress], None]:
    last = 0.0

    def show(progress: Progress) -> None:
        nonlocal last
        if progress.seconds - last < _LINE_EVERY_SECONDS:
            return
        last = progress.seconds
        left = _seconds_left(progress)
        print(
            f"{progress.articles} articles, {progress.passages} passages"
            + ("" if left is None else f", {left / 60:.0f} min left"),
            file=sys.stderr,
        )

    return show


def _seconds_left(progress: Progress) -> float | None:
    if not progress.bytes_read or not progress.bytes_total:
        return None
    return progress.seconds * (progress.bytes_total / progress.bytes_read - 1)
