"""What of a passage is searched: its sentences, without the boilerplate between them."""

from __future__ import annotations

from collections.abc import Sequence

from search.types import Passage, Span


def stretches(passage: Passage) -> list[Span]:
    """The parts of the passage's text that are searched, in order: all but what no sentence holds.

    Two sentences with nothing but space between them are in one stretch.
    """
    found: list[Span] = []
    for start, end in passage.sentences or ((passage.start, passage.end),):
        start, end = start - passage.start, end - passage.start
        if found and not passage.text[found[-1][1] : start].strip():
            found[-1] = found[-1][0], end
        else:
            found.append((start, end))
    return found


def searched_text(passage: Passage) -> str:
    """The stretches, each on a line of its own."""
    return "\n".join(passage.text[start:end] for start, end in stretches(passage))


def moved(span: Span, parts: Sequence[Span]) -> Span | None:
    """Where a span of the passage's text stands in its searched text; None where it is left out.

    `parts` are the passage's `stretches`.
    """
    before = 0
    for start, end in parts:
        if start <= span[0] and span[1] <= end:
            return span[0] - start + before, span[1] - start + before
        before += end - start + 1
    return None
