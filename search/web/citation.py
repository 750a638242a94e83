"""An article as a citation: one line of plain text in the style that is asked for.

Nothing is made up: what is not known is left out, a date is as precise as it is known, and names
stand as they were printed, since which part of one is the family's cannot be told. Styles that turn
names around are for programs that manage references: the page exports to them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Literal

from search.types import UNKNOWN_SOURCE, Article
from search.web import labels
from search.web.words import LANGUAGES, words
from search.written import headline

if TYPE_CHECKING:
    from search.web.words.english import English

Style = Literal["plain", "quote", "chicago", "markdown"]

_MONTHS = (
    "January February March April May June July August September October November December"
).split()
_MOST_NAMED = 3
"""More authors than so many are "et al." in a Chicago note."""
_INVISIBLE = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Turns the direction of what follows: in one line with an address it could forge that."""
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~$&])")


def citation(article: Article, style: Style, accessed: date, quoted: str | None = None) -> str:
    """The article in one line; `quoted` is the text that a quotation is of, and begins with."""
    match style:
        case "chicago":
            return _chicago(article, accessed)
        case "markdown":
            return _markdown(article)
        case "quote" if quoted:
            return f"{words.quoted(_line(quoted))} — {_plain(article, accessed)}"
        case _:
            return _plain(article, accessed)


def _plain(article: Article, accessed: date) -> str:
    address = labels.web_address(article.url)
    found = f"{address} ({words.accessed(accessed)})" if address else ""
    return _joined(
        [
            _line(", ".join(article.authors)),
            _title(article, words),
            *_where_and_when(article),
            found,
        ]
    )


def _chicago(article: Article, accessed: date) -> str:
    """A note as in the Chicago Manual of Style, which is English whatever the page speaks."""
    title, address = _title(article, LANGUAGES["en"]), labels.web_address(article.url)
    end = title.removesuffix("]")
    title = f"{end.removesuffix('”')},”{title[len(end) :]}"
    parts = [_outlet(article), _long_date(article)]
    if address:
        parts += [f"accessed {_long(accessed, 'day')}", address]
    names = _names(article.authors)
    rest = _joined(parts)
    return f"{names + ', ' if names else ''}{title} {rest}".strip().removesuffix(",") + (
        "." if rest else ""
    )


def _markdown(article: Article) -> str:
    title, address = _escaped(headline(article)), labels.web_address(article.url)
    if address:
        title = f"[{title}](<{address.replace('<', '%3C').replace('>', '%3E')}>)"
    return _joined([title, *map(_escaped, _where_and_when(article))])


def _where_and_when(article: Article) -> tuple[str, str]:
    return _outlet(article), words.published(article) or ""


def _outlet(article: Article) -> str:
    """The outlet; nothing where it is not known."""
    return "" if article.source == UNKNOWN_SOURCE else _line(article.source)


def _title(article: Article, spoken: English) -> str:
    """The headline in quotation marks; brackets say that there is none, and the text stands in."""
    title = spoken.quoted(_line(headline(article)))
    return title if article.title else f"[{title}]"


def _names(authors: Sequence[str]) -> str:
    names = [_line(author) for author in authors]
    if len(names) > _MOST_NAMED:
        return f"{names[0]} et al."
    if len(names) < _MOST_NAMED:
        return " and ".join(names)
    return f"{', '.join(names[:-1])}, and {names[-1]}"


def _long_date(article: Article) -> str:
    day = article.day
    return "" if day is None else _long(day, article.published_precision or "day")


def _long(day: date, precision: str) -> str:
    """`October 6, 2022`, `October 2022` or `2022`."""
    if precision == "year":
        return str(day.year)
    month = _MONTHS[day.month - 1]
    return f"{month} {day.year}" if precision == "month" else f"{month} {day.day}, {day.year}"


def _joined(parts: Sequence[str]) -> str:
    return ", ".join(part for part in parts if part)


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", _line(text))


def _line(text: str) -> str:
    """On one line, with nothing in it that turns the direction of what follows."""
    return _INVISIBLE.sub("", " ".join(text.split()))
