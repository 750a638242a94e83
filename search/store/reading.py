"""Questions to the database: what a read transaction can be asked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from search.store import history, sightings
from search.store.conditions import where
from search.store.contract import Names, Tally
from search.store.labels import EXCERPT, counted_labels
from search.store.records import content_hash, loaded, unpacked_sentences
from search.types import Article, Condition, Copy, Count, Coverage, Passage, Version

if TYPE_CHECKING:
    from search.boilerplate import Seen
    from search.store.connections import Connection
    from search.store.contract import Ints
    from search.store.labels import Label
    from search.store.neighbours import Mask


_FORMAT_WITH_ENCODED = 3


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
    encoded: int
    """The first so many slots have vectors; the others await theirs."""

    @property
    def committed_at(self) -> datetime | None:
        """When the last commit was made."""
        return None if self.committed is None else datetime.fromtimestamp(self.committed, UTC)


class Reading:
    """Questions to one committed state, inside one read transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def _all(self, sql: str, parameters: Iterable[Any] = ()) -> list[Any]:
        return self._connection.execute(sql, tuple(parameters)).fetchall()

    def format(self) -> int:
        """The format of the index; all that may be asked before it is known to be ours."""
        ((number,),) = self._all("SELECT format FROM state")
        return int(number)

    def state(self) -> State:
        """What is committed."""
        columns = list(State.__dataclass_fields__)
        if self.format() < _FORMAT_WITH_ENCODED:  # there, whatever is stored has its vectors
            columns[columns.index("encoded")] = "slots AS encoded"
        return State(*self._all(f"SELECT {', '.join(columns)} FROM state")[0])

    def coverage(self) -> Coverage:
        """How many of the live passages have vectors."""
        state = self.state()
        ((dead,),) = self._all("SELECT count(*) FROM tomb WHERE slot < ?", [state.encoded])
        return Coverage(state.encoded - dead, state.passages)

    def checksums(self) -> dict[int, int]:
        """CRC-32 of each block of vectors."""
        return dict(self._all("SELECT block, crc FROM checksum"))

    def tombs(self, *, unpurged_only: bool = False) -> list[int]:
        """Dead slots, in order."""
        condition = " WHERE purged = 0" if unpurged_only else ""
        return [slot for (slot,) in self._all(f"SELECT slot FROM tomb{condition} ORDER BY slot")]

    def alive(self) -> Mask:
        """A mask over all slots, False for the dead."""
        mask = np.ones(self.state().slots, np.bool_)
        mask[self.tombs()] = False
        return mask

    def numbers_labelled(self, field: str, keys: Sequence[str]) -> Ints:
        """The numbers of all articles with one of these labels; one may come twice."""
        rows = self._all(
            "SELECT article FROM label WHERE field = ? AND key IN (SELECT value FROM json_each(?))",
            [field, json.dumps(keys)],
        )
        return np.fromiter(chain.from_iterable(rows), np.int64, len(rows))

    def numbers_where(self, condition: Condition) -> Ints:
        """The numbers of all articles that the condition on metadata admits."""
        sql, parameters = where(condition)
        rows = self._all(f"SELECT number FROM article WHERE {sql}", parameters)
        return np.fromiter(chain.from_iterable(rows), np.int64, len(rows))

    def days_from(self, first: int, end: int) -> tuple[Ints, Ints]:
        """The numbers of dated articles from `first` to before `end`, and their days."""
        rows = self._all(
            "SELECT number, day FROM article WHERE day IS NOT NULL AND number >= ? AND number < ?",
            [first, end],
        )
        found = np.fromiter(chain.from_iterable(rows), np.int64, 2 * len(rows))
        return found[::2], found[1::2]

    def count(self, condition: Condition) -> Count:
        """How much the condition on metadata admits."""
        sql, parameters = _admitting(condition)
        rows = self._all(
            f"SELECT coalesce(sum(passages), 0), count(*) FROM article WHERE {sql}", parameters
        )
        return Count(*rows[0])

    def by_date(
        self, condition: Condition, *, newest_first: bool
    ) -> Iterator[tuple[int, int, int]]:
        """Number, first slot and passages of each admitted article by date; undated ones last.

        Slots are counted on from the first rather than joined to `passage`, which SQLite may put on
        the outside and try every passage against every article of an outlet.
        """
        sql, parameters = _admitting(condition)
        order = "moment DESC, number" if newest_first else "moment = -1, moment, number"
        return self._connection.execute(
            f"SELECT number, first_slot, passages FROM article WHERE {sql} ORDER BY {order}",
            tuple(parameters),
        )

    def facts(
        self, numbers: Sequence[int]
    ) -> dict[int, tuple[tuple[Label, ...], int | None, float, bool]]:
        """Counted labels, day, moment, and whether it is an excerpt, of these, by number."""
        rows = self._all(
            "SELECT number, source, section, language, authors, day, moment, EXISTS ("
            "SELECT 1 FROM label WHERE field = ? AND key = ? AND article = number) FROM article "
            "WHERE number IN (SELECT value FROM json_each(?))",
            [EXCERPT.field, EXCERPT.key, json.dumps(list(map(int, numbers)))],
        )
        return {
            number: (
                counted_labels(source, section, language, _authors(authors)),
                day,
                moment,
                bool(is_excerpt),
            )
            for number, source, section, language, authors, day, moment, is_excerpt in rows
        }

    def moments(self, numbers: Sequence[int]) -> list[float]:
        """When these articles were published, for sorting; in the order of their numbers."""
        rows = self._all(
            "SELECT moment FROM article WHERE number IN (SELECT value FROM json_each(?)) "
            "ORDER BY number",
            [json.dumps(list(map(int, numbers)))],
        )
        return [moment for (moment,) in rows]

    def tally_of_all(self, condition: Condition) -> Tally:
        """See the contract."""
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
        return Tally(counts, dict(rows))

    def sources(self) -> list[str]:
        """Every outlet, by its key; a step in the index for each, however many articles it has."""
        rows = self._all(
            "WITH RECURSIVE outlet(key) AS ("
            "SELECT min(key) FROM label WHERE field = 'source' UNION ALL "
            "SELECT (SELECT min(key) FROM label WHERE field = 'source' AND key > outlet.key) "
            "FROM outlet WHERE outlet.key IS NOT NULL) "
            "SELECT (SELECT shown FROM label WHERE field = 'source' AND label.key = outlet.key "
            "LIMIT 1) FROM outlet WHERE outlet.key IS NOT NULL"
        )
        return [shown for (shown,) in rows]

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

    def namesakes(self, article_id: str, url: str | None) -> list[Names]:
        """Id and URL of the articles that have this id or this URL."""
        rows = self._all(
            "SELECT id, url FROM article WHERE id = ?1"
            " UNION SELECT id, url FROM article WHERE url = ?2",
            [article_id, url],
        )
        return [Names(*row) for row in rows]

    def articles_ever(self) -> int:
        """How many were ever stored, those replaced or removed since included."""
        rows = self._all("SELECT seq FROM sqlite_sequence WHERE name = 'article'")
        return rows[0][0] if rows else 0

    def sightings(self, keys: Iterable[int]) -> dict[int, Seen]:
        """How often the articles hold the sentences of these keys."""
        return sightings.seen(self._connection, keys)

    def article(self, number: int) -> Article:
        """The article, whole."""
        ((record, text),) = self._all("SELECT record, text FROM body WHERE article = ?", [number])
        return loaded(record, text)

    def versions(self, article: Article) -> tuple[Version, ...]:
        """The article as it is, then what it was before, newest first."""
        if not self._has("history"):
            return (Version(article),)
        return (Version(article), *history.earlier(self._connection, article.id))

    def headings(self, numbers: Sequence[int]) -> list[Article]:
        """These articles in their order, with an empty text."""
        rows = self._all(
            "SELECT article, record FROM body WHERE article IN (SELECT value FROM json_each(?))",
            [json.dumps(list(map(int, numbers)))],
        )
        records = dict(rows)
        return [loaded(records[number], "") for number in numbers]

    def articles(self) -> Iterator[Article]:
        """Every article whole, by number; read as they are asked for."""
        rows = self._connection.execute("SELECT record, text FROM body ORDER BY article")
        return (loaded(record, text) for record, text in rows)

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

    def sentence_codes(self, slots: Sequence[int]) -> list[bytes | None]:
        """The codes of these passages' sentences; None for each that has none."""
        if not self._has("sentence_code"):
            return [None] * len(slots)
        found = [
            self._all("SELECT codes FROM sentence_code WHERE slot = ?", [int(slot)])
            for slot in slots
        ]
        return [rows[0][0] if rows else None for rows in found]

    def carriers(self, number: int) -> list[tuple[int, Copy]]:
        """An article and its copies with their numbers, earliest first, the undated last."""
        if not self._has("copy"):
            return [(number, _copy(self.article(number)))]
        rows = self._all(
            "SELECT number FROM article WHERE number = ?1 OR number IN (SELECT other.article"
            " FROM copy AS own JOIN copy AS other USING (original) WHERE own.article = ?1)"
            " ORDER BY moment = -1, moment, number",
            [number],
        )
        return [(one, _copy(self.article(one))) for (one,) in rows]

    def copies(self) -> dict[int, int]:
        """By number of each article that has copies, the number that it shares with them."""
        if not self._has("copy"):
            return {}
        return dict(self._all("SELECT article, original FROM copy"))

    def _has(self, table: str) -> bool:
        """Not where the index was made before there was any, and not written to since."""
        return bool(self._all("SELECT 1 FROM sqlite_master WHERE name = ?", [table]))

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

    def holds_text(self, piece: str) -> bool:
        """Whether a live article has it in its text or, as stored, in its other fields.

        Or had it, in an earlier version.
        """
        holders = ["body"]
        if self._has("history"):
            holders.append("history JOIN article USING (id)")
        return any(
            self._all(
                f"SELECT 1 FROM {one} WHERE instr(text, ?1) OR instr(record, ?1) LIMIT 1", [piece]
            )
            for one in holders
        )

    def slots_with_owner(self) -> list[tuple[int, int, int]]:
        """First slot, passages and number of every article."""
        return self._all("SELECT first_slot, passages, number FROM article")

    def slots_within(self, first_slot: int, end: int) -> list[int]:
        """Those that are live from `first_slot` to before `end`, in order."""
        rows = self._all(
            "SELECT slot FROM passage WHERE slot >= ? AND slot < ? ORDER BY slot", [first_slot, end]
        )
        return [slot for (slot,) in rows]

    def passages_from(self, first_slot: int, end: int) -> dict[int, tuple[Article, Passage]]:
        """What is live from `first_slot` to before `end`, by slot."""
        slots = self.slots_within(first_slot, end)
        return dict(zip(slots, self.passages_at(slots), strict=True))

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
        if self._has("copy"):
            counted["copies of nothing"] = (
                "SELECT count(*) FROM copy WHERE article NOT IN (SELECT number FROM article)",
                0,
            )
            counted["runs of nothing"] = (
                "SELECT count(*) FROM sketch WHERE article NOT IN (SELECT number FROM article)",
                0,
            )
            counted["articles alone among their copies"] = (
                "SELECT count(*) FROM (SELECT 1 FROM copy GROUP BY original HAVING count(*) = 1)",
                0,
            )
        if self._has("sentence_code"):
            counted["sentence codes of nothing"] = (
                "SELECT count(*) FROM sentence_code WHERE slot NOT IN (SELECT slot FROM passage)",
                0,
            )
        if self._has("history"):
            counted["earlier versions of nothing"] = (
                "SELECT count(*) FROM history WHERE id NOT IN (SELECT id FROM article)",
                0,
            )
            counted["earlier versions that are not known"] = (
                "SELECT count(*) FROM history WHERE (id, hash) NOT IN (SELECT * FROM version)",
                0,
            )
        for what, (sql, expected) in counted.items():
            ((found,),) = self._all(sql)
            if found != expected:
                faults.append(f"meta.db counts {found} {what} where {expected} were committed")
        if self._has("history") and (damaged := history.damaged(self._connection)):
            faults.append(f"meta.db holds {damaged} earlier versions that are damaged")
        return faults


def _admitting(condition: Condition) -> tuple[str, list[Any]]:
    """SQL over `article`: an article without passages has none to admit."""
    sql, parameters = where(condition)
    return f"passages > 0 AND {sql}", parameters


def _copy(article: Article) -> Copy:
    return Copy(
        article.id,
        article.source,
        article.title,
        article.published,
        article.url,
        len(article.text),
        article.published_precision,
    )


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
