"""Outlets that a query names: "what did Reuters report" may want source:Reuters.

source:cnn.com wants CNN.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from search.conditions import sources_in
from search.outlet_names import Outlets, default_outlets
from search.types import AllOf, AnyOf, Condition, Not, OneOf

_SECTION = re.compile(r"\s*(?:\([^)]*\)|-\s*(?:news|editorial|opinion))$")
_ENDINGS = re.compile(r"(?:\s+(?:news|online|web|magazine)|\.com)+$")
_BEFORE = re.compile(
    r"\b(?:according to|(?:did|does|has|have|in|by|from|of|on) (?:the )?)$", re.IGNORECASE
)
MOST_NAMED = 3


def named_outlets(words: str, outlets: Iterable[str]) -> list[str]:
    """The outlets, as they are spelled in the index, that a query's words seem to name; at most 3.

    A name of several words, or one in capitals, counts wherever it stands; another word only with a
    capital and after such words as "by" and "according to": Time and Reason are words as well. Of
    outlets that share a name, such as "CNN" and "CNN (Opinion)", all come. They stand in the order
    of the words.
    """
    named = _named(tuple(outlets), default_outlets())
    if not named.names:
        return []
    found: dict[str, None] = {}
    for match in named.pattern.finditer(words):
        name = named.names.get(match.group().casefold())  # None where cases fold otherwise, as of ı
        if name is not None and _is_name(match.group(), words, match.start()):
            found.update(dict.fromkeys(named.outlets[name]))
    return list(found)[:MOST_NAMED]


def with_known_names(condition: Condition, stored: Callable[[], Iterable[str]]) -> Condition:
    """The condition with sources by other names, such as cnn.com, under the name that is shown.

    A name that is among those stored means itself. `stored` is asked only where that matters.
    """
    known = default_outlets()
    others = {name: known.unified(name) for name in sources_in(condition)}
    others = {name: shown for name, shown in others.items() if _folded(shown) != _folded(name)}
    if not others:
        return condition
    kept = {_folded(name) for name in stored()}
    return _renamed(condition, {n: shown for n, shown in others.items() if _folded(n) not in kept})


def _renamed(condition: Condition, names: dict[str, str]) -> Condition:
    match condition:
        case OneOf("source", values):
            return OneOf("source", tuple(names.get(value, value) for value in values))
        case Not(inner):
            return Not(_renamed(inner, names))
        case AllOf(parts) | AnyOf(parts):
            return replace(condition, conditions=tuple(_renamed(part, names) for part in parts))
        case _:
            return condition


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


class _Named(NamedTuple):
    """What outlets are called: every name, folded, leads to a short one, and that to the outlets.

    `pattern` finds any of the names where it stands as a word.
    """

    names: dict[str, str]
    outlets: dict[str, list[str]]
    pattern: re.Pattern[str]


@lru_cache(maxsize=8)
def _named(outlets: tuple[str, ...], known: Outlets) -> _Named:
    """Kept, since it takes 2 ms for 285 outlets, and nearly every query asks."""
    names: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    for outlet in outlets:
        full = _SECTION.sub("", outlet.casefold()).strip().removeprefix("the ")
        short = _ENDINGS.sub("", full)
        if short:
            names[full] = names[short] = short
            groups.setdefault(short, []).append(outlet)
    for short, (first, *_) in groups.items():
        for other in known.names_of(first):
            names.setdefault(other.casefold().removeprefix("the "), short)
    longest = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)
    return _Named(names, groups, pattern)


def _is_name(typed: str, words: str, start: int) -> bool:
    """Whether what was typed at `start` is meant as a name, and not as a word."""
    if " " in typed:
        return True
    if typed.isupper() and len(typed) > 1:
        return not words.isupper()
    return typed[:1].isupper() and _BEFORE.search(words[:start]) is not None
