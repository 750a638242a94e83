"""The fields that hold for the whole search, such as `sort:` and `mode:`, and their values.

Each function reads the value of its field, at its place in the query `text`, and raises QueryError
for one that the field does not take.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TypeVar

from search.errors import QueryError
from search.query.nodes import FieldValues
from search.types import GROUPS, MODES, SORTS, Group, Mode, Sort

SETTINGS = ("like", "sort", "mode", "group", "recency", "undated", "dates")
_HALF_LIFE = re.compile(r"(\d{1,4})([dwmy])")
_DAYS = {"d": 1, "w": 7, "m": 30, "y": 365}
_Choice = TypeVar("_Choice", bound=str)


def mode(node: FieldValues, text: str) -> Mode:
    """The value of `mode:`."""
    return _choice(node, text, MODES)


def sort(node: FieldValues, text: str) -> Sort:
    """The value of `sort:`."""
    return _choice(node, text, SORTS)


def half_life(node: FieldValues, text: str) -> int:
    """The value of `recency:`, in days, 1 or more."""
    value = _single(node, text)
    found = _HALF_LIFE.fullmatch(value.lower())
    days = int(found[1]) * _DAYS[found[2]] if found else 0
    if days < 1:
        msg = f"recency: {value!r} is no half-life; write days, weeks, months or years: 30d, 2w"
        start, end = node.span
        raise QueryError(msg, text=text, position=start, end=end, suggestion="recency:30d")
    return days


def is_on(node: FieldValues, text: str, on: str, off: str) -> bool:
    """Whether a setting of two values has the value `on`."""
    return _choice(node, text, (on, off)) == on


def group(node: FieldValues, text: str) -> Group:
    """The value of `group:`."""
    return _choice(node, text, GROUPS)


def like(node: FieldValues, text: str) -> str:
    """The value of `like:`, the id of an article or a passage."""
    return _single(node, text)


def _single(node: FieldValues, text: str) -> str:
    if len(node.values) > 1:
        msg = f"{node.name.lower()}: takes one value"
        raise QueryError(msg, text=text, position=node.values[1].span[0])
    return node.values[0].text.strip()


def _choice(node: FieldValues, text: str, choices: tuple[_Choice, ...]) -> _Choice:
    """The one of `choices` that stands there, in whatever case."""
    name, value = node.name.lower(), _single(node, text).lower()
    for choice in choices:
        if choice == value:
            return choice
    close = get_close_matches(value, choices, 1)
    raise QueryError(
        f"{name}: is one of {', '.join(choices)}, not {value!r}",
        text=text,
        position=node.span[0],
        end=node.span[1],
        suggestion=f"{name}:{close[0]}" if close else None,
    )
