"""From what a person typed to a Query: words, conditions, dates, settings.

docs/query-language.md describes the language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from search.errors import QueryError
from search.query import fields, settings
from search.query.dates import DATES, EVERY_DAY, DateRange, date_range, read_dates
from search.query.fields import METADATA, NAMES, any_of
from search.query.nodes import FieldValues, Group, Negated, Node, Phrase, Word
from search.query.parsing import parse
from search.query.plain_dates import DatePhrase, date_phrases
from search.query.settings import SETTINGS
from search.query.spelling import negated, period_said, said, several, spelled
from search.types import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Chip,
    ChipKind,
    Condition,
    Contains,
    Field,
    Mode,
    Not,
    OneOf,
    Query,
    Sort,
    Undated,
)

MAX_CHARS = 4_000
MOST_REQUIRED = 100
MOST_NEAR = 10
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_LATEST = date(2199, 12, 31)  # no phrase is in the future of it
_OPPOSITES = {"after": "before", "before": "after"}
_SORTED = {"relevance": "best first", "newest": "newest first", "oldest": "oldest first"}
_BY = {
    "hybrid": "by meaning and keywords",
    "semantic": "by meaning alone",
    "keyword": "by keywords alone",
}


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the query in its place: soft words have no kind and no condition."""

    text: str
    words: tuple[str, ...] = ()
    kind: ChipKind | None = None
    label: str = ""
    condition: Condition | None = None
    node: Word | None = None  # a soft word, which may belong to a date


@dataclass(slots=True)
class _Reading:
    """What was found so far."""

    parts: list[_Part] = field(default_factory=list)
    values: dict[tuple[Field, bool], list[str]] = field(default_factory=dict)
    dates: DateRange = EVERY_DAY
    like: str | None = None
    mode: Mode | None = None
    sort: Sort | None = None
    half_life: int | None = None
    with_undated: bool = False
    reads_dates: bool = True
    phrases: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_query(
    text: str,
    *,
    source: str | Sequence[str] | None = (),
    author: str | Sequence[str] | None = (),
    section: str | Sequence[str] | None = (),
    language: str | Sequence[str] | None = (),
    after: date | str | None = None,
    before: date | str | None = None,
    include_undated: bool = False,
    now: date | None = None,
) -> Query:
    """The query that `text` and the filters beside it mean together.

    A filter given both in the text and beside it must hold both ways. `include_undated` also admits
    articles without a date where a date filter would leave them out. `now` is the day, or moment,
    that "last week" counts from; by default today.

    Raises:
        QueryError: an unknown field, a value that is no date, more than 4,000 characters.
    """
    if len(text) > MAX_CHARS:
        msg = f"a query of {len(text)} characters; write at most {MAX_CHARS}"
        raise QueryError(msg)
    text = well_formed(text)
    today = _day_of(now)
    typed = _Reader(text, today).read()
    if typed.dates.is_empty:
        typed.notes.append("no day is on or after the one date and before the other")
    beside = _beside(
        {"source": source, "author": author, "section": section, "language": language},
        DateRange(_first_day("after", after, today), _first_day("before", before, today)),
    )
    guess = _dates_in(typed, text, today)
    with_undated = include_undated or typed.with_undated
    reading = _without_words_of(typed, guess)
    conditions = [*_conditions(reading, with_undated), *_conditions(beside, with_undated)]
    _check_size(conditions, text)
    chips = [*_chips(typed, guess), *_chips_beside(beside, include_undated)]
    return Query(
        text=text,
        words=" ".join(word for part in reading.parts for word in part.words),
        phrases=tuple(typed.phrases),
        excluded=tuple(typed.excluded),
        condition=AllOf(tuple(conditions)) if conditions else EVERYTHING,
        canonical=_settled_text(
            [*_texts(reading), *(chip.text for chip in chips if chip.without is None)],
            has_dates=not (reading.dates.is_open and beside.dates.is_open),
        ),
        notes=tuple(typed.notes),
        chips=tuple(chips),
        like=typed.like,
        mode=typed.mode,
        sort=typed.sort,
        half_life=typed.half_life,
        today=today,
    )


def _check_size(conditions: Sequence[Condition], text: str) -> None:
    """Raises QueryError for more than a search can look for in a second."""
    held = [one for condition in conditions for one in _contained(condition)]
    words = sum(len(one.text.split()) for one in held)
    near = sum(len(one.text.split()) for one in held if one.within is not None)
    if words > MOST_REQUIRED:
        msg = f"{words} words must or must not stand in a passage; name at most {MOST_REQUIRED}"
        raise QueryError(msg, text=text)
    if near > MOST_NEAR:
        msg = f"{near} words are to stand near one another (~); name at most {MOST_NEAR}"
        raise QueryError(msg, text=text, position=text.index("~"))


