"""What a page's links say: which lead to one page, and of which day it is."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([/_-]?)(0?[1-9]|1[0-2]|[a-z]{3})\2(0?[1-9]|[12]\d|3[01])(?!\d)", re.I
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()


def same_page(url: str) -> str:
    """A link in the form in which links to one page are equal; empty for a front page."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    return f"{host}{path}?{parts.query}" if path else ""


def day_in(url: str) -> str | None:
    """The day in a link's path in ISO 8601, as in /2026/02/03/, /2026-02-03- or /20260203/."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    for year, dash, month, day in _DAY.findall(path):
        if not dash and len(month + day) != len("0203"):
            continue
        if month.isdigit() or month.lower() in _MONTHS:
            number = int(month) if month.isdigit() else _MONTHS.index(month.lower()) + 1
            return f"{year}-{number:02}-{int(day):02}"
    return None
