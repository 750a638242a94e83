"""From what a person typed, and the filters beside it, to a Query.

docs/query-language.md describes the language.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from search.errors import QueryError
from search.query.chips import chips_beside, chips_of, settled_text, texts_of
from search.query.conditions import check_size, conditions_of
from search.query.dates import DateRange, read_dates
from search.query.fields import NAMES
from search.query.guessing import guess_dates
from search.query.interpreting import interpret
from search.query.parts import Reading
from search.types import EVERYTHING, AllOf, Field, Query

MAX_CHARS = 4_000
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def read_query(
    text: str,
    *,
    source: str | Sequence[str] | None = (),
    author: str | Sequence[str] | None = (),
    section: str | Sequence[str] | None = (),
    language: str | Sequence[str] | None = (),
    after: date | str | None = None,
    before: date | str | None = None,
    include_undated: bool = False,
    now: date | None = None,
) -> Query:
    """The query that `text` and the filters beside it mean together.

    A filter given both in the text and beside it must hold both ways. `include_undated` also admits
    articles without a date where a date filter would leave them out. `now` is the day, or moment,
    that "last week" counts from; by default today.

    Raises:
        QueryError: an unknown field, a value that is no date, an empty filter, or more characters
            or required words than a query may have.
    """
    if len(text) > MAX_CHARS:
        msg = f"a query of {len(text)} characters; write at most {MAX_CHARS}"
        raise QueryError(msg)
    text, today = well_formed(text), _day_of(now)
    typed = interpret(text, today)
    filters = _filters(
        {"source": source, "author": author, "section": section, "language": language},
        DateRange(_first_day("after", after, today), _first_day("before", before, today)),
        include_undated=include_undated,
    )
    guess = guess_dates(typed, text, today)
    reading = typed if guess is None else guess.applied_to(typed)
    if reading.dates.intersection(filters.dates).is_empty:
        typed.notes.append("no day is on or after the one date and before the other")
    with_undated = filters.with_undated or typed.with_undated
    conditions = (
        *conditions_of(reading, with_undated=with_undated),
        *conditions_of(filters, with_undated=with_undated),
    )
    condition = AllOf(conditions) if conditions else EVERYTHING
    check_size(condition, text)
    beside = tuple(chips_beside(filters))
    return Query(
        text=text,
        words=" ".join(word for part in reading.parts for word in part.words),
        phrases=tuple(typed.phrases),
        excluded=tuple(typed.excluded),
        condition=condition,
        canonical=settled_text(
            [*texts_of(reading), *(chip.text for chip in beside)],
            has_dates=not (reading.dates.is_open and filters.dates.is_open),
        ),
        notes=tuple(typed.notes),
        chips=(*chips_of(typed, guess, today), *beside),
        like=typed.like,
        mode=typed.mode,
        sort=typed.sort,
        group=typed.group,
        half_life=typed.half_life,
        today=today,
    )


def well_formed(text: str) -> str:
    """The text with U+FFFD for every half of a surrogate pair, which is no character.

    A shell gives one for each byte of an argument that is not UTF-8.
    """
    return _HALF_CHARACTER.sub("\ufffd", text)


def _day_of(now: date | None) -> date:
    if now is None:
        return datetime.now().astimezone().date()
    return now.date() if isinstance(now, datetime) else now


def _first_day(name: str, value: date | str | None, today: date) -> date | None:
    """The day that `after` or `before` beside the text names: the first of a period."""
    if value is None or isinstance(value, date):
        return value
    days = read_dates(name, value, today)
    return days.after or days.before


def _filters(
    given: dict[Field, str | Sequence[str] | None], dates: DateRange, *, include_undated: bool
) -> Reading:
    """What the filters beside the text say.

    Raises:
        QueryError: a value is empty.
    """
    filters = Reading(dates=dates, with_undated=include_undated)
    for name, values in given.items():
        listed = [values] if isinstance(values, str) else list(values or ())
        if not all(map(str.strip, listed)):
            msg = f"{NAMES[name]}: an empty value admits nothing; leave the filter out"
            raise QueryError(msg)
        if listed:
            filters.values[name, False] = [well_formed(value) for value in listed]
    return filters
