"""What stands in the head of a page: meta elements, links, the title; and the first headings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin

from search.ingest.html.tree import Element, text_in
from search.links import web_link

MAX_ELEMENTS = 2_000
MAX_HEADINGS = 10
MAX_CHARS = 10_000


class Head:
    """The head's values by name, in lower case and in the order of the page."""

    def __init__(self, tree: Element, url: str | None) -> None:
        self.tree = tree
        self._values: dict[str, list[str]] = {}
        for name, value in _named_values(tree):
            if value:
                self._values.setdefault(name, []).append(value)
        self._base = _joined(url, next((b.get("href") for b in tree.iter("base")), None)) or url

    def values(self, *names: str) -> Iterator[str]:
        """What the page gives under any of the names, in the order of the names."""
        for name in names:
            yield from self._values.get(name, ())

    def links(self) -> Iterator[str]:
        """Addresses that the page says are its own, the canonical one first."""
        for href in self.values("link canonical", "og:url"):
            if joined := _joined(self._base, href):
                yield joined

    def title(self) -> str | None:
        """The text of the title element."""
        found = self.tree.find(".//title")
        return (found is not None and text_in(found)) or None

    def headings(self) -> list[str]:
        """The texts of the page's first headings of the first level."""
        found = [text_in(heading) for heading in islice(self.tree.iter("h1"), MAX_HEADINGS)]
        return [text for text in found if text]


def _named_values(tree: Element) -> Iterator[tuple[str, str]]:
    for element in islice(tree.iter("meta"), MAX_ELEMENTS):
        for key in ("property", "name", "itemprop", "http-equiv"):
            if name := element.get(key):
                yield name.strip().lower(), (element.get("content") or "")[:MAX_CHARS].strip()
    for element in islice(tree.iter("link"), MAX_ELEMENTS):
        if "canonical" in (element.get("rel") or "").lower().split():
            yield "link canonical", element.get("href") or ""
    for element in islice(tree.iter("time"), MAX_ELEMENTS):
        if name := element.get("itemprop"):
            yield name.lower(), element.get("datetime") or ""


def _joined(base: str | None, href: str | None) -> str | None:
    """A link made whole; None where it cannot be one for the web."""
    try:
        link = urljoin(base or "", (href or "").strip())
    except ValueError:
        return None
    return link if web_link(link) else None
