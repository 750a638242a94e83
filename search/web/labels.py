"""How a piece of metadata is written for a reader."""

from __future__ import annotations

import re
from unicodedata import bidirectional
from urllib.parse import urlsplit

from search.links import host, web_link
from search.types import Article
from search.web.words import words
from search.written import headline

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


def citation(article: Article) -> str:
    """Who, what, where, when and the address, in one line; what is unknown is left out."""
    title = f"“{headline(article)}”"
    parts = [", ".join(article.authors), title, article.source, words.published(article) or ""]
    line = ", ".join(part for part in parts if part)
    address = web_address(article.url)
    return f"{line}. {address}" if address else f"{line}."
