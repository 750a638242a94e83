"""Bylines into names: who wrote it, and which outlets and agencies stand beside them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from search.ingest.byline_parts import Part, read_part
from search.ingest.text import one_line
from search.outlet_names import Outlets, default_outlets

MAX_BYLINE_CHARS = 4_000
"""What follows is not looked at."""

_BY = re.compile(
    r"^(?:(?:(?:additional )?reporting|written|story|words|analysis|opinion|posted) )?by[\s:]+",
    re.IGNORECASE,
)
_BY_ABROAD = re.compile(
    r"^(?:von|par|por|di|door|av|af)\s+(?!de[rnm]\b|zu\b)(?=\S+\s+\S)", re.IGNORECASE
)
"""Where two words or more follow: Von Miller is a name."""
_AROUND = ' ,;|·•/"“”'
_BETWEEN_NAMES = re.compile(r"\s*[;|\n·•]\s*|\s+(?:and|&|with)\s+")
_BETWEEN_FULL_NAMES = re.compile(r"\s+(?:und|et|y|e|och|og)\s+")
"""Only where full names stand on both sides: José Ortega y Gasset is one man."""
_AFTER_A_NAME = re.compile(r"(?:jr|sr|ph\.?d|m\.?d|[ivx]+|esq|[mo]be|cbe)\.?", re.IGNORECASE)
_NAME_KEYS = ("name", "full_name", "fullname", "display_name", "title")


class Byline(NamedTuple):
    """Names in order, each once; `is_trimmed`: something besides, such as a role, was cut."""

    authors: tuple[str, ...] = ()
    credits: tuple[str, ...] = ()
    is_trimmed: bool = False


def byline(value: object, outlets: Outlets | None = None, own: Iterable[str] = ()) -> Byline:
    """Who is named in a byline or a list of names.

    Outlets, agencies and their staff are credits, under the names by which outlets are shown; so is
    what is in `own`, the names of the article's outlet.
    """
    known = outlets or default_outlets()
    ours = frozenset(name.casefold() for name in own)
    parts = [part for text in _texts(value) for part in _parts(text, known, ours)]
    names = dict.fromkeys(name for part in parts if (name := one_line(part.name or "")))
    credited = dict.fromkeys(one_line(name) or "" for part in parts for name in part.credits)
    credited.pop("", None)
    return Byline(tuple(names), tuple(credited), any(part.is_trimmed for part in parts))


def _texts(value: object) -> Iterable[str]:
    """Names, perhaps with commas in them."""
    if isinstance(value, str):
        return _split(value)
    if isinstance(value, Mapping):
        return _listed([value])
    return _listed(value) if isinstance(value, list | tuple) else ()


def _listed(values: Iterable[object]) -> Iterator[str]:
    """A list is split already; its members are texts or, as in schema.org, objects with a name."""
    for value in values:
        if isinstance(value, Mapping):
            value = next((v for k in _NAME_KEYS if isinstance(v := value.get(k), str)), "")
        if isinstance(value, str):
            yield from _split(value) if _BY.match(value.strip()) else [value]


def _split(text: str) -> Iterator[str]:
    text = _BY_ABROAD.sub("", _without_by(text[:MAX_BYLINE_CHARS].strip()))
    for part in _BETWEEN_NAMES.split(text):
        sides = _BETWEEN_FULL_NAMES.split(part)
        before = (side.rpartition(",")[2] for side in sides[:-1])
        behind = (side.partition(",")[0] for side in sides[1:])
        are_full = all(" " in name.strip() for name in (*before, *behind))
        yield from sides if are_full else [part]


def _parts(text: str, known: Outlets, ours: frozenset[str]) -> list[Part]:
    """What stands between commas, except that `Smith, Jane` and `King, Jr.` stay whole."""
    parts = [read_part(one, known, ours) for one in _between_commas(_clean(text))]
    people = [part for part in parts if part.name]
    if len(people) < 2 or all(" " in (part.name or "") for part in people):
        return parts
    whole = ", ".join(part.name or "" for part in people)
    return [Part(whole), *(part._replace(name=None) for part in parts)]


def _between_commas(text: str) -> list[str]:
    parts: list[str] = []
    for part in filter(None, map(str.strip, text.split(","))):
        if parts and _AFTER_A_NAME.fullmatch(part):
            parts[-1] += f", {part}"
        else:
            parts.append(part)
    return parts


def _clean(text: str) -> str:
    return _without_by(one_line(text[:MAX_BYLINE_CHARS]) or "")


def _without_by(text: str) -> str:
    while (shorter := _BY.sub("", text.strip(_AROUND))) != text:
        text = shorter
    return text
