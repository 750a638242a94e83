"""The fields of the query language, and the values that they take."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from typing import NoReturn

from search.errors import QueryError
from search.query.nodes import FieldValues, Phrase, Word
from search.query.periods import read_period
from search.types import (
    MODES,
    SORTS,
    AnyOf,
    Condition,
    Contains,
    Field,
    Mode,
    OneOf,
    Published,
    Sort,
    UrlHas,
)

METADATA: dict[str, Field] = {
    "source": "source",
    "outlet": "source",
    "author": "author",
    "byline": "author",
    "section": "section",
    "lang": "language",
    "language": "language",
}
NAMES: dict[Field, str] = {
    "source": "source",
    "author": "author",
    "section": "section",
    "language": "lang",
}
_ALIASES = {"headline": "title", "site": "url", "since": "after"}
DATES = ("after", "before", "on", "date")
SETTINGS = ("like", "sort", "mode", "group", "recency", "undated", "dates")
_KNOWN = (*METADATA, "title", "headline", "url", "site", *DATES, "since", *SETTINGS)
_SHOWN = "source, author, section, lang, title, url, after, before, on, date, like, sort, mode"
_HALF_LIFE = re.compile(r"(\d{1,4})([dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}


@dataclass(frozen=True, slots=True)
class Period:
    """From the day `after` to before the day `before`; None is open."""

    after: date | None
    before: date | None

    def met_by(self, other: Period) -> Period:
        """The days that are in both."""
        afters = [day for day in (self.after, other.after) if day is not None]
        befores = [day for day in (self.before, other.before) if day is not None]
        return Period(max(afters, default=None), min(befores, default=None))

    @property
    def is_open(self) -> bool:
        """Whether it is every day."""
        return self.after is None and self.before is None

    @property
    def is_empty(self) -> bool:
        """Whether it is no day at all."""
        return self.before is not None and (self.after or date.min) >= self.before

    @property
    def spelled(self) -> str:
        """As a value of `date:`, on any day the same."""
        last = None if self.before in (None, date.min) else self.before - timedelta(days=1)
        return f"{self.after or ''}..{last or ''}"

    @property
    def condition(self) -> Published:
        """Published in it."""
        return Published(self.after, self.before)


def known_name(node: FieldValues) -> str | None:
    """The field's own name in place of an alias; None when there is no such field."""
    name = node.name.lower()
    return _ALIASES.get(name, name) if name in _KNOWN else None


def checked(node: FieldValues, text: str) -> str:
    """The field's own name.

    Raises:
        QueryError: there is no such field, or it has no value.
    """
    name = known_name(node)
    if name is None:
        raise _unknown(node, text)
    if not node.values or not all(value.text.strip() for value in node.values):
        msg = f"{node.name.lower()}: needs a value right after the colon"
        raise QueryError(msg, text=text, position=node.span[0])
    return name


def _unknown(node: FieldValues, text: str) -> QueryError:
    value = node.values[0].text if node.values else ""
    close = get_close_matches(node.name.lower(), _KNOWN, 1)
    typed = f"{node.name}:{value}"
    message = (
        f"there is no field {node.name!r}; fields are {_SHOWN}. "
        "To search for the text itself, put it in quotes"
    )
    suggestion = f"{close[0]}:{value}" if close else f'"{typed}"'
    return QueryError(message, text=text, position=node.span[0], suggestion=suggestion)


def admitting(node: FieldValues, text: str, today: date) -> Condition:
    """The condition that a field other than a setting stands for.

    Raises:
        QueryError: no such field, no such date, or a setting, which is no condition.
    """
    name = checked(node, text)
    if name in DATES:
        return period(node, text, name, today).condition
    if name == "title":
        return any_of([_in_title(value) for value in node.values])
    if name in SETTINGS:
        msg = f"{name}: holds for the whole query, and cannot stand inside OR, NOT or parentheses"
        raise QueryError(msg, text=text, position=node.span[0])
    values = [_whole(value, name, text) for value in node.values]
    if name == "url":
        return any_of([UrlHas(value) for value in values])
    return OneOf(METADATA[name], tuple(values))


def any_of(conditions: list[Condition]) -> Condition:
    """One of them, itself where it is alone."""
    return conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions))


def whole_values(node: FieldValues, name: str, text: str) -> list[str]:
    """The values of a field of metadata; raises QueryError where one has an operator in it."""
    return [_whole(value, name, text) for value in node.values]


