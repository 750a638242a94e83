"""The fields of the query language: their names, and the conditions that they stand for."""

from __future__ import annotations

from datetime import date
from difflib import get_close_matches

from search.errors import QueryError
from search.query.dates import DATES, date_range
from search.query.nodes import FieldValues, Phrase, Word
from search.query.settings import SETTINGS
from search.types import AnyOf, Condition, Contains, Field, OneOf, UrlHas

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
    """The field's own name in place of an alias; None when there is no such field."""
    name = node.name.lower()
    return _ALIASES.get(name, name) if name in _KNOWN else None


def checked(node: FieldValues, text: str) -> str:
    """The field's own name.

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
    value = node.values[0].text if node.values else ""
    close = get_close_matches(node.name.lower(), _KNOWN, 1)
    typed = f"{node.name}:{value}"
    message = (
        f"there is no field {node.name!r}; fields are {_SHOWN}. "
        "To search for the text itself, put it in quotes"
    )
    suggestion = f"{close[0]}:{value}" if close else f'"{typed}"'
    return QueryError(message, text=text, position=node.span[0], suggestion=suggestion)


def admitting(node: FieldValues, text: str, today: date) -> Condition:
    """The condition that a field other than a setting stands for.

    Raises:
        QueryError: no such field, no such date, or a setting, which is no condition.
    """
    name = checked(node, text)
    if name in DATES:
        return date_range(node, text, name, today).condition
    if name == "title":
        return any_of([_in_title(value) for value in node.values])
    if name in SETTINGS:
        msg = f"{name}: holds for the whole query, and cannot stand inside OR, NOT or parentheses"
        raise QueryError(msg, text=text, position=node.span[0])
    values = [_whole(value, name, text) for value in node.values]
    if name == "url":
        return any_of([UrlHas(value) for value in values])
    return OneOf(METADATA[name], tuple(values))


def any_of(conditions: list[Condition]) -> Condition:
    """One of them, itself where it is alone."""
    return conditions[0] if len(conditions) == 1 else AnyOf(tuple(conditions))


def whole_values(node: FieldValues, name: str, text: str) -> list[str]:
    """The values of a field of metadata; raises QueryError where one has an operator in it."""
    return [_whole(value, name, text) for value in node.values]


def _in_title(value: Word | Phrase) -> Condition:
    if isinstance(value, Phrase):
        return Contains(value.text, value.within, in_title=True)
    stem = value.text.rstrip("*")
    if stem != value.text and stem.isalnum():
        return Contains(stem, is_prefix=True, in_title=True)
    return Contains(value.text, in_title=True)


def _whole(value: Word | Phrase, name: str, text: str) -> str:
    is_cut = isinstance(value, Word) and value.text.endswith("*")
    if is_cut or (isinstance(value, Phrase) and value.within is not None):
        msg = f"{name}: takes whole values; a star or ~ is not read there"
        raise QueryError(msg, text=text, position=value.span[0])
    return value.text.strip()
