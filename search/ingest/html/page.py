"""What a page says of its article, in every place where it says it.

Places are asked in this order: JSON-LD, OpenGraph and its `article:` names, other meta elements,
the page's own markup, its address, its text. What stands in the first is not always the best, so
each method here gives all candidates, and `fields` chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Literal, NamedTuple

from search.ingest.html import names
from search.ingest.html import text as html_text
from search.ingest.html.json_ld import article_of, nodes_of, resolved, texts_of
from search.ingest.html.links import same_page
from search.ingest.html.meta import Head
from search.ingest.html.tree import Element, drop_scripts
from search.links import day_in, web_link

Origin = Literal["json-ld", "opengraph", "meta", "html", "url", "text", "given"]

_TAGLINE = re.compile(r"\s[|–—»]\s")


class Found(NamedTuple):
    """A value and where it was."""

    value: Any
    origin: Origin


class Page:
    """A page's candidates for each field, the best first.

    `url` is where it was fetched, if that is known.
    """

    def __init__(self, tree: Element, url: str | None) -> None:
        self.tree, self.url = tree, url
        self.nodes = nodes_of(tree)
        drop_scripts(tree)  # JSON-LD is one, so it is read before
        self.head = Head(tree, url)
        self.headings = self.head.headings()
        links = [*self.head.links(), *([url] if url else [])]
        self.node = article_of(self.nodes, {same_page(link) for link in links} - {""})

    @property
    def is_article(self) -> bool:
        """Whether the page says that it holds one."""
        return bool(self.node) or "article" in self.head.values("og:type")

    @property
    def told_text(self) -> str | None:
        """The whole text, where the page gives it beside its markup; it may be markup itself."""
        text = self.node.get("articleBody")
        return text if isinstance(text, str) else None

    @cached_property
    def in_text(self) -> tuple[str | None, str | None]:
        """The day and the byline in the text; asked last, since that takes longest."""
        return html_text.day_and_author(self.tree, self.address)

    @cached_property
    def address(self) -> str | None:
        """The address of the article."""
        return next((found.value for found in self.urls()), None)

    def urls(self) -> Iterator[Found]:
        """Addresses; a front page is not an article's."""
        yield from _all(filter(same_page, self.head.links()), "html")
        for key in ("url", "mainEntityOfPage", "@id"):
            value = self.node.get(key)
            value = value.get("@id") or value.get("url") if isinstance(value, Mapping) else value
            if isinstance(value, str) and value.startswith("http") and same_page(value):
                yield Found(value, "json-ld")
        if self.url:
            yield Found(self.url, "given")

    def titles(self) -> Iterator[Found]:
        """Headlines."""
        for key in ("headline", "name"):
            yield from _all(texts_of(self.node.get(key))[:1], "json-ld")
        yield from self._in_head(names.TITLES, names.TITLES_META)
        if len(self.headings) == 1:
            yield Found(self.headings[0], "html")
        yield from _all(filter(None, [self.head.title()]), "html")
        yield from _all(self.headings[:1], "html")

    def sources(self) -> Iterator[Found]:
        """Names of the outlet, without what it adds to them, as in `Daily | News | Sport`."""
        for name, origin in self._source_names():
            yield Found(_TAGLINE.split(name)[0], origin)

    def _source_names(self) -> Iterator[Found]:
        """Names as they are; a periodical stands before its publishing house."""
        part_of = self.node.get("isPartOf")
        for whole in part_of if isinstance(part_of, list) else [part_of]:
            if isinstance(whole, Mapping) and "Periodical" in str(whole.get("@type")):
                yield from _all(texts_of(whole), "json-ld")
        for key in ("publisher", "sourceOrganization", "provider"):
            yield from _all(self._names(key)[:1], "json-ld")
        yield from self._in_head(("og:site_name",), names.SOURCES_META)

    def own_names(self) -> list[str]:
        """Every name of the outlet and its publishing house, the host's among them."""
        link = web_link(self.address or "")
        host = (link and link.hostname) or ""
        house = [*self._names("publisher"), *self.head.values("og:site_name", "application-name")]
        outlets = [found.value for found in self.sources() if found.origin != "meta"]
        return [*house, *outlets, host, *host.split(".")[-2:-1]]

    def bylines(self) -> Iterator[tuple[Origin, list[str]]]:
        """Names of those who wrote it, together with others that stand in the same place."""
        for key in ("author", "creator"):
            yield "json-ld", self._names(key)
        yield "opengraph", list(self.head.values(*names.AUTHORS))
        for name in names.AUTHORS_META:
            yield "meta", list(self.head.values(name))
        if byline := self.in_text[1]:
            yield "text", [byline]

    def dates(self) -> Iterator[Found]:
        """Dates of publication, those found in the address and the text last."""
        yield from self.dates_given()
        if day := self.address and day_in(self.address):
            yield Found(day, "url")
        if day := self.in_text[0]:
            yield Found(day, "text")

    def dates_given(self) -> Iterator[Found]:
        """Dates of publication that the page states."""
        yield from self._told("datePublished", names.PUBLISHED)
        yield from self._told("dateCreated", (), names.PUBLISHED_META)
        for node in self.nodes:
            if "Page" in str(node.get("@type")):
                yield from _all(texts_of(node.get("datePublished"))[:1], "json-ld")

    def dates_published(self) -> Iterator[tuple[Origin, str]]:
        """Those of publication alone, and where each was."""
        for found in self._told("datePublished", names.PUBLISHED, names.PUBLISHED_META):
            yield found.origin, found.value

    def updates(self) -> Iterator[Found]:
        """Dates of the last change."""
        return self._told("dateModified", names.UPDATED, names.UPDATED_META)

    def sections(self) -> Iterator[Found]:
        """Where in the paper it stood."""
        return self._told("articleSection", names.SECTIONS, names.SECTIONS_META)

    def languages(self) -> Iterator[Found]:
        """Language tags."""
        tags = (self.tree.get("lang"), self.tree.get("xml:lang"))
        yield from _all(filter(None, tags), "html")
        yield from self._told("inLanguage", ("og:locale",), names.LANGUAGES_META)

    def descriptions(self) -> Iterator[Found]:
        """What it says in a sentence or two."""
        return self._told("description", names.DESCRIPTIONS)

    def keywords(self) -> list[str]:
        """Words that somebody put on it."""
        lists = texts_of(self.node.get("keywords")) or self.head.values(*names.KEYWORDS)
        words = (word.strip() for text in lists for word in re.split("[,;、]", text))
        return list(dict.fromkeys(filter(None, words)))

    def _told(
        self, key: str, opengraph: Iterable[str], meta: Iterable[str] = ()
    ) -> Iterator[Found]:
        yield from _all(texts_of(self.node.get(key))[:1], "json-ld")
        yield from self._in_head(opengraph, meta)

    def _in_head(self, opengraph: Iterable[str], meta: Iterable[str]) -> Iterator[Found]:
        yield from _all(self.head.values(*opengraph), "opengraph")
        yield from _all(self.head.values(*meta), "meta")

    def _names(self, key: str) -> list[str]:
        """The names under a key of the article's node, references followed."""
        value = self.node.get(key)
        values = value if isinstance(value, list) else [value]
        return [name for one in values for name in texts_of(resolved(one, self.nodes))]


def _all(values: Iterable[str], origin: Origin) -> Iterator[Found]:
    return (Found(value, origin) for value in values)
