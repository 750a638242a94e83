"""Markup into a tree, safely; and the text in parts of it."""

from __future__ import annotations

import re
from typing import Any

from search.ingest.record import Rejected

Element = Any
"""An element of lxml, which has no types."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_OPENING = re.compile(
    r"\s*(?:<\?xml\b[^>]*>|<!--.*?-->|<!doctype[^>\[]*(?:\[.*?\]\s*)?>|\s)*", re.DOTALL | re.I
)


def tree_of(markup: str) -> Element:
    """The page as a tree, without comments. Nothing is fetched, and no entity is expanded.

    Raises:
        Rejected: binary, more than 1 % (and more than three) of the characters are controls; or
            there is no element in it.
    """
    controls = len(_CONTROL.findall(markup))
    if controls > max(3, len(markup) // 100):
        message = f"{controls:,} of {len(markup):,} characters are control characters"
        raise Rejected("binary", message)
    markup = _CONTROL.sub("", markup) if controls else markup
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    data = markup[_OPENING.match(markup).end() :].encode("utf-8", "replace")  # type: ignore[union-attr]
    try:
        tree = lxml_html.document_fromstring(data, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Rejected("no_text", f"the page cannot be read: {error}") from error
    return tree


def text_in(element: Element) -> str:
    """An element's text on one line."""
    return " ".join("".join(element.itertext()).split())
