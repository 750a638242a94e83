"""Bylines into names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from search.ingest.text import one_line

_BY = re.compile(r"^by[\s:]+", re.IGNORECASE)
_AROUND = " ,;|"
_BETWEEN_NAMES = re.compile(r"\s*[;|\n]\s*|\s+(?:and|&)\s+")
_AFTER_A_NAME = re.compile(r"(?:jr|sr|ph\.?d|m\.?d|[ivx]+|esq)\.?$", re.IGNORECASE)
_NAME_KEYS = ("name", "full_name", "fullname", "display_name", "title")


def authors(value: object) -> tuple[str, ...]:
    """The names in a byline or a list of names, in order, each once."""
    return tuple(dict.fromkeys(name for text in _texts(value) if (name := _name(text))))


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return _split(value)
    if isinstance(value, Mapping):
        return _listed([value])
    return _listed(value) if isinstance(value, list | tuple) else ()


def _listed(values: Iterable[object]) -> Iterator[str]:
    """A list is split already; its members are texts or, as in schema.org, objects with a name."""
    for value in values:
        if isinstance(value, Mapping):
            yield next((v for k in _NAME_KEYS if isinstance(v := value.get(k), str)), "")
        elif isinstance(value, str):
            yield value


def _split(byline: str) -> list[str]:
    parts: list[str] = []
    for part in _BETWEEN_NAMES.split(_BY.sub("", byline.strip())):
        names = [name.strip() for name in part.strip(_AROUND).split(",")]
        parts += names if all(_is_full_name(name) for name in names) else [part]
    return parts


def _is_full_name(text: str) -> bool:
    """Two words or more, so that `Smith, Jane` and `King, Jr.` stay whole."""
    return " " in text and not _AFTER_A_NAME.fullmatch(text)


def _name(text: str) -> str | None:
    name = one_line(text) or ""
    while (shorter := _BY.sub("", name.strip(_AROUND))) != name:
        name = shorter
    return one_line(name)
