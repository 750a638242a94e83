"""Paragraphs that pages put around every article: consent, subscription, sharing, what to read on.

Only short ones, and only those that begin or end as such lines do: an article about cookies stays.
"""

from __future__ import annotations

import re

MAX_CHARS = 400
MAX_WALL_WORDS = 60

_BOILERPLATE = re.compile(
    r"""
    (?:we(?:\ and\ our\ partners)?|(?:this|our)\ (?:web\s?)?site|by\ (?:continuing|using|clicking)
      |wir|diese\ (?:web)?seite|ce\ site|nous|en\ poursuivant|utilizamos|usamos|este\ sitio
      |questo\ sito|utilizziamo|este\ site)\b .{0,160} \bcookies?\b .*
    |(?:accept|reject|manage)\ (?:all\ )?cookies\W*
    |(?:sign\ up|subscribe|register)\b .{0,80} \b(?:newsletters?|alerts?|inbox)\b .{0,60}
    |.{0,80} \bsubscribe\ to\ .{0,40} \bnewsletters?\W*
    |(?:advertisement|anzeige|publicité|publicidad|pubblicità|advertorial)\W*
    |(?:the\ )?(?:story|article)\ continues\ (?:below|after)\b .*
    |(?:read\ more|see\ also|also\ read|related|more\ on\ this(?:\ story)?|(?:à\ )?lire\ aussi
      |lesen\ sie\ auch|leggi\ anche|lea\ también|ver\ también|leia\ também)\s*[:：] .*
    |(?:share\ (?:this|on)|follow\ us\ on|like\ us\ on)\b .{0,80}
    """,
    re.IGNORECASE | re.VERBOSE | re.DOTALL,
)
_WALL = re.compile(
    r"\b(?:log\ in|sign\ in|subscribe|register|create\ an?\ (?:free\ )?account)\b.{0,80}?"
    r"\bto\ (?:continue|keep|read|access|unlock)\b"
    r"|\b(?:enable|turn\ on|activate)\ javascript\b|\bjavascript\ (?:is|must\ be)\b",
    re.IGNORECASE | re.VERBOSE,
)


def is_boilerplate(paragraph: str) -> bool:
    """Whether a paragraph belongs to the page and not to the article."""
    return len(paragraph) <= MAX_CHARS and _BOILERPLATE.fullmatch(paragraph) is not None


def is_wall(paragraphs: list[str]) -> bool:
    """Whether the text only says what to do in order to see the article."""
    text = " ".join(paragraphs)
    return len(text) <= 10 * MAX_WALL_WORDS and _WALL.search(text) is not None