def _contained(condition: Condition) -> Iterator[Contains]:
    match condition:
        case Contains():
            yield condition
        case Not(inner):
            yield from _contained(inner)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _contained(part)
        case _:
            return


def well_formed(text: str) -> str:
    """The text with U+FFFD for every half of a surrogate pair, which is no character.

    A shell gives one for each byte of an argument that is not UTF-8.
    """
    return _HALF_CHARACTER.sub("\ufffd", text)


def _day_of(now: date | None) -> date:
    if now is None:
        return datetime.now().astimezone().date()
    return now.date() if isinstance(now, datetime) else now


def _first_day(name: str, value: date | str | None, today: date) -> date | None:
    if value is None or isinstance(value, date):
        return value
    period = read_dates(name, value, today)
    return period.after or period.before


def _beside(given: dict[Field, str | Sequence[str] | None], dates: DateRange) -> _Reading:
    """The filters of the call."""
    beside = _Reading(dates=dates)
    for name, values in given.items():
        several_values = [values] if isinstance(values, str) else list(values or ())
        if not all(map(str.strip, several_values)):
            msg = f"{NAMES[name]}: an empty value admits nothing; leave the filter out"
            raise QueryError(msg)
        if several_values:
            beside.values[name, False] = [well_formed(value) for value in several_values]
    return beside


# The tree


class _Reader:
    def __init__(self, text: str, today: date) -> None:
        self._text, self._today, self._found = text, today, _Reading()

    def read(self) -> _Reading:
        found = self._found
        group, signs = parse(self._text, found.notes)
        self._add_group(group, required=False)
        if signs and not any(part.words for part in found.parts):  # else nobody misses a sign
            found.notes.append(f"“{' '.join(signs)}” holds no word and was left out")
        return found

    def _add_group(self, group: Group, *, required: bool) -> None:
        for node, is_joined in zip(group.nodes, group.required, strict=True):
            self._add(node, required=required or is_joined)

    def _add(self, node: Node, *, required: bool) -> None:
        match node:
            case Word():
                self._add_word(node, required=required)
            case Phrase():
                self._add_phrase(node)
            case FieldValues():
                self._add_field(node, is_negated=False)
            case Negated(FieldValues() as inner) if fields.known_name(inner) in METADATA:
                self._add_field(inner, is_negated=True)
            case Negated():
                self._add_excluded(node)
            case Group(is_or=False):
                self._add_group(node, required=required)
            case Group():
                self._add_choice(node)

    def _add_word(self, word: Word, *, required: bool) -> None:
        if required or word.is_prefix:
            self._require(word, (word.text,))
        else:
            self._found.parts.append(_Part(word.text, (word.text,), node=word))

    def _add_phrase(self, phrase: Phrase) -> None:
        self._found.phrases.append(phrase.text)
        self._require(phrase, (phrase.text,), "phrase")

    def _require(self, node: Node, words: tuple[str, ...], kind: ChipKind = "required") -> None:
        condition = self._condition(node)
        label = f"must contain {said(node)}"
        self._found.parts.append(_Part(spelled(node), words, kind, label, condition))

    def _add_choice(self, group: Group) -> None:
        label = " or ".join(said(self._settled(node)) for node in group.nodes)
        words = tuple(_positive_words(group))
        label = label if _has_field(group) or not words else f"must contain {label}"
        condition, text = self._condition(group), spelled(self._settled(group))
        self._found.parts.append(_Part(text, words, "required", label, condition))

    def _add_excluded(self, excluded: Negated) -> None:
        condition = self._condition(excluded)
        node = self._settled(excluded.node)
        if isinstance(node, Word | Phrase):
            self._found.excluded.append(node.text)
        label = f"without {said(node)}" if not _has_field(node) else f"not {said(node)}"
        text = negated(node)
        if isinstance(node, Word) and not node.is_prefix and node.text.isalpha():
            text = f"-{node.text}"
        self._found.parts.append(_Part(text, (), "excluded", label, condition))

    # Fields

    def _add_field(self, node: FieldValues, *, is_negated: bool) -> None:
        if not node.values and fields.known_name(node) is None:  # "Brexit: what now"
            self._add_word(Word(f"{node.name}:", node.span), required=False)
            return
        name = fields.checked(node, self._text)
        if name in METADATA:
            values = fields.whole_values(node, name, self._text)
            self._found.values.setdefault((METADATA[name], is_negated), []).extend(values)
        elif name in DATES:
            read = date_range(node, self._text, name, self._today)
            self._found.dates = self._found.dates.intersection(read)
        elif name in SETTINGS:
            self._set(name, node)
        else:
            condition = fields.admitting(node, self._text, self._today)
            renamed = FieldValues(name, node.values, node.span)
            self._found.parts.append(_Part(spelled(renamed), (), "field", said(renamed), condition))

    def _set(self, name: str, node: FieldValues) -> None:
        found, text = self._found, self._text
        match name:
            case "like":
                found.like = settings.like(node, text)
            case "mode":
                found.mode = settings.mode(node, text)
            case "sort":
                found.sort = settings.sort(node, text)
            case "recency":
                found.half_life = settings.half_life(node, text)
            case "undated":
                found.with_undated = settings.is_on(node, text, "yes", "no")
            case "dates":
                found.reads_dates = settings.is_on(node, text, "on", "off")
            case _:
                settings.check_group(node, text)

    # Conditions

    def _condition(self, node: Node) -> Condition:
        match node:
            case Word(text, _, is_prefix):
                return Contains(text, is_prefix=is_prefix)
            case Phrase(text, _, within):
                return Contains(text, within)
            case FieldValues():
                return fields.admitting(node, self._text, self._today)
            case Negated(FieldValues() as inner) if fields.known_name(inner) in _OPPOSITES:
                raise self._turned(node)
            case Negated(inner):
                return Not(self._condition(inner))
            case Group(is_or, nodes):
                parts = tuple(map(self._condition, nodes))
                return AnyOf(parts) if is_or else AllOf(parts)

    def _settled(self, node: Node) -> Node:
        """The node with the fields' own names, and days in place of "last week"."""
        match node:
            case Negated(inner):
                return replace(node, node=self._settled(inner))
            case Group(nodes=nodes):
                return replace(node, nodes=tuple(map(self._settled, nodes)))
            case FieldValues():
                name = fields.checked(node, self._text)
                if name not in DATES:
                    return replace(node, name=NAMES[METADATA[name]] if name in METADATA else name)
                days = date_range(node, self._text, name, self._today)
                return replace(node, name="date", values=(Word(days.spelled, node.span),))
        return node

    def _turned(self, turned: Negated) -> QueryError:
        inner = turned.node
        assert isinstance(inner, FieldValues)
        name = fields.checked(inner, self._text)
        other = _OPPOSITES[name]
        msg = f"-{name}: cannot be read; the opposite is {other}:"
        suggestion = f"{other}:{several([value.text for value in inner.values])}"
        return QueryError(msg, text=self._text, position=turned.span[0], suggestion=suggestion)


