"""Who else carried an article's text, and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

import streamlit as st

from search import NewsIndex, written
from search.types import Article, Copies, Copy, Hit
from search.web import article_rows, session, versions_view
from search.web.archive import Archive
from search.web.article_rows import Row
from search.web.labels import NAME_CHARS
from search.web.words import words

if TYPE_CHECKING:
    from streamlit.elements.lib.mutable_popover_container import PopoverContainer


def on_card(archive: Archive, hit: Hit) -> None:
    """What opens the copies of a hit; none are looked up before it is opened."""
    if not hit.copies:
        return
    others = {copy.source for copy in hit.copies} - {hit.article.source}
    key = f"copies-{hit.passage.id}"
    popover = _list(words.also_reported(len(others), len(hit.copies)), "layers", key)
    if popover.open:
        with popover:
            draw(archive.index, hit.article.id, key, _from(key))


def story_on_card(archive: Archive, hit: Hit) -> None:
    """What opens the other articles of a hit's story."""
    if not hit.story:
        return
    key = f"story-{hit.passage.id}"
    popover = _list(words.on_this_story(len(hit.story)), "auto_stories", key)
    if popover.open:
        with popover:
            article_rows.draw(archive.index, map(Row, hit.story), key, _from(key))


def _list(label: str, icon: str, key: str) -> PopoverContainer:
    return st.popover(label, type="tertiary", icon=f":material/{icon}:", key=key, on_change="rerun")


def _from(key: str) -> Callable[[str], None]:
    """Opens an article, and closes the list that it was chosen from."""

    def open_article(article_id: str) -> None:
        st.session_state[key] = False
        session.open_reader(article_id)

    return open_article


def draw(index: NewsIndex, article_id: str, key: str, open_article: Callable[[str], None]) -> None:
    """Every copy, earliest first; the one of this id stands among them and does not open.

    `key` tells this list from others on the page.

    Raises:
        ArticleNotFound: it was removed.
    """
    copies = index.copies(article_id)
    if len(copies.articles) == 1:
        st.caption(words.NO_COPIES)
        return
    article_rows.draw(index, rows(copies, article_id), key, open_article)


def compare(index: NewsIndex, article: Article) -> None:
    """What a copy of the reader's choice says otherwise; nothing is compared before one is chosen.

    Raises:
        ArticleNotFound: one of the two was removed.
    """
    others = [one for one in index.copies(article.id).articles if one.article_id != article.id]
    if not others:
        return
    chosen = st.selectbox(
        words.COMPARE_WITH,
        range(len(others)),
        index=None,
        format_func=lambda place: f"{place + 1}. {_named(others[place])}",
        key=f"compare-{article.id}",
        placeholder=words.NO_COPY_CHOSEN,
    )
    if chosen is not None:
        other = index.article(others[chosen].article_id)
        versions_view.show_changes(article, other, f"copies-{article.id}-{chosen}")


def _named(copy: Copy) -> str:
    when = words.moment_in_zone(copy.published, copy.published_precision) or words.NO_DATE
    return f"{written.shorten(copy.source, NAME_CHARS)} · {when}"


def rows(copies: Copies, article_id: str) -> Sequence[Row]:
    """The copies with what each is: the first, the longest, the newest."""
    return [
        Row(copy, tuple(_notes(copy, copies, article_id)), copy.article_id == article_id)
        for copy in copies.articles
    ]


def _notes(copy: Copy, copies: Copies, article_id: str) -> Iterator[str]:
    if copy is copies.first and copy.published is not None:
        yield words.FIRST if _is_alone(copy, copies) else words.FIRST_BY_DAY
    elif copy is copies.newest and copy.published is not None:
        yield words.NEWEST_COPY if _is_alone(copy, copies) else words.NEWEST_BY_DAY
    if copy is copies.longest and any(other.chars < copy.chars for other in copies.articles):
        yield words.LONGEST
    if copy.article_id == article_id:
        yield words.THIS_ONE


def _is_alone(copy: Copy, copies: Copies) -> bool:
    """Whether its place in time is known: no other is of its day, or all of these have a time."""
    day = _day(copy)
    of_day = [one for one in copies.articles if _day(one) == day]
    return len(of_day) == 1 or all(isinstance(one.published, datetime) for one in of_day)


def _day(copy: Copy) -> date | None:
    return copy.published.date() if isinstance(copy.published, datetime) else copy.published
