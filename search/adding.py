"""Adding: files → articles → passages → vectors → store, each step ahead of the next."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from search import ingest
from search.passages import encoded_spans, encoded_text, split_all
from search.pipeline import ahead, batches
from search.sentence_codes import coded
from search.store import EncodedArticle
from search.store.records import content_hash
from search.types import AddReport, Article, Encoder, Passage, Progress, Reject

if TYPE_CHECKING:
    from search.store import StoreWriter
    from search.types import Vectors

_BATCH_ARTICLES = 128
"""One commit each: some seconds of encoding, and lengths enough to batch evenly."""
_IN_FLIGHT = 16 * _BATCH_ARTICLES
"""More articles than can be between reading and their commit, where the store knows them."""
_REJECTS_KEPT = 10_000

_Split = list[tuple[Article, Sequence[Passage]]]


@dataclass(slots=True)
class _Tally:
    """What was done so far."""

    changes: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)
    passages: int = 0
    started: float = field(default_factory=time.perf_counter)

    def note(self, item: Article | Reject) -> None:
        """Count what was guessed in an article, or the reject itself."""
        if isinstance(item, Article):
            self.flags.update(item.extras.get("flags", ()))
            return
        self.rejected += 1
        if len(self.rejects) < _REJECTS_KEPT:
            self.rejects.append(item)

    def report(self, skipped: tuple[str, ...]) -> AddReport:
        return AddReport(
            added=self.changes["added"],
            updated=self.changes["updated"],
            unchanged=self.changes["unchanged"],
            rejected=self.rejected,
            passages=self.passages,
            seconds=time.perf_counter() - self.started,
            rejects=tuple(self.rejects),
            skipped=skipped,
            flags=MappingProxyType(dict(self.flags)),
        )


def add_articles(
    reading: Iterable[Article | Reject],
    writer: StoreWriter,
    encoder: Encoder,
    progress: Callable[[Progress], None] | None,
) -> AddReport:
    """Store every article of `reading` that is new or changed; one commit a batch."""
    tally = _Tally()
    changed = _changed(reading, writer, tally)
    encoded = _encoded(ahead(_split(changed, encoder)), encoder)
    with closing(ahead(encoded)) as ready:
        for batch in ready:
            tally.changes.update(writer.upsert(batch))
            tally.passages += sum(len(one.passages) for one in batch)
            if progress is not None:
                progress(_progress(tally, reading))
    return tally.report(reading.skipped if isinstance(reading, ingest.Reading) else ())


def _changed(
    reading: Iterable[Article | Reject], writer: StoreWriter, tally: _Tally
) -> Iterator[list[Article]]:
    """Batches of articles that storing would change."""
    fresh: list[Article] = []
    in_flight: dict[tuple[str, bytes], None] = {}
    for batch in batches(reading, _BATCH_ARTICLES):
        for item in batch:
            tally.note(item)
        articles = [item for item in batch if isinstance(item, Article)]
        for article, change in zip(articles, writer.changes(articles), strict=True):
            if change == "unchanged":
                tally.changes["unchanged"] += 1
                continue
            version = article.id, content_hash(article)
            if version in in_flight:
                tally.changes["unchanged"] += 1
                continue
            fresh.append(article)
            in_flight[version] = None
            if len(in_flight) > _IN_FLIGHT:
                del in_flight[next(iter(in_flight))]
        while len(fresh) >= _BATCH_ARTICLES:
            yield fresh[:_BATCH_ARTICLES]
            del fresh[:_BATCH_ARTICLES]
    if fresh:
        yield fresh


def _split(batches_of_articles: Iterable[list[Article]], encoder: Encoder) -> Iterator[_Split]:
    for articles in batches_of_articles:
        parts = split_all(articles, encoder.token_spans, room=encoder.max_tokens)
        yield list(zip(articles, parts, strict=True))


def _encoded(parts: Iterable[_Split], encoder: Encoder) -> Iterator[list[EncodedArticle]]:
    for part in parts:
        vectors, codes = _vectors_and_codes(part, encoder)
        batch, first = [], 0
        for article, passages in part:
            own = slice(first, first + len(passages))
            batch.append(EncodedArticle(article, tuple(passages), vectors[own], tuple(codes[own])))
            first += len(passages)
        yield batch


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


def _progress(tally: _Tally, reading: Iterable[Article | Reject]) -> Progress:
    done, total = 0, 0
    if isinstance(reading, ingest.Reading):
        done, total = reading.bytes_read, reading.bytes_total
    return Progress(
        bytes_read=done,
        bytes_total=total,
        articles=tally.changes.total(),
        passages=tally.passages,
        seconds=time.perf_counter() - tally.started,
    )
