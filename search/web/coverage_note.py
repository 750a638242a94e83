"""A quiet line at the hits while meaning has not seen all that words find."""

from __future__ import annotations

from html import escape

import streamlit as st

from search import NewsIndex
from search.underway import underway
from search.web.archive import Archive, index_path
from search.web.asking import Answer
from search.web.underway_note import FOLLOW_SECONDS
from search.web.words import words


def draw(archive: Archive, answer: Answer) -> None:
    """Where some of what matched awaits its vectors: how far meaning is in the whole archive.

    While an adding goes on, of whatever process, the line follows it.
    """
    if not answer.results.awaiting:
        return
    if underway(index_path()) is None:
        _line(archive.index)
    else:
        _follow(archive.index)


@st.fragment(run_every=FOLLOW_SECONDS)
def _follow(index: NewsIndex) -> None:
    """The page is drawn anew when the adding ends, by the note that says how far it is."""
    _line(index)


def _line(index: NewsIndex) -> None:
    coverage = index.coverage()
    if coverage.encoded < coverage.passages:  # it may have caught up since the search
        st.html(f'<p class="ns-quiet">{escape(words.meaning_covers(*coverage))}</p>')
