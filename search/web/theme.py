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
    st.html(f"<style>{lost_css(words.LOST, words.LOST_HINT)}</style>")


def lost_css(title: str, hint: str) -> str:
    """What the browser says when the server is gone, in our words.

    By then only style sheets reach it; Streamlit's own dialog asks after an internet that nobody
    needs here. It has no element of ours in it, which is how it is told from those that we open.
    """
    dialog = (
        'body:has(.stApp[data-test-connection-state="PINGING_SERVER"])'
        ' .stDialog:not(:has([data-testid="stVerticalBlock"])) [role="dialog"]'
    )
    return (
        f"{dialog} h2, {dialog} > div {{ font-size: 0; }}"
        f'{dialog} h2::after {{ content: "{title}"; font-size: 1.25rem; }}'
        f'{dialog} > div::after {{ content: "{hint}"; font-size: 1rem; line-height: 1.5; }}'
    )
