"""The one HTML file of the page, which says what language the page is in.

Streamlit's own says English whatever the page speaks, and screen readers would read German so.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse
from streamlit import file_util

from search.web.words import spoken_to

_WEIGHT = re.compile(r"\s*[qQ]\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*")
_STREAMLITS = '<html lang="en">'


def front(request: Request) -> HTMLResponse:
    """Streamlit's file in the language that the reader's browser would have most."""
    asked = most_wanted(request.headers.get("Accept-Language", ""))
    html = _file().replace(_STREAMLITS, f'<html lang="{spoken_to(asked).LOCALE}">', 1)
    return HTMLResponse(html, headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"})


def most_wanted(accepted: str) -> str:
    """The tag of the largest weight in an `Accept-Language`, of several the first; or nothing.

    That one alone counts, as scripts on the page are told of no other.
    """
    wishes = [wish.partition(";") for wish in accepted.split(",")]
    tag, _, weight = max(wishes, key=lambda wish: _weight(wish[2]))
    return tag.strip() if _weight(weight) > 0 else ""


def _weight(written: str) -> float:
    """`q=0.8` as a number: 1 where nothing is written, 0, which refuses, where it is no weight."""
    if not written.strip():
        return 1.0
    found = _WEIGHT.fullmatch(written)
    return float(found[1]) if found else 0.0


@cache
def _file() -> str:
    return (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