def _positive_words(node: Node) -> Iterator[str]:
    match node:
        case Word(text) | Phrase(text):
            yield text
        case Group(_, nodes):
            for part in nodes:
                yield from _positive_words(part)
        case _:
            return


def _has_field(node: Node) -> bool:
    match node:
        case FieldValues():
            return True
        case Negated(inner):
            return _has_field(inner)
        case Group(_, nodes):
            return any(map(_has_field, nodes))
        case _:
            return False


# Dates in plain words


@dataclass(frozen=True, slots=True)
class _Guess:
    """Dates read out of the words: the days, the parts whose words they are, how they were said."""

    period: DateRange
    parts: tuple[_Part, ...]
    typed: str


def _dates_in(typed: _Reading, text: str, today: date) -> _Guess | None:
    """The days that the words themselves name; None where dates are given otherwise, or unclear."""
    if not typed.reads_dates or not typed.dates.is_open:
        return None
    found = [phrase for phrase in date_phrases(text, today) if _covered(phrase, typed, text)]
    if not found:
        return None
    period = EVERY_DAY
    for phrase in found:
        period = period.intersection(DateRange(phrase.after, phrase.before))
    said_so = ", ".join(f"“{text[slice(*phrase.span)]}”" for phrase in found)
    if len(found) > 2 or period.is_empty or (len(found) == 2 and not _are_two_ends(found)):
        typed.notes.append(f"several dates are named ({said_so}): none was used to filter")
        return None
    parts = tuple(part for phrase in found for part in _covered(phrase, typed, text))
    return _Guess(period, parts, said_so)


def _are_two_ends(found: Sequence[DatePhrase]) -> bool:
    """Whether one says since when, and the other until when."""
    first, second = found
    return (first.after is None) != (second.after is None) and (
        (first.before is None) != (second.before is None)
    )


