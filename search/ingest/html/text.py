"""Trafilatura: the article in a page, and the date and byline that stand in its text."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import count
from typing import Any

from search.ingest.html.tree import Element

RESET_AFTER = 500
"""Pages after which trafilatura's caches are emptied: they keep what they saw."""

_BREAKS = frozenset({"lb", "p", "head", "quote", "item", "row", "code"})
_pages = count(1)


def paragraphs(tree: Element) -> list[str]:
    """The article's paragraphs, without navigation, captions, comments and related links."""
    trafilatura = _trafilatura()
    if next(_pages) % RESET_AFTER == 0:
        trafilatura.meta.reset_caches()
    try:
        found = trafilatura.bare_extraction(
            tree, fast=True, favor_precision=True, include_comments=False
        )
    except Exception:  # whatever a page makes of it must not stop the run
        return []
    # not found.text, in which what was escaped twice is unescaped twice
    return [text for block in found.body for text in _rendered(block)] if found else []


def day_and_author(tree: Element, url: str | None) -> tuple[str | None, str | None]:
    """The day of publication in ISO 8601 and the byline that the text gives."""
    try:
        found = _trafilatura().metadata.extract_metadata(tree, url, extensive=False)
    except Exception:  # as above
        return None, None
    return found.date, found.author


@cache
def _trafilatura() -> Any:  # noqa: ANN401  a module
    import trafilatura.meta
    import trafilatura.metadata

    for name in ("trafilatura", "htmldate", "courlan"):  # they warn of pages that we reject
        logging.getLogger(name).addHandler(logging.NullHandler())
    return trafilatura


def _rendered(block: Element) -> Iterable[str]:
    """The paragraphs in a block; the items of a list and the rows of a table are lines of one."""
    if block.tag == "list":
        return _lines(map(_line, block.iter("item")))
    if block.tag == "table":
        return _lines(" | ".join(map(_line, row.iter("cell"))) for row in block.iter("row"))
    parts = "".join(_pieces(block)).split("\n")
    return [line for part in parts if (line := " ".join(part.split()))]


def _pieces(block: Element) -> Iterator[str]:
    """The texts in a block, a line end where one of its parts begins or ends."""
    from lxml import etree

    for event, element in etree.iterwalk(block, events=("start", "end")):
        is_break = element.tag in _BREAKS and element is not block
        text = element.text if event == "start" else element is not block and element.tail
        yield "\n" if is_break else ""
        yield (text or "").replace("\n", " ")


def _line(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _lines(lines: Iterable[str]) -> list[str]:
    text = "\n".join(line for line in lines if line.strip(" |"))
    return [text] if text else []
