"""How a piece of metadata is written for a reader."""

from __future__ import annotations

import re
from html import escape
from unicodedata import bidirectional
from urllib.parse import urlsplit

from search import written
from search.links import host, web_link
from search.types import Article

NAME_CHARS = 80
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def md_escape(text: str) -> str:
    """`text` for a widget's label, which would otherwise be read as Markdown.

    Line breaks become spaces.
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def isolated(text: str) -> str:
    """`text` so that, written from right to left, it does not turn what stands around it."""
    turns = any(bidirectional(char) in ("R", "AL") for char in text)
    return f"\u2068{text}\u2069" if turns else text


def outlet(name: str) -> str:
    """The name of an outlet as HTML."""
    return f'<bdi class="ns-outlet">{escape(written.shorten(name, NAME_CHARS))}</bdi>'


def section(name: str) -> str:
    """The name of a section as HTML."""
    return f'<bdi class="ns-pill">{escape(written.shorten(name, NAME_CHARS))}</bdi>'


def machine_date(article: Article) -> str | None:
    """The date of publication for `<time datetime>`, as precisely as it is known."""
    when = article.day
    if when is None:
        return None
    kept = {"year": 4, "month": 7}.get(article.published_precision or "day", 10)
    return when.isoformat()[:kept]


def web_address(url: str | None) -> str | None:
    """`url` if a browser may follow it: http or https with a host; None otherwise."""
    return url if url is not None and web_link(url) else None


def site(url: str) -> str:
    """The host of an address that `web_address` let pass, without `www.`."""
    return host(urlsplit(url))


def direction(article: Article) -> str:
    """The attributes that let a browser set a text in its own language and direction."""
    tag = article.language or ""
    language = f' lang="{tag}"' if _LANGUAGE_TAG.fullmatch(tag) else ""
    return f' dir="auto"{language}'