def _in_title(value: Word | Phrase) -> Condition:
    if isinstance(value, Phrase):
        return Contains(value.text, value.within, in_title=True)
    stem = value.text.rstrip("*")
    if stem != value.text and stem.isalnum():
        return Contains(stem, is_prefix=True, in_title=True)
    return Contains(value.text, in_title=True)


def _whole(value: Word | Phrase, name: str, text: str) -> str:
    is_cut = isinstance(value, Word) and value.text.endswith("*")
    if is_cut or (isinstance(value, Phrase) and value.within is not None):
        msg = f"{name}: takes whole values; a star or ~ is not read there"
        raise QueryError(msg, text=text, position=value.span[0])
    return value.text.strip()


# Dates


def period(node: FieldValues, text: str, name: str, today: date) -> Period:
    """The days that a date field admits; several values: from the first to the last of them.

    Raises:
        QueryError: a value that is no date.
    """
    (value, *others) = node.values
    if others:
        msg = f"{name}: takes one value; write date:2022-03..2022-06 for a range"
        raise QueryError(msg, text=text, position=others[0].span[0])
    return read_dates(name, value.text, today, text=text, position=node.span[0])


def read_dates(name: str, value: str, today: date, *, text: str = "", position: int = 0) -> Period:
    """What `after:`, `before:`, `on:` and `date:` mean; raises QueryError."""
    first, dots, last = value.partition("..")
    if name == "date" and dots:
        if not first.strip() and not last.strip():
            _no_date(name, value, text, position)
        begin = _days(name, first, text, position, today)[0] if first.strip() else None
        end = _days(name, last, text, position, today)[1] if last.strip() else None
        return Period(begin, end)
    begin, end = _days(name, value, text, position, today)
    match name:
        case "after":
            return Period(begin, None)
        case "before":
            return Period(None, begin)
        case _:
            return Period(begin, end)


def _days(name: str, value: str, text: str, position: int, today: date) -> tuple[date, date]:
    try:
        return read_period(value.strip(), today)
    except (ValueError, OverflowError):
        _no_date(name, value, text, position)


def _no_date(name: str, value: str, text: str, position: int) -> NoReturn:
    msg = (
        f"{name}: {value!r} is no date; write a year, month or day: 2022, 2022-09, 2022-09-30, "
        'or a period: "last week", "Q3 2023"'
    )
    raise QueryError(msg, text=text, position=position)


# Settings


def mode(node: FieldValues, text: str) -> Mode:
    """The value of `mode:`; raises QueryError."""
    found = _one_of(node, text, MODES)
    return next(one for one in MODES if one == found)


def sort(node: FieldValues, text: str) -> Sort:
    """The value of `sort:`; raises QueryError."""
    found = _one_of(node, text, SORTS)
    return next(one for one in SORTS if one == found)


def half_life(node: FieldValues, text: str) -> int:
    """The value of `recency:` in days; raises QueryError."""
    value = _single(node, text)
    found = _HALF_LIFE.fullmatch(value.lower())
    days = int(found[1]) * _DAYS[found[2]] if found else 0
    if days < 1:
        msg = f"recency: {value!r} is no half-life; write days, weeks, months or years: 30d, 2w"
        raise QueryError(msg, text=text, position=node.span[0], suggestion="recency:30d")
    return days


def is_on(node: FieldValues, text: str, on: str, off: str) -> bool:
    """Whether a setting with two values has the one that stands for on; raises QueryError."""
    return _one_of(node, text, (on, off)) == on


def no_group(node: FieldValues, text: str) -> None:
    """Articles are not grouped yet: raises QueryError for all but `group:none`."""
    if _single(node, text).lower() != "none":
        msg = "group: knows none so far: every passage stands for itself"
        raise QueryError(msg, text=text, position=node.span[0], suggestion="group:none")


def like(node: FieldValues, text: str) -> str:
    """The value of `like:`; raises QueryError."""
    return _single(node, text)


def _single(node: FieldValues, text: str) -> str:
    if len(node.values) > 1:
        msg = f"{node.name.lower()}: takes one value"
        raise QueryError(msg, text=text, position=node.values[1].span[0])
    return node.values[0].text.strip()


def _one_of(node: FieldValues, text: str, values: tuple[str, ...]) -> str:
    name, value = node.name.lower(), _single(node, text).lower()
    if value not in values:
        close = get_close_matches(value, values, 1)
        msg = f"{name}: is one of {', '.join(values)}, not {value!r}"
        raise QueryError(
            msg,
            text=text,
            position=node.span[0],
            suggestion=f"{name}:{close[0]}" if close else None,
        )
    return value
