"""What to mark in a hit: its best sentence and the query's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from search.searched_text import moved, stretches
from search.types import Evidence, Passage, Span
from search.words import significant, words_of

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.types import Vector, Vectors

    Floats = npt.NDArray[np.float32]

MEANING = 0.25
"""What a sentence's cosine counts beside the share of the query's words that stand in it."""


def evidence(
    passages: Sequence[Passage],
    *,
    words: str,
    stem: Callable[[str], str],
    rarity: Callable[[str], float],
    near: Sequence[Floats | None],
    query: Vector | None,
    encode: Callable[[Sequence[str]], Vectors],
) -> list[Evidence]:
    """For each passage its best sentence and where the query's words stand.

    The best sentence is near in meaning and holds most of the query's words, rare ones counting for
    more: benchmarks/README.md says how often a reader marks the same. `near` has the cosines of
    each passage's sentences, in order, or None where they are not known: there words alone decide.
    Where none stands either, those sentences are encoded, which takes longer than all the rest of a
    search; none when `query`, the vector that meaning is compared with, is None.
    `stem` gives the form under which two words are the same, `rarity` the weight of such a form.
    """
    weights = {form: rarity(form) for form in map(stem, significant(words)) if form}
    found: list[Evidence] = []
    lacking: list[int] = []
    for place, (passage, cosines) in enumerate(zip(passages, near, strict=True)):
        parts = stretches(passage)
        standing = {
            match.span(): form
            for match in words_of(passage.text)
            if (form := stem(match.group())) in weights and moved(match.span(), parts)
        }
        scores = _by_words(passage, standing, weights)
        if cosines is not None:
            scores += MEANING * cosines
        elif not scores.any():
            lacking.append(place)
        best = _spans(passage)[int(scores.argmax())]
        found.append(Evidence(best, tuple(standing)))
    if lacking:
        closest: Sequence[Span | None] = [None] * len(lacking)
        if query is not None:
            closest = _best_by_meaning([passages[place] for place in lacking], query, encode)
        for place, span in zip(lacking, closest, strict=True):
            found[place] = Evidence(span, found[place].words)
    return found


def _spans(passage: Passage) -> list[Span]:
    """The passage's sentences, as offsets in its text; the whole where it has none."""
    spans = [(start - passage.start, end - passage.start) for start, end in passage.sentences]
    return spans or [(0, len(passage.text))]


def _by_words(
    passage: Passage, standing: Mapping[Span, str], weights: Mapping[str, float]
) -> Floats:
    """The share of the words' weight that stands in each sentence, in [0, 1]."""
    spans = _spans(passage)
    shares = np.zeros(len(spans), np.float32)
    for place, (start, end) in enumerate(spans):
        forms = {form for (first, last), form in standing.items() if start <= first and last <= end}
        shares[place] = sum(weights[form] for form in forms)
    return shares / np.float32(sum(weights.values()) or 1)


def _best_by_meaning(
    passages: Sequence[Passage], query: Vector, encode: Callable[[Sequence[str]], Vectors]
) -> list[Span]:
    """The closest sentence of each passage; all are encoded at once."""
    spans = [_spans(passage) for passage in passages]
    several = [
        (place, span) for place, found in enumerate(spans) if len(found) > 1 for span in found
    ]
    best = [found[0] for found in spans]
    if several:
        rows = encode([passages[place].text[start:end] for place, (start, end) in several])
        highest = [-np.inf] * len(passages)
        for (place, span), score in zip(several, (rows * query).sum(axis=1).tolist(), strict=True):
            if score > highest[place]:
                highest[place], best[place] = score, span
    return best
