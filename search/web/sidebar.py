"""The filters, each with its counts, and what the index holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import get_args

import streamlit as st

from search import written
from search.types import FacetValue, Field, IndexStats
from search.web import labels, session
from search.web.archive import Archive
from search.web.asking import Answer, facets
from search.web.view import MAX_VALUES, View, When
from search.web.words import words

MAX_PILLS = 12
MAX_OPTIONS = 300
_COUNT_FOLLOWS = "\u2063"
"""An invisible separator, which no value holds: names of outlets may end in a number."""
_ORDER: tuple[Field, ...] = ("section", "source", "author", "language")


def wordmark() -> None:
    """The name, which leads home."""
    with st.sidebar, st.container(key="wordmark"):
        st.button(
            words.NAME, key="home", type="tertiary", icon=":material/newspaper:", on_click=_go_home
        )


def draw(archive: Archive, answer: Answer, stats: IndexStats) -> None:
    """Everything below the name."""
    by_field = facets(archive, answer)
    with st.sidebar:
        for field in _ORDER:
            _facet(field, answer.view.chosen(field), by_field[field])
        counted, matched = answer.results.counted.passages, answer.results.matched.passages
        if counted < matched:
            st.caption(words.counted_over(counted, matched))
        if stats.first and stats.last:
            _dates(answer.view, stats.first, stats.last)
        _facts(stats)


def value_label(field: Field, value: str) -> str:
    """A value as readers know it; not escaped."""
    return words.language(value) if field == "language" else value


def _facet(field: Field, chosen: Sequence[str], found: Sequence[FacetValue]) -> None:
    counts = _with_chosen(found, chosen)
    if not chosen and len(counts) < 2:
        return
    total, key = len(counts), f"facet-{field}"
    counts = _offered(counts, chosen)
    names = names_of(field, counts)
    session.seed(key, list(chosen))
    if len(counts) <= MAX_PILLS and field != "author":  # bylines are too long for pills
        st.pills(
            words.FIELDS[field],
            list(counts),
            default=list(chosen),
            selection_mode="multi",
            format_func=lambda value: _pill(names[value], counts[value]),
            key=key,
            on_change=_choose,
            args=(field, key, tuple(counts)),
        )
    else:
        st.multiselect(
            words.FIELDS[field],
            list(counts),
            default=list(chosen),
            format_func=lambda value: option_label(names[value], counts[value]),
            max_selections=MAX_VALUES,
            key=key,
            on_change=_choose,
            args=(field, key, tuple(counts)),
            placeholder=words.any_of(len(counts), total),
            filter_mode="contains",  # fuzzy, Enter takes every outlet whose name holds the letters
            select_all=False,
        )


def _with_chosen(found: Sequence[FacetValue], chosen: Sequence[str]) -> dict[str, int]:
    """The articles of each value, largest first; a chosen value stays even at none."""
    counts = {facet.value: facet.articles for facet in found}
    return counts | {value: 0 for value in chosen if value not in counts}


def _offered(counts: dict[str, int], chosen: Sequence[str]) -> dict[str, int]:
    """The most frequent values and the chosen ones: all of them would weigh down every answer."""
    frequent = dict(islice(counts.items(), MAX_OPTIONS))
    return frequent | {value: counts[value] for value in chosen}


def names_of(field: Field, values: Collection[str]) -> Mapping[str, str]:
    """Values as they are written, shortened where no other then reads the same.

    A control knows its options apart by what is written.
    """
    whole = {value: value_label(field, value) for value in values}
    short = {value: written.shorten(name, labels.NAME_CHARS) for value, name in whole.items()}
    times = Counter(short.values())
    return {value: name if times[name] == 1 else whole[value] for value, name in short.items()}


def _pill(name: str, articles: int) -> str:
    return f"{labels.md_escape(labels.isolated(name))} :gray[{words.number(articles)}]"


def option_label(name: str, articles: int) -> str:
    """A value's name with its count, so that the value can be read out of it again."""
    return f"{name}{_COUNT_FOLLOWS} ({words.number(articles)})"


def read_options(field: Field, options: Sequence[str], offered: Sequence[str]) -> tuple[str, ...]:
    """The values that options stand for: `offered` ones, or labels of an earlier drawing.

    A browser sends what it showed, and Streamlit passes on as it is what it does not offer now,
    since the count in it has changed meanwhile.
    """
    by_label = {value_label(field, value): value for value in offered}
    by_label |= {name: value for value, name in names_of(field, offered).items()}
    labels_alone = (option.partition(_COUNT_FOLLOWS)[0] for option in options)
    return tuple(dict.fromkeys(by_label.get(label, label) for label in labels_alone))


def _choose(field: Field, key: str, offered: Sequence[str]) -> None:
    values: Sequence[str] = st.session_state[key]
    session.change(**{field: read_options(field, values, offered)})


def _dates(view: View, first: date, last: date) -> None:
    session.seed("when", view.when)
    st.segmented_control(
        words.DATE,
        get_args(When),
        format_func=words.WHENS.__getitem__,
        default=view.when,
        required=True,
        key="when",
        on_change=_choose_when,
    )
    if view.when != "any":
        st.caption(words.counted_back(last))
    shown = _shown_range(view, first, last)
    session.seed("range", shown)
    st.date_input(
        words.RANGE,
        value=list(shown),
        min_value=min((first, *shown)),
        max_value=max((last, *shown)),
        format="YYYY-MM-DD",
        key="range",
        on_change=_choose_range,
    )


def _shown_range(view: View, first: date, last: date) -> tuple[date, ...]:
    """The range as its field holds it: none, the first day alone, or both days."""
    if view.last is not None:
        return (view.first or min(first, view.last), view.last)
    return (view.first,) if view.first else ()


def _choose_when() -> None:
    when: When | None = st.session_state["when"]
    if when is not None:  # as a browser sends what it has not drawn yet
        session.change(when=when, first=None, last=None)


def _choose_range() -> None:
    days: Sequence[date] = st.session_state["range"]  # one while the second is yet to be chosen
    first, last = (*days, None, None)[:2]
    session.change(when="any", first=first, last=last)


def _go_home() -> None:
    session.go(View())


def _facts(stats: IndexStats) -> None:
    built = f" · {words.day(stats.committed)}" if stats.committed else ""
    st.caption(
        f"{words.articles(stats.articles)} · {words.passages(stats.passages)}"
        f"{built} · {labels.md_escape(stats.model)}"
    )
