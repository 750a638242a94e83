"""What changed between two versions of an article: fields, then paragraphs, sentences and words.

Texts are aligned by whole paragraphs first, what lies between by sentences, the rest by words: by
difflib where there are few; in longer texts those that stand once in both lead (Bram Cohen's
patience diff), so that no text takes long.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple, get_args

from search.sentences import sentences
from search.types import Article, ChangedField, Difference, FieldChange, Piece, Span
from search.words import words_of

_MOST_ITEMS = 500
"""From so many on in either text, those that stand once in both lead."""
_MOST_PAIRS = 300_000
"""So many pairs of equal items are looked at by difflib, which may come back to each: seconds."""
_MOST_ROUNDS = 8
_BY_CHANCE = 24
"""Up to so many characters between two changes, each of twice as many, may be alike by chance."""
_LINE = re.compile(r"[^\n]+")
_SIGNS = re.compile(r"[^\w\s]+")
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

_Cut = Callable[[str], list[Span]]
_Run = tuple[int, int, int]
"""Begin in the old, begin in the new, length: as difflib's blocks."""


def difference(old: Article, new: Article) -> Difference:
    """What `new` changed. Language, extras and what was guessed about a date are not compared.

    Spans are offsets in the texts, in code points. Texts of 2 MB take seconds, whatever they are;
    what is too much alike to be told apart in that time is given as removed and added.
    """
    fields = tuple(
        FieldChange(name, getattr(old, name), getattr(new, name))
        for name in get_args(ChangedField)
        if getattr(old, name) != getattr(new, name)
    )
    same = _Aligner(old, new).same()
    return Difference(fields, tuple(_pieces(old.text, new.text, same)))


class _Aligner:
    """Finds what two texts have in common; its effort is bounded."""

    def __init__(self, old: Article, new: Article) -> None:
        self._old, self._new = old.text, new.text
        self._pairs_left = _MOST_PAIRS
        self._levels: tuple[_Cut, ...] = (
            _paragraphs,
            lambda text: sentences(text, new.language),
            _words,
        )

    def same(self) -> list[tuple[Span, Span]]:
        """Spans of equal text, in order."""
        return list(self._between((0, len(self._old)), (0, len(self._new)), 0))

    def _between(self, old: Span, new: Span, level: int) -> Iterator[tuple[Span, Span]]:
        """Of these two slices, cut as on this level; what differs is cut finer."""
        mine = _cut(self._old, old, self._levels[level])
        theirs = _cut(self._new, new, self._levels[level])
        at_old, at_new = old[0], new[0]
        runs = self._runs(
            [self._old[slice(*span)] for span in mine], [self._new[slice(*span)] for span in theirs]
        )
        for first, second, length in [*runs, (len(mine), len(theirs), 0)]:
            before_old = mine[first][0] if first < len(mine) else old[1]
            before_new = theirs[second][0] if second < len(theirs) else new[1]
            if level + 1 < len(self._levels) and at_old < before_old and at_new < before_new:
                yield from self._between((at_old, before_old), (at_new, before_new), level + 1)
            yield from zip(
                mine[first : first + length], theirs[second : second + length], strict=True
            )
            if length:
                at_old, at_new = mine[first + length - 1][1], theirs[second + length - 1][1]

    def _runs(self, old: Sequence[str], new: Sequence[str], rounds: int = 0) -> list[_Run]:
        """Where items are alike, in order."""
        begin = _alike(old, new)
        end = _alike(old[begin:][::-1], new[begin:][::-1])
        left, right = old[begin : len(old) - end], new[begin : len(new) - end]
        middle = self._middle(left, right, rounds) if left and right else []
        found = [(0, 0, begin), *((a + begin, b + begin, size) for a, b, size in middle)]
        found.append((len(old) - end, len(new) - end, end))
        return [run for run in found if run[2]]

    def _middle(self, old: Sequence[str], new: Sequence[str], rounds: int) -> list[_Run]:
        counts = Counter(old)
        pairs = sum(counts[item] for item in new)
        if max(len(old), len(new)) < _MOST_ITEMS and pairs <= self._pairs_left:
            self._pairs_left -= pairs
            blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
            return [(a, b, size) for a, b, size in blocks if size]
        if rounds == _MOST_ROUNDS:
            return []
        found = list[_Run]()
        at_old = at_new = 0
        leading = _leading(old, new)
        for first, second in [*leading, (len(old), len(new))] if leading else []:
            between = self._runs(old[at_old:first], new[at_new:second], rounds + 1)
            found += [(a + at_old, b + at_new, size) for a, b, size in between]
            if first < len(old):
                found.append((first, second, 1))
            at_old, at_new = first + 1, second + 1
        return found


