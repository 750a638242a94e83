"""Codes of the vectors in files: ann-<rows>-<lists>-<FAISS version>.faiss. A door for faiss.

One bit a dimension (`RaBitQ`) in one list, and in thousands of lists where one would take too long
to read. A file holds the codes of the first rows and is never changed: a larger one is written
beside it, from it where that is possible, and two are kept.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import faiss
import numpy as np

from search.errors import StoreError
from search.store.rowfile import sync_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.store.neighbours import FaissIndex, Halves

FLAT_ROWS = 50_000
"""Up to here no codes are made: Flat is exact, and no more than 2 ms slower on real passages."""
LISTS = ((500_000, 1), (3_000_000, 256))
"""Up to so many rows so many lists: more lists mean fewer codes to read for a query."""
MOST_LISTS = 4_096
"""Beyond them."""
_NAME = re.compile(rf"ann-\d{{12}}-\d+-{re.escape(faiss.__version__)}\.faiss")
_TRAINING_ROWS_PER_LIST = 48
_ROUNDS = 10
_BLOCK_ROWS = 1 << 16
_REUSABLE_SHARE = 0.25
"""Codes grow out of a file that has so much of the rows; else its lists are out of date."""


class Loaded(NamedTuple):
    """A file of codes, in memory."""

    path: Path
    faiss: FaissIndex


def lists_for(rows: int) -> int:
    """How many lists so many rows are in."""
    return next((lists for most, lists in LISTS if rows <= most), MOST_LISTS)


def file_name(rows: int, lists: int) -> str:
    """The version is in the name: codes of another FAISS are not trusted, but made again."""
    return f"ann-{rows:012d}-{lists}-{faiss.__version__}.faiss"


def code_files(folder: Path) -> list[Path]:
    """The files that this FAISS made, the largest last."""
    return sorted(path for path in folder.glob("ann-*.faiss") if _NAME.fullmatch(path.name))


def rows_of(path: Path) -> int:
    """How many rows the file at `path` says that it holds."""
    return int(path.name.split("-")[1])


def write_codes(
    folder: Path,
    vectors: Halves,
    *,
    threads: int | None = None,
    is_stopped: Callable[[], bool] = lambda: False,
) -> None:
    """Put a file with the codes of all of `vectors` in place, atomically; two are kept.

    It is made by so many threads, by default one a core.

    Raises:
        StoreError: the disk does not take it, or `is_stopped` became true.
    """
    faiss.omp_set_num_threads(threads or os.cpu_count() or 1)  # a setting of the calling thread
    lists = lists_for(len(vectors))
    index = _grown_from(folder, len(vectors), lists) or _trained(vectors, lists)
    for start in range(int(index.ntotal), len(vectors), _BLOCK_ROWS):
        if is_stopped():
            msg = "making codes was stopped; everything committed is intact"
            raise StoreError(msg)
        index.add(np.asarray(vectors[start : start + _BLOCK_ROWS], np.float32))
    path = folder / file_name(len(vectors), lists)
    _write(index, path)
    for old in code_files(folder)[:-2]:
        old.unlink(missing_ok=True)


def _grown_from(folder: Path, rows: int, lists: int) -> Any:  # noqa: ANN401  faiss is untyped
    """The largest file's index, where it has as many lists and enough rows to go on from."""
    for path in reversed(code_files(folder)):
        known = rows_of(path)
        if path.name == file_name(known, lists) and rows * _REUSABLE_SHARE <= known <= rows:
            return read(path)
    return None


def _trained(vectors: Halves, lists: int) -> Any:  # noqa: ANN401
    index = faiss.index_factory(
        vectors.shape[1], f"IVF{lists},RaBitQfs", faiss.METRIC_INNER_PRODUCT
    )
    index.cp.niter = _ROUNDS
    wanted = min(len(vectors), max(_BLOCK_ROWS, _TRAINING_ROWS_PER_LIST * lists))
    evenly = np.linspace(0, len(vectors) - 1, wanted).astype(np.int64)
    index.train(np.asarray(vectors[evenly], np.float32))
    return index


def _write(index: Any, path: Path) -> None:  # noqa: ANN401
    unfinished = path.with_suffix(".unfinished")
    try:
        faiss.write_index(index, str(unfinished))
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync_folder(path.parent)
    except (OSError, RuntimeError) as error:
        unfinished.unlink(missing_ok=True)
        reason = " ".join(str(error).split())
        msg = f"{path} cannot be written: {reason}; everything committed is intact"
        raise StoreError(msg) from error


def loaded(folder: Path, rows: int, known: Loaded | None = None) -> Loaded | None:
    """The largest readable file of at most `rows` rows; `known` again where it is that one."""
    for path in reversed(code_files(folder)):
        if rows_of(path) > rows:
            continue
        if known is not None and path == known.path:
            return known
        index = read(path)
        if index is not None:  # else an older one, or Flat, will do
            return Loaded(path, index)
    return None


def remove_unusable(folder: Path, rows: int) -> None:
    """Those that are torn, or hold rows that are not committed."""
    for path in code_files(folder):
        if rows_of(path) > rows or read(path) is None:
            path.unlink(missing_ok=True)


def read(path: Path) -> Any:  # noqa: ANN401
    """The index in a file; None when it is not what its name says."""
    try:
        index = faiss.read_index(str(path))
    except RuntimeError:
        return None
    return index if index.ntotal == rows_of(path) else None
