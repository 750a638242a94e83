"""How counts, days and headlines are written in English, for pages and terminals alike."""

from __future__ import annotations

import re
from datetime import date, datetime

from search.types import Article, Precision

HEADLINE_CHARS = 110
_SENTENCE_END = re.compile(r"[.!?。！？](?=\s|$)")


def count(number: int, noun: str, plural: str | None = None) -> str:
    """`1 article`, `1,312 articles`."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def day(when: date) -> str:
    """A day as `6 Oct 2022`."""
    return f"{when.day} {month(when)}"


def month(when: date) -> str:
    """A month as `Oct 2022`."""
    return f"{when:%b} {when.year}"


def when(moment: date | None, precision: Precision | None = None) -> str:
    """A date, with the time of day where it is known: `6 Oct 2022, 09:12`; empty without one.

    With a `precision`, no more than that: `Oct 2022`.
    """
    if moment is None:
        return ""
    return known(moment, precision) + (f", {moment:%H:%M}" if isinstance(moment, datetime) else "")


def published(article: Article) -> str | None:
    """The date of publication as precisely as it is known: `6 Oct 2022`, `Oct 2022`, `2022`."""
    if article.day is None:
        return None
    return known(article.day, article.published_precision)


def known(when: date, precision: Precision | None) -> str:
    """A day as precisely as it is known."""
    if precision == "year":
        return str(when.year)
    return (month if precision == "month" else day)(when)


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
