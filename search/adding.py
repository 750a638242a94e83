"""Adding: files → articles → passages → store, and what is stored → vectors → store.

Two lanes. One stores articles as fast as they are read: from then on words find them. The other
encodes what is stored, and meaning finds it too. Both end in the one thread that writes.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from search import ingest
from search.catching_up import CatchingUp, Encoded
from search.in_flight import InFlight, under_own_id
from search.newest_first import Item, NewestFirst
from search.passages import split_all
from search.pipeline import batches, merged
from search.repeats import Repeats
from search.store import SplitArticle
from search.types import AddReport, Article, Encoder, Progress, Reject, Withdrawal

if TYPE_CHECKING:
    from pathlib import Path

    from search.store import StoreWriter
    from search.store.contract import Change

_BATCH_ARTICLES = 128
"""One commit each: so many that a commit costs little beside reading them, so few that the first
are found after a second, and that what is read again after a kill is little."""
_BYTES_A_PASSAGE = 1_000
"""What those that an earlier writer left were read from, roughly: their texts, in English."""
_REJECTS_KEPT = 10_000


class _Batch(NamedTuple):
    """First these ids are removed, then the articles stored, then older versions kept of them.

    One that holds nothing only says how far reading is: `bytes_read` of all files, `share_read` as
    in `Progress`. `bytes_new` of these are, roughly, what the articles were read from.
    """

    withdrawn: list[str]
    articles: list[Article]
    older: list[Article]
    bytes_read: int = 0
    bytes_new: int = 0
    share_read: float | None = None

    def put(self, article: Article, change: Change) -> bool:
        """Where it belongs, if storing it changes anything; whether it is to be encoded."""
        if change == "older":
            self.older.append(article)
        elif change != "unchanged":
            self.articles.append(article)
            return True
        return False

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
        bytes_new = self.bytes_new * _BATCH_ARTICLES // len(self.articles)
        first = self._replace(articles=articles[0], older=[], bytes_new=bytes_new)
        bytes_new = self.bytes_new - bytes_new
        return first, self._replace(withdrawn=[], articles=articles[1], bytes_new=bytes_new)


class _Ready(NamedTuple):
    """A batch, and its articles split into passages."""

    batch: _Batch
    split: list[SplitArticle]


class _End(NamedTuple):
    """All is read, or reading failed."""

    failure: Exception | None


def _nothing() -> _Batch:
    return _Batch([], [], [])


class _Awaiting(NamedTuple):
    """Passages that await their vectors, and the bytes of the files that they were read from."""

    passages: int
    size_bytes: int


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
    bytes_awaiting: int = 0
    share_read: float | None = None
    boilerplate: int = 0
    started: float = field(default_factory=time.perf_counter)
    _awaiting: deque[_Awaiting] = field(default_factory=deque)

    def await_(self, passages: int, size_bytes: int) -> None:
        """So many passages await their vectors now, behind all that do."""
        if passages:
            self.awaiting += passages
            self._awaiting.append(_Awaiting(passages, size_bytes))
            self.bytes_awaiting += size_bytes

    def caught_up_to(self, passages: int) -> None:
        """Only so many still await theirs, the last ones."""
        done = self.awaiting - passages
        self.awaiting = passages
        while done > 0:
            first = self._awaiting.popleft()
            left = max(first.passages - done, 0)
            bytes_left = first.size_bytes * left // first.passages
            self.bytes_awaiting -= first.size_bytes - bytes_left
            if left:
                self._awaiting.appendleft(_Awaiting(left, bytes_left))
            done -= first.passages

    def note(self, item: Item) -> None:
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
    reading: Iterable[Item],
    writer: StoreWriter,
    encoder: Encoder,
    progress: Callable[[Progress], None],
    *,
    newest_first_in: Path | None = None,
) -> AddReport:
    """Store every article of `reading` that is new or changed, remove what is withdrawn.

    Then encode what awaits its vectors, also what an earlier writer left. One commit a batch, one
    more where something is removed or an older version kept, and one for the vectors of a batch.
    Where reading fails, its error comes as soon as what was read before is stored; the next add
    encodes what then still awaits its vectors. With `newest_first_in`, a folder
    with room for all of it, everything is read before the newest of it is stored.
    """
    tally, catching_up = _Tally(), CatchingUp(writer, encoder)
    left = catching_up.passages_awaiting
    tally.await_(left, left * _BYTES_A_PASSAGE)
    if tally.awaiting:
        progress(_progress(tally, reading))
    order = None if newest_first_in is None else NewestFirst(reading, writer, newest_first_in)
    read = _read(_Items(reading, order), writer, encoder, tally)
    # Closed before the lanes are waited for: the encoder's ends only when it is told to.
    with merged(read, catching_up.encoded()) as arriving, closing(catching_up):
        for arrived in arriving:
            if isinstance(arrived, _End):
                if arrived.failure is not None:
                    raise arrived.failure
                catching_up.finish()
                continue
            if isinstance(arrived, Encoded):
                tally.passages += catching_up.commit(arrived)
                tally.caught_up_to(catching_up.passages_awaiting)
            else:
                catching_up.note(_stored(arrived, writer, tally))
            progress(_progress(tally, reading))
    return tally.report(reading.skipped if isinstance(reading, ingest.Reading) else ())


def _stored(ready: _Ready, writer: StoreWriter, tally: _Tally) -> list[SplitArticle]:
    """Commit a batch; what of it awaits its vectors now."""
    batch = ready.batch
    if batch.withdrawn:
        tally.withdrawn += writer.remove(batch.withdrawn).articles
    if ready.split:
        tally.changes.update(writer.upsert(ready.split))
    if batch.older:
        writer.keep_older(batch.older)
    tally.bytes_read, tally.share_read = batch.bytes_read, batch.share_read
    tally.await_(sum(len(one.passages) for one in ready.split), batch.bytes_new)
    return ready.split


class _Items(NamedTuple):
    """What is read: as it comes, or in an `order`, for which all of it must have been read."""

    reading: Iterable[Item]
    order: NewestFirst | None

    def batches(self) -> Iterator[list[Item]]:
        if self.order is None:
            return batches(self.reading, _BATCH_ARTICLES)
        return self.order.batches(_BATCH_ARTICLES)

    @property
    def bytes_read(self) -> int:
        """For all that came in batches so far, as if each item took as many."""
        if not isinstance(self.reading, ingest.Reading):
            return 0
        if self.order is None:
            return self.reading.bytes_read
        return round(self.reading.bytes_read * self.order.share_given)

    @property
    def share_read(self) -> float | None:
        """As in `Progress`."""
        if self.order is None or self.order.is_read or not isinstance(self.reading, ingest.Reading):
            return None
        return min(self.reading.bytes_read / max(self.reading.bytes_total, 1), 1.0)


def _read(
    items: _Items,
    writer: StoreWriter,
    encoder: Encoder,
    tally: _Tally,
) -> Iterator[_Ready | _End]:
    """What is to be stored, then the end, with the error that reading met there."""
    failure: Exception | None = None
    try:
        yield from _split(_changed(items, writer, tally), encoder, Repeats(writer), tally)
    except Exception as error:
        failure = error
    yield _End(failure)


def _changed(items: _Items, writer: StoreWriter, tally: _Tally) -> Iterator[_Batch]:
    """Batches of articles that storing would change, with what goes before them.

    A stretch without any is told by empty ones.
    """
    waiting, in_flight, before = _nothing(), InFlight(), 0
    for batch in items.batches():
        bytes_read = items.bytes_read
        each, before = (bytes_read - before) // max(len(batch), 1), bytes_read
        articles = [item for item in batch if isinstance(item, Article)]
        changes = iter(writer.changes(articles))
        for at, item in enumerate(batch):
            if isinstance(item, Withdrawal):
                if waiting.holds(item.article_id):
                    yield waiting._replace(bytes_read=bytes_read - (len(batch) - at) * each)
                    waiting = _nothing()
                waiting.withdrawn.append(item.article_id)
                in_flight.withdraw(item.article_id)
            elif isinstance(item, Article):
                article, known = item, next(changes)
                if isinstance(items.reading, ingest.Reading):
                    article, known = _noted(item, known, items.reading, in_flight, writer)
                tally.note(article)
                change = in_flight.change(article, known)
                if waiting.put(article, change):
                    waiting = waiting._replace(bytes_new=waiting.bytes_new + each)
                tally.changes["unchanged"] += change in ("unchanged", "older")
            else:
                tally.note(item)
        if waiting.is_empty():
            yield waiting._replace(bytes_read=bytes_read, share_read=items.share_read)
        while max(len(waiting.articles), len(waiting.older)) >= _BATCH_ARTICLES:
            ready, waiting = waiting.divided()
            yield ready._replace(bytes_read=bytes_read - waiting.bytes_new)
    yield waiting._replace(bytes_read=items.bytes_read)


def _noted(
    item: Article, known: Change, reading: ingest.Reading, in_flight: InFlight, writer: StoreWriter
) -> tuple[Article, Change]:
    """As `under_own_id`; whoever watches the reading is told of another id."""
    article, change = under_own_id(item, known, in_flight, writer)
    if article is not item:
        reading.note(article)
    return article, change


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


def _progress(tally: _Tally, reading: Iterable[Item]) -> Progress:
    return Progress(
        bytes_read=tally.bytes_read,
        bytes_total=reading.bytes_total if isinstance(reading, ingest.Reading) else 0,
        articles=tally.changes.total(),
        passages=tally.passages,
        seconds=time.perf_counter() - tally.started,
        awaiting=tally.awaiting,
        bytes_awaiting=tally.bytes_awaiting,
        share_read=tally.share_read,
    )
