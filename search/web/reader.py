"""The whole article, open at the passage found: its text, copies, versions, story and citation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from html import escape

import streamlit as st

from search import written
from search.errors import ArticleNotFound, QueryError
from search.types import Article, Evidence, Marked
from search.web import (
    article_view,
    cards,
    copies_view,
    labels,
    session,
    states,
    story_view,
    versions_view,
)
from search.web.archive import Archive
from search.web.article_rows import dotted
from search.web.asking import Answer
from search.web.citation import Style, citation
from search.web.words import words
from search.words import words_of

_PART = "reader-part"
_WITHOUT_SPACES = ("zh", "ja", "th", "lo", "km", "my")


def show(archive: Archive, answer: Answer) -> None:
    """What is open in the view of an answer; its hits say what the page shows of the article."""
    dialog = st.dialog(words.ARTICLE, width="medium", on_dismiss=session.close_reader)
    dialog(_draw)(archive, answer)


def _draw(archive: Archive, answer: Answer) -> None:
    """Draws itself anew, without the page behind it, when something is chosen in here."""
    view = session.current()
    if view.open is None:
        st.rerun()
    session.settle(view)
    with states.told():
        try:
            _draw_article(archive, answer, view.open)
        except ArticleNotFound:
            st.info(words.GONE, icon=":material/info:")


def _draw_article(archive: Archive, answer: Answer, opened: str) -> None:
    """The article, or the one of a passage, that has this id."""
    article, _ = archive.index.passage(opened)
    st.html(top(article))
    match _choose_part():
        case "copies":
            copies_view.draw(archive.index, article.id, "copies", _open_other)
            copies_view.compare(archive.index, article)
        case "versions":
            versions_view.draw(archive.index.versions(article.id), article.id)
        case "story":
            story_view.draw(archive.index, article, _open_other)
        case "cite":
            _cite(archive, answer, article, opened)
        case _:
            marks = _marks(archive, answer, article)
            article_view.draw(article, marks, opened, _shown(answer), session.open_reader)


def _choose_part() -> str:
    """Which part of the article is shown; nothing of the others is worked out."""
    session.seed(_PART, st.session_state.get(_PART, "text"))
    part: str | None = st.segmented_control(
        words.PART,
        list(words.PARTS),
        format_func=words.PARTS.__getitem__,
        required=True,
        key=_PART,
        label_visibility="collapsed",
    )
    return part or "text"


def _open_other(article_id: str) -> None:
    """Read another article, from its beginning."""
    st.session_state[_PART] = "text"
    session.open_reader(article_id)


def _marks(archive: Archive, answer: Answer, article: Article) -> Sequence[Marked]:
    """The article's passages, marked for the query that the page answers."""
    try:
        return archive.index.marked(
            article.id, answer.view.text, mode=answer.mode, like=answer.view.like
        )
    except (QueryError, ArticleNotFound):  # what was to be like is gone; the article may not be
        return archive.index.marked(article.id)


def _shown(answer: Answer) -> Mapping[str, Evidence]:
    """The evidence of the passages on the page, by their ids; none where nothing was asked."""
    return {hit.passage.id: hit.evidence for hit in answer.results.hits if hit.strength is not None}


def _cite(archive: Archive, answer: Answer, article: Article, opened: str) -> None:
    marks = _marks(archive, answer, article)
    best = article_view.quotable(marks, opened, _shown(answer))
    quoted = article.text[slice(*best)] if best else None
    styles: dict[Style, str] = {
        style: name for style, name in words.STYLES.items() if style != "quote" or quoted
    }
    today = datetime.now().astimezone().date()
    with st.container(gap="xsmall", key="citations"):
        for style, name in styles.items():
            st.html(f'<h4 class="ns-part">{name}</h4>')
            st.code(citation(article, style, today, quoted), language=None, wrap_lines=True)


# The head of the article


def top(article: Article) -> str:
    """Headline, origin and the link to the original as HTML."""
    return (
        f'<div class="ns-top">{cards.headline(article)}'
        f'<p class="ns-meta">{dotted(_facts(article))}</p>{_original(article)}</div>'
    )


def _facts(article: Article) -> Iterator[str]:
    """All that is known about where the article comes from, as HTML."""
    yield labels.outlet(article.source)
    shown, machine = words.date_and_time(article), labels.machine_date(article)
    yield f'<time datetime="{machine}">{escape(shown)}</time>' if shown else _span(words.NO_DATE)
    if shown and article.published_from in words.DATE_FROM:
        yield _span(words.DATE_FROM[article.published_from])
    if article.updated is not None:
        when = "" if article.updated is True else f" {words.moment_in_zone(article.updated)}"
        yield _span(f"{words.UPDATED}{when}")
    if article.authors:
        yield f"<bdi>{escape(written.shorten(', '.join(article.authors), 200))}</bdi>"
    if article.section:
        yield labels.section(article.section)
    if article.is_excerpt:
        yield f'<span class="ns-pill">{words.EXCERPT}</span>'
    if article.language:
        yield f"<bdi>{escape(words.language(article.language))}</bdi>"
    yield _span(_length(article))


def _length(article: Article) -> str:
    """How long the text is: in words, or in characters where no spaces part words."""
    if (article.language or "").partition("-")[0].lower() in _WITHOUT_SPACES:
        return words.number_of_characters(sum(not char.isspace() for char in article.text))
    return words.number_of_words(sum(1 for _ in words_of(article.text)))


def _span(text: str) -> str:
    return f"<span>{escape(text)}</span>"


def _original(article: Article) -> str:
    address = labels.web_address(article.url)
    if address is None:
        return ""
    return (
        f'<p class="ns-links"><a href="{escape(address)}" target="_blank" '
        f'rel="noopener noreferrer">{words.ORIGINAL} '
        f'<bdi>{escape(labels.site(address))}</bdi> <span aria-hidden="true">↗</span></a></p>'
    )
