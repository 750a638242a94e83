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

_STREAMLITS = '<html lang="en">'


def front(request: Request) -> HTMLResponse:
    """Streamlit's file in the language that the reader's browser asks for first."""
    first = re.split("[,;]", request.headers.get("Accept-Language", ""))[0]  # ; before its weight
    html = _file().replace(_STREAMLITS, f'<html lang="{spoken_to(first).LOCALE}">', 1)
    return HTMLResponse(html, headers={"Cache-Control": "no-cache", "Vary": "Accept-Language"})


@cache
def _file() -> str:
    return (Path(file_util.get_static_dir()) / "index.html").read_text(encoding="utf-8")
