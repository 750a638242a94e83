"""Which of a page's links lead to one page."""

from __future__ import annotations

from urllib.parse import urlsplit


def same_page(url: str) -> str:
    """A link in the form in which links to one page are equal; empty for a front page."""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    path = parts.path.rstrip("/")
    return f"{host}{path}?{parts.query}" if path else ""
