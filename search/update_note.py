"""The note that closes an article: "This story has been updated with additional information."."""

from __future__ import annotations

import re

_NOTE = re.compile(r"This (?:story|article) has been updated\b", re.IGNORECASE)
_MAX_CHARS = 300


def update_note(text: str) -> int:
    """Where a note that the story was updated begins; the text's length when there is none.

    It is the last paragraph, of at most 300 characters, and never the only one.
    """
    begin = text.rstrip().rfind("\n\n") + 2
    is_note = len(text) - begin <= _MAX_CHARS and _NOTE.match(text, begin)
    return begin if begin > 1 and is_note else len(text)
