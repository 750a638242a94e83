"""Quotes in Markdown, and hits as lines of JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator

from search.exporting.plain import link, one_line, outlet
from search.output import hit_json
from search.types import Article, Hit
from search.written import published

_SIGNS = re.compile(r"[\\`*_{}\[\]<>#+\-|~&=$^@/]|(?<=www)\.", re.IGNORECASE)
_NUMBERED = re.compile(r"^(\d+)(?=[.)])")
_PARAGRAPHS = re.compile(r"\n\s*\n")


def markdown(hits: Iterable[Hit]) -> Iterator[str]:
    """A quote a hit, then who wrote it, where and when; whatever an article says is plain text.

    Signs that mean something to CommonMark, GitHub's tables or links have a backslash before them.
    """
    for hit in hits:
        paragraphs = [plain_text(part) for part in _PARAGRAPHS.split(hit.text) if part.strip()]
        quote = "\n>\n".join(f"> {paragraph}" for paragraph in paragraphs)
        yield f"{quote}\n\n— {_origin(hit.article)}\n\n"


def _origin(article: Article) -> str:
    said = [
        ", ".join(article.authors),
        f"“{article.title}”" if article.title else "",
        outlet(article) or "",
        published(article) or "",
    ]
    line = ", ".join(plain_text(part) for part in said if part)
    address = link(article, '<>\\"` ')
    return f"{line}. <{address}>" if address else f"{line}."


def plain_text(text: str) -> str:
    """News text that Markdown reads as the same text, on one line."""
    return _NUMBERED.sub(r"\1\\", _SIGNS.sub(r"\\\g<0>", one_line(text)))


def json_lines(hits: Iterable[Hit]) -> Iterator[str]:
    """A hit a line, as `search --json` has it, its article whole."""
    for hit in hits:
        yield json.dumps(hit_json(hit), ensure_ascii=False) + "\n"
