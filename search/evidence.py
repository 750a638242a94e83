"""What to mark in a hit: its best sentence and the query's words."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

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
    if query is None:
        return found
    return [
        replace(one, best=_best_by_meaning(passage, query, encode)) if one.best is None else one
        for passage, one in zip(passages, found, strict=True)
    ]


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
    passage: Passage, query: Vector, encode: Callable[[Sequence[str]], Vectors]
) -> Span:
    spans = _spans(passage) or [(0, len(passage.text))]
    if len(spans) == 1:
        return spans[0]
    scores = (encode([passage.text[start:end] for start, end in spans]) * query).sum(axis=1)
    return spans[int(scores.argmax())]
