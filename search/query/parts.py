"""What a query says, part by part, before conditions and chips are made of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from search.query.dates import EVERY_DAY, DateRange
from search.query.nodes import Word
from search.types import ChipKind, Condition, Field, Group, Mode, Sort


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the query in its place: soft words have no kind and no condition.

    `text` is what means it in a query, `words` are those of it that are searched for, and `label`
    says it to a person. `node` is that of a soft word, which may belong to a date.
    """

    text: str
    words: tuple[str, ...] = ()
    kind: ChipKind | None = None
    label: str = ""
    condition: Condition | None = None
    node: Word | None = None


@dataclass(slots=True)
class Reading:
    """Everything read: the `parts` in the order of the text, and what has no place among them.

    `values` are those of each field of metadata, apart for the field negated (True). `dates` are
    the days that all fields of dates admit together. `half_life` is in days.
    """

    parts: list[Part] = field(default_factory=list)
    values: dict[tuple[Field, bool], list[str]] = field(default_factory=dict)
    dates: DateRange = EVERY_DAY
    like: str | None = None
    mode: Mode | None = None
    sort: Sort | None = None
    group: Group | None = None
    half_life: int | None = None
    with_undated: bool = False
    reads_dates: bool = True
    phrases: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
