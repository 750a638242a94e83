"""Counts over articles: facets and the timeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from search.types import FacetValue, TimeBucket

Unit = Literal["day", "week", "month", "year"]

FACETS = ("source", "author", "section", "language", "year")
_DAYS_UP_TO = 60
_WEEKS_UP_TO = 2 * 366
_MONTHS_UP_TO = 40 * 366


def facets(
    counts: Mapping[str, Mapping[str, int]], days: Mapping[int, int], articles: int
) -> dict[str, tuple[FacetValue, ...]]:
    """Every facet of `FACETS`, its values largest first, equal ones by name.

    `counts` has articles by field and value, `days` by proleptic ordinal, which gives the years;
    shares are of `articles`.
    """
    years: Counter[str] = Counter()
    for day, count in days.items():
        years[f"{_bucket_start(day, 'year').year:04d}"] += count
    by_field = {**counts, "year": years}
    return {name: _facet(by_field.get(name, {}), articles) for name in FACETS}


def _facet(counts: Mapping[str, int], articles: int) -> tuple[FacetValue, ...]:
    ordered = sorted(sorted(counts), key=counts.__getitem__, reverse=True)  # sorting is stable
    return tuple(FacetValue(value, counts[value], counts[value] / articles) for value in ordered)


def timeline(days: Mapping[int, int]) -> tuple[TimeBucket, ...]:
    """Articles by day, week (from Monday), month or year, whichever suits the span; no gaps.

    `days` has articles by proleptic ordinal, all before the year 9999.
    """
    if not days:
        return ()
    first, last = min(days), max(days)
    unit = _unit_for(last - first)
    counts = Counter[date]()
    for day, count in days.items():
        counts[_bucket_start(day, unit)] += count
    starts = _bucket_starts(_bucket_start(first, unit), _bucket_start(last, unit), unit)
    ends = [*starts[1:], _next_start(starts[-1], unit)]
    return tuple(
        TimeBucket(start, end, counts[start]) for start, end in zip(starts, ends, strict=True)
    )


def _unit_for(days: int) -> Unit:
    """The finest that does not crowd a chart of so many days."""
    if days < _DAYS_UP_TO:
        return "day"
    if days < _WEEKS_UP_TO:
        return "week"
    return "month" if days < _MONTHS_UP_TO else "year"


def _bucket_starts(first: date, last: date, unit: Unit) -> list[date]:
    starts = [first]
    while starts[-1] < last:
        starts.append(_next_start(starts[-1], unit))
    return starts


@lru_cache(65_536)
def _bucket_start(day: int, unit: Unit) -> date:
    found = date.fromordinal(day)
    match unit:
        case "day":
            return found
        case "week":
            return found - timedelta(days=found.weekday())
        case "month":
            return found.replace(day=1)
        case "year":
            return found.replace(month=1, day=1)


@lru_cache(4_096)
def _next_start(start: date, unit: Unit) -> date:
    match unit:
        case "day":
            return start + timedelta(days=1)
        case "week":
            return start + timedelta(days=7)
        case "month":
            return (start + timedelta(days=31)).replace(day=1)
        case "year":
            return start.replace(year=start.year + 1)
