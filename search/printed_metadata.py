"""The report on metadata as lines for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TYPE_CHECKING

from search.written import count

if TYPE_CHECKING:
    from search.metadata import MetadataReport, OutletMetadata

MOST_OUTLETS = 40
MOST_DETAILS = 5
NAME_CHARS = 28

_COLUMNS = ("articles", "date", "title", "author", "url", "lang", "future", "<1990", "conflict")


def metadata_lines(report: MetadataReport) -> Iterator[str]:
    """A table of what is missing, then what is odd."""
    outlets = count(len(report.outlets), "outlet")
    yield f"{count(report.articles, 'article')} of {outlets} in {report.seconds:.1f} s"
    if not report.articles:
        return
    yield "\nwithout date, title, author, url, language: share of articles; the rest: articles"
    yield f"{'outlet':{NAME_CHARS}} " + " ".join(f"{name:>8}" for name in _COLUMNS)
    for outlet in report.outlets[:MOST_OUTLETS]:
        yield _row(outlet)
    if len(report.outlets) > MOST_OUTLETS:
        yield f"… {len(report.outlets) - MOST_OUTLETS:,} more; --json lists them"
    yield from _section("dates by precision, languages", map(_kinds, report.outlets), MOST_OUTLETS)
    yield from _section("far more on a day than usual", map(_spikes, report.outlets))
    yield from _section("the same guid or link as another", map(_repeated, report.outlets))
    yield from _section("paragraphs that many articles share", map(_shared, report.outlets))
    yield from _section("perhaps one outlet", (" = ".join(group) for group in report.alike))


def _row(outlet: OutletMetadata) -> str:
    missing = (
        outlet.without_date,
        outlet.without_title,
        outlet.without_author,
        outlet.without_url,
        outlet.without_language,
    )
    odd = (outlet.future_dates, outlet.dates_before_1990, outlet.conflicting_dates)
    cells = [
        f"{outlet.articles:,}",
        *(_percent(many, outlet.articles) for many in missing),
        *(f"{many:,}" if many else "" for many in odd),
    ]
    return f"{_name(outlet)} " + " ".join(f"{cell:>8}" for cell in cells)


def _percent(part: int, whole: int) -> str:
    if not part:
        return ""
    return f"{part / whole:.0%}" if 100 * part >= whole else "<1%"


def _name(outlet: OutletMetadata) -> str:
    name = outlet.outlet
    return f"{name if len(name) <= NAME_CHARS else name[: NAME_CHARS - 1] + '…':{NAME_CHARS}}"


def _section(title: str, lines: Iterable[str], most: int = MOST_OUTLETS) -> Iterator[str]:
    """The lines that say something, under a title; nothing where none does."""
    told = [line for line in lines if line]
    if told:
        yield f"\n{title}:"
        yield from (f"  {line}" for line in told[:most])
        if len(told) > most:
            yield f"  … {len(told) - most:,} more; --json lists them"


def _kinds(outlet: OutletMetadata) -> str:
    dates = ", ".join(f"{name} {many:,}" for name, many in outlet.precisions.items())
    tongues = ", ".join(
        f"{name} {many:,}" for name, many in islice(outlet.languages.items(), MOST_DETAILS)
    )
    return f"{_name(outlet)} {dates or 'no dates'}; {tongues or 'no language'}"


def _spikes(outlet: OutletMetadata) -> str:
    days = ", ".join(f"{day} ({many:,})" for day, many in outlet.spikes[:MOST_DETAILS])
    more = len(outlet.spikes) - MOST_DETAILS
    return days and f"{_name(outlet)} {days}" + (f", {more:,} more days" if more > 0 else "")


def _repeated(outlet: OutletMetadata) -> str:
    return f"{_name(outlet)} {count(outlet.repeated, 'article')}" if outlet.repeated else ""


def _shared(outlet: OutletMetadata) -> str:
    told = outlet.shared_paragraphs[:MOST_DETAILS]
    lines = "".join(f"\n    {one.articles:>6,}  {one.start}" for one in told)
    return lines and f"{outlet.outlet}{lines}"
