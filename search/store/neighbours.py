"""Nearest vectors. The door for faiss.

Few admitted rows are compared one by one. Otherwise FAISS searches: `Flat` while the index is
small, and beyond that the snapshot, `IVF1,RaBitQfs` (one list of 1-bit codes, which honours a
selector where the flat RaBitQ does not), whose candidates are compared exactly with vectors.f16.
Rows that the snapshot does not hold yet are in a Flat of their own. A FAISS object is never
changed once it can be searched.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

import faiss
import numpy as np

from search.errors import StoreError
from search.store.rowfile import sync_folder

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.store.contract import Floats, Ints
    from search.types import Vector, Vectors

    Halves = npt.NDArray[np.float16]
    Mask = npt.NDArray[np.bool_]

FACTORY = "IVF1,RaBitQfs"

# Measured on real passages; the command is in benchmarks/README.md.
FLAT_ROWS = 50_000
"""Up to here Flat answers as fast as codes with their exact comparison, and is exact."""
GATHER_ROWS = 4_000
"""Up to here comparing the admitted rows one by one is fastest."""
MIN_CANDIDATES = 800
"""Candidates of the codes to compare exactly, at least; and as many times those wanted:"""
OVERSAMPLING = 2
"""The nearest 10 are then all found, and .86 of the nearest 1,000; 4 would find .96 for 3 ms."""


class FaissIndex(Protocol):
    """What is used of a FAISS index."""

    ntotal: int

    def search(self, queries: Vectors, k: int, *, params: object) -> tuple[Floats, Ints]:
        """Scores and rows, shape (queries, k); row -1 where there are fewer."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Rows with their cosines, best first; which way they were found; rows compared exactly."""

    slots: Ints
    cosines: Floats
    strategy: str
    scored: int


class Neighbours:
    """Search over the first `len(vectors)` rows. Safe to share between threads."""

    def __init__(self, vectors: Halves, snapshot: FaissIndex | None = None) -> None:
        """`snapshot` is a FAISS index over the first rows, or None."""
        self._vectors, self._snapshot = vectors, snapshot
        self._covered = 0 if snapshot is None else int(snapshot.ntotal)
        self._tail = faiss.IndexFlatIP(vectors.shape[1])
        if self._covered < len(vectors):
            self._tail.add(np.asarray(vectors[self._covered :], np.float32))

    @property
    def uncovered(self) -> int:
        """Rows that only Flat knows."""
        return int(self._tail.ntotal)

    def nearest(self, query: Vector, k: int, mask: Mask | None, admitted: int) -> Nearest:
        """The k nearest admitted rows, at least min(k, admitted) of them.

        `mask` has one entry a row, None admits all; `admitted` is how many it admits.
        """
        if admitted == 0 or k < 1:
            return Nearest(np.empty(0, np.int64), np.empty(0, np.float32), "none", 0)
        if mask is not None and admitted <= max(GATHER_ROWS, k):
            return self._best(query, np.flatnonzero(mask), k, "exact")
        found = [_search(self._tail, query, k, None if mask is None else mask[self._covered :])]
        found[0] += self._covered
        strategy = "flat"
        if self._snapshot is not None:
            head = None if mask is None else mask[: self._covered]
            candidates = max(OVERSAMPLING * k, MIN_CANDIDATES)
            found.append(_search(self._snapshot, query, candidates, head))
            strategy = FACTORY
        slots = np.concatenate(found)
        if len(slots) < min(k, admitted):  # codes promise nothing; an exact scan does
            slots = np.arange(len(self._vectors)) if mask is None else np.flatnonzero(mask)
            strategy = "exact"
        return self._best(query, slots, k, strategy)

    def cosines(self, query: Vector, slots: Ints) -> Floats:
        """The exact cosines of these rows (as stored, in half precision), in order."""
        cosines: Floats = np.clip(_products(self._vectors[slots], query), -1, 1)
        return cosines  # clipped, since halves may be a hair longer than 1

    def rows(self, slots: Ints) -> Vectors:
        """These rows as float32."""
        return np.asarray(self._vectors[slots], np.float32)

    def _best(self, query: Vector, slots: Ints, k: int, strategy: str) -> Nearest:
        cosines = self.cosines(query, slots)
        order = np.lexsort((slots, -cosines))[:k]
        return Nearest(slots[order], cosines[order], strategy, len(slots))


