"""What came before an article and after it: its story, and what is similar."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import streamlit as st

from search import NewsIndex
from search.types import Article, Hit, Precision
from search.web import article_rows
from search.web.article_rows import Listed, Row
from search.web.words import words
from search.written import headline

SIMILAR = 5
"""Articles shown on either side that are similar, but not of the story."""
_LOOKED_AT = 20


@dataclass(frozen=True, slots=True)
class Similar:
    """An article that is similar, as lists show it."""

    article_id: str
    source: str
    title: str | None
    published: date | None
    published_precision: Precision | None

    @classmethod
    def of(cls, article: Article) -> Similar:
        """The article, less its text."""
        return cls(
            article.id,
            article.source,
            headline(article),
            article.published,
            article.published_precision,
        )


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Articles around one, each list in the order of time."""

    earlier: tuple[Row, ...] = ()
    same_day: tuple[Row, ...] = ()
    later: tuple[Row, ...] = ()
    undated: tuple[Row, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing around it."""
        return not (self.earlier or self.same_day or self.later or self.undated)


def draw(index: NewsIndex, article: Article, open_article: Callable[[str], None]) -> None:
    """Background, what was published that day, and follow-ups."""
    found = surroundings(index, article)
    if article.day is None:
        st.caption(words.STORY_UNDATED)
    elif found.is_empty:
        st.caption(words.NO_STORY)
    for name, rows in (
        (words.EARLIER, found.earlier),
        (words.SAME_DAY, found.same_day),
        (words.LATER, found.later),
        (words.NO_DAY, found.undated),
    ):
        if rows:
            st.html(f'<h4 class="ns-part">{name}</h4>')
            article_rows.draw(index, rows, name, open_article)


def surroundings(index: NewsIndex, article: Article) -> Surroundings:
    """The article's story, and a few similar articles from before and after, without its copies.

    Raises:
        ArticleNotFound: it was removed.
    """
    copies = {copy.article_id for copy in index.copies(article.id).articles}
    story = [one for one in index.story(article.id) if one.article_id not in copies]
    known = copies | {one.article_id for one in story}
    rows = [Row(one, (words.SAME_STORY,)) for one in story]
    if article.day is not None:
        for search in (index.background, index.follow_ups):
            hits = search(article.id, k=_LOOKED_AT, with_facets=False, with_evidence=False).hits
            rows += [Row(Similar.of(one)) for one in _similar(hits, known)]
    rows.sort(key=lambda row: _moment(row.article))
    return _around(rows, article.day)


def _similar(hits: Sequence[Hit], known: set[str]) -> Iterable[Article]:
    """The nearest articles that are more than weak matches, and not known yet."""
    near = {hit.article.id: hit.article for hit in hits if hit.strength != "weak"}
    return [article for key, article in near.items() if key not in known][:SIMILAR]


def _around(rows: Sequence[Row], day: date | None) -> Surroundings:
    dated = [(row, _day(row.article)) for row in rows]
    if day is None:
        return Surroundings(undated=tuple(row for row, _ in dated))
    return Surroundings(
        earlier=tuple(row for row, when in dated if when is not None and when < day),
        same_day=tuple(row for row, when in dated if when == day),
        later=tuple(row for row, when in dated if when is not None and when > day),
        undated=tuple(row for row, when in dated if when is None),
    )


def _day(article: Listed) -> date | None:
    when = article.published
    return when.date() if isinstance(when, datetime) else when


def _moment(article: Listed) -> tuple[date, str]:
    """Sorts by day, then by the time that is known; the undated come last."""
    when = article.published
    return _day(article) or date.max, when.isoformat() if isinstance(when, datetime) else ""
