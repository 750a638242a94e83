"""Parts of a query as text: as a query spells them, and as a person says them."""

from __future__ import annotations

import re
from datetime import date, timedelta

from search.query.nodes import FieldValues, Group, Negated, Node, Phrase, Word
from search.query.tokens import OPERATORS

_PREFIX = re.compile(r"[^\W_]+\*+")
_PLAIN_VALUE = re.compile(r'(?!//)[^\s"():*~-][^\s"():*~]*')


def spelled(node: Node) -> str:
    """A query text that means the node, where a condition is wanted."""
    match node:
        case Word(text, _, is_prefix):
            return f"{text}*" if is_prefix else f'"{text}"'
        case Phrase(text, _, within):
            return f'"{text}"' + ("" if within is None else f"~{within}")
        case FieldValues(name, values):
            return f"{name}:{_joined_by_or([_spelled_leaf(value) for value in values])}"
        case Negated(inner):
            return spelled_negated(inner)
        case Group(is_or, nodes):
            return f"({(' OR ' if is_or else ' AND ').join(map(spelled, nodes))})"


def spelled_negated(node: Node) -> str:
    """A query text for what must not be; a minus before a digit would be a number's."""
    text = spelled(node)
    return f"-{text}" if text[0].isalpha() or text[0] in '"(' else f"NOT {text}"


def spelled_values(values: list[str]) -> str:
    """One value, or several in parentheses, in quotes where they need them."""
    return _joined_by_or([spelled_value(one) for one in values])


def _joined_by_or(values: list[str]) -> str:
    if len(values) == 1:
        return values[0]
    return f"({' OR '.join(values)})"


def _spelled_leaf(node: Word | Phrase) -> str:
    if isinstance(node, Phrase):
        return spelled_value(node.text) if node.within is None else f'"{node.text}"~{node.within}'
    return node.text if _PREFIX.fullmatch(node.text) else spelled_value(node.text)


def spelled_value(text: str) -> str:
    """A value of a field, in quotes where it needs them."""
    return text if _PLAIN_VALUE.fullmatch(text) and text not in OPERATORS else f'"{text}"'


def said(node: Node) -> str:
    """The node in words."""
    match node:
        case Word(text, _, is_prefix):
            return f"“{text}…”" if is_prefix else f"“{text}”"
        case Phrase(text, _, within):
            return f"“{text}”" + ("" if within is None else f" within {within} words")
        case FieldValues("date", (Word(text),)) if ".." in text:
            return _range_said(text)
        case FieldValues(name, values):
            return f"{name} {' or '.join(map(_value_said, values))}"
        case Negated(inner):
            return f"not {said(inner)}"
        case Group(is_or, nodes):
            joined = (" or " if is_or else " and ").join(map(said, nodes))
            return f"({joined})"


def _value_said(value: Word | Phrase) -> str:
    return said(value) if isinstance(value, Phrase) and value.within is not None else value.text


def period_said(after: date | None, before: date | None) -> str:
    """From the day `after` to before the day `before`: "Oct 2022", "1–14 Oct 2022"."""
    if before == date.min:
        return "no day"
    if after is None or before is None:
        if before is not None:
            return f"until {_day(before - timedelta(days=1))}"
        return "any date" if after is None else f"since {_day(after)}"
    if after >= before:
        return "no day"
    last = before - timedelta(days=1)
    if (after.month, after.day, last.month, last.day) == (1, 1, 12, 31):
        return f"{after.year}" if after.year == last.year else f"{after.year}–{last.year}"
    if after.day == 1 and before.day == 1:
        first, end = f"{after:%b} {after.year}", f"{last:%b} {last.year}"
        if first == end:
            return first
        return f"{after:%b}–{end}" if after.year == last.year else f"{first} – {end}"
    if after == last:
        return _day(after)
    if (after.year, after.month) == (last.year, last.month):
        return f"{after.day}–{_day(last)}"
    first = f"{after.day} {after:%b}" if after.year == last.year else _day(after)
    return f"{first} – {_day(last)}"


def _range_said(text: str) -> str:
    first, _, last = text.partition("..")
    after = date.fromisoformat(first) if first else None
    end = date.fromisoformat(last) + timedelta(days=1) if last else None
    return period_said(after, end)


def _day(day: date) -> str:
    return f"{day.day} {day:%b} {day.year}"
