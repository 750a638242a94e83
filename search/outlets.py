"""Outlets that a query names: "what did Reuters report" may want source:Reuters."""

from __future__ import annotations

import re
from collections.abc import Iterable

_SECTION = re.compile(r"\s*(?:\([^)]*\)|-\s*(?:news|editorial|opinion))$")
_ENDINGS = re.compile(r"(?:\s+(?:news|online|web|magazine)|\.com)+$")
_BEFORE = re.compile(
    r"\b(?:according to|(?:did|does|has|have|in|by|from|of|on) (?:the )?)$", re.IGNORECASE
)
_ALIASES = {
    "nyt": "new york times",
    "ny times": "new york times",
    "wsj": "wall street journal",
    "wapo": "washington post",
    "ap": "associated press",
    "ft": "financial times",
    "beeb": "bbc",
    "grauniad": "guardian",
}
MOST_NAMED = 3


def named_outlets(words: str, outlets: Iterable[str]) -> list[str]:
    """The outlets, as they are spelled in the index, that a query's words seem to name; at most 3.

    A name of several words, or one in capitals, counts wherever it stands; another word only with a
    capital and after such words as "by" and "according to": Time and Reason are words as well. Of
    outlets that share a name, such as "CNN" and "CNN (Opinion)", all come. They stand in the order
    of the words.
    """
    names, groups = _names(outlets)
    if not names:
        return []
    longest = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest))})(?!\w)", re.IGNORECASE)
    found: dict[str, None] = {}
    for match in pattern.finditer(words):
        name = names.get(match.group().casefold())  # None where cases fold otherwise, as of ı
        if name is not None and _is_name(match.group(), words, match.start()):
            found.update(dict.fromkeys(groups[name]))
    return list(found)[:MOST_NAMED]


def _names(outlets: Iterable[str]) -> tuple[dict[str, str], dict[str, list[str]]]:
    """From every name, folded, to the short name of its outlets, and from that to the outlets."""
    names: dict[str, str] = {}
    groups: dict[str, list[str]] = {}
    for outlet in outlets:
        full = _SECTION.sub("", outlet.casefold()).strip().removeprefix("the ")
        short = _ENDINGS.sub("", full)
        if short:
            names[full] = names[short] = short
            groups.setdefault(short, []).append(outlet)
    names |= {alias: name for alias, name in _ALIASES.items() if name in groups}
    return names, groups


def _is_name(typed: str, words: str, start: int) -> bool:
    """Whether what was typed at `start` is meant as a name, and not as a word."""
    if " " in typed:
        return True
    if typed.isupper() and len(typed) > 1:
        return not words.isupper()
    return typed[:1].isupper() and _BEFORE.search(words[:start]) is not None
