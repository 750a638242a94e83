"""From what a person typed to a Query: words, required phrases, exclusions, fields, dates.

    airstrike "prisoner affairs" -raid source:CNN lang:en after:2022-09 before:2023

Bare words are searched by meaning and by keywords. A phrase in quotes must stand in the passage
(or the title); `-word` and `-"phrase"` must not. A field given twice admits either value; `-field:`
admits the others. `after` is inclusive, `before` is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import NamedTuple

from search.errors import QueryError
from search.types import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Condition,
    Contains,
    Field,
    Not,
    OneOf,
    Published,
    Query,
    Undated,
)

MAX_CHARS = 4_000
_FIELDS: dict[str, Field] = {
    "source": "source",
    "outlet": "source",
    "author": "author",
    "section": "section",
    "lang": "language",
    "language": "language",
}
_SHORT_NAMES: dict[Field, str] = {"language": "lang"}
_DATES = ("after", "before")
QUOTES = str.maketrans(dict.fromkeys("“”„‟«»〝〞＂", '"'))
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_TOKEN = re.compile(
    r"""(?P<minus>-)?
        (?: (?P<name>[A-Za-z]+) : (?!//) (?: "(?P<quoted>[^"]*)" | (?P<plain>[^\s"]*) )
          | "(?P<phrase>[^"]*)"
          | (?P<word>[^\s"]+|") )""",
    re.VERBOSE,
)


class _Token(NamedTuple):
    start: int
    minus: bool
    name: str | None
    value: str
    is_quoted: bool


@dataclass(slots=True)
class _Reading:
    """What was found so far."""

    words: list[str] = field(default_factory=list)
    phrases: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    values: dict[tuple[Field, bool], list[str]] = field(default_factory=dict)
    after: date | None = None
    before: date | None = None
    notes: list[str] = field(default_factory=list)


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
) -> Query:
    """The query that `text` and the filters beside it mean together.

    A filter given both in the text and beside it must hold both ways. `include_undated` also admits
    articles without a date where a date filter would leave them out.

    Raises:
        QueryError: an unknown field, a value that is no date, more than 4,000 characters.
    """
    if len(text) > MAX_CHARS:
        msg = f"a query of {len(text)} characters; write at most {MAX_CHARS}"
        raise QueryError(msg)
    text = well_formed(text)
    typed = _read(text)
    beside = _Reading(after=_day("after", after), before=_day("before", before))
    for name, values in (
        ("source", source),
        ("author", author),
        ("section", section),
        ("lang", language),
    ):
        several = [values] if isinstance(values, str) else list(values or ())
        if not all(map(str.strip, several)):
            msg = f"{name}: an empty value admits nothing; leave the filter out"
            raise QueryError(msg)
        if several:
            beside.values[_FIELDS[name], False] = [well_formed(value) for value in several]
    condition = _all_of(
        [*_conditions(typed, include_undated), *_conditions(beside, include_undated)]
    )
    return Query(
        text=text,
        words=" ".join(typed.words),
        phrases=tuple(typed.phrases),
        excluded=tuple(typed.excluded),
        condition=condition,
        canonical=" ".join([*_canonical(typed), *_canonical(beside)]),
        notes=tuple(typed.notes),
    )


def well_formed(text: str) -> str:
    """The text with U+FFFD for every half of a surrogate pair, which is no character.

    A shell gives one for each byte of an argument that is not UTF-8.
    """
    return _HALF_CHARACTER.sub("\ufffd", text)


def has_date_filter(condition: Condition) -> bool:
    """Whether a missing date can leave an article out."""
    match condition:
        case Published():
            return True
        case AllOf(parts):
            return any(map(has_date_filter, parts))
        case AnyOf(parts):
            return all(map(has_date_filter, parts))
        case _:
            return False


def without_dates(condition: Condition) -> Condition:
    """The same condition asked of the undated: each date filter becomes `Undated`."""
    match condition:
        case Published():
            return Undated()
        case AllOf(parts):
            return AllOf(tuple(map(without_dates, parts)))
        case AnyOf(parts):
            return AnyOf(tuple(map(without_dates, parts)))
        case _:
            return condition


def _read(text: str) -> _Reading:
    reading = _Reading()
    signs: list[str] = []
    for token in _tokens(text, reading.notes):
        if token.name is not None:
            _read_field(reading, token, text)
        elif not any(character.isalnum() for character in token.value):
            if token.is_quoted or token.minus:
                reading.notes.append(_left_out(token.value))
            else:
                signs.append(token.value)
        elif token.minus:
            reading.excluded.append(token.value)
        else:
            reading.words.append(token.value)
            if token.is_quoted:
                reading.phrases.append(token.value)
    if signs and not reading.words:  # beside words nobody misses a sign
        reading.notes.append(_left_out(" ".join(signs)))
    return reading


def _left_out(signs: str) -> str:
    return f"“{signs}” holds no word and was left out"


def _tokens(text: str, notes: list[str]) -> Iterator[_Token]:
    folded = text.translate(QUOTES)
    for match in _TOKEN.finditer(folded):
        minus = match["minus"] is not None
        if match["name"] is not None:
            is_quoted = match["quoted"] is not None
            value = match["quoted"] if is_quoted else match["plain"]
            yield _Token(match.start(), minus, match["name"], value, is_quoted)
        elif match["phrase"] is not None:
            yield _Token(match.start(), minus, None, " ".join(match["phrase"].split()), True)
        elif match["word"] == '"':
            notes.append(
                f"the quote at character {match.start() + 1} is not closed; it was ignored"
            )
        else:
            word = match["word"]
            if minus and not word[0].isalpha():  # "-5 degrees" is a number, not an exclusion
                word, minus = "-" + word, False
            yield _Token(match.start(), minus, None, word, False)


def _read_field(reading: _Reading, token: _Token, text: str) -> None:
    name = (token.name or "").lower()
    value = token.value.strip()
    if name not in _FIELDS and name not in _DATES:
        raise _unknown_field(token, text)
    if not value:
        msg = f"{name}: needs a value right after the colon"
        raise QueryError(msg, text=text, position=token.start)
    if name in _FIELDS:
        reading.values.setdefault((_FIELDS[name], token.minus), []).append(value)
        return
    if token.minus:
        other = "before" if name == "after" else "after"
        msg = f"-{name}: cannot be read; the opposite is {other}:"
        raise QueryError(msg, text=text, position=token.start, suggestion=f"{other}:{value}")
    day = _day(name, value, text=text, position=token.start)
    if name == "after":
        reading.after = max(filter(None, (day, reading.after)))
    else:
        reading.before = min(filter(None, (day, reading.before)))


def _unknown_field(token: _Token, text: str) -> QueryError:
    typed = f"{token.name}:{token.value}"
    known = (*_FIELDS, *_DATES)
    close = get_close_matches((token.name or "").lower(), known, 1)
    suggestion = f"{close[0]}:{token.value}" if close else f'"{typed}"'
    message = (
        f"there is no field {token.name!r}; fields are {', '.join(known)}. "
        "To search for the text itself, put it in quotes"
    )
    return QueryError(message, text=text, position=token.start, suggestion=suggestion)


def _day(name: str, value: date | str | None, *, text: str = "", position: int = 0) -> date | None:
    """A date, or the first day of the month or year that `value` names."""
    if value is None or isinstance(value, date):
        return value
    parts = re.fullmatch(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?", value.strip())
    try:
        if parts is not None:
            year, month, day = (int(part or 1) for part in parts.groups())
            return date(year, month, day)
    except ValueError:
        pass
    msg = f"{name}: {value!r} is no date; write a year, month or day: 2022, 2022-09, 2022-09-30"
    raise QueryError(msg, text=text, position=position)


def _conditions(reading: _Reading, include_undated: bool) -> Iterator[Condition]:
    for (name, is_negated), values in reading.values.items():
        one_of = OneOf(name, tuple(values))
        yield Not(one_of) if is_negated else one_of
    if reading.after or reading.before:
        published = Published(reading.after, reading.before)
        yield AnyOf((published, Undated())) if include_undated else published
    yield from map(Contains, reading.phrases)
    yield from (Not(Contains(text)) for text in reading.excluded)


def _all_of(conditions: list[Condition]) -> Condition:
    return AllOf(tuple(conditions)) if conditions else EVERYTHING


def _canonical(reading: _Reading) -> Iterator[str]:
    phrases = set(reading.phrases)
    for word in reading.words:
        yield f'"{word}"' if word in phrases else word
    for text in reading.excluded:
        yield f"-{text}" if text.isalpha() else f'-"{text}"'
    for (name, is_negated), values in reading.values.items():
        short = _SHORT_NAMES.get(name, name)
        for value in values:
            quoted = value if re.fullmatch(r"(?!//)\S+", value) else f'"{value}"'
            yield f"{'-' if is_negated else ''}{short}:{quoted}"
    if reading.after:
        yield f"after:{reading.after}"
    if reading.before:
        yield f"before:{reading.before}"
