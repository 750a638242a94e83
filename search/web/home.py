"""A first visit: what there is to search, something to try, and the newest articles."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from search import written
from search.types import Hit, IndexStats
from search.web import labels, session
from search.web.cards import meta
from search.web.words import words

NEWEST = 5
EXAMPLES = 3
EXAMPLE_CHARS = 48


def draw(hits: Sequence[Hit], stats: IndexStats) -> None:
    """The page before anything is asked; `hits` are the newest passages."""
    st.html(f'<h1 class="ns-title">{words.search_among(stats.articles)}</h1>')
    newest = one_an_article(hits)
    _examples(example_queries(newest))
    st.html(f'<h2 class="ns-part">{words.NEWEST}</h2>')
    for hit in newest[:NEWEST]:
        _row(hit)
    st.button(
        words.BROWSE,
        key="browse",
        type="tertiary",
        icon=":material/arrow_forward:",
        icon_position="right",
        on_click=session.change,
        kwargs={"sort": "newest"},
    )


def one_an_article(hits: Sequence[Hit]) -> list[Hit]:
    """The first hit of each article, in order."""
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.article.id, hit)
    return list(first.values())


def example_queries(newest: Sequence[Hit]) -> list[str]:
    """Headlines to search for: short ones first, and not of the articles listed as newest."""
    titles = [
        hit.article.title for hit in [*newest[NEWEST:], *newest[:NEWEST]] if hit.article.title
    ]
    by_fit = sorted(dict.fromkeys(titles), key=lambda title: len(title) > EXAMPLE_CHARS)
    return [written.shorten(title, EXAMPLE_CHARS).rstrip("… ,;:") for title in by_fit[:EXAMPLES]]


def _examples(queries: Sequence[str]) -> None:
    if not queries:
        return
    st.html(f'<p class="ns-quiet">{words.TRY}</p>')
    with st.container(horizontal=True, key="examples"):
        for number, query in enumerate(queries):
            st.button(
                labels.md_escape(query),
                key=f"example-{number}",
                on_click=session.change,
                kwargs={"text": query},
            )


def _row(hit: Hit) -> None:
    with st.container(gap=None, key=f"newest-{hit.passage.id}"):
        st.html(f'<p class="ns-meta">{meta(hit.article)}</p>')
        st.button(
            labels.md_escape(written.headline(hit.article)),
            key=f"open-{hit.passage.id}",
            type="tertiary",
            on_click=session.open_reader,
            args=(hit.passage.id,),
        )
