"""What readers sent, on the disk until it is read; what a killed process left is found again."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO, Self

PREFIX = "news-search-sent-"
HELD = "held"
"""In each folder, locked (flock) by the process whose it is."""


class KeptFiles:
    """A temporary folder of files, each in a numbered one, since two may have one name.

    Raises:
        OSError: the disk is full or read-only.
    """

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        try:
            self._lock = _hold(self.folder)
        except BaseException:
            shutil.rmtree(self.folder)
            raise

    def put(self, number: int, name: str, content: bytes) -> Path:
        """Where the file is now."""
        path = self.folder / str(number) / name
        path.parent.mkdir()
        path.write_bytes(content)
        return path

    def remove(self) -> None:
        """Whatever is there of it; a second time does nothing."""
        with suppress(FileNotFoundError):
            shutil.rmtree(self.folder)
        self._lock.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.remove()


def remove_leftovers() -> None:
    """Remove this user's folders that no process holds; what cannot be removed stays."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            if folder.lstat().st_uid == os.getuid():
                _remove_unless_held(folder)


def _hold(folder: Path) -> IO[bytes]:
    """The lock, under its name only once it is locked: who looks for leftovers goes by the name."""
    unlocked = folder / f"{HELD}-soon"
    lock = unlocked.open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        unlocked.rename(folder / HELD)
    except BaseException:
        lock.close()
        raise
    return lock


def _remove_unless_held(folder: Path) -> None:
    with (folder / HELD).open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(folder)
