"""The fields of dates, `after:`, `before:`, `on:` and `date:`, and the days that they admit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import NoReturn

from search.errors import QueryError
from search.query.nodes import FieldValues
from search.query.periods import Period, read_period
from search.types import Published

DATES = ("after", "before", "on", "date")
_NO_DAY = "0002-01-01..0001-01-01"


@dataclass(frozen=True, slots=True)
class DateRange:
    """The days from `after` on and before the day `before`; None leaves that end open."""

    after: date | None = None
    before: date | None = None

    def intersection(self, other: DateRange) -> DateRange:
        """The days that are in both."""
        afters = [day for day in (self.after, other.after) if day is not None]
        befores = [day for day in (self.before, other.before) if day is not None]
        return DateRange(max(afters, default=None), min(befores, default=None))

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
        """As a value of `date:`, which means the same on any day."""
        if self.before == date.min:  # there is no day before it
            return _NO_DAY
        last = None if self.before is None else self.before - timedelta(days=1)
        return f"{self.after or ''}..{last or ''}"

    @property
    def condition(self) -> Published:
        """Published on one of these days."""
        return Published(self.after, self.before)


EVERY_DAY = DateRange()


def date_range(node: FieldValues, text: str, name: str, today: date) -> DateRange:
    """The days that the field `name` of dates admits, at its place in the query `text`.

    Raises:
        QueryError: a value that is no date, or several values.
    """
    (value, *others) = node.values
    if others:
        msg = f"{name}: takes one value; write date:2022-03..2022-06 for a range"
        raise QueryError(msg, text=text, position=others[0].span[0])
    return read_dates(name, value.text, today, text=text, position=node.span[0])


def read_dates(
    name: str, value: str, today: date, *, text: str = "", position: int = 0
) -> DateRange:
    """The days that `value` admits in the field `name`, which stands at `position` in `text`.

    Raises:
        QueryError: a value that is no date.
    """
    first, dots, last = value.partition("..")
    if name == "date" and dots:
        if not first.strip() and not last.strip():
            _refuse(name, value, text, position)
        begin = _period(name, first, text, position, today)[0] if first.strip() else None
        end = _period(name, last, text, position, today)[1] if last.strip() else None
        return DateRange(begin, end)
    begin, end = _period(name, value, text, position, today)
    match name:
        case "after":
            return DateRange(begin, None)
        case "before":
            return DateRange(None, begin)
        case _:
            return DateRange(begin, end)


def _period(name: str, value: str, text: str, position: int, today: date) -> Period:
    try:
        return read_period(value.strip(), today)
    except ValueError:
        _refuse(name, value, text, position)


def _refuse(name: str, value: str, text: str, position: int) -> NoReturn:
    msg = (
        f"{name}: {value!r} is no date; write a year, month or day: 2022, 2022-09, 2022-09-30, "
        'or a period: "last week", "Q3 2023"'
    )
    raise QueryError(msg, text=text, position=position)
