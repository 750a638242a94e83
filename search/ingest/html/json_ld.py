"""JSON-LD: what a page says of itself in schema.org's words, however carelessly it is written."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from search.ingest.extras import MAX_DEPTH
from search.ingest.html.links import same_page
from search.ingest.html.tree import Element
from search.ingest.json_values import is_nested_deeper, parsed_leniently

MAX_BLOCKS = 100
MAX_NODES = 2_000
MAX_MARKS = 4
MAX_CHARS = 10_000
"""Of a headline or a name; what is longer is none."""

Node = Mapping[str, Any]

_ARTICLE = re.compile(r"(?:.*Article|.*Posting|Report|Review)$")
_WRAPPERS = ("@graph", "mainEntity", "mainEntityOfPage")
_BEFORE = ("//", "/*", "<!--", "<![CDATA[", "*/")
_AFTER = ("*/", "]]>", "-->", "/*", "//", ";")
_STRING_OR_NOISE = re.compile(
    r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))'  # a string, kept; an open one ends the search
    r"|/\*(?:.*?\*/|.*)|//[^\n]*"  # comments
    r"|,(?=\s*[}\]])",  # a comma before the end
    re.DOTALL,
)


def nodes_of(tree: Element) -> list[Node]:
    """Every object of a page's JSON-LD that may describe the page, in order."""
    blocks = (s for s in tree.iter("script") if "ld+json" in (s.get("type") or "").lower())
    values = (value for block in islice(blocks, MAX_BLOCKS) for value in _values(block.text or ""))
    return list(islice((node for value in values for node in _objects(value)), MAX_NODES))


def article_of(nodes: list[Node], addresses: set[str]) -> Node:
    """The node that describes the article at one of the addresses; an empty one where none does."""
    articles = [node for node in nodes if is_article(node)]
    told = [node for node in articles if addresses & _addresses(node)]
    return next(iter(told or [n for n in articles if "headline" in n] or articles), {})


def is_article(node: Node) -> bool:
    """Whether its type is schema.org's Article or one of those below it."""
    return any(_ARTICLE.match(name) for name in types_of(node))


def types_of(node: Node) -> list[str]:
    """The names of a node's types, without the vocabulary's address."""
    types = node.get("@type", node.get("type"))
    names = types if isinstance(types, list) else [types]
    return [re.split("[/:#]", name)[-1] for name in names if isinstance(name, str)]


def resolved(value: object, nodes: list[Node]) -> object:
    """The node that a bare reference `{"@id": …}` means; anything else as it is."""
    if not isinstance(value, Mapping) or "name" in value or "@id" not in value:
        return value
    return next((n for n in nodes if n.get("@id") == value["@id"] and "name" in n), value)


def texts_of(value: object) -> list[str]:
    """The texts in a value that may be a text, an object with a name, or a list of both."""
    if isinstance(value, str):
        text = html.unescape(value[:MAX_CHARS]).strip()
        return [text] if text else []
    if isinstance(value, Mapping):
        return texts_of(value.get("name") or value.get("@value"))
    if isinstance(value, list):
        return [
            text for member in value if not isinstance(member, list) for text in texts_of(member)
        ]
    return []


def _addresses(node: Node) -> set[str]:
    page = node.get("mainEntityOfPage")
    page = [page.get("@id"), page.get("url")] if isinstance(page, Mapping) else [page]
    urls = [node.get("url"), node.get("@id"), *page]
    return {same_page(url) for url in urls if isinstance(url, str)} - {""}


def _objects(value: object, depth: int = 0) -> Iterator[Node]:
    """The objects in a block, those in lists, graphs and main entities included."""
    if isinstance(value, list):
        for member in value:
            yield from _objects(member, depth + 1)
    elif isinstance(value, Mapping) and depth < MAX_DEPTH:
        yield value
        for key in _WRAPPERS:
            yield from _objects(value.get(key), depth + 1)


def _values(text: str) -> Iterator[Any]:
    """The JSON values in a block, one after the other; what cannot be read is left out."""
    text = _unwrapped(text.replace("\ufeff", ""))
    if "&quot;" in text and '"' not in text:
        text = html.unescape(text)
    value = _parsed(text)
    if value is None:
        value = _parsed(_STRING_OR_NOISE.sub(lambda found: found[1] or "", text))
    if value is not None:
        yield value
        return
    yield from _each_after_the_other(text)


def _unwrapped(text: str) -> str:
    """A script's content without what once hid it from old browsers, such as `//<![CDATA[`."""
    text = text.strip()
    for _ in range(MAX_MARKS):
        before = next((mark for mark in _BEFORE if text.startswith(mark)), "")
        after = next((mark for mark in _AFTER if text.endswith(mark)), "")
        text = text.removeprefix(before).removesuffix(after).strip()
    return text


def _parsed(text: str) -> Any:  # noqa: ANN401  any JSON value
    try:
        value = parsed_leniently(text)
    except (json.JSONDecodeError, RecursionError):
        return None
    return None if is_nested_deeper(value, MAX_DEPTH) else value


def _each_after_the_other(text: str) -> Iterator[Any]:
    decoder = json.JSONDecoder(strict=False)
    at = 0
    for _ in range(MAX_BLOCKS):
        at = text.find("{", at)
        if at < 0:
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            return
        if not is_nested_deeper(value, MAX_DEPTH):
            yield value
