"""Marked-up text as plain paragraphs: HTML, XHTML and NITF bodies, from trees or fragments."""

from __future__ import annotations

import html
import html.entities
import re
from typing import TYPE_CHECKING, NamedTuple

from search.ingest.xml_items import local_name

if TYPE_CHECKING:
    from search.ingest.xml_items import Element

_BLOCKS = frozenset(
    "abstract address article aside blockquote bq block body body.content body.end center dd div "
    "dl dt fieldset footer h1 h2 h3 h4 h5 h6 header hl1 hl2 hr li main nitf-table ol p pre section "
    "table tagline tr ul".split()
)
_LEFT_OUT = frozenset(
    "audio button canvas embed figure form head iframe map math media nav noscript object picture "
    "script select style svg template textarea title video".split()
)
_CAPTIONS = frozenset(["figcaption", "media-caption"])
_CELLS = frozenset(["td", "th"])
_SPACES = re.compile(" {2,}")
_AROUND_LINE_END = re.compile(r" *\n *")
_EMPTY_LINE = re.compile(r"\n\s*\n")
_TAG = re.compile(r"<[^<>]{0,2000}>")
_BEGINS_MARKED = re.compile(
    r"\s*<(?:p|div|article|section|figure|h[1-6]|ul|ol|blockquote|table|span|strong|em|b|i|a|img)"
    r"(?:\s[^<>]{0,2000})?>",
    re.IGNORECASE,
)
_ENDS_MARKED = re.compile(
    r"</(?:p|div|article|section|figure|h[1-6]|ul|ol|blockquote|table)\s*>\s*\Z", re.IGNORECASE
)
_NAMED_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30});")


class Marked(NamedTuple):
    """Paragraphs separated by an empty line, and the captions of what was left out."""

    text: str
    captions: tuple[str, ...] = ()


def marked_text(element: Element) -> Marked:
    """The text of a tree; scripts, forms and pictures are left out."""
    from lxml import etree

    writer, captions = _Writer(), list[str]()
    todo = [(element, False)]
    while todo:
        node, is_left = todo.pop()
        name = local_name(node) if isinstance(node.tag, str) else ""
        if is_left:
            writer.leave(name)
        elif name in _LEFT_OUT:
            captions += _captions_in(node)
        elif name:
            writer.enter(name)
            writer.add(node.text)
            todo.append((node, True))
            todo += [(child, False) for child in reversed(node)]
            continue
        elif node.tag is etree.Entity:
            writer.add(html.unescape(node.text))
        if node is not element:
            writer.add(node.tail)
    return Marked(writer.text(), tuple(dict.fromkeys(captions)))


def fragment_text(fragment: str) -> Marked:
    """The text of a piece of HTML, however ill-formed; without any tag, empty lines part it."""
    if "<" not in fragment:
        paragraphs = _EMPTY_LINE.split(html.unescape(fragment))
        return Marked("\n\n".join(" ".join(one.split()) for one in paragraphs).strip())
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    data = f"<div>{fragment}</div>".replace("\0", "").encode("utf-8", "replace")
    try:
        tree = etree.fromstring(data, parser)
    except etree.XMLSyntaxError:
        tree = None
    if tree is None or _gave_up(parser):
        return Marked(html.unescape(_TAG.sub(" ", fragment)).strip())
    return marked_text(tree)


def is_fragment(text: str) -> bool:
    """Whether a text is a piece of HTML: it begins with a tag and ends with the end of a block."""
    return _BEGINS_MARKED.match(text) is not None and _ENDS_MARKED.search(text[-40:]) is not None


def unescaped_again(text: str) -> str:
    """Without the named entities that are left of text that was escaped twice."""
    if any(f"{name};" in html.entities.html5 for name in _NAMED_ENTITY.findall(text)):
        return html.unescape(text)
    return text


def _captions_in(node: Element) -> list[str]:
    elements = (one for one in node.iter() if isinstance(one.tag, str))
    texts = (marked_text(one).text for one in elements if local_name(one) in _CAPTIONS)
    return [" ".join(text.split()) for text in texts if text]


def _gave_up(parser: object) -> bool:
    """Whether the parser stopped: what is nested too deep is dropped, and all that follows."""
    return any(entry.level_name == "FATAL" for entry in parser.error_log)  # type: ignore[attr-defined]


class _Writer:
    """Paragraphs as they are met."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._open: list[str] = []
        self._preformatted = 0

    def enter(self, name: str) -> None:
        if name == "br":
            self._open.append("\n")
        if name in _CELLS:
            self._open.append(" ")
        if name in _BLOCKS:
            self._close()
        self._preformatted += name == "pre"

    def leave(self, name: str) -> None:
        self._preformatted -= name == "pre"
        if name in _BLOCKS:
            self._close()

    def add(self, text: str | None) -> None:
        if text:
            self._open.append(text if self._preformatted else _spaced(text))

    def text(self) -> str:
        self._close()
        return "\n\n".join(self._done)

    def _close(self) -> None:
        paragraph = "".join(self._open).strip()
        if "\n" in paragraph:
            paragraph = _AROUND_LINE_END.sub("\n", paragraph)
        if "  " in paragraph:
            paragraph = _SPACES.sub(" ", paragraph)
        if paragraph:
            self._done.append(paragraph)
        self._open = []


def _spaced(text: str) -> str:
    """The text with one space for each run of white space, at its ends too."""
    words = " ".join(text.split())
    if not words:
        return " "
    return f"{' ' * text[0].isspace()}{words}{' ' * text[-1].isspace()}"
