"""The look: page settings and the style sheet."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from search.web.words import words

_HERE = Path(__file__).parent


def apply() -> None:
    """Set the page up; comes before anything is drawn."""
    st.set_page_config(
        page_title=words.NAME,
        page_icon=(_HERE / "icon.svg").read_text(encoding="utf-8"),  # a name would be fetched
        layout="wide",
        menu_items={"About": words.ABOUT},
    )
    st.html(_HERE / "theme.css")
