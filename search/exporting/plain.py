"""What several formats have in common: one line of text, days as known, links, one article each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from search.links import web_link
from search.types import UNKNOWN_SOURCE, Article, Hit


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def outlet(article: Article) -> str | None:
    """The outlet; None where none is known, which no file says as if it were one."""
    return None if article.source == UNKNOWN_SOURCE else article.source


def day_parts(article: Article) -> tuple[int, ...]:
    """Year, month and day of publication, as many of them as are known."""
    if article.day is None:
        return ()
    kept = {"year": 1, "month": 2}.get(article.published_precision or "day", 3)
    return (article.day.year, article.day.month, article.day.day)[:kept]


def written_day(article: Article) -> str:
    """The same as `2022-10-06`, `2022-10` or `2022`; empty where unknown."""
    return "-".join(
        f"{part:04d}" if at == 0 else f"{part:02d}" for at, part in enumerate(day_parts(article))
    )


def link(article: Article, escaped: str) -> str | None:
    """The article's address where a browser may follow it, these characters percent-encoded."""
    if article.url is None or web_link(article.url) is None:
        return None
    return "".join(quote(one, safe="") if one in escaped else one for one in article.url)


def by_article(hits: Iterable[Hit]) -> list[tuple[Article, Sequence[Hit]]]:
    """Each article once, in the order of its best hit, with its hits."""
    found: dict[str, tuple[Article, list[Hit]]] = {}
    for hit in hits:
        found.setdefault(hit.article.id, (hit.article, []))[1].append(hit)
    return list(found.values())
