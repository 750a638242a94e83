"""What the page says, in the language of who reads it."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any, cast

import streamlit as st

from search.web.words.english import English
from search.web.words.german import German

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGE_VARIABLE = "NEWS_SEARCH_LANGUAGE"
LANGUAGES: Mapping[str, English] = {"en": English(), "de": German()}
"""By the first part of a language tag."""


def spoken_to(preferred: str | None) -> English:
    """The words for a reader whose browser prefers this language tag; English where we lack it.

    NEWS_SEARCH_LANGUAGE comes before what a browser prefers; it may also be spelled as systems
    spell theirs, `de_DE.UTF-8`.
    """
    tag = os.environ.get(LANGUAGE_VARIABLE) or preferred or "en"
    return LANGUAGES.get(re.split(r"[-_.]", tag.strip())[0].lower(), LANGUAGES["en"])


class _Spoken:
    """The words of the language that the page is read in."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  typed by the cast below
        return getattr(spoken_to(st.context.locale), name)


words = cast("English", _Spoken())
