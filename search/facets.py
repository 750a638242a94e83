"""Counts over articles: facets and the timeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from search.types import FacetValue, TimeBucket

FACETS = ("source", "author", "section", "language", "year")
_DAYS_UP_TO = 60
_WEEKS_UP_TO = 2 * 366
_MONTHS_UP_TO = 40 * 366


def facet_values(counts: Mapping[str, int], articles: int) -> tuple[FacetValue, ...]:
    """Values with their counts, largest first, equal ones by name; shares of `articles`."""
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(FacetValue(value, count, count / articles) for value, count in ordered)


def facets(
    counts: Mapping[str, Mapping[str, int]], days: Mapping[int, int], articles: int
) -> dict[str, tuple[FacetValue, ...]]:
    """Every facet; `days` counts articles by ordinal and gives the years."""
    years: Counter[str] = Counter()
    for day, count in days.items():
        years[f"{date.fromordinal(day).year:04d}"] += count
    by_field = {**counts, "year": years}
    return {name: facet_values(by_field.get(name, {}), articles) for name in FACETS}


def timeline(days: Mapping[int, int]) -> tuple[TimeBucket, ...]:
    """Articles by day, week (from Monday), month or year, whichever suits the span; no gaps."""
    if not days:
        return ()
    first, last = date.fromordinal(min(days)), date.fromordinal(max(days))
    starts = list(_bucket_starts(first, last))
    counts = Counter[date]()
    for day, count in days.items():
        counts[_bucket_start(date.fromordinal(day), (last - first).days)] += count
    ends = [*starts[1:], _next_start(starts[-1], (last - first).days)]
    return tuple(
        TimeBucket(start, end, counts[start]) for start, end in zip(starts, ends, strict=True)
    )


def _bucket_starts(first: date, last: date) -> Iterator[date]:
    span = (last - first).days
    start = _bucket_start(first, span)
    while start <= last:
        yield start
        start = _next_start(start, span)


def _bucket_start(day: date, span: int) -> date:
    if span < _DAYS_UP_TO:
        return day
    if span < _WEEKS_UP_TO:
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if span < _MONTHS_UP_TO else day.replace(month=1, day=1)


def _next_start(start: date, span: int) -> date:
    if span < _DAYS_UP_TO:
        return start + timedelta(days=1)
    if span < _WEEKS_UP_TO:
        return start + timedelta(days=7)
    if span < _MONTHS_UP_TO:
        return (start + timedelta(days=31)).replace(day=1)
    return start.replace(year=start.year + 1)


def tally(articles: Iterable[Mapping[tuple[str, str], str]]) -> dict[str, dict[str, int]]:
    """Counts by field and value; each article gives its values by (field, key).

    Values with the same key are one, spelled as the first of them in alphabetical order.
    """
    counts: Counter[tuple[str, str]] = Counter()
    spelled: dict[tuple[str, str], str] = {}
    for values in articles:
        counts.update(values.keys())
        for key, value in values.items():
            if value < spelled.setdefault(key, value):
                spelled[key] = value
    by_field: dict[str, dict[str, int]] = {}
    for key, count in counts.items():
        by_field.setdefault(key[0], {})[spelled[key]] = count
    return by_field
