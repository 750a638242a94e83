"""From a reading back to text: as chips for a person, and as one query that means the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

from search.query.fields import NAMES
from search.query.guessing import Guess, guess_in
from search.query.parts import Part, Reading
from search.query.plain_dates import date_phrases, is_unread
from search.query.spelling import period_said, spelled_values
from search.types import Chip, ChipKind

_LATEST = date(2199, 12, 31)  # a Tuesday: no phrase, not even `this weekend`, is in its future
_SORTED = {"relevance": "best first", "newest": "newest first", "oldest": "oldest first"}
_GROUPED = {"copies": "copies under one hit", "story": "one hit a story", "none": "copies apart"}
_COMPARED = {
    "hybrid": "by meaning and keywords",
    "semantic": "by meaning alone",
    "keyword": "by keywords alone",
}


def chips_of(reading: Reading, guess: Guess | None, today: date) -> Iterator[Chip]:
    """One for each part of the typed query but its words, with the query without that part.

    Dates among its words stay words there, as long as the same days are read in them; where they
    would be read otherwise without a part, they are settled.
    """
    shown = reading if guess is None else guess.applied_to(reading)
    guesses: dict[tuple[tuple[str, bool], ...], Guess | None] = {}

    def is_read_alike(left_out: Part | str) -> bool:
        """Whether the words that are left give the same guess."""
        gives_dates = not reading.dates.is_open and left_out != _dates_text(reading)
        if gives_dates or not reading.reads_dates:
            return guess is None
        left = tuple(_outlined(_pieces(reading, left_out)))
        if left not in guesses:
            guesses[left] = guess_in(left, today)
        return _are_alike(guesses[left], guess)

    def without(left_out: Part | str) -> str:
        if left_out == "dates:off" or is_read_alike(left_out):
            return _text_of(_pieces(reading, left_out))
        return _text_of(_pieces(shown, left_out)) + (" dates:off" if guess is None else "")

    for part in shown.parts:
        if part.kind is not None:
            yield Chip(part.kind, part.label, part.text, without(part))
    for kind, label, text in _beside_words(shown):
        if kind == "date" and guess is not None:
            given_back = " ".join(texts_of(replace(reading, reads_dates=False)))
            yield Chip(kind, f"{label} ({guess.typed})", text, given_back, is_guess=True)
        else:
            yield Chip(kind, label, text, without(text))


def _dates_text(reading: Reading) -> str:
    after, before = reading.dates.after, reading.dates.before
    ends = [f"after:{after}" if after else "", f"before:{before}" if before else ""]
    return " ".join(filter(None, ends))


def _pieces(reading: Reading, left_out: Part | str) -> Iterator[tuple[str, bool]]:
    """The texts of the reading but for one of its parts or of those beside, and which are words."""
    for part in reading.parts:
        if part is not left_out:
            yield part.text, part.node is not None
    for _, _, text in _beside_words(reading):
        if text != left_out:
            yield text, False


def _text_of(pieces: Iterable[tuple[str, bool]]) -> str:
    return " ".join(text for text, _ in pieces)


def _outlined(pieces: Iterable[tuple[str, bool]]) -> Iterator[tuple[str, bool]]:
    """The pieces with one empty phrase for each run of those in which no date is read.

    A long query has hundreds of chips; left out, most of them leave the same outline.
    """
    for is_literal, run in groupby(pieces, lambda one: not one[1] and is_unread(one[0])):
        yield from [('""', False)] if is_literal else run


def _are_alike(guess: Guess | None, other: Guess | None) -> bool:
    """Whether both name the same days in the same words, or both none."""
    if guess is None or other is None:
        return guess is other
    return (guess.dates, guess.typed.split()) == (other.dates, other.typed.split())


def chips_beside(filters: Reading) -> Iterator[Chip]:
    """One for each filter of a call, which no change of the text takes away."""
    for kind, label, text in _beside_words(filters):
        yield Chip(kind, label, text)


def texts_of(reading: Reading) -> list[str]:
    """The reading as parts of a query: first those in their place, then the others."""
    return [*(part.text for part in reading.parts), *(text for *_, text in _beside_words(reading))]


def settled_text(texts: Sequence[str], *, has_dates: bool) -> str:
    """The texts as one query, in which no words are dates on any day unless `has_dates`."""
    text = " ".join(texts)
    if not has_dates and "dates:off" not in texts and date_phrases(text, _LATEST):
        return f"{text} dates:off"
    return text


def _beside_words(reading: Reading) -> Iterator[tuple[ChipKind, str, str]]:
    """Kind, label and text of what has no place among the words."""
    for (name, is_negated), values in reading.values.items():
        short = NAMES[name]
        label = f"{'not ' if is_negated else ''}{short} {' or '.join(values)}"
        yield "field", label, f"{'-' if is_negated else ''}{short}:{spelled_values(values)}"
    if not reading.dates.is_open:
        said = period_said(reading.dates.after, reading.dates.before)
        yield "date", said, _dates_text(reading)
    if reading.with_undated:
        yield "undated", "undated included", "undated:yes"
    if reading.like is not None:
        yield "like", f"like {reading.like}", f"like:{spelled_values([reading.like])}"
    if reading.mode is not None:
        yield "mode", _COMPARED[reading.mode], f"mode:{reading.mode}"
    if reading.sort is not None:
        yield "sort", _SORTED[reading.sort], f"sort:{reading.sort}"
    if reading.group is not None:
        yield "group", _GROUPED[reading.group], f"group:{reading.group}"
    if reading.half_life is not None:
        label = f"newer counts more (half-life {reading.half_life} days)"
        yield "recency", label, f"recency:{reading.half_life}d"
    if not reading.reads_dates:
        yield "date", "dates in words are not filters", "dates:off"
