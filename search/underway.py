"""How far an `add` is, told to other processes through a file in the index's folder."""

from __future__ import annotations

import fcntl
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, Self

from search.types import Progress

FILE = "adding.json"
"""Locked (flock) by who adds, so that what a killed process left behind is known as such."""
_ROOM_CHARS = 400
"""More than a progress takes: each is written over the one before, in one piece."""


class Underway:
    """Notes how far an `add` is, from entering to leaving.

    A disk that is full or read-only costs others the sight of it, never the adding.
    """

    def __init__(self, folder: Path, told: Callable[[Progress], None] | None = None) -> None:
        """`told` is called with every progress too."""
        self._path, self._told = folder / FILE, told
        self._file: IO[bytes] | None = None

    def note(self, progress: Progress) -> None:
        """This is how far it is now."""
        self._write(progress)
        if self._told is not None:
            self._told(progress)

    def __enter__(self) -> Self:
        with suppress(OSError):
            self._file = self._path.open("wb", buffering=0)
            fcntl.flock(self._file, fcntl.LOCK_EX)  # who looks holds it no longer than a look takes
        self._write(Progress(0, 0, 0, 0, 0.0))
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._path.unlink()
            self._file.close()

    def _write(self, progress: Progress) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.seek(0)
                self._file.write(json.dumps(asdict(progress)).ljust(_ROOM_CHARS).encode())


def underway(folder: Path) -> Progress | None:
    """How far the `add` of any process is; None where there is none, or none that tells."""
    with suppress(OSError), (folder / FILE).open("rb") as file:
        with suppress(BlockingIOError):
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return None  # nobody holds it: it was left behind
        with suppress(ValueError, TypeError):
            return Progress(**json.loads(file.read()))
    return None
