"""A first visit: what there is to search, something to try, and the newest articles."""

from __future__ import annotations

import re
from collections.abc import Sequence

import streamlit as st

from search import written
from search.query import OPERATORS
from search.types import UNKNOWN_SOURCE, Article, Hit, IndexStats, Results
from search.web import labels, session, timeline
from search.web.article_rows import TITLE_CHARS
from search.web.cards import meta
from search.web.words import words

NEWEST = 5
EXAMPLE_CHARS = 64
_NOT_SPOKEN = re.compile(r"[^\w\s'’.-]|(?<!\w)\.")  # "6. round" keeps its dot


def draw(results: Results, stats: IndexStats) -> None:
    """The page before anything is asked; `results` are the newest passages."""
    st.html(
        f'<h1 class="ns-title">{words.search_among(stats.articles)}</h1>'
        f'<p class="ns-quiet">{words.holdings(stats)}</p>'
    )
    newest = one_an_article(results.hits)
    _examples(example_queries([hit.article for hit in newest]))
    chart = timeline.place(results.timeline)
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
    timeline.draw(chart, results.timeline)


def one_an_article(hits: Sequence[Hit]) -> list[Hit]:
    """The first hit of each article, in order."""
    first: dict[str, Hit] = {}
    for hit in hits:
        first.setdefault(hit.article.id, hit)
    return list(first.values())


def example_queries(newest: Sequence[Article]) -> list[str]:
    """Searches that find something here: a headline, one at its outlet, one in its month.

    Not of the articles listed as newest, where there are others.
    """
    titled = [one for one in [*newest[NEWEST:], *newest[:NEWEST]] if _topic(one)]
    titled.sort(key=lambda one: len(one.title or "") > EXAMPLE_CHARS)  # a cut one reads badly
    made: list[str] = []
    for narrowed in (lambda _: "", _at_its_outlet, _in_its_month):
        article = next((one for one in titled if narrowed(one) is not None), None)
        if article is not None:
            titled.remove(article)
            made.append(f"{_topic(article)}{narrowed(article)}")
    return made


def _topic(article: Article) -> str:
    """The beginning of the headline, in words that the query language does not read otherwise."""
    spoken = _NOT_SPOKEN.sub(" ", article.title or "").split()
    plain = [word.lower() if word in OPERATORS else word.strip("-") for word in spoken]
    return written.shorten(" ".join(filter(None, plain)), EXAMPLE_CHARS).rstrip("…").rstrip()


def _at_its_outlet(article: Article) -> str | None:
    outlet = article.source
    is_plain = outlet != UNKNOWN_SOURCE and '"' not in outlet and len(outlet) <= EXAMPLE_CHARS
    return f' source:"{outlet}"' if is_plain else None


def _in_its_month(article: Article) -> str | None:
    return f" date:{article.day.isoformat()[:7]}" if article.day else None


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
    title = written.shorten(written.headline(hit.article), TITLE_CHARS)
    with st.container(gap=None, key=f"newest-{hit.passage.id}"):
        st.html(f'<p class="ns-meta">{meta(hit.article)}</p>')
        st.button(
            labels.md_escape(labels.isolated(title)),
            key=f"open-{hit.passage.id}",
            type="tertiary",
            on_click=session.open_reader,
            args=(hit.passage.id,),
        )
