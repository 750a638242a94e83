"""The files of an index, and the lock of its one writer. docs/index-format.md describes them.

CURRENT            name of the live folder
lock               held by the one writer
g0001/meta.db      SQLite: the truth and the commit point
g0001/vectors.f16  one row a slot, half precision
g0001/owners.u32   one row a slot: the article's number
g0001/lexical-…/   tantivy, derived
g0001/ann-….faiss  FAISS, derived
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from search.errors import IndexDamaged, IndexLocked, IndexNotFound, StoreError
from search.store.rowfile import sync_folder

FIRST_FOLDER = "g0001"
_NAME = re.compile(r"g\d{4,9}")
Identity = tuple[int, int] | None
"""Disk and number of a file, which no other has while it is open."""


def live_folder(root: Path) -> Path:
    """The folder that CURRENT names.

    Raises:
        IndexNotFound: there is no index at `root`.
        IndexDamaged: CURRENT is missing beside a folder, or names nothing.
    """
    name = _current(root)
    while not _NAME.fullmatch(name) or not (root / name / "meta.db").is_file():
        before, name = name, _current(root)
        if name == before:  # else a compaction took the folder away just now
            msg = (
                f"{root / 'CURRENT'} names {name[:20]!r}, which holds no index; "
                "write the right folder's name in it"
            )
            raise IndexDamaged(msg)
    return root / name


def identity(folder: Path) -> Identity:
    """Of the database in `folder`; None where there is none."""
    with suppress(FileNotFoundError):
        found = (folder / "meta.db").stat()
        return found.st_dev, found.st_ino
    return None


def _current(root: Path) -> str:
    current = root / "CURRENT"
    try:
        return current.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        _refuse_when_lost(root)
        msg = f"no index at {root}/; make one with: news-search add PATH --index {root}"
        raise IndexNotFound(msg) from None
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{current} cannot be read: {error}"
        raise IndexDamaged(msg) from error


def set_live_folder(root: Path, folder: Path) -> None:
    """Make `folder` the live one, atomically and durably."""
    unfinished = root / "CURRENT.unfinished"
    with unfinished.open("w", encoding="ascii") as file:
        file.write(folder.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(root / "CURRENT")
    sync_folder(root)


def empty_first_folder(root: Path) -> Path:
    """A fresh folder for a new index; the caller holds the lock and CURRENT does not exist.

    What a creation that was killed left behind is removed: it never held an article.

    Raises:
        IndexDamaged: it did, and only CURRENT is lost.
    """
    _refuse_when_lost(root)
    for folder in _folders(root):
        _remove(folder)
    return _made(root / FIRST_FOLDER)


def empty_next_folder(live: Path) -> Path:
    """A fresh folder for what will replace `live`; the caller holds the lock."""
    return _made(live.with_name(f"g{int(live.name[1:]) + 1:04d}"))


def remove_dead_folders(live: Path) -> None:
    """Remove every folder of the index but `live`; the caller holds the lock.

    Each gets another name first: a reader that still looks for it finds all of it or nothing.

    Raises:
        StoreError: one cannot be removed.
    """
    root = live.parent
    try:
        for folder in _folders(root):
            if folder != live:
                folder.rename(folder.with_name(folder.name + ".gone"))
        for gone in root.glob("g*.gone"):
            if _NAME.fullmatch(gone.name.removesuffix(".gone")):
                _remove(gone)
        sync_folder(root)
    except OSError as error:
        msg = f"a folder that is no longer used cannot be removed: {error}"
        raise StoreError(msg) from error


def _remove(path: Path) -> None:
    """With all that is in it; of a link (to another disk, say), what it leads to as well."""
    if path.is_dir():
        shutil.rmtree(path.resolve())
    if path.is_symlink() or path.exists():
        path.unlink()


def _made(folder: Path) -> Path:
    folder.mkdir()
    sync_folder(folder.parent)
    return folder


def _folders(root: Path) -> list[Path]:
    found = (path for path in root.glob("g*") if _NAME.fullmatch(path.name))
    return sorted(found, key=lambda path: int(path.name[1:]))


def _refuse_when_lost(root: Path) -> None:
    """Without CURRENT: raise IndexDamaged when a folder holds rows.

    The lowest of two is whole: nothing is written to the higher one before the lower one is gone.
    """
    for folder in _folders(root):
        vectors = folder / "vectors.f16"
        has_rows = vectors.exists() and vectors.stat().st_size > 0
        if has_rows and not (root / "CURRENT").exists():  # else all of it came just now
            msg = (
                f"no CURRENT in {root} beside the index {folder.name}; write {folder.name} into it"
            )
            raise IndexDamaged(msg)


@contextmanager
def write_lock(root: Path) -> Iterator[None]:
    """The right to write to the index at `root`; gone with the process that holds it.

    Raises:
        IndexLocked: another process, or another writer in this one, holds it.
        StoreError: the folder cannot be written.
    """
    try:
        str(root).encode()
    except UnicodeEncodeError:
        msg = f"cannot write to {str(root)!a}: the name is not UTF-8; choose another folder"
        raise StoreError(msg) from None
    try:
        root.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(root / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        msg = f"cannot write to {root}: {error.strerror}; choose another folder with --index"
        raise StoreError(msg) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            msg = f"another process is writing to {root}; wait for it to end, then try again"
            raise IndexLocked(msg) from None
        yield
    finally:
        os.close(descriptor)


def bytes_on_disk(folder: Path) -> int:
    """Of all files under `folder`; what vanishes meanwhile, folders too, counts nothing."""
    total = 0
    for parent, _, names in os.walk(folder):  # unlike rglob, it passes over what is gone
        for name in names:
            with suppress(FileNotFoundError):
                total += Path(parent, name).stat().st_size
    return total
