"""The text of the article in a page: trafilatura's, unless the page plainly holds far more."""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

from search.boilerplate import is_furniture
from search.ingest.html import paragraphs as html_paragraphs
from search.ingest.html import text as html_text
from search.ingest.html.titles import letters
from search.ingest.html.tree import Element, fragment_of
from search.ingest.html.walls import is_wall

IMPLAUSIBLE = 0.6
"""Of the length that the page's paragraphs or its `articleBody` have; what is shorter is a part."""

_MARKUP = re.compile(
    r"</?(?:p|div|br|strong|em|b|i|a|span|h[1-6]|ul|li|script|style)\b[^<>]*>", re.IGNORECASE
)
_BLOCKS = "p div li h1 h2 h3 h4 blockquote".split()


class Body(NamedTuple):
    """The paragraphs of an article, and the flags of how they were found."""

    paragraphs: list[str]
    flags: tuple[str, ...] = ()


def body_of(tree: Element, told: str | None, title: str | None, description: str | None) -> Body:
    """The text; `told` is what the page itself gives as its `articleBody`.

    Where there is none but a wall before it, the description is the text, and that is flagged.
    """
    usual = _without_furniture(html_text.paragraphs(tree), title)
    if is_wall(usual):
        usual, others = [], [_paragraphs(told or "")]
    else:
        others = [html_paragraphs.paragraphs(tree), _paragraphs(told or "")]
    fullest = max((_without_furniture(other, title) for other in others), key=_size)
    if _size(usual) < IMPLAUSIBLE * _size(fullest):
        return Body(fullest, ("fuller_text",))
    if not usual and description:
        return Body(_paragraphs(description), ("stub",))
    return Body(usual)


def _without_furniture(paragraphs: list[str], title: str | None) -> list[str]:
    kept = [paragraph for paragraph in paragraphs if not is_furniture(paragraph)]
    return kept[1:] if kept and title and letters(kept[0]) == letters(title) else kept


def _paragraphs(text: str) -> list[str]:
    """The paragraphs of a text that may be markup, plain or with its entities escaped."""
    text = text if _MARKUP.search(text) else unescape(text)
    if _MARKUP.search(text):
        tree = fragment_of(text)
        for element in tree.iter(*_BLOCKS, "br"):
            element.tail = "\n" + (element.tail or "")
        text = "".join(tree.itertext())
    lines = (" ".join(line.split()) for line in text.splitlines())
    return [line for line in lines if line]


def _size(paragraphs: list[str]) -> int:
    return sum(map(len, paragraphs))
