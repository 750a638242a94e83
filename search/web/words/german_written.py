"""How counts and days are written in German: what `search.written` is for English."""

from __future__ import annotations

from datetime import date, datetime

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from search.types import Precision

LOCALE = "de"
_AS_KNOWN: dict[Precision, str] = {"year": "y", "month": "MMM y"}


def number(of: int) -> str:
    """`1.312`."""
    written: str = format_decimal(of, locale=LOCALE)
    return written


def count(of: int, one: str, many: str) -> str:
    """`1 Textstelle`, `1.312 Textstellen`."""
    return f"{number(of)} {one if of == 1 else many}"


def percent(share: float) -> str:
    """A part of a whole, which is 1: `12 %`."""
    written: str = format_percent(share, locale=LOCALE)
    return written


def known(when: date, precision: Precision | None = None) -> str:
    """A day as precisely as it is known: `6. Okt. 2022`, `Okt. 2022`, `2022`."""
    written: str = format_date(when, _AS_KNOWN.get(precision or "day", "d. MMM y"), locale=LOCALE)
    return written


def day_and_time(when: date | None, precision: Precision | None = None) -> str:
    """A date, with the time of day where it is known: `6. Okt. 2022, 09:12`; empty without one."""
    if when is None:
        return ""
    return known(when, precision) + (f", {when:%H:%M}" if isinstance(when, datetime) else "")
