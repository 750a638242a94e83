"""Above the results: the search field, ranking and order, counts, and a chip for each filter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeVar

import streamlit as st

from search import written
from search.types import FIELDS, Field
from search.web import export_menu, labels, session
from search.web.archive import Archive
from search.web.asking import Answer
from search.web.highlight import highlight
from search.web.sidebar import value_label
from search.web.urlstate import Dropped
from search.web.view import MAX_VALUES, View
from search.web.words import words

CHIP_CHARS = 60
NAMED = 3
"""Values that a note names of those that a link asked for in vain."""
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in use: what it says, and the view without it."""

    key: str
    label: str
    without: View


def search_field(view: View) -> None:
    """Where a query is typed."""
    session.seed("text", view.text)
    st.text_input(
        words.SEARCH,
        key="text",
        type="search",
        placeholder=words.PLACEHOLDER,
        label_visibility="collapsed",
        icon=":material/search:",
        on_change=_search,
    )


def options(answer: Answer) -> None:
    """Ranking, order and grouping."""
    view = answer.view
    with st.container(horizontal=True, vertical_alignment="center", key="options"):
        _control("mode", view.mode, words.RANKING, words.MODES)
        _control("sort", view.sort, words.ORDER, words.SORTS)
        _control("group", view.group, words.GROUPING, words.GROUPS)


def counts(archive: Archive, answer: Answer) -> None:
    """How much was found, and the way to take it along."""
    with st.container(horizontal=True, vertical_alignment="center", key="found"):
        with st.container(key="counts"):
            st.html(_counts(answer))
        if answer.results.hits:
            export_menu.draw(archive, answer)


def suggestions(answer: Answer) -> None:
    """Filters that the words seem to ask for."""
    if not answer.results.suggestions:
        return
    with st.container(horizontal=True, gap="xsmall", key="suggestions"):
        for suggestion in answer.results.suggestions:
            label = written.shorten(suggestion.label, CHIP_CHARS)
            st.button(
                labels.md_escape(words.only(label)),
                key=f"suggestion-{suggestion.label}",
                type="tertiary",
                on_click=session.go,
                args=(replace(answer.view, text=suggestion.text, page=1, open=None),),
            )


def chips_row(archive: Archive, answer: Answer) -> None:
    """The filters in use, each removable, and the undated articles that dates leave out."""
    read = list(read_chips(answer))
    found = [*read, *chips(answer.view, archive)]
    if not found:
        return
    text = answer.results.query.words if read else answer.view.text
    cleared = replace(answer.view.without_filters(), text=text, like=None, page=1, open=None)
    with st.container(horizontal=True, gap="xsmall", vertical_alignment="center", key="chips"):
        for chip in found:
            st.button(
                labels.md_escape(chip.label),
                key=f"chip-{chip.key}",
                icon=":material/close:",
                icon_position="right",
                help=words.HELP_REMOVE,
                on_click=session.go,
                args=(chip.without,),
            )
        st.button(
            words.CLEAR_ALL,
            key="clear-all",
            type="tertiary",
            on_click=session.go,
            args=(cleared,),
        )
        if answer.results.undated and not answer.view.undated:
            st.button(
                words.undated_left_out(answer.results.undated),
                key="undated",
                type="tertiary",
                on_click=session.change,
                kwargs={"undated": True},
            )


def read_chips(answer: Answer, *, as_typed: bool = False) -> Iterator[Chip]:
    """How the text was read, but for its words, in words or as it is typed."""
    plain = replace(answer.view, page=1, open=None)
    for place, chip in enumerate(answer.results.query.chips):
        if chip.without is not None:
            label = written.shorten(chip.text if as_typed else words.as_read(chip), CHIP_CHARS)
            yield Chip(f"read-{place}", label, replace(plain, text=chip.without))


