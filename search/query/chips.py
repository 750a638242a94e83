"""From a reading back to text: as chips for a person, and as one query that means the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from search.query.fields import NAMES
from search.query.guessing import Guess
from search.query.parts import Reading
from search.query.plain_dates import date_phrases
from search.query.spelling import period_said, spelled_values
from search.types import Chip, ChipKind

_LATEST = date(2199, 12, 31)  # no phrase is in the future of it
_SORTED = {"relevance": "best first", "newest": "newest first", "oldest": "oldest first"}
_COMPARED = {
    "hybrid": "by meaning and keywords",
    "semantic": "by meaning alone",
    "keyword": "by keywords alone",
}


def chips_of(reading: Reading, guess: Guess | None) -> Iterator[Chip]:
    """One for each part of the typed query but its words, with the query without that part."""
    shown = reading if guess is None else guess.applied_to(reading)
    texts = texts_of(shown)
    soft = " ".join(part.text for part in shown.parts if part.node is not None)
    is_settled = not date_phrases(soft, _LATEST)  # and so is every part of it

    def without(place: int, *, is_date: bool = False) -> str:
        left = [*texts[:place], *texts[place + 1 :]]
        if is_settled or texts[place] == "dates:off":
            return " ".join(left)
        return settled_text(left, has_dates=not (shown.dates.is_open or is_date))

    for place, part in enumerate(shown.parts):
        if part.kind is not None:
            yield Chip(part.kind, part.label, part.text, without(place))
    for place, (kind, label, text) in enumerate(_beside_words(shown), len(shown.parts)):
        if kind == "date" and guess is not None:
            given_back = " ".join(texts_of(replace(reading, reads_dates=False)))
            yield Chip(kind, f"{label} ({guess.typed})", text, given_back, is_guess=True)
        else:
            yield Chip(kind, label, text, without(place, is_date=kind == "date"))


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
        after, before = reading.dates.after, reading.dates.before
        ends = [f"after:{after}" if after else "", f"before:{before}" if before else ""]
        yield "date", period_said(after, before), " ".join(filter(None, ends))
    if reading.with_undated:
        yield "undated", "undated included", "undated:yes"
    if reading.like is not None:
        yield "like", f"like {reading.like}", f"like:{spelled_values([reading.like])}"
    if reading.mode is not None:
        yield "mode", _COMPARED[reading.mode], f"mode:{reading.mode}"
    if reading.sort is not None:
        yield "sort", _SORTED[reading.sort], f"sort:{reading.sort}"
    if reading.half_life is not None:
        label = f"newer counts more (half-life {reading.half_life} days)"
        yield "recency", label, f"recency:{reading.half_life}d"
    if not reading.reads_dates:
        yield "date", "dates in words are not filters", "dates:off"
