"""The nouns of `NewsIndex.metadata_report`: what is known, missing and odd of articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class Spike(NamedTuple):
    """A day of publication with far more articles of an outlet than its other days have."""

    day: date
    articles: int


class SharedParagraph(NamedTuple):
    """The beginning of a paragraph that many articles of one outlet hold word for word."""

    start: str
    articles: int


@dataclass(frozen=True, slots=True)
class OutletMetadata:
    """Counts of one outlet's articles.

    `repeated` articles share their guid or their canonical link with another article of the index.
    `precisions` and `languages` count the dated and those whose language is known. `flags` counts
    what the readers had to guess. A spike has 20 articles or more, and more than the median of the
    outlet's days with articles by six times their median deviation. Shared paragraphs stand in 5
    articles or more, and in one of a hundred; most frequent first.
    """

    outlet: str
    articles: int
    without_date: int
    without_title: int
    without_author: int
    without_url: int
    without_language: int
    future_dates: int
    dates_before_1990: int
    conflicting_dates: int
    repeated: int
    precisions: Mapping[str, int]
    languages: Mapping[str, int]
    flags: Mapping[str, int]
    spikes: tuple[Spike, ...]
    shared_paragraphs: tuple[SharedParagraph, ...]


@dataclass(frozen=True, slots=True)
class MetadataReport:
    """Every outlet, that with the most articles first; `seconds` is how long looking took.

    `alike` has groups of outlets whose names differ in little but spelling: perhaps one outlet.
    """

    articles: int
    outlets: tuple[OutletMetadata, ...]
    alike: tuple[tuple[str, ...], ...]
    seconds: float
