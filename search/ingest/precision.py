"""How much of a date is known."""

from __future__ import annotations

from datetime import date, datetime

from search.types import Precision


def to_precision(
    value: date | datetime | None, precision: Precision | None
) -> tuple[date | datetime | None, Precision | None]:
    """A datetime exactly when the second is known."""
    if value is None or precision is None:
        return None, None
    if isinstance(value, datetime):
        return (value, "second") if precision == "second" else (value.date(), precision)
    return value, "day" if precision == "second" else precision


def says_more(raw: object, value: date | datetime | None) -> bool:
    """Whether the date as written holds what the date as read does not."""
    if value is None or not isinstance(raw, str):
        return value is None or not isinstance(raw, date)
    return raw.strip() not in (value.isoformat(), f"{value.isoformat()[:19]}Z")
