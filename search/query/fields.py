"""The fields of the query language: their names, and whole values."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from difflib import get_close_matches

from search.errors import QueryError
from search.query.dates import DATES, date_range
from search.query.nodes import FieldValues, Group, Negated, Node, Phrase, Word
from search.query.settings import SETTINGS
from search.types import Field

METADATA: dict[str, Field] = {
    "source": "source",
    "outlet": "source",
    "author": "author",
    "byline": "author",
    "section": "section",
    "lang": "language",
    "language": "language",
}
NAMES: dict[Field, str] = {
    "source": "source",
    "author": "author",
    "section": "section",
    "language": "lang",
}
_ALIASES = {"headline": "title", "site": "url", "since": "after"}
_KNOWN = (*METADATA, "title", "headline", "url", "site", *DATES, "since", *SETTINGS)
_SHOWN = "source, author, section, lang, title, url, after, before, on, date, like, sort, mode"


def known_name(node: FieldValues) -> str | None:
    """One name for every way to write the field, except that `METADATA` tells the ways of its own.

    None when there is no such field.
    """
    name = node.name.lower()
    return _ALIASES.get(name, name) if name in _KNOWN else None


def checked_name(node: FieldValues, text: str) -> str:
    """The `known_name` of a field at its place in the query `text`.

    Raises:
        QueryError: there is no such field, or it has no value.
    """
    name = known_name(node)
    if name is None:
        raise _unknown(node, text)
    if not node.values or not all(value.text.strip() for value in node.values):
        msg = f"{node.name.lower()}: needs a value right after the colon"
        raise QueryError(msg, text=text, position=node.span[0])
    return name


def _unknown(node: FieldValues, text: str) -> QueryError:
    start, end = node.span
    typed, values = text[start + len(node.name) : end], [value.text for value in node.values]
    close = get_close_matches(node.name.lower(), _KNOWN, 1)
    message = (
        f"there is no field {node.name!r}; fields are {_SHOWN}. "
        "To search for the text itself, put it in quotes"
    )
    suggestion = f"{close[0]}{typed}" if close else f'"{node.name}:{" ".join(values)}"'
    return QueryError(message, text=text, position=start, end=end, suggestion=suggestion)


def whole_values(node: FieldValues, name: str, text: str) -> list[str]:
    """The values of a field, which compares them as they stand.

    Raises:
        QueryError: a value has an operator in it.
    """
    return [_whole(value, name, text) for value in node.values]


def _whole(value: Word | Phrase, name: str, text: str) -> str:
    is_cut = isinstance(value, Word) and value.text.endswith("*")
    if is_cut or (isinstance(value, Phrase) and value.within is not None):
        msg = f"{name}: takes whole values; a star or ~ is not read there"
        raise QueryError(msg, text=text, position=value.span[0])
    return value.text.strip()


def settled(node: Node, text: str, today: date) -> Node:
    """The node with the names of `NAMES`, and with days in place of "last week".

    Raises:
        QueryError: no such field, or no such date.
    """
    match node:
        case Negated(inner):
            return replace(node, node=settled(inner, text, today))
        case Group(nodes=nodes):
            return replace(node, nodes=tuple(settled(one, text, today) for one in nodes))
        case FieldValues():
            name = checked_name(node, text)
            if name not in DATES:
                return replace(node, name=NAMES[METADATA[name]] if name in METADATA else name)
            days = date_range(node, text, name, today)
            return replace(node, name="date", values=(Word(days.spelled, node.span),))
        case _:
            return node
