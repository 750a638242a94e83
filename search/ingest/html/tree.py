"""Markup into a tree, safely and in bounded time; and the text in parts of it."""

from __future__ import annotations

import re
from typing import Any

from search.ingest.record import Rejected

Element = Any
"""An element of lxml, which has no types."""

MAX_TAGS = 60_000
"""Opening and closing ones; with more, finding the article takes more than seconds."""
MAX_ATTRIBUTES = 500
"""Of one tag. The parser compares each with every other one."""

_CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_OPENING = re.compile(
    r"\A(?:\s|<\?xml\b[^>]*>|<!--.*?-->|<!doctype[^>\[]*(?:\[[^\]]*\]\s*)?>)*+", re.DOTALL | re.I
)
_LONG_TAG = re.compile(r"<([a-zA-Z][\w:-]*)([^<>]{4000,})")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def tree_of(markup: str) -> tuple[Element, bool]:
    """The page as a tree without comments, and whether it was cut.

    Nothing is fetched, and no entity is expanded: what a document type declares is left out.

    Raises:
        Rejected: binary, more than 1 % (and more than three) of the characters are controls; or
            there is no element in it.
    """
    controls = len(_CONTROL.findall(markup))
    if controls > max(3, len(markup) // 100):
        message = f"{controls:,} of {len(markup):,} characters are control characters"
        raise Rejected("binary", message)
    markup = _OPENING.sub("", markup, count=1)
    tags = markup.split("<", MAX_TAGS)
    is_cut = len(tags) > MAX_TAGS
    return _parsed(markup[: -len(tags[-1]) - 1] if is_cut else markup), is_cut


def fragment_of(markup: str) -> Element:
    """A piece of markup as a tree, scripts and styles left out."""
    tree = _parsed(f"<body>{markup}</body>")
    drop_scripts(tree)
    return tree


def drop_scripts(tree: Element) -> None:
    """Take out what no reader sees."""
    for element in list(tree.iter("script", "style", "template")):
        if element.getparent() is not None:
            element.drop_tree()


def text_in(element: Element) -> str:
    """An element's text on one line."""
    return " ".join("".join(element.itertext()).split())


def _parsed(markup: str) -> Element:
    from lxml import etree
    from lxml import html as lxml_html

    parser = lxml_html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False
    )
    markup = _LONG_TAG.sub(_with_few_attributes, _CONTROL.sub("", markup))
    try:
        return lxml_html.document_fromstring(markup.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Rejected("no_text", f"the page cannot be read: {error}") from error


def _with_few_attributes(tag: re.Match[str]) -> str:
    names = _QUOTED.sub("", tag[2]).split()
    return tag[0] if len(names) <= MAX_ATTRIBUTES else f"<{tag[1]}"
