"""Pages that show a wall in the place of the article."""

from __future__ import annotations

import re

MAX_WALL_WORDS = 60

_WALL = re.compile(
    r"\b(?:log\ in|sign\ in|subscribe|register|create\ an?\ (?:free\ )?account)\b.{0,80}?"
    r"\bto\ (?:continue|keep|read|access|unlock)\b"
    r"|\b(?:enable|turn\ on|activate)\ javascript\b|\bjavascript\ (?:is|must\ be)\b",
    re.IGNORECASE | re.VERBOSE,
)


def is_wall(paragraphs: list[str]) -> bool:
    """Whether the text only says what to do in order to see the article."""
    text = " ".join(paragraphs)
    return len(text) <= 10 * MAX_WALL_WORDS and _WALL.search(text) is not None
