"""The truth and the only commit point: SQLite. The one module that imports sqlite3."""

from __future__ import annotations

import json
import queue
import sqlite3
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from search.errors import IndexDamaged, IndexRefused, StoreError
from search.store.conditions import where
from search.store.contract import ArticleFacts, EncodedArticle
from search.store.labels import counted_labels, labels
from search.store.records import content_hash, dumped, loaded, packed_sentences, unpacked_sentences
from search.types import Article, Condition, Count, Passage

FORMAT = 1
"""Grows when an older program could not read what a newer one wrote."""

_SCHEMA = """
CREATE TABLE state (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    format INTEGER NOT NULL,
    model TEXT NOT NULL,            -- what the encoder is loaded by
    fingerprint TEXT NOT NULL,      -- equal only for encoders whose vectors agree
    dim INTEGER NOT NULL,
    passage_tokens INTEGER NOT NULL,
    slots INTEGER NOT NULL DEFAULT 0,       -- committed rows of the row files
    articles INTEGER NOT NULL DEFAULT 0,    -- live
    passages INTEGER NOT NULL DEFAULT 0,    -- live
    generation INTEGER NOT NULL DEFAULT 0,  -- commits so far
    committed REAL                          -- seconds since 1970
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
CREATE TABLE tomb (
    slot INTEGER PRIMARY KEY,
    purged INTEGER NOT NULL DEFAULT 0   -- 1: also gone from the keywords
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class State:
    """The row `state`: what is committed."""

    format: int
    model: str
    fingerprint: str
    dim: int
    passage_tokens: int
    slots: int
    articles: int
    passages: int
    generation: int
    committed: float | None

    @property
    def committed_at(self) -> datetime | None:
        """When the last commit was made."""
        return None if self.committed is None else datetime.fromtimestamp(self.committed, UTC)


class Reading:
    """Questions to one committed state, inside one read transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def _all(self, sql: str, parameters: Iterable[Any] = ()) -> list[Any]:
        return self._connection.execute(sql, tuple(parameters)).fetchall()

    def format(self) -> int:
        """The format of the index; all that may be asked before it is known to be ours."""
        ((number,),) = self._all("SELECT format FROM state")
        return int(number)

    def state(self) -> State:
        """What is committed."""
        columns = ", ".join(State.__dataclass_fields__)
        return State(*self._all(f"SELECT {columns} FROM state")[0])

    def tombs(self, *, unpurged_only: bool = False) -> list[int]:
        """Dead slots, in order."""
        condition = " WHERE purged = 0" if unpurged_only else ""
        return [slot for (slot,) in self._all(f"SELECT slot FROM tomb{condition} ORDER BY slot")]

    def slot_ranges(self, condition: Condition) -> list[tuple[int, int]]:
        """(first slot, passages) of every article that the condition on metadata admits."""
        sql, parameters = _admitting(condition)
        return self._all(f"SELECT first_slot, passages FROM article WHERE {sql}", parameters)

    def count(self, condition: Condition) -> Count:
        """How much the condition on metadata admits."""
        sql, parameters = _admitting(condition)
        rows = self._all(
            f"SELECT coalesce(sum(passages), 0), count(*) FROM article WHERE {sql}", parameters
        )
        return Count(*rows[0])

    def by_date(
        self, condition: Condition, *, newest_first: bool, offset: int, limit: int
    ) -> list[int]:
        """First slots of admitted articles by date; undated ones last."""
        sql, parameters = _admitting(condition)
        order = "moment DESC, number" if newest_first else "moment = -1, moment, number"
        rows = self._all(
            f"SELECT first_slot FROM article WHERE {sql} ORDER BY {order} LIMIT ? OFFSET ?",
            [*parameters, limit, offset],
        )
        return [slot for (slot,) in rows]

    def later_passages_by_date(
        self, condition: Condition, *, newest_first: bool, offset: int, limit: int
    ) -> list[int]:
        """The slots of admitted passages but the first of each article, in the same order."""
        sql, parameters = where(condition)
        order = "moment DESC, number" if newest_first else "moment = -1, moment, number"
        rows = self._all(
            "SELECT slot FROM article JOIN passage "
            "ON slot > first_slot AND slot < first_slot + passages "
            f"WHERE {sql} ORDER BY {order}, slot LIMIT ? OFFSET ?",
            [*parameters, limit, offset],
        )
        return [slot for (slot,) in rows]

    def facts(self, numbers: Sequence[int]) -> dict[int, ArticleFacts]:
        """The facts of these articles, by number."""
        rows = self._all(
            "SELECT number, source, section, language, authors, day, moment FROM article "
            "WHERE number IN (SELECT value FROM json_each(?))",
            [json.dumps(list(map(int, numbers)))],
        )
        return {
            number: ArticleFacts(
                counted_labels(source, section, language, _authors(authors)), day, moment
            )
            for number, source, section, language, authors, day, moment in rows
        }

    def moments(self, numbers: Sequence[int]) -> list[float]:
        """When these articles were published, for sorting; in the order of their numbers."""
        rows = self._all(
            "SELECT moment FROM article WHERE number IN (SELECT value FROM json_each(?)) "
            "ORDER BY number",
            [json.dumps(list(map(int, numbers)))],
        )
        return [moment for (moment,) in rows]

    def facet_counts(self, condition: Condition) -> dict[str, dict[str, int]]:
        """Admitted articles by field and value as published, and by day."""
        sql, parameters = _admitting(condition)
        counts: dict[str, dict[str, int]] = {}
        rows = self._all(
            "SELECT field, min(shown), count(*) FROM label JOIN article ON number = article "
            f"WHERE shown IS NOT NULL AND {sql} GROUP BY field, key",
            parameters,
        )
        for field, shown, articles in rows:
            counts.setdefault(field, {})[shown] = articles
        rows = self._all(
            f"SELECT day, count(*) FROM article WHERE day IS NOT NULL AND {sql} GROUP BY day",
            parameters,
        )
        counts["day"] = {str(day): articles for day, articles in rows}
        return counts

    def span_of_days(self) -> tuple[int | None, int | None, int, int]:
        """First and last day as ordinals, undated articles, sources."""
        ((first, last, dated),) = self._all("SELECT min(day), max(day), count(day) FROM article")
        ((total,),) = self._all("SELECT count(*) FROM article")
        ((sources,),) = self._all("SELECT count(DISTINCT key) FROM label WHERE field = 'source'")
        return first, last, total - dated, sources

    def number_of(self, article_id: str) -> int | None:
        """The article's number."""
        rows = self._all("SELECT number FROM article WHERE id = ?", [article_id])
        return rows[0][0] if rows else None

    def article(self, number: int) -> Article:
        """The article, whole."""
        ((record, text),) = self._all("SELECT record, text FROM body WHERE article = ?", [number])
        return loaded(record, text)

    def passages(self, number: int, article: Article) -> tuple[Passage, ...]:
        """The article's passages in reading order."""
        rows = self._all(
            'SELECT passage.id, "start", "end", sentences FROM article JOIN passage '
            "ON slot >= first_slot AND slot < first_slot + passages WHERE number = ? ORDER BY slot",
            [number],
        )
        return tuple(_passage(article, place, row) for place, row in enumerate(rows))

    def passages_at(self, slots: Sequence[int]) -> list[tuple[Article, Passage]]:
        """Passages with their articles, in the order of `slots`; each article read once."""
        articles: dict[int, Article] = {}
        found = []
        for slot in slots:
            ((owner, first, *row),) = self._all(
                'SELECT article, first_slot, passage.id, "start", "end", sentences '
                "FROM passage JOIN article ON number = article WHERE slot = ?",
                [int(slot)],
            )
            if owner not in articles:
                articles[owner] = self.article(owner)
            article = articles[owner]
            found.append((article, _passage(article, slot - first, row)))
        return found

    def slots_of(self, article_or_passage_id: str) -> list[int] | None:
        """The slots of an article's passages, or of one passage; None when nothing has that id."""
        rows = self._all(
            "SELECT first_slot, passages FROM article WHERE id = ?", [article_or_passage_id]
        )
        if rows:
            ((first, passages),) = rows
            return list(range(first, first + passages))
        rows = self._all("SELECT slot FROM passage WHERE id = ? LIMIT 1", [article_or_passage_id])
        return [slot for (slot,) in rows] or None

    def stored_hashes(self, articles: Sequence[Article]) -> list[tuple[bytes | None, bool]]:
        """For each article: the hash stored under its id or URL, and whether this version was."""
        found: list[tuple[bytes | None, bool]] = []
        for article in articles:
            rows = self._all(
                "SELECT hash, id FROM article WHERE id = ?1 UNION ALL "
                "SELECT hash, id FROM article WHERE url = ?2 AND id <> ?1 LIMIT 1",
                [article.id, article.url],
            )
            if not rows:
                found.append((None, False))
                continue
            ((stored, stored_id),) = rows
            wanted = content_hash(article)
            known = stored == wanted or bool(
                self._all("SELECT 1 FROM version WHERE id = ? AND hash = ?", [stored_id, wanted])
            )
            found.append((stored, known))
        return found

    def slots_with_owner(self) -> list[tuple[int, int, int]]:
        """First slot, passages and number of every article."""
        return self._all("SELECT first_slot, passages, number FROM article")

    def every_passage(self) -> Iterator[tuple[int, Article, Passage]]:
        """Slot, article and passage of all that is live, in slot order."""
        rows = self._all("SELECT number, first_slot FROM article ORDER BY first_slot")
        for number, first_slot in rows:
            article = self.article(number)
            for slot, passage in enumerate(self.passages(number, article), first_slot):
                yield slot, article, passage

    def faults(self) -> list[str]:
        """What SQLite's own check and the counts between tables say."""
        faults = [text for (text,) in self._all("PRAGMA quick_check") if text != "ok"]
        state = self.state()
        counted = {
            "articles": ("SELECT count(*) FROM article", state.articles),
            "texts": ("SELECT count(*) FROM body JOIN article ON number = article", state.articles),
            "texts in all": ("SELECT count(*) FROM body", state.articles),
            "labels of nothing": (
                "SELECT count(*) FROM label WHERE article NOT IN (SELECT number FROM article)",
                0,
            ),
            "passages": ("SELECT count(*) FROM passage", state.passages),
            "passages of articles": (
                "SELECT coalesce(sum(passages), 0) FROM article",
                state.passages,
            ),
            "live and dead slots": (
                "SELECT (SELECT count(*) FROM passage) + (SELECT count(*) FROM tomb)",
                state.slots,
            ),
        }
        for what, (sql, expected) in counted.items():
            ((found,),) = self._all(sql)
            if found != expected:
                faults.append(f"meta.db counts {found} {what} where {expected} were committed")
        return faults


