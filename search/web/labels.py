"""How a piece of metadata is written for a reader."""

from __future__ import annotations

import re
from datetime import date, datetime
from unicodedata import bidirectional
from urllib.parse import urlsplit

from search.links import host, web_link
from search.types import Article

HEADLINE_CHARS = 110
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")
_SENTENCE_END = re.compile(r"[.!?。！？](?=\s|$)")


def md_escape(text: str) -> str:
    """`text` for a widget's label, which would otherwise be read as Markdown.

    Line breaks become spaces.
    """
    return _PUNCTUATION.sub(r"\\\1", " ".join(text.split()))


def isolated(text: str) -> str:
    """`text` so that, written from right to left, it does not turn what stands around it."""
    turns = any(bidirectional(char) in ("R", "AL") for char in text)
    return f"\u2068{text}\u2069" if turns else text


def day(when: date) -> str:
    """A day as `6 Oct 2022`."""
    return f"{when.day} {when:%b} {when.year}"


def published(article: Article) -> str | None:
    """The date of publication as precisely as it is known: `6 Oct 2022`, `Oct 2022`, `2022`."""
    when = article.day
    if when is None:
        return None
    if article.published_precision == "year":
        return str(when.year)
    if article.published_precision == "month":
        return f"{when:%b} {when.year}"
    return day(when)


def when(moment: date | None) -> str:
    """A date, with the time of day where it is known: `6 Oct 2022, 09:12`; empty without one."""
    if moment is None:
        return ""
    return day(moment) + (f", {moment:%H:%M}" if isinstance(moment, datetime) else "")


def machine_date(article: Article) -> str | None:
    """The date of publication for `<time datetime>`, as precisely as it is known."""
    when = article.day
    if when is None:
        return None
    kept = {"year": 4, "month": 7}.get(article.published_precision or "day", 10)
    return when.isoformat()[:kept]


def headline(article: Article) -> str:
    """The title, or the first sentence of the text where there is none, trimmed."""
    if article.title:
        return article.title
    text = " ".join(article.text[: 4 * HEADLINE_CHARS].split())
    end = _SENTENCE_END.search(text)
    return shorten(text[: end.end()] if end else text, HEADLINE_CHARS)


def shorten(text: str, size_chars: int) -> str:
    """`text` on one line, cut after a word with an ellipsis where it is longer than that."""
    text = " ".join(text.split())
    if len(text) <= size_chars:
        return text
    cut = text[:size_chars]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > size_chars // 2 else cut) + "…"


def web_address(url: str | None) -> str | None:
    """`url` if a browser may follow it: http or https with a host; None otherwise."""
    return url if url is not None and web_link(url) else None


def site(url: str) -> str:
    """The host of an address that `web_address` let pass, without `www.`."""
    return host(urlsplit(url))


def citation(article: Article) -> str:
    """Who, what, where, when and the address, in one line; what is unknown is left out."""
    title = f"“{headline(article)}”"
    parts = [", ".join(article.authors), title, article.source, published(article) or ""]
    line = ", ".join(part for part in parts if part)
    address = web_address(article.url)
    return f"{line}. {address}" if address else f"{line}."
