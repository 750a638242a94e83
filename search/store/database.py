"""meta.db: the truth and the only commit point."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from search.errors import IndexRefused
from search.store import copying, history, sightings
from search.store.connections import Connections
from search.store.reading import Reading
from search.store.writing import Writing

FORMAT = 3
"""Grows when an older program could not read what a newer one wrote."""
OLDEST_FORMAT = 2
"""Can still be read, and is brought up to date by a writer. It lacks `state.encoded`: a program
that knows only this format takes passages without vectors for damage."""

_SCHEMA = """
CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    format INTEGER NOT NULL,
    model TEXT NOT NULL,            -- what the encoder is loaded by
    fingerprint TEXT NOT NULL,      -- equal only for encoders whose vectors agree
    dim INTEGER NOT NULL,
    passage_tokens INTEGER NOT NULL,
    slots INTEGER NOT NULL DEFAULT 0,       -- committed rows of owners.u32
    articles INTEGER NOT NULL DEFAULT 0,    -- live
    passages INTEGER NOT NULL DEFAULT 0,    -- live
    generation INTEGER NOT NULL DEFAULT 0,  -- commits so far
    committed REAL,                         -- seconds since 1970
    encoded INTEGER NOT NULL DEFAULT 0      -- committed rows of vectors.f16: the first slots
) STRICT;
CREATE TABLE article (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    url TEXT,
    hash BLOB NOT NULL,
    first_slot INTEGER NOT NULL,    -- the slots of an article are consecutive
    passages INTEGER NOT NULL,
    source TEXT NOT NULL,
    section TEXT,
    language TEXT,
    authors TEXT NOT NULL,          -- JSON array
    day INTEGER,                    -- proleptic ordinal, 1 = 0001-01-01
    moment REAL NOT NULL            -- for sorting: days with their fraction, -1 when undated
) STRICT;
CREATE INDEX article_url ON article (url) WHERE url IS NOT NULL;
CREATE INDEX article_day ON article (day);
CREATE INDEX article_moment ON article (moment, number);
CREATE TABLE body (
    article INTEGER PRIMARY KEY,
    record TEXT NOT NULL,           -- JSON: everything but the text
    text TEXT NOT NULL
) STRICT;
CREATE TABLE passage (
    slot INTEGER PRIMARY KEY,
    id TEXT NOT NULL,
    article INTEGER NOT NULL,
    "start" INTEGER NOT NULL,
    "end" INTEGER NOT NULL,
    sentences TEXT NOT NULL         -- spans relative to start
) STRICT;
CREATE INDEX passage_id ON passage (id);
CREATE TABLE label (
    field TEXT NOT NULL,
    key TEXT NOT NULL,              -- what filters compare
    article INTEGER NOT NULL,
    shown TEXT,                     -- as published; NULL is not counted
    PRIMARY KEY (field, key, article)
) STRICT, WITHOUT ROWID;
CREATE TABLE version (
    id TEXT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (id, hash)          -- every version of a live article that was ever stored
) STRICT, WITHOUT ROWID;
CREATE TABLE checksum (
    block INTEGER PRIMARY KEY,
    crc INTEGER NOT NULL            -- CRC-32 of the block's committed rows of vectors.f16
) STRICT;
CREATE TABLE tomb (
    slot INTEGER PRIMARY KEY,
    purged INTEGER NOT NULL DEFAULT 0   -- 1: also gone from the keywords
) STRICT;
"""


_SENTENCE_CODE = """
CREATE TABLE IF NOT EXISTS sentence_code (
    slot INTEGER PRIMARY KEY,
    codes BLOB NOT NULL             -- of the passage's sentences, in order
) STRICT
"""
_LATER_TABLES = (_SENTENCE_CODE, *copying.TABLES, *history.TABLES, *sightings.TABLES)
"""Apart, since an older index of this format may lack them."""


class Database:
    """meta.db: connections for reading, one for writing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connections = Connections(path)

    @classmethod
    def create(
        cls, path: Path, *, model: str, fingerprint: str, dim: int, passage_tokens: int
    ) -> Database:
        """Make an empty database."""
        path.touch(exist_ok=False)
        database = cls(path)
        with database._connections.one() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(_SCHEMA)
            for sql in _LATER_TABLES:
                connection.execute(sql)
            connection.execute(
                "INSERT INTO state (one, format, model, fingerprint, dim, passage_tokens) "
                "VALUES (1, ?, ?, ?, ?, ?)",
                (FORMAT, model, fingerprint, dim, passage_tokens),
            )
        return database

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One committed state, the newest, for as long as the block runs."""
        with self._connections.one() as connection:
            connection.execute("BEGIN")
            yield Reading(connection)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """A transaction: the end of the block is the commit, an exception undoes all of it."""
        with self._connections.one() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield Writing(connection)
            connection.execute("COMMIT")

    @contextmanager
    def writing_from(self, source: Database) -> Iterator[Writing]:
        """As `writing`, with the tables of another database beside, as `old`."""
        with self._connections.one() as connection:
            connection.execute("ATTACH ? AS old", (source._connections.address,))
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield Writing(connection)
                connection.execute("COMMIT")
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                connection.execute("DETACH old")

    def bring_up_to_date(self) -> None:
        """Add the tables and the column that an older index may lack, since they came later."""
        with self._connections.one() as connection:
            for sql in _LATER_TABLES:
                connection.execute(sql)
        with self.writing() as writing:
            if writing.format() < FORMAT:
                writing.bring_format_up_to(FORMAT)

    def close(self) -> None:
        """Close every connection; one in use when it is given back."""
        self._connections.close()


def check_format(found: int, path: Path) -> None:
    """Raise IndexRefused when this program cannot read the index."""
    if not OLDEST_FORMAT <= found <= FORMAT:
        msg = (
            f"{path} has index format {found}, this program reads "
            f"{OLDEST_FORMAT} to {FORMAT}; "
            "add the articles to a new index, or use the version that made it"
        )
        raise IndexRefused(msg)