def chips(view: View, archive: Archive, *, by_field: bool = False) -> Iterator[Chip]:
    """Every filter of `view`, in the order of the sidebar; `by_field`: one for all of a field."""
    plain = replace(view, page=1, open=None)
    if view.like:
        label = words.similar_to(_headline(archive, view.like))
        yield Chip("like", label, replace(plain, like=None))
    for field in FIELDS:
        chosen = view.chosen(field)
        if by_field and len(chosen) > 1:
            yield Chip(field, words.chosen(field, len(chosen)), plain.choosing(field, ()))
        else:
            yield from _value_chips(plain, field)
    if view.has_dates:
        yield Chip("dates", _dates(view), plain.without_dates())
    if view.undated:
        yield Chip("undated", words.UNDATED_CHIP, replace(plain, undated=False))


def _value_chips(plain: View, field: Field) -> Iterator[Chip]:
    chosen = plain.chosen(field)
    for value in chosen:
        rest = tuple(other for other in chosen if other != value)
        label = written.shorten(value_label(field, value), CHIP_CHARS)
        yield Chip(f"{field}-{value}", label, plain.choosing(field, rest))


def notes(archive: Archive, answer: Answer) -> None:
    """Whatever was read, cut, dropped or done otherwise than the reader may think."""
    for dropped in session.dropped():
        _note(_dropped(dropped))
    if session.was_cut():
        _note(words.CUT)
    if answer.mode != answer.view.mode:
        _note(_why_no_meaning(archive))
    for note in answer.results.query.notes:
        _note(note, ' lang="en"')  # the library speaks English
    if answer.results.is_answered is False and answer.results.hits:
        _note(words.NO_GOOD_MATCH_YET if answer.results.awaiting else words.NO_GOOD_MATCH)


def _note(note: str, language: str = "") -> None:
    st.html(f'<p class="ns-note" role="status"{language}>{highlight(note)}</p>')


def _dropped(dropped: Dropped) -> str:
    if dropped.is_surplus:
        return words.surplus(dropped.param, MAX_VALUES)
    named = [written.shorten(value, CHIP_CHARS) for value in dropped.values[:NAMED]]
    return words.dropped(dropped.param, named, len(dropped.values) - len(named))


def _why_no_meaning(archive: Archive) -> str:
    if archive.failure is None:
        return words.STARTING
    return f"{words.NO_MEANING} {archive.failure or words.NO_ENCODER}"


def _control(key: str, value: T, label: str, names: Mapping[T, str]) -> None:
    session.seed(key, value)
    st.segmented_control(
        label,
        list(names),
        format_func=names.__getitem__,
        default=value,
        required=True,
        key=key,
        label_visibility="collapsed",
        on_change=session.choose,
        args=(key,),
    )


def _search() -> None:
    session.type_text(st.session_state["text"])


def _counts(answer: Answer) -> str:
    matched, ranks = answer.results.matched, bool(answer.results.query.words or answer.view.like)
    best = words.BEST_OF if ranks and answer.mode != "keyword" else ""
    stories = answer.results.stories
    grouped = "" if stories is None else f" · {_unbroken(words.stories_ranked(stories))}"
    return (
        f'<h1 class="ns-counts">{best}<b>{_unbroken(words.passages(matched.passages))}</b>'
        f" · {_unbroken(words.articles(matched.articles))}{grouped}"
        f'<span class="ns-took"> · {words.took(answer.results.plan.seconds["total"])}</span></h1>'
    )


def _unbroken(said: str) -> str:
    """On one line, as a number and what it counts are read together."""
    return said.replace(" ", "\N{NO-BREAK SPACE}")


def _dates(view: View) -> str:
    if view.when != "any":
        return words.WHEN_CHIPS[view.when]
    return f"{_end(view.first)} – {_end(view.last)}".strip()


def _end(day: date | None) -> str:
    return words.day(day) if day else "…"


def _headline(archive: Archive, passage_id: str) -> str:
    article, _ = archive.index.passage(passage_id)
    return written.shorten(written.headline(article), CHIP_CHARS)
