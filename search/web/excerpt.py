"""Which sentences of a passage a card shows."""

from __future__ import annotations

from search.types import Passage, Span

SIZE_CHARS = 480
"""About five lines of a card."""


def excerpt(passage: Passage, best: Span | None, size_chars: int = SIZE_CHARS) -> Span:
    """A span of whole sentences of the passage's text that holds the best one.

    Offsets as in Evidence. Sentences after the best one come first, then those before it, as long
    as all of it stays within `size_chars`. Without sentences to go by it is the whole passage.
    """
    length = len(passage.text)
    sentences = [(start - passage.start, end - passage.start) for start, end in passage.sentences]
    if length <= size_chars or not sentences:
        return 0, length
    first = last = _holding(sentences, best)
    while last + 1 < len(sentences) and sentences[last + 1][1] - sentences[first][0] <= size_chars:
        last += 1
    while first > 0 and sentences[last][1] - sentences[first - 1][0] <= size_chars:
        first -= 1
    return sentences[first][0], sentences[last][1]


def _holding(sentences: list[Span], best: Span | None) -> int:
    """The number of the sentence in which `best` begins; the first without one."""
    if best is None:
        return 0
    return max((n for n, (start, _) in enumerate(sentences) if start <= best[0]), default=0)
