"""The store on one machine: joins database, row files, keywords and neighbours.

Order of a commit: owners (synced) → keywords added → SQLite COMMIT → dead keywords purged with
the next commit. Vectors follow in commits of their own: rows (synced) → SQLite COMMIT. Only the
COMMIT counts; what stands in the other files beyond it is a leftover that readers ignore and the
next writer removes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

import numpy as np

from search.background import Background
from search.errors import IndexDamaged, IndexRefused, StoreError
from search.store import checksums, codes, layout
from search.store.admitting import Admitting, DaysCache
from search.store.doctor import faults
from search.store.erasure import searched, text_pieces
from search.store.facts import FactsCache
from search.store.files import Files
from search.store.kept import keep_background, kept_background
from search.store.keywords import KeywordReader
from search.store.neighbours import Neighbours
from search.store.reading import Reading, State
from search.store.snapshot import LocalSnapshot
from search.store.writer import LocalWriter
from search.types import Count, Coverage, Erasure

T = TypeVar("T")
Owners = np.ndarray[tuple[int], np.dtype[np.uint32]]

_ATTEMPTS = 50
_THREADS = 4


@dataclass(frozen=True, slots=True)
class Derived:
    """What a process holds in memory for one generation."""

    generation: int
    codes: codes.Loaded | None
    neighbours: Neighbours
    keywords: KeywordReader
    owners: Owners
    alive: np.ndarray[tuple[int], np.dtype[np.bool_]]
    admitting: Admitting
    everything: Count
    sources: Sequence[str]
    background: Background | None
    copies: Mapping[int, int]
    """By number of each article that has copies, the number that it shares with them."""


@dataclass(slots=True)
class _Live:
    """What is open of the live folder, and what was read of it: nothing of it holds of another."""

    files: Files
    facts: FactsCache = field(default_factory=FactsCache)
    days: DaysCache = field(default_factory=DaysCache)
    derived: Derived | None = None


class LocalStore:
    """An index on disk. Safe to share between threads; other processes may read and write it."""

    def __init__(self, root: Path) -> None:
        """Open the index at `root`.

        Raises:
            IndexNotFound, IndexDamaged, IndexRefused: it is not there, or cannot be used.
        """
        layout.live_folder(root)  # its errors name the path as it was given
        self.root = root.absolute()  # the program may change its folder
        self._live = _Live(Files.of_live_folder(self.root))
        with self._live.files.database.reading() as reading:
            self._model = reading.state().fingerprint
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="keywords")
        self._open_snapshots, self._counting = 0, threading.Lock()
        self._switching, self._refreshing = threading.Lock(), threading.Lock()

    @classmethod
    def create(
        cls, root: Path, *, model: str, fingerprint: str, dim: int, passage_tokens: int
    ) -> LocalStore:
        """Make an empty index at `root`, or open the one that another process just made."""
        with layout.write_lock(root):
            if not (root / "CURRENT").exists():
                folder = layout.empty_first_folder(root)
                Files.create(
                    folder,
                    model=model,
                    fingerprint=fingerprint,
                    dim=dim,
                    passage_tokens=passage_tokens,
                ).close()
                layout.set_live_folder(root, folder)
        return cls(root)

    def state(self) -> State:
        """What is committed."""
        with self._reading() as (_, reading):
            return reading.state()

    def coverage(self) -> Coverage:
        """See the contract."""
        with self._reading() as (_, reading):
            return reading.coverage()

    @contextmanager
    def snapshot(self) -> Iterator[LocalSnapshot]:
        """The newest committed state, for one search."""
        for _ in range(_ATTEMPTS):
            with self._reading() as (live, reading):
                state = reading.state()
                derived = self._derived_for(live, reading, state)
                if derived is not None:
                    with self._counted():
                        yield LocalSnapshot(
                            reading, state, derived, live.facts, self._beside, live.files.folder
                        )
                    return
        msg = f"{self.root} is being written to faster than it can be read; try again"
        raise StoreError(msg)

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._counting:
            self._open_snapshots += 1
        try:
            yield
        finally:
            with self._counting:
                self._open_snapshots -= 1

    def _beside(self, work: Callable[[], T]) -> Callable[[], T]:
        """Start work in another thread, or do it now if other searches use the cores."""
        if self._open_snapshots == 1:
            return self._threads.submit(work).result
        done = work()
        return lambda: done

    @contextmanager
    def _reading(self) -> Iterator[tuple[_Live, Reading]]:
        """The live folder, and a transaction of its database."""
        with ExitStack() as stack:
            for attempt in range(_ATTEMPTS):
                live = self._now_live()
                try:
                    reading = stack.enter_context(live.files.database.reading())
                    break
                except StoreError:
                    if live.files.are_live(self.root) or attempt == _ATTEMPTS - 1:
                        raise  # else a compaction took the folder away just now
            yield live, reading

    def _now_live(self) -> _Live:
        """The live folder, opened when another was put in its place: by a compaction, or by hand.

        Raises:
            IndexRefused: what was put there by hand was made with another model.
        """
        with self._switching:
            if not self._live.files.are_live(self.root):
                files = Files.of_live_folder(self.root)
                self._check_model(files)
                old, self._live = self._live, _Live(files)
                old.files.close()
            return self._live

    def _check_model(self, files: Files) -> None:
        with files.database.reading() as reading:
            state = reading.state()
        if state.fingerprint != self._model:
            files.close()
            msg = (
                f"{self.root} was replaced by an index made with another model, {state.model!r}, "
                "while it was open; open it anew"
            )
            raise IndexRefused(msg)

    def _derived_for(self, live: _Live, reading: Reading, state: State) -> Derived | None:
        """The derived state of this generation; None when a commit came in between."""
        derived = live.derived
        if derived is not None and derived.generation == state.generation:
            return derived
        with self._refreshing:
            if live.derived is not None and live.derived.generation == state.generation:
                return live.derived
            try:
                derived = self._load(live, reading, state)
            except StoreError:
                if live.files.are_live(self.root):
                    raise
                return None  # a compaction took it away
            if derived is None or not live.files.are_live(self.root):
                return None  # some of it may have been read of what is there now
            live.derived = derived
            return derived

    def _load(self, live: _Live, reading: Reading, state: State) -> Derived | None:
        files, before = live.files, live.derived
        keywords = files.keywords.reader()
        # At once: a writer may commit more often than all that follows takes, and of that nothing
        # changes under a reader.
        if self.state().generation != state.generation:
            return None  # the keywords just read may lack what that commit buried
        if keywords.passages < state.passages:
            msg = (
                f"{files.keywords.folder} holds {keywords.passages} of {state.passages} "
                f"passages; rebuild it with: news-search doctor --repair --index {self.root}"
            )
            raise IndexDamaged(msg)
        vectors = files.vectors.view(state.encoded)
        if before is None and state.encoded <= checksums.CHECKED_AT_OPEN:
            checksums.check(files.vectors, state.encoded, reading.checksums())
        coded = codes.loaded(files.folder, state.encoded, None if before is None else before.codes)
        if before and before.codes == coded and before.neighbours.rows_in_all == state.encoded:
            neighbours = before.neighbours  # a commit that stored articles brings no vectors
        else:
            neighbours = Neighbours(vectors, None if coded is None else coded.faiss)
        owners, alive = _rising(files.owners.view(state.slots)[:, 0]), reading.alive()
        admitting = Admitting(state.generation, owners, alive, live.days)
        return Derived(
            state.generation,
            coded,
            neighbours,
            keywords,
            owners,
            alive,
            admitting,
            Count(state.passages, admitting.live_articles),
            reading.sources(),
            kept_background(files.folder),
            reading.copies(),
        )

    @contextmanager
    def writer(self) -> Iterator[LocalWriter]:
        """The right to write; leftovers of a killed writer are removed first.

        Raises:
            IndexLocked: another process has it.
        """
        with layout.write_lock(self.root):
            writer = LocalWriter(self.root)
            try:
                writer.recover()
                yield writer
                writer.finish()
            finally:
                writer.close()

    def keep_background(self, background: Background) -> None:
        """See the contract."""
        keep_background(self._now_live().files.folder, background)

    def check(self) -> list[str]:
        """What is wrong, one sentence each; empty when counts agree and files are whole."""
        with self._reading() as (live, reading):
            found = faults(reading, live.files)
        if not live.files.are_live(self.root):
            return self.check()  # a compaction took the files away meanwhile
        return found

    def compact(self) -> None:
        """Put a folder without anything dead in the place of the live one; raises as `writer`."""
        with self.writer() as writer:
            writer.compact()

    def erase(self, article_ids: Sequence[str]) -> Erasure:
        """Remove articles, compact, and search every file for what was theirs.

        What others removed before is erased with them, but nobody knows its text any more.
        """
        with self.writer() as writer:
            articles, vectors = writer.stored(article_ids)
            removed = writer.remove(article_ids) if articles else Count()
            if not removed.articles and not writer.has_dead():
                return Erasure(0)
            try:
                writer.compact()
            except StoreError as error:
                msg = f"removed, but not erased yet: {error}; then: news-search compact"
                raise StoreError(msg) from error
            with self._reading() as (live, reading):  # nobody else writes meanwhile
                found = searched(self.root, reading, live.files, text_pieces(articles), vectors)
        return replace(found, articles=removed.articles)

    def repair(self) -> None:
        """Make every derived file anew from what is committed; raises as `writer` does."""
        with self.writer() as writer:
            writer.rebuild()
        self._live.derived = None  # of the same generation, and of the files that were replaced

    def close(self) -> None:
        """Close every file."""
        self._live.derived = None
        self._threads.shutdown()
        self._live.files.close()


def _rising(owners: Owners) -> Owners:
    """As they are read; files made anew by earlier versions have 0 for what is dead."""
    if (owners[1:] >= owners[:-1]).all():
        return owners
    rising: Owners = np.maximum.accumulate(owners)
    return rising
