"""What a reader looks at, as a value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from search.types import FIELDS, Field, Group, Mode, Sort

When = Literal["any", "7d", "30d", "year"]
MAX_TEXT_CHARS = 512
MAX_VALUES = 50
"""Values of one field: each is a chip of the page, and a condition of every search."""

_DAYS: dict[When, int] = {"7d": 7, "30d": 30, "year": 365}


@dataclass(frozen=True, slots=True)
class View:
    """A search and the place in its answer.

    `first` and `last` are days, both included; with one of them, `when` is "any". `like` and
    `open` are passage ids: what to find similar passages for, and what stands open in the reader.
    `page` counts from 1.
    """

    text: str = ""
    like: str | None = None
    source: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    when: When = "any"
    first: date | None = None
    last: date | None = None
    undated: bool = False
    mode: Mode = "hybrid"
    sort: Sort = "relevance"
    group: Group = "copies"
    page: int = 1
    open: str | None = None

    @property
    def has_dates(self) -> bool:
        """Whether dates narrow the search."""
        return self.when != "any" or self.first is not None or self.last is not None

    @property
    def is_filtered(self) -> bool:
        """Whether anything besides the text narrows the search."""
        return self.has_dates or any(self.chosen(field) for field in FIELDS)

    @property
    def is_home(self) -> bool:
        """Whether nothing is asked yet."""
        return not (self.text or self.like or self.is_filtered or self.sort != "relevance")

    def chosen(self, field: Field) -> tuple[str, ...]:
        """The values that the reader chose for `field`."""
        values: tuple[str, ...] = getattr(self, field)
        return values

    def choosing(self, field: Field, values: tuple[str, ...]) -> View:
        """This view with `values` chosen for `field`; none admits any."""
        match field:
            case "source":
                return replace(self, source=values)
            case "section":
                return replace(self, section=values)
            case "author":
                return replace(self, author=values)
            case "language":
                return replace(self, language=values)

    def without_dates(self) -> View:
        """This view at any date."""
        return replace(self, when="any", first=None, last=None, undated=False)

    def without_filters(self) -> View:
        """This view with its text, ranking and order alone."""
        return replace(self.without_dates(), source=(), section=(), author=(), language=())

    def days(self, newest: date | None) -> tuple[date | None, date | None]:
        """The first and the last day admitted, both included; None where that end is open.

        Spans such as "7d" are counted back from the `newest` article's day.
        """
        if self.when == "any" or newest is None:
            return self.first, self.last
        back = timedelta(days=_DAYS[self.when] - 1)
        return date.min + max(newest - date.min - back, timedelta()), None


def read_text(typed: str) -> tuple[str, bool]:
    """The text to search for, and whether it had to be cut to `MAX_TEXT_CHARS`."""
    text = typed.strip()
    return text[:MAX_TEXT_CHARS].strip(), len(text) > MAX_TEXT_CHARS
