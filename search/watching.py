"""Watching: which files and addresses are to be read now, look after look."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from search import ingest
from search.errors import SearchError, StoreError
from search.fetching import Fetcher, Remembered
from search.ingest import FileMark, FoundFile, Listing, Reading, Rules
from search.sources import Fetched, told_apart
from search.types import AddReport, Withdrawal

SETTLING_SECONDS = 1.0
"""Between the first two looks, so that what lies there already need not wait for long."""


class Watched:
    """Files and folders that are looked at again and again, and addresses that are asked again.

    A file is to be read when two looks in a row found it the same (size, time and inode) and it is
    not as it was read last: one that is still being written waits. What one round withdraws stays
    out in all later ones.

    Raises:
        InputError: a path that does not exist.
    """

    def __init__(
        self,
        places: Iterable[str | Path],
        rules: Rules,
        *,
        again_seconds: float,
    ) -> None:
        self._paths, self._urls = told_apart(places)
        ingest.require_all(self._paths)
        self._rules = rules
        self._again_seconds = again_seconds
        self._asked_at: float | None = None
        self._is_asking = False
        self._found: dict[str, FileMark] = {}
        self._read: dict[str, FileMark] = {}
        self._told: set[str] = set()
        self._withdrawn: dict[str, Withdrawal] = {}
        self._files: list[FoundFile] = []
        self.look()

    def look(self) -> None:
        """See which files are there."""
        listing = Listing.look(self._paths)
        before, self._found = self._found, {one.path: one.mark for one in listing.files}
        settled = [one for one in listing.files if before.get(one.path) == one.mark]
        self._read = {path: mark for path, mark in self._read.items() if path in self._found}
        self._files = [one for one in settled if self._read.get(one.path) != one.mark]
        self._left_out = [*map(str, listing.rejects), *listing.skipped]
        self._told &= set(self._left_out)
        self._rejects = [one for one in listing.rejects if str(one) not in self._told]
        self._skipped = [line for line in listing.skipped if line not in self._told]

    def reading(self, fetched: Fetched) -> Reading | None:
        """What the last look and the addresses have to be read; None where that is nothing."""
        self._is_asking = self._is_time_to_ask()
        if not (self._files or self._is_asking or self._rejects):
            return None
        listing = Listing(self._files, self._rejects, self._skipped)
        sent = [fetched.page(url) for url in self._urls] if self._is_asking else []
        return Reading(self._rules, listing, sent, self._withdrawn)

    def done(self) -> None:
        """All that was to be read is committed, so that it need not be read again."""
        self._read |= {one.path: one.mark for one in self._files}
        self._told = set(self._left_out)
        if self._is_asking:
            self._asked_at = time.monotonic()

    def _is_time_to_ask(self) -> bool:
        if not self._urls:
            return False
        return self._asked_at is None or time.monotonic() - self._asked_at >= self._again_seconds


def rounds(
    watched: Watched,
    fetcher: Fetcher,
    folder: Path,
    add: Callable[[Reading, Fetched], AddReport],
    interval: float,
) -> Iterator[AddReport | SearchError]:
    """A look each `interval` seconds, for ever: what each round added, or the error that ended it.

    `folder` is the index's, where what the addresses answered is remembered. Rounds in which there
    was nothing to read give nothing.
    """
    wait = min(interval, SETTLING_SECONDS)
    while True:
        time.sleep(wait)
        wait = interval
        try:
            watched.look()
            fetched = Fetched(fetcher, Remembered(folder))
            reading = watched.reading(fetched)
            if reading is None:
                continue
            report = add(reading, fetched)
            watched.done()
        except SearchError as error:
            yield error
        except OSError as error:
            yield StoreError(f"{error}; trying again in {interval:g} s")
        else:
            yield report
