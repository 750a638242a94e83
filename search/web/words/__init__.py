"""What the page says, in the language of who reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import streamlit as st

from search.web.words.english import English

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGUAGES: Mapping[str, English] = {"en": English()}
"""By the first part of a language tag."""


class _Spoken:
    """The words of the language that the reader's browser prefers; English where we lack it."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  typed by the cast below
        tag = st.context.locale or "en"
        return getattr(LANGUAGES.get(tag.partition("-")[0].lower(), LANGUAGES["en"]), name)


words = cast("English", _Spoken())
