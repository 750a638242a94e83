"""News text as HTML: the one place where text from an article becomes markup."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise

from search.types import Span


def highlight(
    text: str,
    *,
    best: Span | None = None,
    words: Sequence[Span] = (),
    passage: Span | None = None,
) -> str:
    """`text` as HTML, with the passage and its best sentence in `<mark>` and words in `<b>`.

    Spans are offsets in `text`; what lies outside it is ignored. Where best sentence and passage
    overlap, the mark is the best sentence's. The raw text is cut first and each piece escaped
    after, so no markup of the text survives and no word is found inside an entity: without the
    tags and with entities decoded, the HTML is `text` again.
    """
    marked = [span for span in (best, passage) if span is not None]
    html = []
    for start, end in _cut(0, len(text), marked):
        inner = _bold(text, start, end, words)
        if best is not None and _covered(start, end, [best]):
            inner = f'<mark class="best">{inner}</mark>'
        elif passage is not None and _covered(start, end, [passage]):
            inner = f'<mark class="passage">{inner}</mark>'
        html.append(inner)
    return "".join(html)


def text_html(
    text: str,
    *,
    best: Span | None = None,
    words: Sequence[Span] = (),
    passage: Span | None = None,
) -> str:
    """`text` as HTML, a `<p>` a paragraph; the one where `passage` begins has the id `hit`."""
    html, anchored = [], False
    for window in paragraphs(text):
        here = clip(passage, window)
        inner = highlight(
            text[slice(*window)],
            best=clip(best, window),
            words=[clipped for word in words if (clipped := clip(word, window))],
            passage=here,
        )
        anchor = ' id="hit"' if here and not anchored else ""
        anchored = anchored or here is not None
        html.append(f"<p{anchor}>{inner}</p>")
    return "".join(html)


def paragraphs(text: str) -> list[Span]:
    """The spans of `text` between its empty lines, in order; none is blank."""
    spans, start = [], 0
    for part in text.split("\n\n"):
        if part.strip():
            spans.append((start, start + len(part)))
        start += len(part) + 2
    return spans


def clip(span: Span | None, window: Span) -> Span | None:
    """The part of `span` inside `window`, counted from the window's start; None if none is."""
    if span is None:
        return None
    start, end = max(span[0], window[0]), min(span[1], window[1])
    return (start - window[0], end - window[0]) if start < end else None


def _bold(text: str, start: int, end: int, words: Sequence[Span]) -> str:
    pieces = []
    for left, right in _cut(start, end, words):
        piece = escape(text[left:right])
        pieces.append(f"<b>{piece}</b>" if _covered(left, right, words) else piece)
    return "".join(pieces)


def _cut(start: int, end: int, spans: Iterable[Span]) -> Iterator[Span]:
    """[start, end) cut at every border of `spans` that lies within it."""
    borders = {start, end, *(border for span in spans for border in span if start < border < end)}
    return pairwise(sorted(borders))


def _covered(start: int, end: int, spans: Iterable[Span]) -> bool:
    return any(left <= start and end <= right for left, right in spans)
