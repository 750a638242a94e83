"""Dates of one article that cannot all be true; all of them are kept."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any, Literal

from search.ingest.dates import read_date
from search.links import day_in
from search.types import Precision

MOST_APART = timedelta(days=2)
"""Between days that may be one: time zones, and articles that are printed the day after."""
SLACK = timedelta(hours=1)
"""An update may bear a time a little before that of publication."""

Updated = date | datetime | Literal[True] | None


def conflicts(
    published: date | None, precision: Precision | None, updated: Updated, url: str | None
) -> dict[str, str]:
    """What stands against the date of publication: `url`, its day; `updated`, an earlier update."""
    if published is None or precision not in ("second", "day"):
        return {}
    found: dict[str, str] = {}
    in_url = day_in(url) if url else None
    day = read_date(in_url).value if in_url else None
    if day is not None and are_apart(published, day):
        found["url"] = day.isoformat()
    if updated and updated is not True and _is_before(updated, published):
        found["updated"] = updated.isoformat()
    return found


def told_apart(dates: Iterable[tuple[str, str]], language: str | None) -> dict[str, str]:
    """The dates by where they were given, the first of each; nothing where they agree."""
    told: dict[str, str] = {}
    days: list[date] = []
    for origin, value in dates:
        read = read_date(value, language).value
        if read is not None and origin not in told:
            told[origin] = value
            days.append(read)
    return told if any(are_apart(days[0], day) for day in days[1:]) else {}


def are_apart(one: date, other: date) -> bool:
    """Whether two dates cannot be the same day's."""
    return abs(_day(one) - _day(other)) > MOST_APART


def _is_before(one: date, other: date) -> bool:
    if isinstance(one, datetime) and isinstance(other, datetime):
        return one + SLACK < other
    return _day(one) < _day(other)


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value


def merged(known: Any, found: dict[str, str]) -> dict[str, Any]:  # noqa: ANN401  any JSON value
    """What a reader found already, and this."""
    return {**known, **found} if isinstance(known, dict) else dict(found)
