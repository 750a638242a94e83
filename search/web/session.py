"""The view of one reader's session, and the only ways to change it.

No widget holds the truth. The session's view does; the address mirrors it, widgets are set from
it before they are drawn, and their callbacks change it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import streamlit as st

from search.web import urlstate
from search.web.archive import Archive
from search.web.urlstate import Dropped
from search.web.view import View, read_text

_VIEW, _WRITTEN, _DROPPED, _CUT = "view", "written", "dropped", "cut"


def start(archive: Archive) -> View:
    """The view to draw: the address's where the reader went there, else the session's."""
    params = {name: st.query_params.get_all(name) for name in st.query_params}
    if _VIEW not in st.session_state or params != st.session_state.get(_WRITTEN):
        view, dropped = urlstate.read(params)
        view, unknown = urlstate.keep_known(view, archive.values())
        st.session_state[_VIEW], st.session_state[_CUT] = view, False
        st.session_state[_DROPPED] = (*dropped, *unknown)
    return settle(st.session_state[_VIEW])


def settle(view: View) -> View:
    """Make `view` the session's and write its address."""
    params = urlstate.write(view)
    written = {name: st.query_params.get_all(name) for name in st.query_params}
    if params != written:
        st.query_params.from_dict(params)
    st.session_state[_VIEW], st.session_state[_WRITTEN] = view, params
    return view


def dropped() -> tuple[Dropped, ...]:
    """What the address asked for and did not get; forgotten at the next change."""
    found: tuple[Dropped, ...] = st.session_state.get(_DROPPED, ())
    return found


def was_cut() -> bool:
    """Whether the text was longer than what is searched."""
    return bool(st.session_state.get(_CUT))


def change(**changes: Any) -> None:  # noqa: ANN401  the fields of a View
    """Change what is asked: back to the first page, reader closed."""
    go(replace(current(), **{"page": 1, "open": None} | changes))


def choose(field: str) -> None:
    """Take over what the control named after a field of the view holds.

    A browser that has not drawn a control yet sends it empty, beside what the reader did elsewhere.
    """
    chosen = st.session_state[field]
    if chosen is not None:
        change(**{field: chosen})


def go(view: View) -> None:
    """Show `view`."""
    st.session_state[_VIEW] = view
    st.session_state[_DROPPED], st.session_state[_CUT] = (), False


def type_text(typed: str) -> None:
    """Search for what was typed; it takes the place of a search for similar passages."""
    text, cut = read_text(typed)
    change(text=text, like=None)
    st.session_state[_CUT] = cut


def open_reader(passage_id: str) -> None:
    """Open an article at a passage."""
    go(replace(current(), open=passage_id))


def close_reader() -> None:
    """Close the article."""
    go(replace(current(), open=None))


def current() -> View:
    """The session's view."""
    view: View = st.session_state[_VIEW]
    return view


def seed(key: str, value: Any) -> None:  # noqa: ANN401  whatever the widget holds
    """Set a widget before it is drawn, where it shows something else.

    It also takes the value as its default, or it would be empty in the browser for a moment, and
    what the reader did elsewhere in that moment would empty it here.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
