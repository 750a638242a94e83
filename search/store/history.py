"""What articles said before they were replaced, until they are removed.

Texts are not packed, since an erasure looks for the bytes of a text in every file.
"""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from search.store.records import content_hash, dumped, loaded
from search.types import Article, Version

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.store.connections import Connection

MOST_KEPT = 50
"""Earlier versions of one article; of more the oldest go. A live blog has hundreds."""

TABLES = (
    """
CREATE TABLE IF NOT EXISTS history (
    kept INTEGER PRIMARY KEY,       -- in the order of their coming here
    id TEXT NOT NULL,               -- of the live article
    hash BLOB NOT NULL,             -- of the content
    version INTEGER,                -- as its agency counts
    replaced REAL NOT NULL,         -- seconds since 1970
    record TEXT NOT NULL,           -- as in `body`
    text TEXT NOT NULL,
    UNIQUE (id, hash)
) STRICT
""",
)


class _Kept(NamedTuple):
    """A row of the table without its texts."""

    kept: int
    version: int | None


def says_the_same(old: Article, new: Article) -> bool:
    """Whether they differ only in what was found out about them, not in what was published."""
    return new == replace(
        old,
        id=new.id,
        language=new.language,
        published_from=new.published_from,
        extras=new.extras,
    )


def keep(connection: Connection, article_id: str, earlier: Article) -> None:
    """Keep an earlier version of the article with that id; one that came back is kept once."""
    version = earlier.version
    connection.execute(
        "INSERT OR REPLACE INTO history (id, hash, version, replaced, record, text)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (
            article_id,
            content_hash(earlier),
            version if version is not None and abs(version) < 1 << 63 else None,
            time.time(),
            dumped(earlier),
            earlier.text,
        ),
    )


def hand_over(connection: Connection, article_id: str, replaced_id: str) -> None:
    """Give an article the earlier versions of one that it replaces under another id."""
    connection.execute(
        "UPDATE OR REPLACE history SET id = ? WHERE id = ?", (article_id, replaced_id)
    )


def drop_oldest(connection: Connection, article_id: str) -> None:
    """Leave the newest `MOST_KEPT` of an article's earlier versions."""
    for kept, _ in _newest_first(connection, article_id)[MOST_KEPT:]:
        connection.execute("DELETE FROM history WHERE kept = ?", (kept,))


def forget(connection: Connection, article_id: str) -> None:
    """Delete all earlier versions of an article."""
    connection.execute("DELETE FROM history WHERE id = ?", (article_id,))


def forget_lost(connection: Connection) -> int:
    """Delete the versions of what is no longer there; how many there were.

    A program from before there was a history leaves them when it removes an article.
    """
    return connection.execute(
        "DELETE FROM history WHERE id NOT IN (SELECT id FROM article)"
    ).rowcount


def earlier(connection: Connection, article_id: str) -> Iterator[Version]:
    """The earlier versions of an article, newest first."""
    for kept, _ in _newest_first(connection, article_id):
        ((replaced, record, text),) = connection.execute(
            "SELECT replaced, record, text FROM history WHERE kept = ?", (kept,)
        ).fetchall()
        yield Version(loaded(record, text), datetime.fromtimestamp(replaced, UTC))


def damaged(connection: Connection) -> int:
    """How many are not what was kept."""
    rows = connection.execute("SELECT hash, record, text FROM history")
    return sum(not _is_whole(*row) for row in rows)


def _newest_first(connection: Connection, article_id: str) -> list[_Kept]:
    """By their numbers where all have one, else in the order of their coming here."""
    rows = connection.execute(
        "SELECT kept, version FROM history WHERE id = ? ORDER BY kept DESC", (article_id,)
    ).fetchall()
    found = [_Kept(*row) for row in rows]
    if all(one.version is not None for one in found):
        found.sort(key=lambda one: -(one.version or 0))
    return found


def _is_whole(content: bytes, record: str, text: str) -> bool:
    try:
        return content_hash(loaded(record, text)) == content
    except (ValueError, KeyError, TypeError):
        return False
