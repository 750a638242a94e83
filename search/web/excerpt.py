"""Which sentences of a passage a card shows."""

from __future__ import annotations

from search.types import Evidence, Passage, Span

SIZE_CHARS = 400
"""About four lines of a card."""


def excerpt(passage: Passage, evidence: Evidence, size_chars: int = SIZE_CHARS) -> Span:
    """The span of whole sentences that holds the best one and most of the query's words.

    At most `size_chars`, unless the best sentence alone is longer; the longest of equals, and the
    last of these. Offsets are in the passage's text. The whole passage when it fits, and when
    there are no sentences to go by.
    """
    length = len(passage.text)
    sentences = [(start - passage.start, end - passage.start) for start, end in passage.sentences]
    if length <= size_chars or not sentences:
        return 0, length
    best = _holding(sentences, evidence.best)
    windows = [
        (first[0], last[1])
        for first in sentences[: best + 1]
        for last in sentences[best:]
        if last[1] - first[0] <= size_chars
    ]

    def worth(window: Span) -> tuple[int, int, int]:
        start, end = window
        words = sum(start <= word[0] and word[1] <= end for word in evidence.words)
        return words, end - start, start

    return max(windows, key=worth, default=sentences[best])


def _holding(sentences: list[Span], best: Span | None) -> int:
    """The number of the sentence in which `best` begins; the first without one."""
    if best is None:
        return 0
    return max((n for n, (start, _) in enumerate(sentences) if start <= best[0]), default=0)