def _covered(phrase: DatePhrase, typed: _Reading, text: str) -> tuple[_Part, ...]:
    """The soft words that the phrase is made of; none where it touches anything else."""
    start, end = phrase.span
    soft = [(part, part.node.span) for part in typed.parts if part.node is not None]
    covered = [(part, span) for part, span in soft if span[0] < end and span[1] > start]
    at = start
    for _, (first, last) in covered:
        if text[at:first].strip():
            return ()
        at = last
    return () if text[at:end].strip() else tuple(part for part, _ in covered)


def _without_words_of(typed: _Reading, guess: _Guess | None) -> _Reading:
    if guess is None:
        return typed
    kept = [part for part in typed.parts if all(part is not one for one in guess.parts)]
    return replace(typed, parts=kept, dates=guess.period)


# What comes of it


def _conditions(reading: _Reading, with_undated: bool) -> Iterator[Condition]:
    for (name, is_negated), values in reading.values.items():
        one_of = OneOf(name, tuple(values))
        yield Not(one_of) if is_negated else one_of
    if not reading.dates.is_open:
        published = reading.dates.condition
        yield any_of([published, Undated()]) if with_undated else published
    yield from (part.condition for part in reading.parts if part.condition is not None)


def _texts(reading: _Reading) -> list[str]:
    """The reading as a query."""
    return [*(part.text for part in reading.parts), *(text for _, _, text in _rest(reading))]


def _settled_text(texts: Sequence[str], *, has_dates: bool) -> str:
    """The texts as one query, in which no words are dates on any day unless `has_dates`."""
    text = " ".join(texts)
    if not has_dates and "dates:off" not in texts and date_phrases(text, _LATEST):
        return f"{text} dates:off"
    return text


def _rest(reading: _Reading) -> Iterator[tuple[ChipKind, str, str]]:
    """Kind, label and text of what has no place among the words."""
    for (name, is_negated), values in reading.values.items():
        short = NAMES[name]
        label = f"{'not ' if is_negated else ''}{short} {' or '.join(values)}"
        yield "field", label, f"{'-' if is_negated else ''}{short}:{several(values)}"
    if not reading.dates.is_open:
        after, before = reading.dates.after, reading.dates.before
        ends = [f"after:{after}" if after else "", f"before:{before}" if before else ""]
        yield "date", period_said(after, before), " ".join(filter(None, ends))
    if reading.with_undated:
        yield "undated", "undated included", "undated:yes"
    if reading.like is not None:
        yield "like", f"like {reading.like}", f"like:{several([reading.like])}"
    if reading.mode is not None:
        yield "mode", _BY[reading.mode], f"mode:{reading.mode}"
    if reading.sort is not None:
        yield "sort", _SORTED[reading.sort], f"sort:{reading.sort}"
    if reading.half_life is not None:
        label = f"newer counts more (half-life {reading.half_life} days)"
        yield "recency", label, f"recency:{reading.half_life}d"
    if not reading.reads_dates:
        yield "date", "dates in words are not filters", "dates:off"


def _chips(typed: _Reading, guess: _Guess | None) -> Iterator[Chip]:
    """What was typed, each part with the query without it."""
    shown = _without_words_of(typed, guess)
    texts = _texts(shown)
    soft = " ".join(part.text for part in shown.parts if part.node is not None)
    is_settled = not date_phrases(soft, _LATEST)  # and so is every part of it

    def without(place: int, *, is_date: bool = False) -> str:
        left = [*texts[:place], *texts[place + 1 :]]
        if is_settled or texts[place] == "dates:off":
            return " ".join(left)
        return _settled_text(left, has_dates=not (shown.dates.is_open or is_date))

    for place, part in enumerate(shown.parts):
        if part.kind is not None:
            yield Chip(part.kind, part.label, part.text, without(place))
    for place, (kind, label, text) in enumerate(_rest(shown), len(shown.parts)):
        if kind == "date" and guess is not None:
            given_back = " ".join(_texts(replace(typed, reads_dates=False)))
            yield Chip(kind, f"{label} ({guess.typed})", text, given_back, is_guess=True)
        else:
            yield Chip(kind, label, text, without(place, is_date=kind == "date"))


def _chips_beside(beside: _Reading, include_undated: bool) -> Iterator[Chip]:
    """The filters of the call, which no change of the text takes away."""
    for kind, label, text in _rest(replace(beside, with_undated=include_undated)):
        yield Chip(kind, label, text)
