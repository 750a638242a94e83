"""The whole article, open at the passage found."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from search.errors import ArticleNotFound
from search.types import Article, Evidence, Hit, Passage, Span
from search.web import labels, session
from search.web.archive import Archive
from search.web.cards import direction, headline, meta
from search.web.highlight import text_html
from search.web.words import words


def show(archive: Archive, passage_id: str, hits: Sequence[Hit]) -> None:
    """The article of a passage; the `hits` on the page say which of its words to mark."""
    dialog = st.dialog(words.ARTICLE, width="medium", on_dismiss=session.close_reader)
    dialog(_draw)(archive, passage_id, hits)


def _draw(archive: Archive, passage_id: str, hits: Sequence[Hit]) -> None:
    if session.current().open != passage_id:  # another passage was asked for in here
        st.rerun()
    try:
        article, passage = archive.index.passage(passage_id)
    except ArticleNotFound:
        st.info(words.GONE, icon=":material/info:")
        return
    evidence = next((hit.evidence for hit in hits if hit.passage.id == passage_id), Evidence())
    st.html(top(article))
    st.html(body(article, passage, evidence))
    _steps(archive.index.passages(article.id), passage)
    st.caption(words.CITATION)
    st.code(labels.citation(article), language=None, wrap_lines=True)


def top(article: Article) -> str:
    """Headline, origin and the link to the original as HTML."""
    return (
        f'<div class="ns-top">{headline(article)}<p class="ns-meta">{meta(article)}'
        f"{_updated(article)}</p>{_links(article)}</div>"
    )


def body(article: Article, passage: Passage, evidence: Evidence) -> str:
    """The whole text as HTML, in a box that opens at the passage."""
    text = text_html(
        article.text,
        passage=(passage.start, passage.end),
        best=_shift(evidence.best, passage.start) if evidence.best else None,
        words=[_shift(span, passage.start) for span in evidence.words],
    )
    return (
        f'<div class="ns-body" tabindex="0" role="region" aria-label="{words.TEXT}"'
        f"{direction(article)}>{text}</div>"
    )


def _links(article: Article) -> str:
    original, address = "", labels.web_address(article.url)
    if address is not None:
        original = (
            f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">'
            f"{words.ORIGINAL} <bdi>{escape(labels.site(address))}</bdi>"
            ' <span aria-hidden="true">↗</span></a>'
        )
    return f'<p class="ns-links">{original}<a href="#hit">{words.JUMP}</a></p>'


def _updated(article: Article) -> str:
    if article.updated is None:
        return ""
    when = "" if article.updated is True else f" {words.day(article.updated)}"
    return f'<span class="ns-dot">·</span><span>{words.UPDATED}{when}</span>'


def _shift(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by


def _steps(passages: Sequence[Passage], passage: Passage) -> None:
    """To the passages before and after, in reading order."""
    if len(passages) < 2:
        return
    with st.container(horizontal=True, key="steps"):
        _step(words.PREVIOUS, passages, passage.number - 1, ":material/arrow_upward:")
        _step(words.NEXT, passages, passage.number + 1, ":material/arrow_downward:")


def _step(label: str, passages: Sequence[Passage], number: int, icon: str) -> None:
    there = 0 <= number < len(passages)
    st.button(
        label,
        key=f"step-{label}",
        type="tertiary",
        icon=icon,
        disabled=not there,
        on_click=session.open_reader,
        args=(passages[number].id if there else "",),
    )
