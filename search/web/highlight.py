"""News text as HTML: the one place where text from an article becomes markup."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Literal

from search.types import Piece, Span

Look = Literal["best", "passage", "quiet"]
"""How a part of a text looks; of several the first is seen."""
_TAGS: dict[Look, tuple[str, str]] = {
    "best": ('<mark class="best"', "</mark>"),
    "passage": ('<mark class="passage"', "</mark>"),
    "quiet": ('<span class="ns-boilerplate"', "</span>"),
}
_CHANGES = {"removed": "del", "added": "ins"}


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
    return _Door(text, {"best": _known(best), "passage": _known(passage)}, words).html(
        (0, len(text))
    )


def text_html(text: str, *, best: Span | None = None, words: Sequence[Span] = ()) -> str:
    """`text` as HTML, a `<p>` a paragraph, marked as by `highlight`."""
    return article_html(text, {"best": _known(best)}, words=words)


def article_html(
    text: str,
    looks: dict[Look, Sequence[Span]],
    *,
    words: Sequence[Span] = (),
    anchor: int | None = None,
) -> str:
    """`text` as HTML, a `<p>` a paragraph; each span looks as it is told, words are bold.

    The mark that begins at `anchor`, if one does, has the id `hit`. Takes time in proportion to
    the text and its spans.
    """
    door = _Door(text, looks, words, anchor)
    return "".join(f"<p>{door.html(window)}</p>" for window in paragraphs(text))


def changed_html(old: str, new: str, pieces: Iterable[Piece]) -> list[str]:
    """Two texts in one as HTML, a string a paragraph: what went in `<del>`, what came in `<ins>`.

    Without the `<ins>` it is the old text, without the `<del>` the new one; an empty one says that
    nothing but the break between two paragraphs went or came.
    """
    made = [""]
    for kind, *spans in pieces:
        text = old[slice(*spans[0])] if kind == "removed" else new[slice(*spans[1])]
        tag = _CHANGES.get(kind)
        is_break = tag is not None and not text.strip()
        for number, part in enumerate(text.split("\n\n")):
            if number:
                made[-1] += f'<{tag} class="break"></{tag}>' if is_break else ""
                made.append("")
            made[-1] += f"<{tag}>{escape(part)}</{tag}>" if tag and part else escape(part)
    return made


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


def _known(span: Span | None) -> list[Span]:
    return [] if span is None else [span]


class _Door:
    """A text on its way to HTML: cut at every border of its spans, and escaped piece by piece."""

    def __init__(
        self,
        text: str,
        looks: dict[Look, Sequence[Span]],
        words: Sequence[Span],
        anchor: int | None = None,
    ) -> None:
        self._text, self._anchor = text, anchor
        self._looks = [(_TAGS[look], _Covered(looks.get(look, ()))) for look in _TAGS]
        self._words = _Covered(words)
        spans = [span for _, covered in self._looks for span in covered.spans]
        borders = {border for span in spans for border in span}
        self._borders = sorted(borders if anchor is None else borders | {anchor})
        self._word_borders = sorted({border for span in self._words.spans for border in span})

    def html(self, window: Span) -> str:
        """This part of the text."""
        made = []
        for (start, end), tag in self._looks_in(window):
            inner = self._bold(start, end)
            if tag is not None and not self._text[start:end].isspace():
                anchor = ' id="hit"' if start == self._anchor else ""
                inner = f"{tag[0]}{anchor}>{inner}{tag[1]}"
            made.append(inner)
        return "".join(made)

    def _looks_in(self, window: Span) -> list[tuple[Span, tuple[str, str] | None]]:
        """The window in pieces with their tags; neighbours that look the same are one piece."""
        found: list[tuple[Span, tuple[str, str] | None]] = []
        for start, end in _cut(window, self._borders):
            tag = next((tag for tag, covered in self._looks if covered.holds(start)), None)
            if found and found[-1][1] == tag and start != self._anchor:
                found[-1] = (found[-1][0][0], end), tag
            else:
                found.append(((start, end), tag))
        return found

    def _bold(self, start: int, end: int) -> str:
        made = []
        for left, right in _cut((start, end), self._word_borders):
            piece = escape(self._text[left:right])
            made.append(f"<b>{piece}</b>" if self._words.holds(left) else piece)
        return "".join(made)


class _Covered:
    """What some spans cover together; those that overlap or touch are one."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self.spans: list[Span] = []
        for start, end in sorted(span for span in spans if span[0] < span[1]):
            if self.spans and start <= self.spans[-1][1]:
                self.spans[-1] = self.spans[-1][0], max(end, self.spans[-1][1])
            else:
                self.spans.append((start, end))
        self._starts = [start for start, _ in self.spans]

    def holds(self, at: int) -> bool:
        """Whether the character there is covered."""
        place = bisect_right(self._starts, at) - 1
        return place >= 0 and at < self.spans[place][1]


def _cut(window: Span, borders: Sequence[int]) -> Iterator[Span]:
    """The window, cut at every border that lies within it."""
    start, end = window
    within = borders[bisect_right(borders, start) : bisect_right(borders, end - 1)]
    return pairwise([start, *within, end]) if start < end else iter(())
