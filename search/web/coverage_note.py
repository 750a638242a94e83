"""A quiet line at the hits while meaning has not seen all that words find."""

from __future__ import annotations

from html import escape

import streamlit as st

from search.web.asking import Answer
from search.web.words import words


def draw(answer: Answer) -> None:
    """How many of the passages that matched were compared by meaning, where not all were.

    It is said of these hits: they stay as they are until the search is made again, by the reader
    or when the adding ends. How far an adding is stands above, and moves.
    """
    awaiting, passages = answer.results.awaiting, answer.results.matched.passages
    if awaiting:
        said = words.meaning_covers(passages - awaiting, passages)
        if answer.results.query.words:  # else it is an article that others are to be like
            by_words = answer.mode == "hybrid"
            said += f" {words.WORDS_COVER_ALL if by_words else words.WORDS_FIND_THE_REST}"
        st.html(f'<p class="ns-quiet">{escape(said)}</p>')
