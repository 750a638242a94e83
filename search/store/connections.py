"""Connections to a SQLite file. The one module that imports sqlite3."""

from __future__ import annotations

import os
import queue
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from search.errors import IndexDamaged, StoreError

Connection = sqlite3.Connection


class Connections:
    """A pool: as many as there were ever users at once. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        # rw: a reader must not make an empty database where a compaction took one away.
        self.address = f"file://{quote(os.fsencode(path.absolute()))}?mode=rw"
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue()
        self._is_closed = False

    @contextmanager
    def one(self) -> Iterator[Connection]:
        """A connection; a transaction still open at the end is undone.

        Raises:
            StoreError, IndexDamaged: SQLite failed; what it said, and what to do.
        """
        try:
            connection = self._taken()
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                self._idle.put(connection)
                if self._is_closed:
                    self.close()
        except sqlite3.DatabaseError as error:
            raise _explained(self._path, error) from error

    def close(self) -> None:
        """Close what is idle now, and what is in use when it is given back."""
        self._is_closed = True
        while True:
            try:
                self._idle.get_nowait().close()
            except queue.Empty:
                return

    def _taken(self) -> Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._opened()

    def _opened(self) -> Connection:
        connection = sqlite3.connect(
            self.address, isolation_level=None, check_same_thread=False, timeout=30, uri=True
        )
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA cache_size = -4096")
            # What is deleted is overwritten, not left in free pages.
            connection.execute("PRAGMA secure_delete = ON")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection


def _explained(path: Path, error: sqlite3.DatabaseError) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code in _NO_DAMAGE:
        return StoreError(f"{path}: {error}; {_NO_DAMAGE[code]}: the last commit is intact")
    return IndexDamaged(f"{path}: {error}; check it with: news-search doctor")


_NO_DAMAGE = {
    sqlite3.SQLITE_FULL: "free some space",
    sqlite3.SQLITE_IOERR: "check the disk",
    sqlite3.SQLITE_READONLY: "make the folder writable, for readers too",
    sqlite3.SQLITE_CANTOPEN: "make the folder writable, for readers too",
    sqlite3.SQLITE_PERM: "make the folder writable, for readers too",
    sqlite3.SQLITE_BUSY: "wait for the other program, then try again",
    sqlite3.SQLITE_NOMEM: "free some memory",
}
