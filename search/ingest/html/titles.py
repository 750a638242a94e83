"""Headlines as they were printed, without the outlet's name that pages put behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from search.ingest.text import one_line

_TAIL = re.compile(r"\s+[|\-–—:·•»]+\s+|\s*[｜|：]\s*|\s+::\s+")
_NO_LETTER = re.compile(r"[\W_]+")
_CUT = ("…", "...")
_MIN_NAME = 3
MAX_TAILS = 3


def without_outlet(title: str, names: Iterable[str], headings: Iterable[str] = ()) -> str:
    """The title without a last part that is the outlet's name, or that the page's heading lacks."""
    title = one_line(title) or ""
    known = [name for name in map(letters, names) if len(name) >= _MIN_NAME]
    seen = {letters(heading) for heading in headings} - {""}
    for rest, tail in reversed(_parted(title)):
        is_name = len(tail) >= _MIN_NAME and any(tail in name or name in tail for name in known)
        if rest and (letters(rest) in seen or (is_name and letters(title) not in seen)):
            title = rest
    return title


def tails(title: str) -> set[str]:
    """What stands behind the last separators of a title, letters only."""
    return {tail for _, tail in _parted(one_line(title) or "")} - {""}


def made_whole(title: str, others: Iterable[str]) -> str:
    """The title, or where it ends in an ellipsis the other one that goes on after it."""
    stem = next((title.removesuffix(end).rstrip() for end in _CUT if title.endswith(end)), None)
    if not stem:
        return title
    return next((o for o in others if o.startswith(stem) and not o.endswith(_CUT)), title)


def letters(text: str) -> str:
    """The letters and digits of a text, in lower case: what counts when texts are compared."""
    return _NO_LETTER.sub("", text).casefold()


def _parted(title: str) -> list[tuple[str, str]]:
    """The title before its last separators, and the letters of what stands behind each."""
    found = list(_TAIL.finditer(title))[-MAX_TAILS:]
    return [(title[: one.start()].rstrip(), letters(title[one.end() :])) for one in found]
