"""Who comes in: readers who are signed in, where somebody asks for that, and who they are."""

from __future__ import annotations

from html import escape
from typing import Literal

import streamlit as st

from search import written
from search.web import labels, sign_in
from search.web.sign_in import ByProvider, SignIn
from search.web.words import words

NAME_CHARS = 80


def admit() -> None:
    """End the run here, with nothing of the archive, for who may not read it."""
    way = sign_in.in_use()
    if way is None or way.admits(st.user):
        return
    st.html(f'<h1 class="ns-title">{words.NAME}</h1>')
    if st.user.get("is_logged_in"):
        st.text(words.may_not_read(_name(way)))
        _sign_out("secondary")
    else:
        st.text(words.SIGN_IN_FIRST)
        st.button(words.SIGN_IN, key="sign-in", on_click=st.login)
    st.stop()


def signed_in() -> None:
    """Small in the sidebar: who reads here, and the way out."""
    way = sign_in.in_use()
    if way is None:
        return
    with st.sidebar, st.container(horizontal=True, vertical_alignment="center", key="reader-name"):
        # A widget would make links of addresses.
        st.html(f'<p class="ns-quiet">{escape(words.signed_in_as(_name(way)))}</p>')
        if isinstance(way, ByProvider):
            _sign_out("tertiary")


def _name(way: SignIn) -> str:
    return labels.isolated(written.shorten(way.name(st.user), NAME_CHARS))


def _sign_out(kind: Literal["secondary", "tertiary"]) -> None:
    st.button(words.SIGN_OUT, key="sign-out", type=kind, on_click=st.logout)
