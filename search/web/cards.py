"""What was found, a card a passage."""

from __future__ import annotations

from html import escape

import streamlit as st

from search import written
from search.errors import ArticleNotFound, ModelError, QueryError
from search.types import Article, Hit, Query, Shares, Why
from search.web import copies_view, labels, session
from search.web.archive import Archive
from search.web.asking import Answer
from search.web.excerpt import excerpt
from search.web.highlight import clip, highlight, text_html
from search.web.words import words

CARRIERS = 8
"""Words named as those that carried the meaning."""


def draw(archive: Archive, answer: Answer) -> None:
    """The hits, best first."""
    for hit in answer.results.hits:
        with st.container(border=True, gap="xsmall", key=f"card-{hit.passage.id}"):
            st.html(card(hit))
            _actions(hit, archive, answer.results.query)


def pages(answer: Answer) -> None:
    """The way to further hits."""
    if answer.pages == 1:
        return
    session.seed("page", answer.view.page)
    with st.container(horizontal_alignment="center", key="pages"):
        st.pagination(answer.pages, key="page", on_change=_turn)


def card(hit: Hit) -> str:
    """A hit as HTML: where it comes from, its headline, its passage with what to look at."""
    return (
        f'<article class="ns-card"><p class="ns-meta"><span class="ns-rank">{hit.rank}</span>'
        f"{meta(hit.article)}{_strength(hit)}</p>{headline(hit.article)}"
        f"{_passage(hit)}</article>"
    )


def _strength(hit: Hit) -> str:
    """How good a match it is, in words."""
    if hit.strength is None:
        return ""
    said = words.STRENGTHS[hit.strength]
    return f'<span class="ns-strength ns-{hit.strength}">{said}</span>'


def _passage(hit: Hit) -> str:
    """The excerpt; the style sheet sets an ellipsis where the passage goes on."""
    window = excerpt(hit.passage, hit.evidence)
    html = text_html(
        hit.text[slice(*window)],
        best=clip(hit.evidence.best, window),
        words=[part for word in hit.evidence.words if (part := clip(word, window))],
    )
    before = " cut-before" if window[0] > 0 else ""
    after = " cut-after" if window[1] < len(hit.text) else ""
    return f'<div class="ns-passage{before}{after}"{labels.direction(hit.article)}>{html}</div>'


def meta(article: Article) -> str:
    """Outlet, date, authors and section as HTML."""
    shown, machine = words.published(article), labels.machine_date(article)
    date = f'<time datetime="{machine}">{shown}</time>' if shown else words.NO_DATE
    parts = [labels.outlet(article.source), f"<span>{date}</span>"]
    if article.authors:
        parts.append(f"<bdi>{escape(written.shorten(', '.join(article.authors), 80))}</bdi>")
    section = labels.section(article.section) if article.section else ""
    excerpt_only = f'<span class="ns-pill">{words.EXCERPT}</span>' if article.is_excerpt else ""
    return '<span class="ns-dot">·</span>'.join(parts) + section + excerpt_only


def headline(article: Article) -> str:
    """The headline as HTML; in italics where the article has no title and its text stands in."""
    text, where = highlight(written.headline(article)), labels.direction(article)
    if article.title:
        return f'<h3 class="ns-headline"{where}>{text}</h3>'
    untitled = f'<span class="ns-hidden">{words.UNTITLED}: </span>'
    return f'<h3 class="ns-headline"{where}>{untitled}<em>{text}</em></h3>'


def why_table(hit: Hit) -> str:
    """The numbers behind a hit's rank as HTML."""
    why = hit.why
    rows = [
        (words.SCORE, hit.score),
        (words.COSINE, why.cosine),
        (words.BM25, why.bm25),
        (words.FUSED, why.fused),
        (words.FRESHNESS, why.freshness),
    ]
    cells = "".join(
        f'<tr><th scope="row">{name}</th><td>{words.score(number)}</td></tr>'
        for name, number in rows
        if number is not None
    )
    return f'<table class="ns-why">{cells}</table>'


def _actions(hit: Hit, archive: Archive, query: Query) -> None:
    passage_id = hit.passage.id
    with st.container(horizontal=True, gap="medium", key=f"actions-{passage_id}"):
        st.button(
            words.READ,
            key=f"read-{passage_id}",
            type="tertiary",
            icon=":material/article:",
            on_click=session.open_reader,
            args=(passage_id,),
        )
        st.button(
            words.SIMILAR,
            key=f"similar-{passage_id}",
            type="tertiary",
            icon=":material/join_inner:",
            on_click=session.change,
            kwargs={"like": passage_id, "text": ""},
        )
        copies_view.on_card(archive, hit)
        copies_view.story_on_card(archive, hit)
        if hit.why != Why():
            popover = st.popover(
                words.WHY,
                type="tertiary",
                icon=":material/info:",
                key=f"why-{passage_id}",
                on_change="rerun",
            )
            if popover.open:
                with popover:
                    carried = carriers(hit, _shares(hit, archive, query))
                    st.html(f"<p>{words.why(hit.why)}</p>{why_table(hit)}{carried}")


def _shares(hit: Hit, archive: Archive, query: Query) -> Shares | None:
    """How the hit's cosine is made up; None where there is none, or the model has no shares."""
    if hit.why.cosine is None or query.like is not None or not archive.has_meaning:
        return None
    try:
        return archive.index.explain(query.text, hit.passage.id, now=query.today)
    except (ModelError, QueryError, ArticleNotFound):  # no words; or removed a moment ago
        return None


def carriers(hit: Hit, shares: Shares | None) -> str:
    """The words that carried most of the meaning as HTML, each with its part of the whole."""
    if shares is None or shares.cosine <= 0:
        return ""
    best = sorted(shares.words, key=lambda word: -word.share)[:CARRIERS]
    items = "".join(
        f"<li><bdi>{escape(hit.text[slice(*span)])}</bdi> {words.share(share / shares.cosine)}</li>"
        for span, share in best
        if share > 0
    )
    return f'<p>{words.CARRIED}</p><ul class="ns-carriers">{items}</ul>'


def _turn() -> None:
    session.change(page=st.session_state["page"])
