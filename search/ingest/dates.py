"""Dates as news exports write them: read when there is one reading, refused otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from search.types import Precision

DateOrder = Literal["day-first", "month-first"]
"""What 06/10/2022 means: the sixth of October, or the tenth of June."""

EARLIEST_YEAR = 1800
LATEST_AHEAD = timedelta(hours=48)
MAX_DATE_CHARS = 100

_YEAR = re.compile(r"\d{4}")
_YEAR_MONTH = re.compile(r"(\d{4})-(\d\d)")
_SLASHES = re.compile(r"^(\d{4})/(\d\d)/(\d\d)")
_COMPACT = re.compile(r"(\d{8})(\d{4}|\d{6})")
_EPOCH = re.compile(r"(\d{9,10}|\d{13})(\.\d+)?")
_EPOCH_0 = datetime(1970, 1, 1)  # naive, as exports write a missing date
_WEEK = re.compile(r"\d{4}-?W\d\d")
_MIDNIGHT = re.compile(r"[T ]00:00(:00(\.0+)?)?$")
_CLOCK = r"\d{1,2}:\d\d(?::\d\d)?"
_RFC_2822 = re.compile(
    r"(?:[a-z]{3,9},?\s+)?\d{1,2}\s+[a-z]{3,9}\s+\d{4}\s+" + _CLOCK + r"\s+"
    r"(?:[+-]\d{4}|utc?|gmt|z|[ecmp][sd]t)",
    re.IGNORECASE,
)
_NUMERIC = re.compile(
    rf"(\d{{1,4}})([/.-])(\d{{1,2}})\2(\d{{1,4}})(?:[\sT,]+({_CLOCK})\s*([ap]m)?)?", re.IGNORECASE
)
_ANY_NUMERIC = re.compile(r"\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}")
_ZONE = re.compile(r"\s*\b(ET|CT|MT|PT|[ECMP][SD]T|BST|CES?T|GMT|UTC)$")
_ZONES: dict[str, str | int] = {
    "ET": "America/New_York", "CT": "America/Chicago", "MT": "America/Denver",
    "PT": "America/Los_Angeles", "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7,
    "MDT": -6, "PST": -8, "PDT": -7, "BST": 1, "CET": 1, "CEST": 2, "GMT": 0, "UTC": 0,
}  # fmt: skip
_STRICT = {
    "STRICT_PARSING": True,
    "REQUIRE_PARTS": ["day", "month", "year"],
    "PARSERS": ["absolute-time"],
}


@dataclass(frozen=True, slots=True)
class Dated:
    """A date as read: `value` is None when refused, and `flags` say why or what was assumed."""

    value: date | datetime | None
    precision: Precision | None = None
    flags: tuple[str, ...] = ()


_BAD = Dated(None, None, ("bad_date",))
_AMBIGUOUS = Dated(None, None, ("date_ambiguous",))


def read_date(
    value: object,
    language: str | None = None,
    now: datetime | None = None,
    order: DateOrder | None = None,
) -> Dated:
    """The date that text, a number since 1970, or a date means.

    Refused: what has no day-month order (06/10/2022), unless `order` says it; what lies before 1800
    or more than 48 hours after `now`, epoch 0, and what needs guessing. A time without a zone is
    UTC, flagged; midnight without a zone is how exports write a day, and is read as one.
    """
    if isinstance(value, datetime | date):
        read = _of_datetime(value) if isinstance(value, datetime) else Dated(value, "day")
    elif isinstance(value, bool) or not isinstance(value, str | int | float):
        return _BAD
    else:
        text = " ".join(str(value).split())
        read = _read_text(text, language, order) if len(text) <= MAX_DATE_CHARS else _BAD
    return read if _is_plausible(read.value, now or datetime.now(UTC)) else _refused(read)


def _refused(read: Dated) -> Dated:
    return read if read.value is None and read.flags else _BAD


def _is_plausible(value: date | datetime | None, now: datetime) -> bool:
    if value is None or not EARLIEST_YEAR <= value.year <= now.year + 1:
        return False
    if not isinstance(value, datetime):
        return value <= (now + LATEST_AHEAD).date()
    return value <= now + LATEST_AHEAD and value.timestamp() != 0


@lru_cache(maxsize=10_000)
def _read_text(text: str, language: str | None, order: DateOrder | None) -> Dated:
    return (
        _read_epoch(text)  # before ISO: Python takes 1665080580 for a day of the year 1665
        or _read_iso(text)
        or _read_rfc_2822(text)
        or _read_numeric(text, order)
        or _read_words(text, language)
        or _BAD
    )


def _read_iso(text: str) -> Dated | None:
    """ISO 8601 with the year, month, day or time it gives; also 2022/10/06 and YYYYMMDDhhmm(ss)."""
    try:
        if _YEAR.fullmatch(text):
            return Dated(date(int(text), 1, 1), "year")
        if month := _YEAR_MONTH.fullmatch(text):
            return Dated(date(int(month[1]), int(month[2]), 1), "month")
        if len(text) <= len("2022-10-06"):
            return None if _WEEK.fullmatch(text) else Dated(date.fromisoformat(text), "day")
        return _read_iso_time(text)
    except ValueError:
        return None


def _read_iso_time(text: str) -> Dated:
    text = _COMPACT.sub(r"\1T\2", text) if text.isdigit() else text
    zone = _ZONE.search(text)
    value = datetime.fromisoformat(
        _SLASHES.sub(r"\1-\2-\3", text[: zone.start()] if zone else text)
    )
    if value.tzinfo is None and zone:
        return _of_datetime(_in_zone(value, zone[1]))
    if value.tzinfo is None and _MIDNIGHT.search(text):
        return _BAD if value == _EPOCH_0 else Dated(value.date(), "day")
    return _of_datetime(value)


def _read_epoch(text: str) -> Dated | None:
    """Seconds since 1970, or milliseconds where there are 13 digits."""
    found = _EPOCH.fullmatch(text)
    if not found:
        return None
    seconds = float(text) / (1 if len(found[1]) <= 10 else 1_000)
    try:
        return Dated(datetime.fromtimestamp(seconds, UTC), "second")
    except (ValueError, OverflowError, OSError):
        return None


def _read_rfc_2822(text: str) -> Dated | None:
    """Only where the whole text has that shape: the standard library skips what it cannot read."""
    if not _RFC_2822.fullmatch(text):
        return None
    try:
        return _of_datetime(parsedate_to_datetime(text))
    except ValueError:
        return None


def _read_numeric(text: str, order: DateOrder | None) -> Dated | None:
    """2022/10/06 and 25/10/2022 have one reading, 06/10/2022 has two."""
    found = _NUMERIC.fullmatch(text)
    if not found:
        return _AMBIGUOUS if _ANY_NUMERIC.search(text) else None
    first, _, second, third, clock, half = found.groups()
    a, b, c = int(first), int(second), int(third)
    if len(first) == 4 and len(third) <= 2:
        readings = {(a, b, c)}
    elif len(third) == 4 and len(first) <= 2:
        readings = {(c, b, a), (c, a, b)}
        if order and _day(*(told := (c, b, a) if order == "day-first" else (c, a, b))):
            readings = {told}
    else:
        return _AMBIGUOUS
    days = {day for reading in readings if (day := _day(*reading))}
    if len(days) != 1:
        return _AMBIGUOUS if days else None
    return _at_clock(days.pop(), clock, half)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _at_clock(day: date, clock: str | None, half: str | None) -> Dated | None:
    if clock is None:
        return Dated(day, "day")
    hour, minute, second = (*(int(part) for part in clock.split(":")), 0)[:3]
    if half:
        hour = hour % 12 + (12 if half.lower() == "pm" else 0)
    try:
        return _of_datetime(datetime.combine(day, time(hour, minute, second)))
    except ValueError:
        return None


def _read_words(text: str, language: str | None) -> Dated | None:
    """Dates with the month in words, by dateparser, in English or the article's language."""
    if not re.search(r"\d{4}", text) or not re.search(r"[^\W\d]", text):
        return None
    zone = _ZONE.search(text)
    read = _dateparser(text[: zone.start()] if zone else text, language)
    if read is None:
        return None
    if not re.search(r"\d[:.h]\d\d|\d\s*[ap]\.?m", text, re.IGNORECASE):
        return Dated(read.date(), "day")
    if read.tzinfo is not None:  # an abbreviation that dateparser took for a fixed offset
        return Dated(read.date(), "day")
    return _of_datetime(_in_zone(read, zone[1]) if zone else read)


def _dateparser(text: str, language: str | None) -> datetime | None:
    import dateparser

    languages = dict.fromkeys([(language or "en").split("-")[0], "en"])
    for name in languages:
        try:
            read: Any = dateparser.parse(text, languages=[name], settings=dict(_STRICT))
        except (ValueError, OverflowError):  # a language it does not know, a year past 9999
            continue
        if isinstance(read, datetime):
            return read
    return None


def _in_zone(naive: datetime, name: str) -> datetime:
    zone = _ZONES[name]
    if isinstance(zone, int):
        return naive.replace(tzinfo=timezone(timedelta(hours=zone)))
    try:
        return naive.replace(tzinfo=ZoneInfo(zone))
    except ZoneInfoNotFoundError:  # a system without time zones; the caller flags a naive time
        return naive


def _of_datetime(value: datetime) -> Dated:
    """Aware, with the offset as a plain number of minutes."""
    offset = value.utcoffset()
    if offset is None:
        return Dated(value.replace(tzinfo=UTC), "second", ("naive_time",))
    return Dated(value.replace(tzinfo=timezone(offset) if offset else UTC), "second")
