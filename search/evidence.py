"""What to mark in a hit: its best sentence and the query's words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from search.types import Evidence, Passage, Span

if TYPE_CHECKING:
    from search.types import Vector, Vectors

_WORD = re.compile(r"\w+")
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
    query: Vector | None,
    encode: Callable[[Sequence[str]], Vectors],
) -> list[Evidence]:
    """For each passage its best sentence and where the query's words stand.

    `stem` gives the form under which two words are the same to the keywords. All sentences are
    encoded in one call. `query` None, or a passage of one sentence, needs no encoding.
    """
    best = _best_sentences(passages, query, encode)
    wanted = {stem(word) for word in _significant(words)}
    return [
        Evidence(sentence, _standing(passage.text, wanted, stem))
        for passage, sentence in zip(passages, best, strict=True)
    ]


def _best_sentences(
    passages: Sequence[Passage],
    query: Vector | None,
    encode: Callable[[Sequence[str]], Vectors],
) -> list[Span | None]:
    if query is None:
        return [None] * len(passages)
    spans = [
        (place, (start - passage.start, end - passage.start))
        for place, passage in enumerate(passages)
        if len(passage.sentences) > 1
        for start, end in passage.sentences
    ]
    best: list[Span | None] = [
        None if len(passage.sentences) > 1 else (0, len(passage.text)) for passage in passages
    ]
    if not spans:
        return best
    scores = encode([passages[place].text[start:end] for place, (start, end) in spans]) @ query
    highest = [-2.0] * len(passages)
    for (place, span), score in zip(spans, scores.tolist(), strict=True):
        if score > highest[place]:
            highest[place], best[place] = score, span
    return best


def _significant(words: str) -> list[str]:
    """The query's words but the function words; all of them when there are no others."""
    found = [match.group() for match in _WORD.finditer(words)]
    kept = [word for word in found if _folded(word) not in _FUNCTION_WORDS]
    return kept or found


def _standing(text: str, wanted: set[str], stem: Callable[[str], str]) -> tuple[Span, ...]:
    return tuple(match.span() for match in _WORD.finditer(text) if stem(match.group()) in wanted)


def _folded(word: str) -> str:
    return unicodedata.normalize("NFKC", word).casefold()