def _products(rows: Halves, query: Vector) -> Floats:
    """The inner product of each row with `query`, summed in single precision.

    A half moved 13 bits up is the float of its value times 2^-112, and its sign stays if it is
    moved as a signed number: four times faster than numpy's conversion, and exact for every finite
    half. Not `rows @ query`: the threads of the matrix library would still spin when the next query
    is encoded, which then takes twice as long.
    """
    bits = rows.view(np.int16).astype(np.int32)
    bits <<= 13
    bits &= _SIGN_AND_MAGNITUDE
    products: Floats = np.vecdot(bits.view(np.float32), query * np.float32(2.0**112))
    return products


_SIGN_AND_MAGNITUDE = np.uint32(0x8FFF_E000).view(np.int32)


def _search(index: FaissIndex, query: Vector, k: int, mask: Mask | None) -> Ints:
    """Rows of one FAISS index, any order; fewer than k when fewer are admitted."""
    if index.ntotal == 0:
        return np.empty(0, np.int64)
    faiss.omp_set_num_threads(1)  # a setting of the calling thread; one query is too small to share
    selector = None
    if mask is not None:
        bits = np.packbits(mask, bitorder="little")
        selector = faiss.IDSelectorBitmap(bits)
    if isinstance(index, faiss.IndexFlat):
        parameters = faiss.SearchParameters(sel=selector)
    else:
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=1)
    _, rows = index.search(query[None], min(k, index.ntotal), params=parameters)
    found: Ints = rows[0][rows[0] >= 0]
    return found


# Snapshots on disk: ann-<rows>-<FAISS version>.faiss


def snapshot_name(rows: int) -> str:
    """The version is in the name: codes of another FAISS are not trusted, but made again."""
    return f"ann-{rows:012d}-{faiss.__version__}.faiss"


def snapshots(folder: Path) -> list[Path]:
    """Snapshots that this FAISS made, the newest last."""
    return sorted(folder.glob(f"ann-*-{faiss.__version__}.faiss"))


def covered_rows(path: Path) -> int:
    """How many rows the snapshot at `path` says that it holds."""
    return int(path.name.split("-")[1])


def write_snapshot(folder: Path, vectors: Halves) -> Path:
    """Build a snapshot over all of `vectors` and put it in place atomically; two are kept.

    Raises:
        StoreError: the disk does not take it.
    """
    index = faiss.index_factory(vectors.shape[1], FACTORY, faiss.METRIC_INNER_PRODUCT)
    index.train(np.asarray(vectors[: 1 << 16], np.float32))
    for start in range(0, len(vectors), 1 << 16):
        index.add(np.asarray(vectors[start : start + (1 << 16)], np.float32))
    path = folder / snapshot_name(len(vectors))
    unfinished = path.with_suffix(".unfinished")
    try:
        faiss.write_index(index, str(unfinished))
        with unfinished.open("rb") as file:
            os.fsync(file.fileno())
    except (OSError, RuntimeError) as error:
        unfinished.unlink(missing_ok=True)
        reason = " ".join(str(error).split())
        msg = f"{path} cannot be written: {reason}; everything committed is intact"
        raise StoreError(msg) from error
    unfinished.replace(path)
    sync_folder(folder)
    for old in snapshots(folder)[:-2]:
        old.unlink(missing_ok=True)
    return path


def read_snapshot(folder: Path, rows: int) -> FaissIndex | None:
    """The newest snapshot of at most `rows` rows that is what its name says, or None."""
    for path in reversed(snapshots(folder)):
        index = _read(path) if covered_rows(path) <= rows else None
        if index is not None:  # else an older one, or Flat, will do
            return index
    return None


def remove_unusable_snapshots(folder: Path, rows: int) -> None:
    """Those that are torn, or hold rows that are not committed."""
    for path in snapshots(folder):
        if covered_rows(path) > rows or _read(path) is None:
            path.unlink(missing_ok=True)


def _read(path: Path) -> FaissIndex | None:
    """The index in a file; None when it is not what its name says."""
    try:
        index = faiss.read_index(str(path))
    except RuntimeError:
        return None
    return cast("FaissIndex", index) if index.ntotal == covered_rows(path) else None
