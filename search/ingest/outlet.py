"""Whose article it is: the outlet under one name, whatever stood in its place."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import SplitResult

from search.links import host
from search.outlet_names import Outlets

_BY = re.compile(r"^by\s+", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"^(.*?)\s*\(([^()]*)\)$")
_LAST_WORDS = frozenset(
    "news times post herald tribune journal gazette press review magazine media radio daily mail"
    " star sun chronicle observer standard telegraph globe report today monitor register record"
    " examiner guardian dispatch inquirer courier".split()
)
"""What names of outlets end in, and names of people hardly ever."""


class Shown(NamedTuple):
    """The outlet's name, and the flags that say how it came about."""

    name: str
    flags: tuple[str, ...] = ()


def shown(
    given: str, authors: tuple[str, ...], link: SplitResult | None, outlets: Outlets
) -> Shown:
    """The outlet under the name by which it is shown.

    Where an author's name stands in its place, the outlet beside it in brackets or that of the
    link, if it is known.
    """
    bracketed = _IN_BRACKETS.match(given)
    name, beside = (bracketed[1], bracketed[2]) if bracketed else (given, "")
    name = _BY.sub("", name)
    if name.casefold() in {author.casefold() for author in authors} and not outlets.knows(name):
        for other in filter(None, (beside, host(link) if link else "")):
            if outlets.knows(other):
                return Shown(outlets.unified(other), ("source_was_byline",))
    unified = outlets.unified(given)
    return Shown(unified, ("source_unified",) if unified != given else ())


def names_no_person(outlet: str) -> bool:
    """Whether an outlet that is not known can be told from a person: by one word, or the last."""
    words = outlet.casefold().split()
    return len(words) == 1 or words[-1] in _LAST_WORDS
