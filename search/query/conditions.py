"""From what was read to what an article or passage must be to be admitted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from search.conditions import contained
from search.errors import QueryError
from search.query.dates import DATES, date_range
from search.query.fields import METADATA, checked_name, known_name, whole_values
from search.query.nodes import FieldValues, Group, Negated, Node, Phrase, Word
from search.query.parts import Reading
from search.query.settings import SETTINGS
from search.query.spelling import spelled_values
from search.types import AllOf, AnyOf, Condition, Contains, Not, OneOf, Undated, UrlHas

MOST_REQUIRED = 100
MOST_NEAR = 10
_OPPOSITES = {"after": "before", "before": "after"}


def condition_of(node: Node, text: str, today: date) -> Condition:
    """The condition that a node stands for, at its place in the query `text`.

    Raises:
        QueryError: no such field or date, `-after:`, or a setting, which is no condition.
    """
    match node:
        case Word(word, _, is_prefix):
            return Contains(word, is_prefix=is_prefix)
        case Phrase(words, _, within):
            return Contains(words, within)
        case FieldValues():
            return _field_condition(node, text, today)
        case Negated(FieldValues() as inner) if known_name(inner) in _OPPOSITES:
            raise _turned_round(inner, text, node.span[0])
        case Negated(inner):
            return Not(condition_of(inner, text, today))
        case Group(is_or, nodes):
            conditions = tuple(condition_of(one, text, today) for one in nodes)
            return AnyOf(conditions) if is_or else AllOf(conditions)


def _field_condition(node: FieldValues, text: str, today: date) -> Condition:
    name = checked_name(node, text)
    if name in SETTINGS:
        msg = f"{name}: holds for the whole query, and cannot stand inside OR, NOT or parentheses"
        raise QueryError(msg, text=text, position=node.span[0])
    if name in DATES:
        return date_range(node, text, name, today).condition
    if name == "title":
        return _any_of([_in_title(value) for value in node.values])
    values = whole_values(node, name, text)
    if name == "url":
        return _any_of([UrlHas(value) for value in values])
    return OneOf(METADATA[name], tuple(values))


def _in_title(value: Word | Phrase) -> Condition:
    if isinstance(value, Phrase):
        return Contains(value.text, value.within, in_title=True)
    stem = value.text.rstrip("*")
    if stem != value.text and stem.isalnum():
        return Contains(stem, is_prefix=True, in_title=True)
    return Contains(value.text, in_title=True)


def _any_of(conditions: Sequence[Condition]) -> Condition:
    """One of them, itself where it is alone."""
    return conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions))


def _turned_round(node: FieldValues, text: str, start: int) -> QueryError:
    """What to write for `-after:`, of which `start` is the place of the minus."""
    name = checked_name(node, text)
    opposite = _OPPOSITES[name]
    return QueryError(
        f"-{name}: cannot be read; the opposite is {opposite}:",
        text=text,
        position=start,
        end=node.span[1],
        suggestion=f"{opposite}:{spelled_values([value.text for value in node.values])}",
    )


def conditions_of(reading: Reading, *, with_undated: bool) -> Iterator[Condition]:
    """All that the reading demands; `with_undated` lets articles without a date past its dates."""
    for (name, is_negated), values in reading.values.items():
        one_of = OneOf(name, tuple(values))
        yield Not(one_of) if is_negated else one_of
    if not reading.dates.is_open:
        published = reading.dates.condition
        yield AnyOf((published, Undated())) if with_undated else published
    yield from (part.condition for part in reading.parts if part.condition is not None)


def check_size(condition: Condition, text: str) -> None:
    """Refuse what would take a search more than a second.

    Raises:
        QueryError: more than `MOST_REQUIRED` words, or `MOST_NEAR` near one another.
    """
    held = list(contained(condition))
    words = sum(len(one.text.split()) for one in held)
    near = sum(len(one.text.split()) for one in held if one.within is not None)
    if words > MOST_REQUIRED:
        msg = f"{words} words must or must not stand in a passage; name at most {MOST_REQUIRED}"
        raise QueryError(msg, text=text)
    if near > MOST_NEAR:
        msg = f"{near} words are to stand near one another (~); name at most {MOST_NEAR}"
        raise QueryError(msg, text=text, position=text.index("~"))
