"""What to mark in a hit: its best sentence and the query's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from search.types import Evidence, Passage, Span
from search.words import significant, words_of

if TYPE_CHECKING:
    from search.types import Vector, Vectors


def evidence(
    passages: Sequence[Passage],
    *,
    words: str,
    stem: Callable[[str], str],
    rarity: Callable[[str], float],
    query: Vector | None,
    encode: Callable[[Sequence[str]], Vectors],
) -> list[Evidence]:
    """For each passage its best sentence and where the query's words stand.

    The best sentence holds the most of the query's words, rare ones counting for more; where no
    word stands in a passage, it is the closest by meaning. Encoding takes longer than all the rest
    of a search, so only those sentences are encoded; none when `query` is None.
    `stem` gives the form under which two words are the same, `rarity` the weight of such a form.
    """
    weights = {form: rarity(form) for form in map(stem, significant(words)) if form}
    found: list[Evidence] = []
    for passage in passages:
        standing = {
            match.span(): form
            for match in words_of(passage.text)
            if (form := stem(match.group())) in weights
        }
        found.append(Evidence(_best_by_words(passage, standing, weights), tuple(standing)))
    lacking = [place for place, one in enumerate(found) if one.best is None]
    if query is not None and lacking:
        closest = _best_by_meaning([passages[place] for place in lacking], query, encode)
        for place, best in zip(lacking, closest, strict=True):
            found[place] = replace(found[place], best=best)
    return found


def _spans(passage: Passage) -> list[Span]:
    """The passage's sentences, as offsets in its text."""
    return [(start - passage.start, end - passage.start) for start, end in passage.sentences]


def _best_by_words(
    passage: Passage, standing: Mapping[Span, str], weights: Mapping[str, float]
) -> Span | None:
    """The sentence whose words weigh most, the first of equal ones; None without any word."""
    best, heaviest = None, 0.0
    for start, end in _spans(passage):
        forms = {form for (first, last), form in standing.items() if start <= first and last <= end}
        weight = sum(weights[form] for form in forms)
        if weight > heaviest:
            best, heaviest = (start, end), weight
    return best


def _best_by_meaning(
    passages: Sequence[Passage], query: Vector, encode: Callable[[Sequence[str]], Vectors]
) -> list[Span]:
    """The closest sentence of each passage; all are encoded at once."""
    spans = [_spans(passage) or [(0, len(passage.text))] for passage in passages]
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
