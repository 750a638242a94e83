"""What to mark in a hit: its best sentence and the query's words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from search.types import Evidence, Passage, Span

if TYPE_CHECKING:
    from search.types import Vector, Vectors

# Signs that stand on, under or after a letter belong to its word; \w leaves them out.
_WORD = re.compile(
    r"[\w\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0900-\u0963\u0966-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e]+"
)
_FUNCTION_WORDS = frozenset(
    """
    a about after all also an and any are as at be because been before but by can could did do does
    for from had has have he her his how i if in into is it its me more most my no nor not of on or
    our out over said she should so some such than that the their them then there these they this
    those to up us was we were what when where which while who whom why will with would you your
    der die das den dem des ein eine einer eines und oder in im zu mit von für auf ist war sind
    el la los las un una y o en de del con por para que es fue son se al lo
    le les une et ou dans du pour sur est sont au aux ce qui
    """.split()
)


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
    weights = {form: rarity(form) for form in map(stem, _significant(words)) if form}
    found: list[Evidence] = []
    for passage in passages:
        standing = {
            match.span(): form
            for match in _WORD.finditer(passage.text)
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


def _significant(words: str) -> list[str]:
    """The query's words but the function words; all of them when there are no others."""
    found = [match.group() for match in _WORD.finditer(words)]
    kept = [word for word in found if _folded(word) not in _FUNCTION_WORDS]
    return kept or found


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()
