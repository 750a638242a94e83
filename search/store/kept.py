"""The file background.json of a folder: what an index's scores are held against."""

from __future__ import annotations

import json
import logging
import shutil
from functools import lru_cache
from pathlib import Path

from search.background import Background
from search.errors import StoreError
from search.store.rowfile import sync_folder

log = logging.getLogger(__name__)
_NAME = "background.json"


def kept_background(folder: Path) -> Background | None:
    """What was last kept in `folder`; None when nothing was, or nobody can read it."""
    path = folder / _NAME
    try:
        return _read(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> Background | None:
    try:
        return Background.from_dict(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, OSError) as error:
        log.warning("%s cannot be read and is made anew by the next add: %r", path, error)
        return None


def keep_background(folder: Path, background: Background) -> None:
    """Put it in place, atomically.

    Raises:
        StoreError: the disk does not take it; what was kept before is intact.
    """
    path, unfinished = folder / _NAME, folder / f"{_NAME}.unfinished"
    try:
        unfinished.write_text(json.dumps(background.to_dict()), encoding="utf-8")
        unfinished.replace(path)
        sync_folder(folder)
    except OSError as error:
        msg = f"{path} cannot be written: {error.strerror}; everything committed is intact"
        raise StoreError(msg) from error


def hand_on_background(old: Path, new: Path) -> None:
    """Take what is kept in one folder to another."""
    if (old / _NAME).exists():
        shutil.copyfile(old / _NAME, new / _NAME)
