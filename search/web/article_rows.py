"""A list of articles, each of which opens in the reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Protocol

import streamlit as st

from search import NewsIndex, written
from search.errors import ArticleNotFound
from search.types import Precision
from search.web import labels
from search.web.words import words

MOST = 50
"""Rows of one list: each is two elements of the page."""
TITLE_CHARS = 160


class Listed(Protocol):
    """What of an article a list shows: a `Copy` or a `StoryArticle`."""

    @property
    def article_id(self) -> str:
        """The article's id."""

    @property
    def source(self) -> str:
        """Its outlet."""

    @property
    def title(self) -> str | None:
        """Its headline."""

    @property
    def published(self) -> date | None:
        """When it was published."""

    @property
    def published_precision(self) -> Precision | None:
        """How much of that is known."""


@dataclass(frozen=True, slots=True)
class Row:
    """An article of a list; `notes` are our own words on it. `is_open` where it is being read."""

    article: Listed
    notes: tuple[str, ...] = ()
    is_open: bool = False


def draw(
    index: NewsIndex, rows: Iterable[Row], key: str, open_article: Callable[[str], None]
) -> None:
    """The rows in their order, and how many more there are; `key` tells lists apart."""
    with st.container(gap="xsmall", key=f"rows-{key}"):
        _draw(index, list(rows), key, open_article)


def _draw(
    index: NewsIndex, rows: Sequence[Row], key: str, open_article: Callable[[str], None]
) -> None:
    for row in rows[:MOST]:
        with st.container(gap=None, key=f"row-{key}-{row.article.article_id}"):
            st.html(f'<p class="ns-meta">{about(row)}</p>')
            title = written.shorten(_headline(index, row.article), TITLE_CHARS)
            if row.is_open:
                st.html(f'<p class="ns-this"><bdi>{escape(title)}</bdi></p>')
                continue
            st.button(
                labels.md_escape(labels.isolated(title)),
                key=f"row-open-{key}-{row.article.article_id}",
                type="tertiary",
                on_click=open_article,
                args=(row.article.article_id,),
            )
    if len(rows) > MOST:
        st.caption(words.and_more(len(rows) - MOST))


def about(row: Row) -> str:
    """Outlet, time and notes as HTML."""
    return dotted([*facts(row.article), *(f"<span>{note}</span>" for note in row.notes)])


def facts(article: Listed) -> Sequence[str]:
    """Outlet and time as HTML."""
    when = words.moment_in_zone(article.published, article.published_precision) or words.NO_DATE
    return (
        labels.outlet(article.source),
        f"<span>{escape(when)}</span>",
    )


def _headline(index: NewsIndex, article: Listed) -> str:
    """The title; without one the first sentence, for which the article is read."""
    if article.title:
        return article.title
    try:
        return written.headline(index.article(article.article_id))
    except ArticleNotFound:
        return words.UNTITLED


def dotted(parts: Iterable[str]) -> str:
    """HTML parts in a line, with dots between them."""
    return '<span class="ns-dot">·</span>'.join(parts)
