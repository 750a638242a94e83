"""Adding: files → articles → passages → store, and what is stored → vectors → store.

Two lanes. One stores articles as fast as they are read: from then on words find them. The other
encodes what is stored, and meaning finds it too. Both end in the one thread that writes.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from search import ingest
from search.catching_up import CatchingUp, Encoded
from search.passages import split_all
from search.pipeline import batches, merged
from search.repeats import Repeats
from search.store import SplitArticle
from search.store.records import content_hash
from search.types import AddReport, Article, Encoder, Progress, Reject, Withdrawal

if TYPE_CHECKING:
    from search.store import StoreWriter
    from search.store.contract import Change

_BATCH_ARTICLES = 128
"""One commit each: some seconds of encoding, and lengths enough to batch evenly."""
_IN_FLIGHT = 16 * _BATCH_ARTICLES
"""More articles than can be between reading and their commit, where the store knows them."""
_REJECTS_KEPT = 10_000


class _Batch(NamedTuple):
    """First these ids are removed, then the articles stored, then older versions kept of them.

    One that holds nothing only says how far reading is: `bytes_read`.
    """

    withdrawn: list[str]
    articles: list[Article]
    older: list[Article]
    bytes_read: int = 0

    def put(self, article: Article, change: Change) -> None:
        """Where it belongs, if storing it changes anything."""
        if change == "older":
            self.older.append(article)
        elif change != "unchanged":
            self.articles.append(article)

    def is_empty(self) -> bool:
        """Whether there is nothing to commit."""
        return not (self.withdrawn or self.articles or self.older)

    def holds(self, article_id: str) -> bool:
        """Whether a version of that article is among what is stored."""
        return any(article.id == article_id for article in chain(self.articles, self.older))

    def divided(self) -> tuple[_Batch, _Batch]:
        """No more articles than one commit takes, and the rest: older versions come last."""
        if len(self.articles) <= _BATCH_ARTICLES:
            return self, _nothing()
        articles = self.articles[:_BATCH_ARTICLES], self.articles[_BATCH_ARTICLES:]
        first = self._replace(articles=articles[0], older=[])
        return first, self._replace(withdrawn=[], articles=articles[1])


class _Ready(NamedTuple):
    """A batch, and its articles split into passages."""

    batch: _Batch
    split: list[SplitArticle]


class _End(NamedTuple):
    """All is read, or reading failed."""

    failure: Exception | None


def _nothing() -> _Batch:
    return _Batch([], [], [])


@dataclass(slots=True)
class _Tally:
    """What was done so far."""

    changes: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    withdrawn: int = 0
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)
    passages: int = 0
    awaiting: int = 0
    bytes_read: int = 0
    boilerplate: int = 0
    started: float = field(default_factory=time.perf_counter)

    def note(self, item: Article | Withdrawal | Reject) -> None:
        """Count what was guessed in an article, or the reject itself."""
        if isinstance(item, Article):
            self.flags.update(item.extras.get("flags", ()))
        if not isinstance(item, Reject):
            return
        self.rejected += 1
        if len(self.rejects) < _REJECTS_KEPT:
            self.rejects.append(item)

    def report(self, skipped: tuple[str, ...]) -> AddReport:
        return AddReport(
            added=self.changes["added"],
            updated=self.changes["updated"],
            unchanged=self.changes["unchanged"],
            withdrawn=self.withdrawn,
            rejected=self.rejected,
            passages=self.passages,
            boilerplate=self.boilerplate,
            seconds=time.perf_counter() - self.started,
            rejects=tuple(self.rejects),
            skipped=skipped,
            flags=MappingProxyType(dict(self.flags)),
        )


def add_articles(
    reading: Iterable[Article | Withdrawal | Reject],
    writer: StoreWriter,
    encoder: Encoder,
    progress: Callable[[Progress], None],
) -> AddReport:
    """Store every article of `reading` that is new or changed, remove what is withdrawn.

    Then encode what awaits its vectors, also what an earlier writer left. One commit a batch, one
    more where something is removed or an older version kept, and one for the vectors of a batch.
    Where reading fails, what was stored before is encoded first.
    """
    tally, catching_up = _Tally(), CatchingUp(writer, encoder)
    failure: Exception | None = None
    tally.awaiting = catching_up.passages_awaiting
    if tally.awaiting:
        progress(_progress(tally, reading))
    read = _read(reading, writer, encoder, tally)
    # Closed before the lanes are waited for: the encoder's ends only when it is told to.
    with merged(read, catching_up.encoded()) as arriving, closing(catching_up):
        for arrived in arriving:
            if isinstance(arrived, _End):
                failure = arrived.failure
                catching_up.finish()
                continue
            if isinstance(arrived, Encoded):
                tally.passages += catching_up.commit(arrived)
            else:
                catching_up.note(_stored(arrived, writer, tally))
            tally.awaiting = catching_up.passages_awaiting
            progress(_progress(tally, reading))
    if failure is not None:
        raise failure
    return tally.report(reading.skipped if isinstance(reading, ingest.Reading) else ())


def _stored(ready: _Ready, writer: StoreWriter, tally: _Tally) -> list[SplitArticle]:
    """Commit a batch; what of it awaits its vectors now."""
    withdrawn, _, older, bytes_read = ready.batch
    if withdrawn:
        tally.withdrawn += writer.remove(withdrawn).articles
    if ready.split:
        tally.changes.update(writer.upsert(ready.split))
    if older:
        writer.keep_older(older)
    tally.bytes_read = bytes_read
    return ready.split


def _read(
    reading: Iterable[Article | Withdrawal | Reject],
    writer: StoreWriter,
    encoder: Encoder,
    tally: _Tally,
) -> Iterator[_Ready | _End]:
    """What is to be stored, then the end, with the error that reading met there."""
    failure: Exception | None = None
    try:
        yield from _split(_changed(reading, writer, tally), encoder, Repeats(writer), tally)
    except Exception as error:
        failure = error
    yield _End(failure)


def _changed(
    reading: Iterable[Article | Withdrawal | Reject], writer: StoreWriter, tally: _Tally
) -> Iterator[_Batch]:
    """Batches of articles that storing would change, with what goes before them.

    A stretch without any is told by empty ones.
    """
    waiting, in_flight = _nothing(), _InFlight()
    for batch in batches(reading, _BATCH_ARTICLES):
        articles = [item for item in batch if isinstance(item, Article)]
        changes = iter(writer.changes(articles))
        for item in batch:
            if isinstance(item, Withdrawal):
                if waiting.holds(item.article_id):
                    yield waiting._replace(bytes_read=_bytes_read(reading))
                    waiting = _nothing()
                waiting.withdrawn.append(item.article_id)
                in_flight.withdraw(item.article_id)
            elif isinstance(item, Article):
                article, known = item, next(changes)
                if isinstance(reading, ingest.Reading):
                    article, known = _told_apart(item, known, in_flight, writer)
                    if article is not item:
                        reading.note(article)
                tally.note(article)
                change = in_flight.change(article, known)
                waiting.put(article, change)
                tally.changes["unchanged"] += change in ("unchanged", "older")
            else:
                tally.note(item)
        bytes_read = _bytes_read(reading)
        if waiting.is_empty():
            yield waiting._replace(bytes_read=bytes_read)
        while max(len(waiting.articles), len(waiting.older)) >= _BATCH_ARTICLES:
            ready, waiting = waiting.divided()
            yield ready._replace(bytes_read=bytes_read)
    yield waiting._replace(bytes_read=_bytes_read(reading))


def _told_apart(
    article: Article, change: Change, in_flight: _InFlight, writer: StoreWriter
) -> tuple[Article, Change]:
    """The article, renamed where another outlet's has its id, and what storing it would do.

    Also where that other one has been removed since: the article is still under its other id.
    """
    there = in_flight.article(article.id)
    if there is None and change == "added":
        renamed = ingest.renamed(article)
        known = writer.changes([renamed])[0]
        return (article, change) if known == "added" else (renamed, known)
    if there is None and change == "updated":
        there = writer.stored_under(article.id)
    if there is None or not ingest.is_another(article, there):
        return article, change
    article = ingest.renamed(article)
    return article, writer.changes([article])[0]


class _InFlight:
    """What was read but is not in the store yet."""

    def __init__(self) -> None:
        self._articles: dict[str, Article] = {}
        self._texts: dict[tuple[str, bytes], None] = {}
        self._versions: dict[str, int] = {}
        self._withdrawn: set[str] = set()

    def withdraw(self, article_id: str) -> None:
        """Its removal is on its way too: whatever comes after it is news."""
        self._withdrawn.add(article_id)
        self._articles.pop(article_id, None)

    def article(self, article_id: str) -> Article | None:
        """The one on its way under an id."""
        return self._articles.get(article_id)

    def change(self, article: Article, change: Change) -> Change:
        """What storing it does, where `change` is what the store alone knows of it.

        From now on it is on its way there.
        """
        content = article.id, content_hash(article)
        version, newest = article.version, self._versions.get(article.id)
        if article.id in self._withdrawn:
            self._withdrawn.remove(article.id)
            change = "added"
        elif change == "unchanged" or content in self._texts:
            return "unchanged"
        elif version is not None and newest is not None:  # which the store may not know of yet
            change = "older" if version < newest else "updated"
        self._texts[content] = None
        if change != "older":
            self._articles[article.id] = article
        if version is not None and change != "older":
            self._versions[article.id] = version
        for noted in (self._texts, self._versions, self._articles):
            if len(noted) > _IN_FLIGHT:
                del noted[next(iter(noted))]  # type: ignore[arg-type]  # its own first key
        return change


def _split(
    all_batches: Iterable[_Batch], encoder: Encoder, repeats: Repeats, tally: _Tally
) -> Iterator[_Ready]:
    for one in all_batches:
        boilerplate = repeats.boilerplate(one.articles)
        tally.boilerplate += sum(map(len, boilerplate))
        parts = split_all(
            one.articles, encoder.token_spans, room=encoder.max_tokens, left_out=boilerplate
        )
        pairs = zip(one.articles, parts, strict=True)
        yield _Ready(one, [SplitArticle(article, tuple(part)) for article, part in pairs])


def _bytes_read(reading: Iterable[Article | Withdrawal | Reject]) -> int:
    return reading.bytes_read if isinstance(reading, ingest.Reading) else 0


def _progress(tally: _Tally, reading: Iterable[Article | Withdrawal | Reject]) -> Progress:
    return Progress(
        bytes_read=tally.bytes_read,
        bytes_total=reading.bytes_total if isinstance(reading, ingest.Reading) else 0,
        articles=tally.changes.total(),
        passages=tally.passages,
        seconds=time.perf_counter() - tally.started,
        awaiting=tally.awaiting,
    )