class Writing(Reading):
    """Changes inside one write transaction; nothing counts before `Database.writing` commits."""

    def stored(self, article_id: str, url: str | None) -> list[tuple[int, str]]:
        """Number and id of the articles that this id or URL names."""
        return self._all(
            "SELECT number, id FROM article WHERE id = ?1 OR (?2 IS NOT NULL AND url = ?2)",
            [article_id, url],
        )

    def insert(self, encoded: EncodedArticle, first_slot: int) -> int:
        """Store an article and its passages from `first_slot` on; returns its number."""
        article = encoded.article
        cursor = self._connection.execute(
            "INSERT INTO article (id, url, hash, first_slot, passages, source, section, language,"
            " authors, day, moment) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                article.url,
                content_hash(article),
                first_slot,
                len(encoded.passages),
                article.source,
                article.section,
                article.language,
                json.dumps(article.authors, ensure_ascii=False),
                article.day and article.day.toordinal(),
                _moment(article),
            ),
        )
        number = cursor.lastrowid
        if number is None:
            msg = "SQLite gave no number to an article"
            raise StoreError(msg)
        self._connection.execute(
            "INSERT INTO body VALUES (?, ?, ?)", (number, dumped(article), article.text)
        )
        self._connection.execute(
            "INSERT OR IGNORE INTO version VALUES (?, ?)", (article.id, content_hash(article))
        )
        self._connection.executemany(
            "INSERT INTO label VALUES (?, ?, ?, ?)",
            [(label.field, label.key, number, label.shown) for label in labels(article)],
        )
        self._connection.executemany(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?)",
            [
                (slot, passage.id, number, passage.start, passage.end, packed_sentences(passage))
                for slot, passage in enumerate(encoded.passages, first_slot)
            ],
        )
        return number

    def bury(self, number: int) -> Count:
        """Remove an article; its slots become tombs."""
        ((first, passages),) = self._all(
            "SELECT first_slot, passages FROM article WHERE number = ?", [number]
        )
        self._connection.executemany(
            "INSERT INTO tomb (slot) VALUES (?)",
            [(slot,) for slot in range(first, first + passages)],
        )
        self._connection.execute(
            "DELETE FROM passage WHERE slot >= ? AND slot < ?", (first, first + passages)
        )
        self._connection.executemany(
            "DELETE FROM label WHERE field = ? AND key = ? AND article = ?",
            [(label.field, label.key, number) for label in labels(self.article(number))],
        )
        self._connection.execute("DELETE FROM body WHERE article = ?", (number,))
        self._connection.execute("DELETE FROM article WHERE number = ?", (number,))
        return Count(passages, 1)

    def inherit_versions(self, article_id: str, replaced_id: str) -> None:
        """Let an article know the versions of one that it replaces under another id."""
        self._connection.execute(
            "UPDATE OR REPLACE version SET id = ? WHERE id = ?", (article_id, replaced_id)
        )

    def forget_versions(self, article_id: str) -> None:
        """So that an article removed can be added again."""
        self._connection.execute("DELETE FROM version WHERE id = ?", (article_id,))

    def mark_purged(self, slots: Sequence[int]) -> None:
        """These tombs are gone from the keywords too."""
        self._connection.executemany(
            "UPDATE tomb SET purged = 1 WHERE slot = ?", [(slot,) for slot in slots]
        )

    def advance(self, *, slots: int, change: Count) -> None:
        """Set what is committed; `change` is added to the live counts."""
        self._connection.execute(
            "UPDATE state SET slots = ?, articles = articles + ?, passages = passages + ?, "
            "generation = generation + 1, committed = ?",
            (slots, change.articles, change.passages, time.time()),
        )


