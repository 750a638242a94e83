"""Changes to the database: what a write transaction can do besides reading."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence

from search.errors import StoreError
from search.store import copying, history, sightings
from search.store.contract import EncodedArticle, SplitArticle
from search.store.labels import labels
from search.store.reading import Reading
from search.store.records import content_hash, dumped, moment_of, packed_sentences
from search.types import Article, Count

_NO_CHANGE = Count()


class Writing(Reading):
    """Changes inside one write transaction; nothing counts before `Database.writing` commits."""

    def stored(self, article_id: str, url: str | None) -> list[int]:
        """The numbers of the articles that this id or URL names, in order."""
        rows = self._all(
            "SELECT number FROM article WHERE id = ?1 OR (?2 IS NOT NULL AND url = ?2)"
            " ORDER BY number",
            [article_id, url],
        )
        return [number for (number,) in rows]

    def insert(self, split: SplitArticle, first_slot: int) -> int:
        """Store an article and its passages from `first_slot` on; returns its number."""
        article = split.article
        cursor = self._connection.execute(
            "INSERT INTO article (id, url, hash, first_slot, passages, source, section, language,"
            " authors, day, moment) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                article.id,
                article.url,
                content_hash(article),
                first_slot,
                len(split.passages),
                article.source,
                article.section,
                article.language,
                json.dumps(article.authors, ensure_ascii=False),
                article.day and article.day.toordinal(),
                moment_of(article),
            ),
        )
        number = cursor.lastrowid
        if number is None:
            msg = "SQLite gave no number to an article"
            raise StoreError(msg)
        self._connection.execute(
            "INSERT INTO body VALUES (?, ?, ?)", (number, dumped(article), article.text)
        )
        self._know(article)
        self._connection.executemany(
            "INSERT INTO label VALUES (?, ?, ?, ?)",
            [(label.field, label.key, number, label.shown) for label in labels(article)],
        )
        self._connection.executemany(
            "INSERT INTO passage VALUES (?, ?, ?, ?, ?, ?)",
            [
                (slot, passage.id, number, passage.start, passage.end, packed_sentences(passage))
                for slot, passage in enumerate(split.passages, first_slot)
            ],
        )
        if isinstance(split, EncodedArticle):
            self.keep_codes(dict(enumerate(split.sentence_codes, first_slot)))
        copying.put_together(self._connection, number, article)
        sightings.note(self._connection, article)
        return number

    def keep_codes(self, codes: Mapping[int, bytes]) -> None:
        """Store the codes of the sentences of these slots."""
        self._connection.executemany("INSERT INTO sentence_code VALUES (?, ?)", list(codes.items()))

    def bring_format_up_to(self, number: int) -> None:
        """Give the database the columns that later formats have, and this format's number.

        Only from format 2, in which everything that is stored has its vectors.
        """
        self._connection.execute("ALTER TABLE state ADD COLUMN encoded INTEGER NOT NULL DEFAULT 0")
        self._connection.execute("UPDATE state SET encoded = slots, format = ?", (number,))

    def compare_for_copies(self) -> int:
        """Join the articles that were stored before copies were looked for; how many there were.

        Their sentences were not counted either, so they are now.
        """
        numbers = copying.not_compared(self._connection)
        for number in numbers:
            article = self.article(number)
            copying.put_together(self._connection, number, article)
            sightings.note(self._connection, article)
        return len(numbers)

    def forget_lost_versions(self) -> int:
        """Delete what is kept of articles that are no longer there; how much it was."""
        return history.forget_lost(self._connection)

    def bury(self, number: int) -> Count:
        """Remove an article; its slots become tombs."""
        ((first, passages),) = self._all(
            "SELECT first_slot, passages FROM article WHERE number = ?", [number]
        )
        article = self.article(number)
        copying.take_apart(self._connection, number, article)
        sightings.forget(self._connection, article)
        self._connection.executemany(
            "INSERT INTO tomb (slot) VALUES (?)",
            [(slot,) for slot in range(first, first + passages)],
        )
        for table in ("passage", "sentence_code"):
            self._connection.execute(
                f"DELETE FROM {table} WHERE slot >= ? AND slot < ?", (first, first + passages)
            )
        self._connection.executemany(
            "DELETE FROM label WHERE field = ? AND key = ? AND article = ?",
            [(label.field, label.key, number) for label in labels(article)],
        )
        self._connection.execute("DELETE FROM body WHERE article = ?", (number,))
        self._connection.execute("DELETE FROM article WHERE number = ?", (number,))
        return Count(passages, 1)

    def replace(self, number: int, article: Article) -> Count:
        """Bury an article for a newer version, which keeps it and its versions in its history."""
        old = self.article(number)
        if old.id != article.id:
            self._connection.execute(
                "UPDATE OR REPLACE version SET id = ? WHERE id = ?", (article.id, old.id)
            )
            history.hand_over(self._connection, article.id, old.id)
        if not history.says_the_same(old, article):
            history.keep(self._connection, article.id, old)
        history.drop_oldest(self._connection, article.id)
        return self.bury(number)

    def keep_older(self, article: Article) -> None:
        """Put a version that is older than the stored one into the history of it."""
        self._know(article)
        history.keep(self._connection, article.id, article)
        history.drop_oldest(self._connection, article.id)

    def forget_versions(self, article_id: str) -> None:
        """So that an article removed can be added again, and nothing of it is kept."""
        self._connection.execute("DELETE FROM version WHERE id = ?", (article_id,))
        history.forget(self._connection, article_id)

    def _know(self, article: Article) -> None:
        self._connection.execute(
            "INSERT OR IGNORE INTO version VALUES (?, ?)", (article.id, content_hash(article))
        )

    def mark_purged(self, slots: Sequence[int]) -> None:
        """These tombs are gone from the keywords too."""
        self._connection.executemany(
            "UPDATE tomb SET purged = 1 WHERE slot = ?", [(slot,) for slot in slots]
        )

    def copy_live(self) -> None:
        """Into an empty database: everything live in the one attached as `old`, slots without gaps.

        The order of slots stays, and so do the numbers of articles. Tombs and checksums are left.
        """
        for sql in _COPY:
            self._connection.execute(sql)

    def set_checksums(self, checksums: Mapping[int, int]) -> None:
        """Set the CRC-32 of these blocks of vectors."""
        self._connection.executemany(
            "INSERT OR REPLACE INTO checksum VALUES (?, ?)", list(checksums.items())
        )

    def advance(
        self,
        *,
        slots: int | None = None,
        encoded: int | None = None,
        change: Count = _NO_CHANGE,
    ) -> None:
        """Set what is committed, None as it is; `change` is added to the live counts."""
        self._connection.execute(
            "UPDATE state SET slots = coalesce(?, slots), encoded = coalesce(?, encoded),"
            " articles = articles + ?, passages = passages + ?,"
            " generation = generation + 1, committed = ?",
            (slots, encoded, change.articles, change.passages, time.time()),
        )


_COPY = (
    "UPDATE main.state SET slots = was.passages, articles = was.articles, passages = was.passages,"
    " generation = was.generation + 1, committed = was.committed,"
    " encoded = (SELECT count(*) FROM old.passage WHERE slot < was.encoded) FROM old.state AS was",
    "INSERT INTO article SELECT number, id, url, hash,"
    " coalesce(sum(passages) OVER (ORDER BY first_slot, number"
    " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0),"
    " passages, source, section, language, authors, day, moment FROM old.article",
    "DELETE FROM sqlite_sequence",
    "INSERT INTO sqlite_sequence SELECT * FROM old.sqlite_sequence",
    "INSERT INTO body SELECT * FROM old.body ORDER BY article",
    'INSERT INTO passage SELECT slot - was.first_slot + now.first_slot, p.id, article, "start",'
    ' "end", sentences FROM old.passage AS p JOIN old.article AS was ON was.number = article'
    " JOIN main.article AS now ON now.number = article ORDER BY slot",
    "INSERT INTO sentence_code SELECT c.slot - was.first_slot + now.first_slot, codes"
    " FROM old.sentence_code AS c JOIN old.passage AS p ON p.slot = c.slot"
    " JOIN old.article AS was ON was.number = p.article"
    " JOIN main.article AS now ON now.number = p.article ORDER BY c.slot",
    "INSERT INTO run SELECT * FROM old.run ORDER BY hash, article",
    "INSERT INTO sketch SELECT * FROM old.sketch ORDER BY article",
    "INSERT INTO copy SELECT * FROM old.copy ORDER BY article",
    "INSERT INTO sighting SELECT * FROM old.sighting ORDER BY key",
    "INSERT INTO label SELECT * FROM old.label ORDER BY field, key, article",
    "INSERT INTO version SELECT * FROM old.version ORDER BY id, hash",
    "INSERT INTO history SELECT * FROM old.history ORDER BY kept",
)
"""Articles without passages come where they stood; they take no slot."""
