"""Which texts are little of an article: short ones, and those that a paywall cut."""

from __future__ import annotations

import re

STUB_WORDS = 60
_LONGEST_STUB_CHARS = 20 * STUB_WORDS
"""Beyond it no words need be counted: none are so long."""
_END_CHARS = 300
"""Where a paywall says so."""

_PAYWALL = re.compile(
    r"(?:subscribe|sign in|log in|register) (?:now )?to (?:continue|keep|read)"
    r"|(?:continue|keep) reading (?:with|by|your|this|for)"
    r"|to (?:read|continue reading) the (?:full|rest)"
    r"|(?:article|story|content) is (?:only )?(?:available )?(?:for|to) (?:our )?subscribers"
)
_PAYWALL_WORDS = ("subscri", "sign in", "log in", "register", "reading", "to read")
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def is_stub(text: str) -> bool:
    """Whether it has under 60 words, or ends where a paywall begins."""
    end = text[-_END_CHARS:].lower()
    if any(word in end for word in _PAYWALL_WORDS) and _PAYWALL.search(end):
        return True
    if len(text) > _LONGEST_STUB_CHARS:
        return False
    words = len(text.split())
    if not text.isascii():
        words += len(_WITHOUT_SPACES.findall(text)) // 2  # about two characters a word
    return words < STUB_WORDS
