"""Nearest vectors. A door for faiss.

Few admitted rows are compared one by one. Otherwise FAISS searches: `Flat` while the index is
small, and beyond that the codes of `search.store.codes` (`IVF…,RaBitQfs`: one bit a dimension, in
lists that honour a selector), whose candidates are compared exactly with vectors.f16. Rows that the
codes do not hold yet are in a Flat of their own. A FAISS object is never changed once it can be
searched.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import faiss
import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.store.contract import Floats, Ints
    from search.types import Vector, Vectors

    Halves = npt.NDArray[np.float16]
    Mask = npt.NDArray[np.bool_]

# Measured on real passages; the command is in benchmarks/README.md.
GATHER_ROWS = 3_000
GATHER_SHARE = 0.01
"""Up to so many admitted rows, and so many of all, comparing them one by one is fastest."""
MIN_CANDIDATES = 800
"""Candidates of the codes to compare exactly, at least; and as many times those wanted:"""
OVERSAMPLING = 2
"""The nearest 10 are then all found, and .86 of the nearest 1,000; 4 would find .96 for 4 ms."""
PROBED_SHARES = {256: 0.4, 4_096: 0.1}
"""Of so many lists such a share is searched, and more as fewer rows are admitted: under a filter
the nearest admitted rows lie farther out."""


class FaissIndex(Protocol):
    """What is used of a FAISS index."""

    ntotal: int
    nlist: int

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

    def __init__(self, vectors: Halves, codes: FaissIndex | None = None) -> None:
        """`codes` is a FAISS index over the first rows, or None."""
        self._vectors, self._codes = vectors, codes
        self._covered = 0 if codes is None else int(codes.ntotal)
        self.rows_in_all = len(vectors)
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
        few = max(GATHER_ROWS + GATHER_SHARE * self.rows_in_all, k)
        if mask is not None and admitted <= few:
            return self._best(query, np.flatnonzero(mask), k, "exact")
        found = [_search(self._tail, query, k, None if mask is None else mask[self._covered :])]
        found[0] += self._covered
        strategy = "flat"
        if self._codes is not None:
            head = None if mask is None else mask[: self._covered]
            candidates = max(OVERSAMPLING * k, MIN_CANDIDATES)
            probes = _probes(self._codes.nlist, admitted / len(self._vectors))
            found.append(_search(self._codes, query, candidates, head, probes))
            strategy = f"IVF{self._codes.nlist},RaBitQfs"
            if self._codes.nlist > 1:
                strategy += f", {probes} lists probed"
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


def _probes(lists: int, admitted_share: float) -> int:
    share = PROBED_SHARES.get(lists, 1) / admitted_share
    return min(lists, math.ceil(lists * share))


def _search(index: FaissIndex, query: Vector, k: int, mask: Mask | None, probes: int = 1) -> Ints:
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
        parameters = faiss.SearchParametersIVF(sel=selector, nprobe=probes)
    _, rows = index.search(query[None], min(k, index.ntotal), params=parameters)
    found: Ints = rows[0][rows[0] >= 0]
    return found
