"""The text of an article: every passage that matches is marked, with steps from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from search.types import Article, Evidence, Marked, Passage, Span
from search.web import labels
from search.web.highlight import Look, article_html
from search.web.words import words


def draw(
    article: Article,
    marks: Sequence[Marked],
    opened: str,
    shown: Mapping[str, Evidence],
    open_passage: Callable[[str], None],
) -> None:
    """The text at the passage with the id `opened`, or from its beginning where none has it.

    `shown` is the evidence of the passages that the page shows as hits, by id.
    """
    here = next((one for one in marks if one.passage.id == opened), None)
    stops = [one.passage for one in marks if is_match(one) or one.passage.id in shown]
    _steps(stops, here.passage if here else None, open_passage)
    st.html(body(article, marks, here, shown))


def is_match(one: Marked) -> bool:
    """Whether a passage is more than a weak match; none is without words to match."""
    return one.strength not in (None, "weak")


def body(
    article: Article,
    marks: Sequence[Marked],
    here: Marked | None,
    shown: Mapping[str, Evidence],
) -> str:
    """The whole text as HTML, in a box that opens at `here`."""
    best = {
        one.passage.id: span
        for one in marks
        if (span := _best(one, shown)) is not None
        and (is_match(one) or one.passage.id in shown or one is here)
    }
    looks: dict[Look, Sequence[Span]] = {
        "best": list(best.values()),
        "passage": [_span(here.passage)] if here else [],
        "quiet": boilerplate(article, [one.passage for one in marks]),
    }
    text = article_html(
        article.text,
        looks,
        words=[_shifted(span, one.passage) for one in marks for span in one.evidence.words],
        anchor=best.get(here.passage.id, _span(here.passage))[0] if here else None,
    )
    return (
        f'<div class="ns-body" tabindex="0" role="region" aria-label="{words.TEXT}"'
        f"{labels.direction(article)}>{text}</div>"
    )


def boilerplate(article: Article, passages: Sequence[Passage]) -> list[Span]:
    """What of the text is not searched, as spans: it belongs to no sentence of any passage."""
    searched = sorted(
        span for one in passages for span in (one.sentences or ((one.start, one.end),))
    )
    found, at = list[Span](), 0
    for start, end in [*searched, (len(article.text), len(article.text))]:
        if article.text[at:start].strip():
            found.append((at, start))
        at = max(at, end)
    return found if searched else []


def quotable(marks: Sequence[Marked], opened: str, shown: Mapping[str, Evidence]) -> Span | None:
    """The best sentence of the passage that is open, in the article's text."""
    here = next((one for one in marks if one.passage.id == opened), None)
    return _best(here, shown) if here else None


def _best(one: Marked, shown: Mapping[str, Evidence]) -> Span | None:
    best = one.evidence.best or shown.get(one.passage.id, Evidence()).best
    return _shifted(best, one.passage) if best else None


def _span(passage: Passage) -> Span:
    return passage.start, passage.end


def _shifted(span: Span, passage: Passage) -> Span:
    return span[0] + passage.start, span[1] + passage.start


def _steps(
    stops: Sequence[Passage], here: Passage | None, open_passage: Callable[[str], None]
) -> None:
    """Which of the passages is open, and the way to those before and after it."""
    if not stops:
        return
    before = [one for one in stops if here and one.number < here.number]
    after = [one for one in stops if here is None or one.number > here.number]
    place = len(before) + 1 if here in stops else None
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="steps"):
        said = words.place_among(place, len(stops))
        link = f'<a href="#hit" title="{words.JUMP}">{said}</a>' if here else said
        st.html(f'<p class="ns-place" role="status">{link}</p>', width="content")
        if len(stops) == 1 and here in stops:
            return
        for name, icon, to in (
            (words.PREVIOUS, "arrow_upward", before[-1:]),
            (words.NEXT, "arrow_downward", after[:1]),
        ):
            st.button(
                name,
                key=f"step-{icon}",
                type="tertiary",
                icon=f":material/{icon}:",
                disabled=not to,
                on_click=open_passage,
                args=(to[0].id if to else "",),
            )
