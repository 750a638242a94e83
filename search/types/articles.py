"""What was published, and how it is cut: articles and passages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, Literal

Precision = Literal["second", "day", "month", "year"]
Provenance = Literal["header", "field", "metadata", "text", "url"]
Span = tuple[int, int]
"""Start and end (exclusive), in code points."""
UNKNOWN_SOURCE = "Unknown"
"""The outlet of an article that names none."""
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Article:
    """A news item as published.

    `text` is normalised (NFC, LF, no control characters; paragraphs separated by an empty line)
    before any offset into it exists. `published` is a `date` when only the day (or less, see
    `published_precision`) is known, an aware `datetime` otherwise. `updated` is True when the
    article says that it was updated but not when. `language` is a BCP 47 tag. `extras` holds what
    the format had besides, JSON values only; `extras["flags"]` lists what the reader had to guess.
    """

    id: str
    text: str
    title: str | None = None
    source: str = UNKNOWN_SOURCE
    authors: tuple[str, ...] = ()
    published: date | datetime | None = None
    published_precision: Precision | None = None
    published_from: Provenance | None = None
    updated: date | datetime | Literal[True] | None = None
    url: str | None = None
    section: str | None = None
    language: str | None = None
    extras: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    @property
    def day(self) -> date | None:
        """The day of publication; for month or year precision, the first day of it."""
        if isinstance(self.published, datetime):
            return self.published.date()
        return self.published

    @property
    def is_excerpt(self) -> bool:
        """Whether little of the text is there: under 60 words, a summary, or cut by a paywall."""
        return "stub" in self.extras.get("flags", ())

    @property
    def version(self) -> int | None:
        """Which version of its guid this is, as agencies count them: a higher one is newer."""
        version = self.extras.get("version")
        return version if type(version) is int and "guid" in self.extras else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of an article: `article.text[start:end] == text`.

    `id` depends on the article's id and this text alone, so it survives re-indexing.
    `number` counts from 0 in reading order. `sentences` are spans in the article's text; they
    lie within [start, end), in order.
    """

    id: str
    article_id: str
    number: int
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...] = ()
