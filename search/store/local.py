"""The store on one machine: joins database, row files, keywords and neighbours.

Order of a commit: vectors (synced) → keywords added → SQLite COMMIT → dead keywords purged with
the next commit. Only the COMMIT counts; what stands in the other files beyond it is a leftover
that readers ignore and the next writer removes.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from search.errors import IndexDamaged, StoreError
from search.store import layout
from search.store.database import Database, Reading, State, check_format
from search.store.doctor import faults
from search.store.facts import FactsCache
from search.store.keywords import KeywordReader, Keywords, folder_name
from search.store.neighbours import Neighbours, read_snapshot
from search.store.rowfile import RowFile
from search.store.snapshot import LocalSnapshot
from search.store.writer import LocalWriter
from search.types import EVERYTHING, Count

_ATTEMPTS = 50
_THREADS = 4


@dataclass(frozen=True, slots=True)
class Files:
    """The files of one live folder."""

    folder: Path
    database: Database
    vectors: RowFile
    owners: RowFile
    keywords: Keywords

    @classmethod
    def open(cls, folder: Path) -> Files:
        """Open what is there."""
        database = Database(folder / "meta.db")
        with database.reading() as reading:
            check_format(reading.format(), folder)
            state = reading.state()
        return cls(
            folder,
            database,
            RowFile(folder / "vectors.f16", "<f2", state.dim),
            RowFile(folder / "owners.u32", "<u4", 1),
            Keywords(folder / folder_name()),
        )


@dataclass(frozen=True, slots=True)
class Derived:
    """What a process holds in memory for one generation."""

    generation: int
    neighbours: Neighbours
    keywords: KeywordReader
    owners: np.ndarray[tuple[int], np.dtype[np.uint32]]
    alive: np.ndarray[tuple[int], np.dtype[np.bool_]]
    everything: Count


class LocalStore:
    """An index on disk. Safe to share between threads; other processes may read and write it."""

    def __init__(self, root: Path) -> None:
        """Open the index at `root`.

        Raises:
            IndexNotFound, IndexDamaged, IndexRefused: it is not there, or cannot be used.
        """
        self.root = root
        self._files = Files.open(layout.live_folder(root))
        self._derived: Derived | None = None
        self._facts = FactsCache()
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="keywords")
        self._refreshing = threading.Lock()

    @classmethod
    def create(
        cls, root: Path, *, model: str, fingerprint: str, dim: int, passage_tokens: int
    ) -> LocalStore:
        """Make an empty index at `root`, or open the one that another process just made."""
        with layout.write_lock(root):
            if not (root / "CURRENT").exists():
                folder = layout.empty_first_folder(root)
                Database.create(
                    folder / "meta.db",
                    model=model,
                    fingerprint=fingerprint,
                    dim=dim,
                    passage_tokens=passage_tokens,
                ).close()
                RowFile(folder / "vectors.f16", "<f2", dim).create()
                RowFile(folder / "owners.u32", "<u4", 1).create()
                Keywords(folder / folder_name()).create()
                layout.set_live_folder(root, folder)
        return cls(root)

    def state(self) -> State:
        """What is committed."""
        with self._files.database.reading() as reading:
            return reading.state()

    @contextmanager
    def snapshot(self) -> Iterator[LocalSnapshot]:
        """The newest committed state, for one search."""
        for _ in range(_ATTEMPTS):
            with self._files.database.reading() as reading:
                state = reading.state()
                derived = self._derived_for(reading, state)
                if derived is not None:
                    yield LocalSnapshot(
                        reading, state, derived, self._facts, self._threads, self._files.folder
                    )
                    return
        msg = f"{self.root} is being written to faster than it can be read; try again"
        raise StoreError(msg)

    def _derived_for(self, reading: Reading, state: State) -> Derived | None:
        """The derived state of this generation; None when a commit came in between."""
        derived = self._derived
        if derived is not None and derived.generation == state.generation:
            return derived
        with self._refreshing:
            if self._derived is not None and self._derived.generation == state.generation:
                return self._derived
            keywords = self._files.keywords.reader()
            if self.state().generation != state.generation:
                return None  # the keywords just read may lack what that commit buried
            self._derived = self._load(reading, state, keywords)
            return self._derived

    def _load(self, reading: Reading, state: State, keywords: KeywordReader) -> Derived:
        if keywords.passages < state.passages:
            msg = (
                f"{self._files.keywords.folder} holds {keywords.passages} of {state.passages} "
                f"passages; rebuild it with: news-search doctor --repair --index {self.root}"
            )
            raise IndexDamaged(msg)
        vectors = self._files.vectors.view(state.slots)
        alive = np.ones(state.slots, np.bool_)
        alive[reading.tombs()] = False
        return Derived(
            state.generation,
            Neighbours(vectors, read_snapshot(self._files.folder, state.slots)),
            keywords,
            self._files.owners.view(state.slots)[:, 0],
            alive,
            reading.count(EVERYTHING),
        )

    @contextmanager
    def writer(self) -> Iterator[LocalWriter]:
        """The right to write; leftovers of a killed writer are removed first.

        Raises:
            IndexLocked: another process has it.
        """
        with layout.write_lock(self.root):
            writer = LocalWriter(
                self._files.folder,
                self._files.database,
                self._files.vectors,
                self._files.owners,
                Keywords(self._files.keywords.folder),
            )
            try:
                writer.recover()
                yield writer
                writer.finish()
            finally:
                writer.close()

    def check(self) -> list[str]:
        """What is wrong, one sentence each; empty when counts agree and files are whole."""
        with self._files.database.reading() as reading:
            return faults(reading, self._files)

    def repair(self) -> None:
        """Make every derived file anew from what is committed; raises as `writer` does."""
        with self.writer() as writer:
            writer.rebuild()

    def close(self) -> None:
        """Close every file."""
        self._derived = None
        self._threads.shutdown()
        self._files.database.close()
