"""How often the articles of a database hold each sentence, for `search.boilerplate`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from search.boilerplate import Seen, counted, keys_of

if TYPE_CHECKING:
    from search.store.connections import Connection
    from search.types import Article

TABLES = (
    """
CREATE TABLE IF NOT EXISTS sighting (
    key INTEGER PRIMARY KEY,        -- of an outlet and a sentence, or of an outlet
    articles INTEGER NOT NULL,
    first INTEGER,                  -- proleptic ordinals; NULL when none of them is dated
    last INTEGER
) STRICT
""",
)


def note(connection: Connection, article: Article) -> None:
    """Count an article that was just stored."""
    day = None if article.day is None else article.day.toordinal()
    connection.executemany(
        "INSERT INTO sighting VALUES (?1, 1, ?2, ?2) ON CONFLICT (key) DO UPDATE SET"
        " articles = articles + 1,"
        " first = min(coalesce(first, excluded.first), coalesce(excluded.first, first)),"
        " last = max(coalesce(last, excluded.last), coalesce(excluded.last, last))",
        [(key, day) for key in counted(article, keys_of(article))],
    )


def forget(connection: Connection, article: Article) -> None:
    """Take back what `note` counted. The days stay, until the last article is gone."""
    keys = [(key,) for key in counted(article, keys_of(article))]
    connection.executemany("UPDATE sighting SET articles = articles - 1 WHERE key = ?", keys)
    connection.executemany("DELETE FROM sighting WHERE key = ? AND articles < 1", keys)


def seen(connection: Connection, keys: Iterable[int]) -> dict[int, Seen]:
    """What was counted under these keys; those never counted are left out."""
    rows = connection.execute(
        "SELECT key, articles, first, last FROM sighting"
        " WHERE key IN (SELECT value FROM json_each(?))",
        (json.dumps(list(keys)),),
    )
    return {key: Seen(*rest) for key, *rest in rows}