def _alike(old: Sequence[str], new: Sequence[str]) -> int:
    """How many items both begin with."""
    for place, (one, other) in enumerate(zip(old, new, strict=False)):
        if one != other:
            return place
    return min(len(old), len(new))


def _leading(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int]]:
    """Places of items that stand once in both: the longest row of them in the order of both."""
    times, other_times = Counter(old), Counter(new)
    places = {item: place for place, item in enumerate(new) if other_times[item] == 1}
    shared = [
        (place, places[item])
        for place, item in enumerate(old)
        if times[item] == 1 and item in places
    ]
    ends, rows, before = list[int](), list[int](), list[int]()  # of the row of each length
    for number, (_, second) in enumerate(shared):
        length = bisect_left(ends, second)
        ends[length : length + 1], rows[length : length + 1] = [second], [number]
        before.append(rows[length - 1] if length else -1)
    found, number = list[tuple[int, int]](), rows[-1] if rows else -1
    while number >= 0:
        found.append(shared[number])
        number = before[number]
    return found[::-1]


# How a text is cut: spans in order, with nothing but space between them


def _cut(text: str, span: Span, cut: _Cut) -> list[Span]:
    start, end = span
    return [(start + one, start + other) for one, other in cut(text[start:end])]


def _paragraphs(text: str) -> list[Span]:
    return [match.span() for match in _LINE.finditer(text)]


def _words(text: str) -> list[Span]:
    """Words and signs; of scripts without spaces every letter, with the marks on it."""
    found, at = list[Span](), 0
    for match in words_of(text):
        found += _signs(text, at, match.start())
        found += _letters(match) if _WITHOUT_SPACES.search(match[0]) else [match.span()]
        at = match.end()
    return [*found, *_signs(text, at, len(text))]


def _signs(text: str, start: int, end: int) -> list[Span]:
    return [match.span() for match in _SIGNS.finditer(text, start, end)]


def _letters(word: re.Match[str]) -> list[Span]:
    starts = [
        place
        for place, letter in enumerate(word[0], word.start())
        if place == word.start() or not unicodedata.category(letter).startswith("M")
    ]
    return list(zip(starts, [*starts[1:], word.end()], strict=True))


# From what is alike to pieces


class _Change(NamedTuple):
    """What is replaced, and by what; either may be empty."""

    old: Span
    new: Span

    @property
    def chars(self) -> int:
        return max(self.old[1] - self.old[0], self.new[1] - self.new[0])


def _pieces(old: str, new: str, same: Sequence[tuple[Span, Span]]) -> Iterator[Piece]:
    at_old = at_new = 0
    for gone, come in [*_joined(old, _changes(old, new, same)), _end(old, new)]:
        if at_old < gone[0]:
            yield Piece("kept", (at_old, gone[0]), (at_new, come[0]))
        if gone[0] < gone[1]:
            yield Piece("removed", gone, (come[0], come[0]))
        if come[0] < come[1]:
            yield Piece("added", (gone[1], gone[1]), come)
        at_old, at_new = gone[1], come[1]


def _end(old: str, new: str) -> _Change:
    """The empty change behind all others."""
    return _Change((len(old), len(old)), (len(new), len(new)))


def _changes(old: str, new: str, same: Sequence[tuple[Span, Span]]) -> Iterator[_Change]:
    """What lies between what is alike, where it differs; less the space it begins and ends with."""
    at_old = at_new = 0
    for own, other in [*same, _end(old, new)]:
        one, another = old[at_old : own[0]], new[at_new : other[0]]
        if one != another:
            begin = _common_space(one, another)
            end = _common_space(one[begin:][::-1], another[begin:][::-1])
            yield _Change((at_old + begin, own[0] - end), (at_new + begin, other[0] - end))
        at_old, at_new = own[1], other[1]


def _common_space(one: str, another: str) -> int:
    spaces = len(one) - len(one.lstrip()), len(another) - len(another.lstrip())
    return _alike(one[: spaces[0]], another[: spaces[1]])


def _joined(old: str, changes: Iterator[_Change]) -> list[_Change]:
    """Without the few words in common that stand by chance between two greater changes."""
    found = list[_Change]()
    for change in changes:
        joined = change
        while found and _is_by_chance(old, found[-1], joined):
            last = found.pop()
            joined = _Change((last.old[0], joined.old[1]), (last.new[0], joined.new[1]))
        found.append(joined)
    return found


def _is_by_chance(old: str, change: _Change, following: _Change) -> bool:
    start, end = change.old[1], following.old[0]
    most = min(change.chars // 2, following.chars // 2, _BY_CHANCE)
    return end - start <= most and "\n" not in old[start:end]
