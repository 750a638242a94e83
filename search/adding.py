"""Adding: files → articles → passages → store, and what is stored → vectors → store.

Two lanes. One stores articles as fast as they are read: from then on words find them. The other
encodes what is stored, and meaning finds it too. Both end in the one thread that writes.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import TYPE_CHECKING, NamedTuple

from search import ingest
from search.arriving import Batch, Items, changed
from search.catching_up import CatchingUp, Encoded
from search.newest_first import Item, NewestFirst
from search.passages import split_all
from search.pipeline import merged
from search.repeats import Repeats
from search.so_far import SoFar
from search.store import SplitArticle
from search.types import AddReport, Encoder, Progress

if TYPE_CHECKING:
    from pathlib import Path

    from search.store import StoreWriter

_BYTES_A_PASSAGE = 1_000
"""What those that an earlier writer left were read from, roughly: their texts, in English."""


class _Ready(NamedTuple):
    """A batch, and its articles split into passages."""

    batch: Batch
    split: list[SplitArticle]


class _End(NamedTuple):
    """All is read, or reading failed."""

    failure: Exception | None


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
    more where something is removed or an older version kept, and one for every stretch of vectors.
    Where reading fails, its error comes as soon as what was read before is stored; the next add
    encodes what then still awaits its vectors. With `newest_first_in`, a folder
    with room for all of it, everything is read before the newest of it is stored.
    """
    tally, catching_up = SoFar(), CatchingUp(writer, encoder)
    left = catching_up.passages_awaiting
    tally.await_(left, left * _BYTES_A_PASSAGE)
    if tally.awaiting:
        progress(_progress(tally, reading))
    order = None if newest_first_in is None else NewestFirst(reading, writer, newest_first_in)
    read = _read(Items(reading, order), writer, encoder, tally)
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


def _stored(ready: _Ready, writer: StoreWriter, tally: SoFar) -> list[SplitArticle]:
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


def _read(
    items: Items,
    writer: StoreWriter,
    encoder: Encoder,
    tally: SoFar,
) -> Iterator[_Ready | _End]:
    """What is to be stored, then the end, with the error that reading met there."""
    failure: Exception | None = None
    try:
        yield from _split(changed(items, writer, tally), encoder, Repeats(writer), tally)
    except Exception as error:
        failure = error
    yield _End(failure)


def _split(
    all_batches: Iterable[Batch], encoder: Encoder, repeats: Repeats, tally: SoFar
) -> Iterator[_Ready]:
    for one in all_batches:
        boilerplate = repeats.boilerplate(one.articles)
        tally.boilerplate += sum(map(len, boilerplate))
        parts = split_all(
            one.articles, encoder.token_spans, room=encoder.max_tokens, left_out=boilerplate
        )
        pairs = zip(one.articles, parts, strict=True)
        yield _Ready(one, [SplitArticle(article, tuple(part)) for article, part in pairs])


def _progress(tally: SoFar, reading: Iterable[Item]) -> Progress:
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