class Database:
    """meta.db: a pool of connections for reading, one for writing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: queue.LifoQueue[sqlite3.Connection] = queue.LifoQueue()

    @classmethod
    def create(
        cls, path: Path, *, model: str, fingerprint: str, dim: int, passage_tokens: int
    ) -> Database:
        """Make an empty database."""
        database = cls(path)
        connection = database._connect()
        connection.execute("PRAGMA journal_mode = WAL")
        connection.executescript(_SCHEMA)
        connection.execute(
            "INSERT INTO state (one, format, model, fingerprint, dim, passage_tokens) "
            "VALUES (1, ?, ?, ?, ?, ?)",
            (FORMAT, model, fingerprint, dim, passage_tokens),
        )
        connection.close()
        return database

    @contextmanager
    def reading(self) -> Iterator[Reading]:
        """One committed state, the newest, for as long as the block runs."""
        with self._connected() as connection:
            connection.execute("BEGIN")
            yield Reading(connection)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """A transaction: the end of the block is the commit, an exception undoes all of it."""
        with self._connected() as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield Writing(connection)
            connection.execute("COMMIT")

    def close(self) -> None:
        """Close every idle connection."""
        while not self._idle.empty():
            self._idle.get().close()

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        """A connection of the pool; a transaction still open at the end is undone."""
        try:
            connection = self._idle_connection()
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                self._idle.put(connection)
        except sqlite3.DatabaseError as error:
            raise self._explained(error) from error

    def _idle_connection(self) -> sqlite3.Connection:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            return self._connect()

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=30
        )
        try:
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA cache_size = -32768")
        except sqlite3.DatabaseError:
            connection.close()
            raise
        return connection

    def _explained(self, error: sqlite3.DatabaseError) -> StoreError:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code in _NO_DAMAGE:
            advice = _NO_DAMAGE[code]
            return StoreError(f"{self.path}: {error}; {advice}: the last commit is intact")
        return IndexDamaged(f"{self.path}: {error}; check it with: news-search doctor")


_NO_DAMAGE = {
    sqlite3.SQLITE_FULL: "free some space",
    sqlite3.SQLITE_IOERR: "check the disk",
    sqlite3.SQLITE_READONLY: "make the folder writable, for readers too",
    sqlite3.SQLITE_CANTOPEN: "make the folder writable, for readers too",
    sqlite3.SQLITE_PERM: "make the folder writable, for readers too",
    sqlite3.SQLITE_BUSY: "wait for the other program, then try again",
    sqlite3.SQLITE_NOMEM: "free some memory",
}


def check_format(found: int, path: Path) -> None:
    """Raise IndexRefused when this program cannot read the index."""
    if found != FORMAT:
        msg = (
            f"{path} has index format {found}, this program reads {FORMAT}; "
            "add the articles to a new index, or use the version that made it"
        )
        raise IndexRefused(msg)


def _admitting(condition: Condition) -> tuple[str, list[Any]]:
    """SQL over `article`: an article without passages has none to admit."""
    sql, parameters = where(condition)
    return f"passages > 0 AND {sql}", parameters


def _passage(article: Article, number: int, row: Sequence[Any]) -> Passage:
    passage_id, start, end, sentences = row
    return Passage(
        id=passage_id,
        article_id=article.id,
        number=int(number),
        start=start,
        end=end,
        text=article.text[start:end],
        sentences=unpacked_sentences(sentences, start),
    )


def _authors(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored)) if stored != "[]" else ()


def _moment(article: Article) -> float:
    if article.day is None:
        return -1.0
    moment = float(article.day.toordinal())
    if isinstance(article.published, datetime):
        local = article.published
        zone = local.utcoffset() or timedelta()
        seconds = local.hour * 3600 + local.minute * 60 + local.second - zone.total_seconds()
        moment += seconds / 86400  # in UTC, where the last night of year 9999 may be over
    return moment
