"""What of a reading storing would change, in batches of a commit each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from search import ingest
from search.in_flight import InFlight, under_own_id
from search.newest_first import Item, NewestFirst
from search.pipeline import batches
from search.types import Article, Withdrawal

if TYPE_CHECKING:
    from search.so_far import SoFar
    from search.store import StoreWriter
    from search.store.contract import Change

BATCH_ARTICLES = 128
"""One commit each: so many that a commit costs little beside reading them, so few that the first
are found after a second, and that what is read again after a kill is little."""


class Batch(NamedTuple):
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

    def divided(self) -> tuple[Batch, Batch]:
        """No more articles than one commit takes, and the rest: older versions come last."""
        if len(self.articles) <= BATCH_ARTICLES:
            return self, _nothing()
        articles = self.articles[:BATCH_ARTICLES], self.articles[BATCH_ARTICLES:]
        bytes_new = self.bytes_new * BATCH_ARTICLES // len(self.articles)
        first = self._replace(articles=articles[0], older=[], bytes_new=bytes_new)
        bytes_new = self.bytes_new - bytes_new
        return first, self._replace(withdrawn=[], articles=articles[1], bytes_new=bytes_new)


def _nothing() -> Batch:
    return Batch([], [], [])


class Items(NamedTuple):
    """What is read: as it comes, or in an `order`, for which all of it must have been read."""

    reading: Iterable[Item]
    order: NewestFirst | None

    def batches(self) -> Iterator[list[Item]]:
        """Items in lists, as many as a commit takes articles."""
        if self.order is None:
            return batches(self.reading, BATCH_ARTICLES)
        return self.order.batches(BATCH_ARTICLES)

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


def changed(items: Items, writer: StoreWriter, tally: SoFar) -> Iterator[Batch]:
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
        while max(len(waiting.articles), len(waiting.older)) >= BATCH_ARTICLES:
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
