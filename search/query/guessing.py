"""Dates among the words of a query: "floods last week" asks for last week, and for floods."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from search.query.dates import EVERY_DAY, DateRange
from search.query.nodes import Word
from search.query.parts import Part, Reading
from search.query.plain_dates import DatePhrase, Unapplied, read_dates
from search.query.tokens import holds_word


@dataclass(frozen=True, slots=True)
class Guess:
    """Days that the words name, the parts that name them, and how, in quotes, they were typed."""

    dates: DateRange
    parts: tuple[Part, ...]
    typed: str

    def applied_to(self, reading: Reading) -> Reading:
        """The reading with the days for a filter, and without the words that named them."""
        named = {id(part) for part in self.parts}  # "today" typed elsewhere is an equal part
        kept = [part for part in reading.parts if id(part) not in named]
        return replace(reading, parts=kept, dates=self.dates)


def guess_dates(reading: Reading, text: str, today: date) -> Guess | None:
    """The days that the words of the query `text` name; None where a field gives dates.

    None too, with a note in the reading, where they name several periods. Words that look like a
    date and are none leave a note as well.
    """
    if not reading.reads_dates or not reading.dates.is_open:
        return None
    read, unapplied = read_dates(text, today)
    notes = [one.note for one in unapplied if _words_of(one, reading, text)]
    reading.notes.extend(dict.fromkeys(notes))
    phrases = [phrase for phrase in read if _words_of(phrase, reading, text)]
    if not phrases:
        return None
    dates = EVERY_DAY
    for phrase in phrases:
        dates = dates.intersection(DateRange(phrase.after, phrase.before))
    typed = ", ".join(f"“{text[slice(*phrase.span)]}”" for phrase in phrases)
    if dates.is_empty or not (len(phrases) == 1 or _are_two_ends(phrases)):
        reading.notes.append(f"several dates are named ({typed}): none was used to filter")
        return None
    parts = tuple(part for phrase in phrases for part in _words_of(phrase, reading, text))
    return Guess(dates, parts, typed)


def guess_in(pieces: Iterable[tuple[str, bool]], today: date) -> Guess | None:
    """The guess in a query of these pieces, of which those that are words (True) may name days."""
    texts, parts, at = [], [], 0
    for text, is_word in pieces:
        if is_word:
            parts.append(Part(text, (text,), node=Word(text, (at, at + len(text)))))
        texts.append(text)
        at += len(text) + 1
    return guess_dates(Reading(parts), " ".join(texts), today)


def _are_two_ends(phrases: Sequence[DatePhrase]) -> bool:
    """Whether they are two, of which one says since when, and the other until when."""
    ends = sorted((phrase.after is None, phrase.before is None) for phrase in phrases)
    return ends == [(False, True), (True, False)]


def _words_of(phrase: DatePhrase | Unapplied, reading: Reading, text: str) -> tuple[Part, ...]:
    """The soft words that the phrase is made of; none where another word stands in it."""
    start, end = phrase.span
    soft = [(part, part.node.span) for part in reading.parts if part.node is not None]
    covered = [(part, span) for part, span in soft if span[0] < end and span[1] > start]
    at = start
    for _, (first, last) in covered:
        if holds_word(text[at:first]):
            return ()
        at = last
    return () if holds_word(text[at:end]) else tuple(part for part, _ in covered)
