"""Adding: files → articles → passages → vectors → store, each step ahead of the next."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from search import ingest
from search.passages import encoded_spans, encoded_text, split_all
from search.pipeline import ahead, batches
from search.sentence_codes import coded
from search.store import EncodedArticle
from search.store.records import content_hash
from search.types import AddReport, Article, Encoder, Passage, Progress, Reject, Withdrawal

if TYPE_CHECKING:
    from search.store import StoreWriter
    from search.store.contract import Change
    from search.types import Vectors

_BATCH_ARTICLES = 128
"""One commit each: some seconds of encoding, and lengths enough to batch evenly."""
_IN_FLIGHT = 16 * _BATCH_ARTICLES
"""More articles than can be between reading and their commit, where the store knows them."""
_REJECTS_KEPT = 10_000

_Split = list[tuple[Article, Sequence[Passage]]]


class _Batch(NamedTuple):
    """What one commit does: first these ids are removed, then the articles stored.

    Without either it only says how far reading is.
    """

    withdrawn: list[str]
    articles: list[Article]
    bytes_read: int


class _Encoded(NamedTuple):
    """The same, ready to be stored."""

    withdrawn: list[str]
    articles: list[EncodedArticle]
    bytes_read: int


@dataclass(slots=True)
class _Tally:
    """What was done so far."""

    changes: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    withdrawn: int = 0
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)
    passages: int = 0
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
            seconds=time.perf_counter() - self.started,
            rejects=tuple(self.rejects),
            skipped=skipped,
            flags=MappingProxyType(dict(self.flags)),
        )


def add_articles(
    reading: Iterable[Article | Withdrawal | Reject],
    writer: StoreWriter,
    encoder: Encoder,
    progress: Callable[[Progress], None] | None,
) -> AddReport:
    """Store every article of `reading` that is new or changed, remove what is withdrawn.

    One commit a batch, and one more where something is removed.
    """
    tally = _Tally()
    changed = _changed(reading, writer, tally)
    encoded = _encoded(ahead(_split(changed, encoder)), encoder)
    with closing(ahead(encoded)) as ready:
        for withdrawn, batch, bytes_read in ready:
            if withdrawn:
                tally.withdrawn += writer.remove(withdrawn).articles
            if batch:
                tally.changes.update(writer.upsert(batch))
            tally.passages += sum(len(one.passages) for one in batch)
            if progress is not None:
                progress(_progress(tally, reading, bytes_read))
    return tally.report(reading.skipped if isinstance(reading, ingest.Reading) else ())


def _changed(
    reading: Iterable[Article | Withdrawal | Reject], writer: StoreWriter, tally: _Tally
) -> Iterator[_Batch]:
    """Batches of articles that storing would change, with what goes before them.

    A stretch without any is told by empty ones.
    """
    fresh, withdrawn = list[Article](), list[str]()
    in_flight = _InFlight()
    for batch in batches(reading, _BATCH_ARTICLES):
        articles = [item for item in batch if isinstance(item, Article)]
        changes = iter(writer.changes(articles))
        for item in batch:
            tally.note(item)
            if isinstance(item, Withdrawal):
                if any(article.id == item.article_id for article in fresh):
                    yield _Batch(withdrawn, fresh, _bytes_read(reading))
                    fresh, withdrawn = [], []
                withdrawn.append(item.article_id)
                in_flight.withdraw(item.article_id)
            elif isinstance(item, Article):
                if in_flight.is_news(item, next(changes)):
                    fresh.append(item)
                else:
                    tally.changes["unchanged"] += 1
        if not fresh and not withdrawn:
            yield _Batch([], [], _bytes_read(reading))
        while len(fresh) >= _BATCH_ARTICLES:
            yield _Batch(withdrawn, fresh[:_BATCH_ARTICLES], _bytes_read(reading))
            fresh, withdrawn = fresh[_BATCH_ARTICLES:], []
    yield _Batch(withdrawn, fresh, _bytes_read(reading))


class _InFlight:
    """What was read but is not in the store yet."""

    def __init__(self) -> None:
        self._texts: dict[tuple[str, bytes], None] = {}
        self._versions: dict[str, int] = {}
        self._withdrawn: set[str] = set()

    def withdraw(self, article_id: str) -> None:
        """Its removal is on its way too: whatever comes after it is news."""
        self._withdrawn.add(article_id)

    def is_news(self, article: Article, change: Change) -> bool:
        """Whether it would change the store and is not, nor a newer version, on its way there.

        From now on it is.
        """
        content = article.id, content_hash(article)
        version, newest = article.version, self._versions.get(article.id)
        if article.id in self._withdrawn:
            self._withdrawn.remove(article.id)
        elif (
            change == "unchanged"
            or content in self._texts
            or (version is not None and newest is not None and version < newest)
        ):
            return False
        self._texts[content] = None
        if version is not None:
            self._versions[article.id] = version
        for noted in (self._texts, self._versions):
            if len(noted) > _IN_FLIGHT:
                del noted[next(iter(noted))]  # type: ignore[arg-type]  # its own first key
        return True


def _split(all_batches: Iterable[_Batch], encoder: Encoder) -> Iterator[tuple[_Batch, _Split]]:
    for batch in all_batches:
        parts = split_all(batch.articles, encoder.token_spans, room=encoder.max_tokens)
        yield batch, list(zip(batch.articles, parts, strict=True))


def _encoded(
    split_batches: Iterable[tuple[_Batch, _Split]], encoder: Encoder
) -> Iterator[_Encoded]:
    for (withdrawn, _, bytes_read), part in split_batches:
        vectors, codes = _vectors_and_codes(part, encoder) if part else ((), [])
        batch, first = [], 0
        for article, passages in part:
            own = slice(first, first + len(passages))
            batch.append(EncodedArticle(article, tuple(passages), vectors[own], tuple(codes[own])))
            first += len(passages)
        yield _Encoded(withdrawn, batch, bytes_read)


def _vectors_and_codes(part: _Split, encoder: Encoder) -> tuple[Vectors, list[bytes]]:
    """A row a passage, and the codes of its sentences where the encoder gives parts."""
    pairs = [(article, passage) for article, passages in part for passage in passages]
    texts = [encoded_text(article, passage) for article, passage in pairs]
    if not encoder.adds_up:
        return encoder.encode_passages(texts), []
    sentences = [
        encoded_spans(text, passage) for text, (_, passage) in zip(texts, pairs, strict=True)
    ]
    vectors, parts = encoder.encode_parts(texts, sentences)
    return vectors, [coded(rows, vector) for rows, vector in zip(parts, vectors, strict=True)]


def _bytes_read(reading: Iterable[Article | Withdrawal | Reject]) -> int:
    return reading.bytes_read if isinstance(reading, ingest.Reading) else 0


def _progress(
    tally: _Tally, reading: Iterable[Article | Withdrawal | Reject], bytes_read: int
) -> Progress:
    return Progress(
        bytes_read=bytes_read,
        bytes_total=reading.bytes_total if isinstance(reading, ingest.Reading) else 0,
        articles=tally.changes.total(),
        passages=tally.passages,
        seconds=time.perf_counter() - tally.started,
    )
