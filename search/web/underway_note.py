"""A line that says how far an adding is, whichever process adds."""

from __future__ import annotations

from html import escape

import streamlit as st

from search.types import Progress
from search.underway import underway
from search.web.archive import index_path
from search.web.words import words

FOLLOW_SECONDS = 2


def draw() -> None:
    """Where an adding is going on: how far it is, until it ends; then the page is drawn anew."""
    if underway(index_path()) is not None:
        _follow()


@st.fragment(run_every=FOLLOW_SECONDS)
def _follow() -> None:
    progress = underway(index_path())
    if progress is None:
        st.rerun()
    else:
        st.html(f'<p class="ns-note" role="status">{escape(_told(progress))}</p>')


def _told(progress: Progress) -> str:
    if progress.share_read is not None:
        return words.reading_first(progress.share_read)
    told = words.adding(progress.articles, progress.share)
    return f"{told} {words.searchable(progress.awaiting)}" if progress.articles else told
