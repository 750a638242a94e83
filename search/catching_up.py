"""Encoding what is stored already, in the order of its storing, while more is being stored."""

from __future__ import annotations

import queue
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search.errors import not_encoded
from search.passages import encoded_text, sentences_in_encoded
from search.pipeline import batches
from search.sentence_codes import coded

if TYPE_CHECKING:
    from search.errors import StoreError
    from search.store import SplitArticle, StoreWriter
    from search.types import Article, Encoder, Passage, Span, Vectors

AT_ONCE = 512
"""At most so many passages are encoded at once, and their vectors committed: lengths enough to
batch evenly, and some seconds on a slow machine, for which whoever stops an add waits."""
_KEPT = 32 * AT_ONCE
"""So many passages wait in memory for the encoder, some 30 MB with their articles; more than these
are read back from the store when their turn comes."""
_AHEAD = 2
"""One stretch is being encoded, and the next is there when it is done."""

_ANY_TEXT = "news"
"""An encoder that fails at this too is out of order, whatever the article."""

_Stretch = Sequence["tuple[Article, Passage] | None"]
"""Passages one behind the other, with their articles; None for one that needs no vector."""


class Encoded(NamedTuple):
    """The vectors of a stretch, and the codes of its sentences.

    A row a passage: float32, of length 1, or of zeros for one that needs none. `codes` has one item
    a passage, or no item where the encoder gives no parts.
    """

    vectors: Vectors
    codes: list[bytes]


class CatchingUp:
    """What of the store awaits its vectors, given to the encoder a stretch at a time.

    Belongs to the one thread that writes. `encoded` is to be run in another; what it gives comes
    back through `commit`, in order.
    """

    def __init__(self, writer: StoreWriter, encoder: Encoder) -> None:
        """An earlier writer may have left passages: they come first."""
        self._writer, self._encoder = writer, encoder
        self._stretches: queue.SimpleQueue[_Stretch | None] = queue.SimpleQueue()
        self._kept: deque[_Stretch] = deque()
        self.passages_awaiting = writer.passages_awaiting()
        self._is_behind = self.passages_awaiting > 0
        """Whether the store has passages that await their vectors and are not kept here."""
        self._handed_over: deque[int] = deque()
        """The sizes of the stretches whose vectors are not committed yet."""
        self._is_finishing = self._is_closed = False
        self._hand_over()

    def encoded(self) -> Iterator[Encoded]:
        """The vectors of one stretch after the other, as they are handed over, until `close`."""
        while (stretch := self._stretches.get()) is not None and not self._is_closed:
            yield _encoded(stretch, self._encoder)

    def note(self, stored: Iterable[SplitArticle]) -> None:
        """These were stored now, behind all else."""
        passages = [(one.article, passage) for one in stored for passage in one.passages]
        self.passages_awaiting += len(passages)
        if passages and not self._is_behind:
            if sum(map(len, self._kept)) + len(passages) > _KEPT:
                self._is_behind = True
            else:
                self._kept += batches(passages, AT_ONCE)
        self._hand_over()

    def commit(self, done: Encoded) -> int:
        """Store the vectors of the first stretch handed over; returns how many were made.

        Those of passages removed meanwhile among them, which are made and not kept.

        Raises:
            StoreError: one of them is none; the message names its article.
        """
        self._hand_over(besides=1)
        self._writer.append_vectors(done.vectors, done.codes)
        self.passages_awaiting -= self._handed_over.popleft()
        self._close_if_done()
        return int(done.vectors.any(axis=1).sum())

    def finish(self) -> None:
        """Nothing more will be stored: `encoded` ends with the last of what there is."""
        self._is_finishing = True
        self._close_if_done()

    def _close_if_done(self) -> None:
        if self._is_finishing and not (self._handed_over or self._kept or self._is_behind):
            self.close()

    def close(self) -> None:
        """Let `encoded` end after the stretch it is at."""
        self._is_closed = True
        self._stretches.put(None)

    def _hand_over(self, besides: int = 0) -> None:
        """Keep the encoder busy; so many of the stretches handed over are encoded already."""
        while len(self._handed_over) < _AHEAD + besides and (stretch := self._next()):
            self._handed_over.append(len(stretch))
            self._stretches.put(stretch)

    def _next(self) -> _Stretch:
        if self._kept:
            return self._joined()
        if not self._is_behind:
            return ()
        stretch = self._writer.next_awaiting(sum(self._handed_over), AT_ONCE)
        self._is_behind = len(stretch) == AT_ONCE
        return stretch

    def _joined(self) -> _Stretch:
        """The first stretches kept, as many as make no more than `AT_ONCE`: some commits are small.

        An encoder that gets passages one by one takes many times as long.
        """
        stretch = list(self._kept.popleft())
        while self._kept and len(stretch) + len(self._kept[0]) <= AT_ONCE:
            stretch += self._kept.popleft()
        return stretch


def _encoded(stretch: _Stretch, encoder: Encoder) -> Encoded:
    """Rows of zeros and no codes for what needs no vector."""
    there = np.array([one is not None for one in stretch], np.bool_)
    pairs = [one for one in stretch if one is not None]
    vectors = np.zeros((len(stretch), encoder.dim), np.float32)
    codes: list[bytes] = []
    if pairs:
        try:
            vectors[there], codes = _vectors_and_codes(pairs, encoder)
        except Exception as error:
            raise (_named(error, pairs, encoder) or error) from error
    rest = iter(codes)
    return Encoded(vectors, [next(rest) if one else b"" for one in there] if codes else [])


def _named(
    error: Exception, pairs: Sequence[tuple[Article, Passage]], encoder: Encoder
) -> StoreError | None:
    """The error with the first passage that the encoder fails at alone; None where it is not one.

    Not where the encoder fails at any text, nor where it failed at so many at once.
    """
    if _failure(_ANY_TEXT, [], encoder) is not None:
        return None
    for article, passage in pairs:
        text, sentences = encoded_text(article, passage), sentences_in_encoded(article, passage)
        if (alone := _failure(text, sentences, encoder)) is not None:
            why = f"the encoder fails at it ({str(alone) or type(alone).__name__})"
            return not_encoded(article.id, passage.number, why)
    return None


def _failure(text: str, sentences: Sequence[Span], encoder: Encoder) -> Exception | None:
    try:
        if encoder.adds_up:
            encoder.encode_parts([text], [sentences])
        else:
            encoder.encode_passages([text])
    except Exception as error:
        return error
    return None


def _vectors_and_codes(
    pairs: Sequence[tuple[Article, Passage]], encoder: Encoder
) -> tuple[Vectors, list[bytes]]:
    """A row a passage, and the codes of its sentences where the encoder gives parts."""
    texts = [encoded_text(article, passage) for article, passage in pairs]
    if not encoder.adds_up:
        return encoder.encode_passages(texts), []
    sentences = [sentences_in_encoded(article, passage) for article, passage in pairs]
    vectors, parts = encoder.encode_parts(texts, sentences)
    return vectors, [coded(rows, vector) for rows, vector in zip(parts, vectors, strict=True)]
