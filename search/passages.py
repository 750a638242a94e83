"""Articles to passages: whole sentences, packed up to what the encoder reads."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import pairwise
from typing import NamedTuple

from search.searched_text import moved, searched_text, stretches
from search.sentences import sentences
from search.types import Article, Passage, Span
from search.update_note import update_note

TokenSpans = Callable[[Sequence[str]], list[list[Span]]]

MAX_TOKENS = 200
"""A passage's budget: about 150 English words; a 256-token model has room for the title too."""
_ROOM = 254
_MAX_TITLE_CHARS = 120
_MAX_TOKEN_CHARS = 16
_MAX_HEADING_CHARS = 80

_SENTENCE_END = tuple(".!?…:;,。！？؟।\"'”’»)]")


class _Piece(NamedTuple):
    """A sentence, or one window of a sentence that is over the budget."""

    start: int
    end: int
    tokens: int
    is_heading: bool = False
    is_window: bool = False


def split(
    article: Article, token_spans: TokenSpans, *, max_tokens: int = MAX_TOKENS, room: int = _ROOM
) -> list[Passage]:
    """Passages of one article, in reading order; see `split_all`."""
    return split_all([article], token_spans, max_tokens=max_tokens, room=room)[0]


def split_all(
    articles: Sequence[Article],
    token_spans: TokenSpans,
    *,
    max_tokens: int = MAX_TOKENS,
    room: int = _ROOM,
    left_out: Sequence[Collection[Span]] | None = None,
) -> list[list[Passage]]:
    """Passages of each article, with one call of the tokenizer for all of them.

    A passage is a run of whole sentences of at most `max_tokens` tokens, stripped of surrounding
    space, that begins with the last sentence of the passage before it where that leaves room. The
    passages of an article are about equally long. A heading begins a passage once the one before
    it is half full. A sentence over the budget is cut into overlapping windows, between words where
    there are any. Every sentence is in a passage, but for a closing note that the story has been
    updated, and for boilerplate: `left_out` has the spans of such sentences, for each article. One
    that stands between sentences of a passage is in its text, but not in its `sentences`, and not
    in what the encoder reads. Text without any letters makes passages too; only text of nothing
    but space makes none.

    `room` is `Encoder.max_tokens`: where a long title leaves less of it than `max_tokens`, the
    passages of that article are shorter, so that the encoder reads them whole (`encoded_text`).

    Raises:
        ValueError: `max_tokens` or `room` below 1.
    """
    if max_tokens < 1 or room < 1:
        raise ValueError(f"max_tokens and room must be at least 1, not {max_tokens} and {room}")
    titles = [_title(article) for article in articles]
    spans = token_spans([*titles, *(article.text for article in articles)])
    budgets = [
        max(1, min(max_tokens, room - len(title)), min(max_tokens, room // 2))
        for title in spans[: len(titles)]
    ]
    return [
        _split(article, marks, budget, frozenset(out))
        for article, marks, budget, out in zip(
            articles,
            spans[len(titles) :],
            budgets,
            left_out if left_out is not None else [()] * len(articles),
            strict=True,
        )
    ]


def encoded_text(article: Article, passage: Passage) -> str:
    """What the encoder reads: the title, a newline, what of the passage is searched.

    A title over 120 characters is cut after a word. The passage's offsets never include the title.
    """
    title = _title(article)
    text = searched_text(passage)
    return f"{title}\n{text}" if title else text


def encoded_spans(article: Article, passage: Passage, spans: Iterable[Span]) -> list[Span | None]:
    """Where spans of the passage's text stand in its `encoded_text`; None where one is left out."""
    title = _title(article)
    before, parts = len(title) + 1 if title else 0, stretches(passage)
    found = (moved(span, parts) for span in spans)
    return [span and (span[0] + before, span[1] + before) for span in found]


def sentences_in_encoded(article: Article, passage: Passage) -> list[Span]:
    """Where the passage's sentences stand in its `encoded_text`."""
    spans = [(start - passage.start, end - passage.start) for start, end in passage.sentences]
    return [span for span in encoded_spans(article, passage, spans) if span is not None]


def _title(article: Article) -> str:
    title = " ".join((article.title or "").split())
    if len(title) <= _MAX_TITLE_CHARS:
        return title
    words, _, _ = title[: _MAX_TITLE_CHARS + 1].rpartition(" ")
    return words or title[:_MAX_TITLE_CHARS]


def _split(
    article: Article, spans: Sequence[Span], budget: int, left_out: frozenset[Span]
) -> list[Passage]:
    marks = _marks(article.text, spans)
    pieces = list(_pieces(article, marks, budget, left_out))
    runs = [pieces[first:last] for first, last in _pack_evenly(pieces, budget)]
    return list(_passages(article, runs))


def _passages(article: Article, runs: Sequence[Sequence[_Piece]]) -> Iterator[Passage]:
    seen: Counter[str] = Counter()
    for number, run in enumerate(runs):
        start, end = run[0].start, run[-1].end
        text = article.text[start:end]
        yield Passage(
            id=_passage_id(article.id, text, seen[text]),
            article_id=article.id,
            number=number,
            start=start,
            end=end,
            text=text,
            sentences=tuple((piece.start, piece.end) for piece in run),
        )
        seen[text] += 1


def _passage_id(article_id: str, text: str, earlier: int) -> str:
    """20 hex digits of BLAKE2b over the article's id, the text, and how often it came before.

    Nothing else goes in, so a passage keeps its id when the article is indexed again or when
    another part of it changes.
    """
    parts = (article_id, text, str(earlier))
    key = b"".join(
        len(data).to_bytes(8) + data
        for data in (part.encode("utf-8", "surrogatepass") for part in parts)
    )
    return blake2b(key, digest_size=10).hexdigest()


def _marks(text: str, spans: Sequence[Span]) -> list[int]:
    """Where tokens begin, in order.

    Tokenizers read a very long word as one unknown token, and drop some characters altogether.
    Marks are therefore at most 16 characters apart, so that no passage is huge for its few tokens.
    """
    marks: list[int] = []
    last = 0
    for start, _ in spans:
        if start - last > _MAX_TOKEN_CHARS:
            marks.extend(range(last + _MAX_TOKEN_CHARS, start, _MAX_TOKEN_CHARS))
        marks.append(start)
        last = start
    marks.extend(range(last + _MAX_TOKEN_CHARS, len(text), _MAX_TOKEN_CHARS))
    return marks


def _pieces(
    article: Article, marks: list[int], budget: int, left_out: frozenset[Span]
) -> Iterator[_Piece]:
    text = article.text
    note = update_note(text)
    after_heading = False
    for start, end in sentences(text, article.language):
        if start >= note:
            break
        if (start, end) in left_out:
            continue
        # From the token that holds the start: some tokens take in the space before a word.
        first, last = max(0, bisect_right(marks, start) - 1), bisect_left(marks, end)
        if last - first > budget:
            yield from _windows(text, (start, end), marks, (first, last), budget)
            after_heading = False
            continue
        is_heading = _is_heading(text, start, end)
        yield _Piece(start, end, last - first, is_heading and not after_heading)
        after_heading = is_heading


def _is_heading(text: str, start: int, end: int) -> bool:
    """A short paragraph of its own, between others, that does not end as a sentence does."""
    return (
        end - start <= _MAX_HEADING_CHARS
        and start > 0
        and not text.endswith(_SENTENCE_END, start, end)
        and text.startswith("\n\n", end)
        and text.endswith("\n\n", 0, start)
        and "\n" not in text[start:end]
    )


def _windows(
    text: str, sentence: Span, marks: list[int], tokens: tuple[int, int], budget: int
) -> Iterator[_Piece]:
    """Cut one sentence into windows that overlap by about an eighth of the budget."""
    start, end = sentence
    first, last = tokens
    while last - first > budget:
        cut = _word_start(text, marks, first + budget, first + max(1, budget * 3 // 4))
        yield from _window(text, start, marks[cut], cut - first)
        back = _word_start(text, marks, cut, max(first + 1, cut - budget // 8), forward=True)
        first, start = back, marks[back]
    yield from _window(text, start, end, last - first)


def _window(text: str, start: int, end: int, tokens: int) -> Iterator[_Piece]:
    """The window without the space around it; none if there is nothing else."""
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    end = start + len(inner.strip())
    if start < end:
        yield _Piece(start, end, tokens, is_window=True)


def _word_start(text: str, marks: list[int], high: int, low: int, *, forward: bool = False) -> int:
    """The token in [low, high] that begins a word: the last, or the first when `forward`.

    Without one, `high` or (forward) `low`.
    """
    order = range(low, high + 1) if forward else range(high, low - 1, -1)
    for index in order:
        if text[marks[index] - 1].isspace():
            return index
    return order[0]


def _pack_evenly(pieces: Sequence[_Piece], budget: int) -> list[tuple[int, int]]:
    """As few runs as the budget allows, the last not much shorter than the others.

    A short last passage is mostly its article's title to the encoder, and outranks what it closes.
    So the smallest budget is taken that makes no more passages and keeps their overlaps.
    """
    runs = list(_pack(pieces, budget))
    low, high = budget // 2, budget
    while len(runs) > 1 and low < high:
        middle = (low + high) // 2
        evener = list(_pack(pieces, middle))
        if len(evener) <= len(runs) and _overlaps(evener) >= _overlaps(runs):
            runs, high = evener, middle
        else:
            low = middle + 1
    return runs


def _overlaps(runs: Sequence[tuple[int, int]]) -> int:
    return sum(first < last for (_, last), (first, _) in pairwise(runs))


def _pack(pieces: Sequence[_Piece], budget: int) -> Iterator[tuple[int, int]]:
    """Runs of pieces that make a passage, as (first, last + 1)."""
    first, size = 0, 0
    for index, piece in enumerate(pieces):
        if index > first and _begins(pieces, index, size, budget):
            yield first, index
            first = _overlap(pieces, first, index, budget)
            size = sum(earlier.tokens for earlier in pieces[first:index])
        size += piece.tokens
    if pieces:
        yield first, len(pieces)


def _begins(pieces: Sequence[_Piece], index: int, size: int, budget: int) -> bool:
    """Whether a passage of `size` tokens ends before this piece."""
    piece, before = pieces[index], pieces[index - 1]
    return (
        size + piece.tokens > budget
        or piece.is_window
        or before.is_window
        or (piece.is_heading and 2 * size >= budget)
    )


def _overlap(pieces: Sequence[_Piece], first: int, index: int, budget: int) -> int:
    """Where the passage that brings in `index` begins: there, or one sentence before it.

    The sentence before is left out across a heading, where it is a window, where the two do not
    fit, and where it is the whole of the passage that began at `first`.
    """
    piece, before = pieces[index], pieces[index - 1]
    apart = piece.is_heading or piece.is_window or before.is_window
    if apart or index - 1 == first or before.tokens + piece.tokens > budget:
        return index
    return index - 1
