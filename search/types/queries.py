"""How a text was read: its words, what it admits, and how it is to be answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

Mode = Literal["hybrid", "semantic", "keyword"]
Sort = Literal["relevance", "newest", "oldest"]
Group = Literal["copies", "story", "none"]
Field = Literal["source", "author", "section", "language"]
MODES: tuple[Mode, ...] = ("hybrid", "semantic", "keyword")
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")
GROUPS: tuple[Group, ...] = ("copies", "story", "none")
FIELDS: tuple[Field, ...] = ("source", "author", "section", "language")


@dataclass(frozen=True, slots=True)
class OneOf:
    """The article's `field` is one of `values`, ignoring case; `en` admits `en-US`."""

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """Published on or after the day `after` and before the day `before`; never undated."""

    after: date | None = None
    before: date | None = None


@dataclass(frozen=True, slots=True)
class Undated:
    """The article has no date of publication."""


@dataclass(frozen=True, slots=True)
class Contains:
    """The words of `text` stand side by side, in this order, in the title or the passage.

    With `within`, each stands at most so many words from the one named next to it, in either order.
    With `is_prefix`, `text` is one word, and any that begins with it will do. With `in_title`, the
    title alone counts.
    """

    text: str
    within: int | None = None
    is_prefix: bool = False
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class UrlHas:
    """The article's address has `part` in it, ignoring case."""

    part: str


@dataclass(frozen=True, slots=True)
class Not:
    """What `condition` does not admit."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """What every one of `conditions` admits; everything when there are none."""

    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What at least one of `conditions` admits; nothing when there are none."""

    conditions: tuple[Condition, ...] = ()


Condition = OneOf | Published | Undated | Contains | UrlHas | Not | AllOf | AnyOf
EVERYTHING = AllOf()
ChipKind = Literal[
    "phrase",
    "required",
    "excluded",
    "field",
    "date",
    "like",
    "sort",
    "mode",
    "group",
    "recency",
    "undated",
]


class Chip(NamedTuple):
    """One part of how a query was read, besides its words.

    `label` says it to a person; `text` is what means it in a query; `without` is the query without
    this part, None where it was not typed but given beside the text. `is_guess`: it was read out of
    a plain sentence, and `without` gives those words back to the search.
    """

    kind: ChipKind
    label: str
    text: str
    without: str | None = None
    is_guess: bool = False


class Suggestion(NamedTuple):
    """A filter that the words seem to ask for: what it says, and the whole query with it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """How a text was read.

    `words` is what is searched by meaning and ranked by keywords: the text without fields and
    exclusions, phrases included without their quotes. `phrases` are required, `excluded` forbidden.
    `condition` holds all of it that admits or rejects, and `chips` say it part by part. `canonical`
    is one text for all of it: typed alone it means the same, on any day. `notes` say where the text
    was read in a way that its writer may not expect. `today` is the day that "last week" counts
    from. `like`, `mode`, `sort` and `group` are None where the text does not name them; `half_life`
    is that of `recency:`, in days.
    """

    text: str
    words: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    condition: Condition = EVERYTHING
    canonical: str = ""
    notes: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    like: str | None = None
    mode: Mode | None = None
    sort: Sort | None = None
    group: Group | None = None
    half_life: int | None = None
    today: date = date.min
