"""Headlines as they were printed, without the outlet's name that pages put behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from search.ingest.text import one_line

_TAIL = re.compile(r"\s+[|\-–—:·•»]+\s+|\s*[｜|：]\s*|\s+::\s+")
_NO_LETTER = re.compile(r"[\W_]+")
_CUT = ("…", "...")
_MIN_NAME = 3


def without_outlet(title: str, names: Iterable[str], headings: Iterable[str] = ()) -> str:
    """The title without a last part that is the outlet's name, or that the page's heading lacks."""
    title = one_line(title) or ""
    known = [key for name in names if len(key := _key(name)) >= _MIN_NAME]
    seen = {_key(heading) for heading in headings} - {""}
    for found in reversed(list(_TAIL.finditer(title))[-3:]):
        rest, tail = title[: found.start()].rstrip(), _key(title[found.end() :])
        if rest and (_key(rest) in seen or (_is_name(tail, known) and _key(title) not in seen)):
            title = rest
    return title


def made_whole(title: str, others: Iterable[str]) -> str:
    """The title, or where it ends in an ellipsis the other one that goes on after it."""
    stem = next((title.removesuffix(end).rstrip() for end in _CUT if title.endswith(end)), None)
    if not stem:
        return title
    return next((o for o in others if o.startswith(stem) and not o.endswith(_CUT)), title)


def _is_name(tail: str, known: list[str]) -> bool:
    return len(tail) >= _MIN_NAME and any(tail in name or name in tail for name in known)


def _key(text: str) -> str:
    return _NO_LETTER.sub("", text).casefold()
