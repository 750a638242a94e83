"""Which articles of a database are copies of one another, kept up article by article."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from search.copies import MOST_HOLDERS, Holder, copies_of, sampled_runs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from search.store.connections import Connection
    from search.types import Article

TABLES = (
    """
CREATE TABLE IF NOT EXISTS run (
    hash INTEGER NOT NULL,          -- of a run of words that an article keeps
    article INTEGER NOT NULL,
    PRIMARY KEY (hash, article)
) STRICT, WITHOUT ROWID
""",
    """
CREATE TABLE IF NOT EXISTS sketch (
    article INTEGER PRIMARY KEY,
    runs INTEGER NOT NULL           -- so many it keeps, but for those that enough others hold
) STRICT
""",
    """
CREATE TABLE IF NOT EXISTS copy (
    article INTEGER PRIMARY KEY,    -- only those that have copies
    original INTEGER NOT NULL       -- the same number for all copies of one another
) STRICT
""",
    "CREATE INDEX IF NOT EXISTS copy_original ON copy (original)",
)


def put_together(connection: Connection, number: int, article: Article) -> None:
    """Join an article that was just stored with its copies, and let later ones find it."""
    hashes = sampled_runs(article.text).tolist()
    holders = _holders(connection, hashes)
    known = _known(connection, {one for numbers in holders.values() for one in numbers})
    day = None if article.day is None else article.day.toordinal()
    own = Holder(len(hashes), day, article.source)
    found = copies_of(len(hashes), own, holders, known)
    kept = [(one, number) for one in hashes if len(holders.get(one, ())) < MOST_HOLDERS]
    connection.executemany("INSERT INTO run VALUES (?, ?)", kept)
    connection.execute("INSERT INTO sketch VALUES (?, ?)", (number, len(kept)))
    if found:
        _join(connection, [number, *found])


def take_apart(connection: Connection, number: int, article: Article) -> None:
    """Forget an article that is removed; the last of its copies has none left."""
    connection.execute(
        "DELETE FROM run WHERE hash IN (SELECT value FROM json_each(?)) AND article = ?",
        (json.dumps(sampled_runs(article.text).tolist()), number),
    )
    connection.execute("DELETE FROM sketch WHERE article = ?", (number,))
    for (original,) in connection.execute(
        "SELECT original FROM copy WHERE article = ?", (number,)
    ).fetchall():
        connection.execute("DELETE FROM copy WHERE article = ?", (number,))
        connection.execute(
            "DELETE FROM copy WHERE original = ?1"
            " AND (SELECT count(*) FROM copy WHERE original = ?1) = 1",
            (original,),
        )


def not_compared(connection: Connection) -> list[int]:
    """Articles stored before copies were looked for."""
    rows = connection.execute(
        "SELECT number FROM article WHERE number NOT IN (SELECT article FROM sketch)"
        " ORDER BY number"
    )
    return [number for (number,) in rows.fetchall()]


def _holders(connection: Connection, hashes: list[int]) -> dict[int, list[int]]:
    holders = defaultdict[int, list[int]](list)
    for one, number in connection.execute(
        "SELECT hash, article FROM run CROSS JOIN sketch USING (article)"
        " WHERE hash IN (SELECT value FROM json_each(?))",
        (json.dumps(hashes),),
    ):
        holders[one].append(number)
    return holders


def _known(connection: Connection, numbers: Iterable[int]) -> dict[int, Holder]:
    rows = connection.execute(
        "SELECT number, runs, day, source FROM article JOIN sketch ON article = number"
        " WHERE number IN (SELECT value FROM json_each(?))",
        (json.dumps(list(numbers)),),
    )
    return {number: Holder(*rest) for number, *rest in rows}


def _join(connection: Connection, numbers: list[int]) -> None:
    """Make one group of these articles and of the copies they have already."""
    rows = connection.execute(
        "SELECT DISTINCT original FROM copy WHERE article IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    ).fetchall()
    groups = [original for (original,) in rows]
    original = min([*groups, *numbers])
    connection.execute(
        "UPDATE copy SET original = ? WHERE original IN (SELECT value FROM json_each(?))",
        (original, json.dumps(groups)),
    )
    connection.executemany(
        "INSERT OR IGNORE INTO copy VALUES (?, ?)", [(number, original) for number in numbers]
    )
