"""The fields of an article as its page gives them: the first place that has one wins.

Asked in this order: JSON-LD, OpenGraph and its `article:` names, other meta elements, the page's
address, its text. Which of them it was stands beside every value.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, NamedTuple
from urllib.parse import urlsplit

from search.ingest import html_text
from search.ingest.dates import read_date
from search.ingest.html_json_ld import Node, article_of, nodes_of, resolved, same_page, texts_of
from search.ingest.html_meta import Head
from search.ingest.html_titles import made_whole, without_outlet
from search.ingest.html_tree import Element
from search.ingest.language import language_tag
from search.ingest.record import RecordField
from search.ingest.text import is_missing, one_line

Origin = Literal["json-ld", "opengraph", "meta", "html", "url", "text", "given"]

PUBLISHED = (
    *("article:published_time", "og:article:published_time", "og:published_time"),
    *("article:published", "rnews:datepublished"),
)
"""OpenGraph's names for the date, right and as pages misspell them."""
PUBLISHED_META = (
    *("datepublished", "parsely-pub-date", "sailthru.date", "cxenseparse:publishtime"),
    *("cxenseparse:recs:publishtime", "publish-date", "publish_date", "publishdate"),
    *("publication_date", "published_at", "published_time", "pubdate", "originalpublicationdate"),
    *("citation_publication_date", "citation_online_date", "citation_date"),
    *("prism.publicationdate", "dc.date.issued", "dcterms.issued", "dc.date", "dcterms.date"),
    *("dc.date.created", "dcterms.created", "date.available", "date.created", "date"),
    *("release_date", "displaydate", "article.published", "article_date_original"),
)
UPDATED = ("article:modified_time", "og:article:modified_time", "og:updated_time")
UPDATED_META = (
    *("datemodified", "dcterms.modified", "dc.date.modified", "date.modified", "last-modified"),
    *("lastmod", "lastupdate", "article.updated"),
)
TITLES = ("og:title", "twitter:title")
TITLES_META = (
    *("headline", "parsely-title", "sailthru.title", "dc.title", "dcterms.title"),
    *("citation_title", "title"),
)
SOURCES_META = (
    *("prism.publicationname", "citation_journal_title", "application-name", "dc.publisher"),
    *("sitename", "cre", "publisher"),
)
AUTHORS = ("article:author", "article:author_name", "og:article:author", "og:author")
AUTHORS_META = (
    *("author", "parsely-author", "sailthru.author", "dc.creator", "dcterms.creator"),
    *("citation_author", "cxenseparse:author", "byl", "byline", "dc.contributor"),
)
SECTIONS = ("article:section", "og:article:section")
SECTIONS_META = (
    *("articlesection", "parsely-section", "prism.section", "cg", "section", "page.section"),
    *("category", "channel"),
)
DESCRIPTIONS = ("og:description", "description", "twitter:description", "dc.description")
KEYWORDS = ("keywords", "news_keywords", "parsely-tags", "sailthru.tags", "article:tag")
MAX_SECTION_CHARS = 60

_URL_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d\d)([/_-]?)(0?[1-9]|1[0-2]|[a-z]{3})\2(0?[1-9]|[12]\d|3[01])(?!\d)", re.I
)
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_DOMAIN = re.compile(r"\.[a-z]{2,6}$", re.IGNORECASE)


class Found(NamedTuple):
    """A value and where it was."""

    value: Any
    origin: Origin


class Page:
    """What a page says of its article; `url` is where it was fetched, if that is known."""

    def __init__(self, tree: Element, url: str | None) -> None:
        self.tree, self.given_url = tree, url
        self.head = Head(tree, url)
        self.nodes = nodes_of(tree)
        links = [*self.head.links(), *([url] if url else [])]
        self.node: Node = article_of(self.nodes, {same_page(link) for link in links} - {""})

    @property
    def is_article(self) -> bool:
        """Whether the page says that it holds one."""
        return bool(self.node) or "article" in self.head.values("og:type")

    def fields(self) -> dict[RecordField, Found]:
        """The fields that the page has."""
        url, source = _first(self.urls()), self.source()
        published = self.published(url.value if url else None)
        found: dict[RecordField, Found | None] = {
            "title": self.title(source),
            "source": source,
            "authors": self.authors(source),
            "published": published,
            "updated": self.updated(published),
            "url": url,
            "language": _first(self.languages(), lambda tag: language_tag(tag) is not None),
        }
        title = found["title"]
        found["section"] = _first(
            self.sections(),
            lambda name: len(name) <= MAX_SECTION_CHARS and not (title and name == title.value),
        )
        return {field: one for field, one in found.items() if one}

    def extras(self) -> dict[str, Any]:
        """What the page has besides."""
        keywords = texts_of(self.node.get("keywords")) or list(self.head.values(*KEYWORDS))
        words = [word.strip() for text in keywords for word in re.split("[,;、]", text)]
        description = _first(
            self._ld_then("description", "opengraph", DESCRIPTIONS),
        )
        rest = {
            "description": description and one_line(description.value),
            "keywords": list(dict.fromkeys(filter(None, words))),
        }
        return {key: value for key, value in rest.items() if value}

    # The candidates for each field, the best first

    def urls(self) -> Iterator[Found]:
        """Addresses of the article; a front page is not one."""
        for link in self.head.links():
            if same_page(link):
                yield Found(link, "html")
        for key in ("url", "mainEntityOfPage", "@id"):
            value = self.node.get(key)
            value = value.get("@id") or value.get("url") if isinstance(value, dict) else value
            if isinstance(value, str) and value.startswith("http") and same_page(value):
                yield Found(value, "json-ld")
        if self.given_url:
            yield Found(self.given_url, "given")

    def title(self, source: Found | None) -> Found | None:
        """The headline, without the outlet's name behind it."""
        headings = self.head.headings()
        candidates = [*self.titles(headings)]
        best = _first(candidates)
        if best is None:
            return None
        names = [*self.head.values("og:site_name", "application-name"), *self.hosts()]
        names += [source.value] if source else []
        title = made_whole(best.value, (one.value for one in candidates))
        return Found(without_outlet(title, names, headings), best.origin)

    def titles(self, headings: list[str]) -> Iterator[Found]:
        """Headlines as the page writes them."""
        for key in ("headline", "name"):
            yield from _all(texts_of(self.node.get(key))[:1], "json-ld")
        yield from _all(self.head.values(*TITLES), "opengraph")
        yield from _all(self.head.values(*TITLES_META), "meta")
        if len(headings) == 1:
            yield Found(headings[0], "html")
        yield from _all(filter(None, [self.head.title()]), "html")
        yield from _all(headings[:1], "html")

    def source(self) -> Found | None:
        """The outlet; for a periodical that is its name, not its publishing house's."""
        best = _first(self.sources())
        site = _first(_all(self.head.values("og:site_name"), "opengraph"))
        return site if best and site and _is_part(best.value, site.value) else best

    def sources(self) -> Iterator[Found]:
        """Names of the outlet as the page writes them."""
        part_of = self.node.get("isPartOf")
        for whole in part_of if isinstance(part_of, list) else [part_of]:
            if isinstance(whole, dict) and "Periodical" in str(whole.get("@type")):
                yield from _all(texts_of(whole), "json-ld")
        for key in ("publisher", "sourceOrganization", "provider"):
            yield from _all(texts_of(resolved(self.node.get(key), self.nodes))[:1], "json-ld")
        yield from _all(self.head.values("og:site_name"), "opengraph")
        yield from _all(self.head.values(*SOURCES_META), "meta")

    def hosts(self) -> list[str]:
        """The host's name without its domain, as outlets put it behind their titles."""
        url = _first(self.urls())
        host = (url and urlsplit(url.value).hostname) or ""
        return [host, *host.split(".")[-2:-1]]

    def authors(self, source: Found | None) -> Found | None:
        """Who wrote it; the outlet itself and addresses of profiles are no names."""
        outlet = source.value.casefold() if source else None
        house = [*texts_of(resolved(self.node.get("publisher"), self.nodes)), *self.names()]
        no_names = {name.casefold() for name in house} | {outlet}
        for origin, values in self.bylines():
            names = [n for n in values if n.casefold() not in no_names and "://" not in n]
            if names:
                names = list(dict.fromkeys(names))
                return Found(names[0] if len(names) == 1 else names, origin)
        return None

    def names(self) -> list[str]:
        """What the site calls itself."""
        return [*self.head.values("og:site_name", "application-name"), *self.hosts()]

    def bylines(self) -> Iterator[tuple[Origin, list[str]]]:
        """Names of writers as the page writes them."""
        for key in ("author", "creator"):
            value = self.node.get(key)
            values = value if isinstance(value, list) else [value]
            yield "json-ld", [t for v in values for t in texts_of(resolved(v, self.nodes))]
        yield "opengraph", list(self.head.values(*AUTHORS))
        for name in AUTHORS_META:
            yield "meta", list(self.head.values(name))
        if byline := html_text.author(self.tree):
            yield "text", [byline]

    def published(self, url: str | None) -> Found | None:
        """The first date that can be read; failing that the first that is given."""
        return _first(self.dates(url), _is_date) or _first(self.dates_given())

    def dates(self, url: str | None) -> Iterator[Found]:
        """Dates of publication, those found in the address and the text last."""
        yield from self.dates_given()
        if day := url and date_in(url):
            yield Found(day, "url")
        if day := html_text.published(self.tree, url):
            yield Found(day, "text")

    def dates_given(self) -> Iterator[Found]:
        """Dates of publication that the page states."""
        yield from self._ld_then("datePublished", "opengraph", PUBLISHED)
        yield from self._ld_then("dateCreated", "meta", PUBLISHED_META)
        for node in self.nodes:
            if "Page" in str(node.get("@type")):
                yield from _all(texts_of(node.get("datePublished"))[:1], "json-ld")

    def updated(self, published: Found | None) -> Found | None:
        """When it was changed; None where that is when it was published."""
        found = _first(
            [
                *self._ld_then("dateModified", "opengraph", UPDATED),
                *_all(self.head.values(*UPDATED_META), "meta"),
            ],
            _is_date,
        )
        if found is None or published is None:
            return found
        read, first = read_date(found.value).value, read_date(published.value).value
        return None if read == first else found

    def sections(self) -> Iterator[Found]:
        """Where in the paper it stood."""
        yield from self._ld_then("articleSection", "opengraph", SECTIONS)
        yield from _all(self.head.values(*SECTIONS_META), "meta")

    def languages(self) -> Iterator[Found]:
        """Language tags as the page writes them."""
        root = self.tree.get("lang") or self.tree.get("xml:lang")
        yield from _all(filter(None, [root]), "html")
        yield from self._ld_then("inLanguage", "opengraph", ("og:locale",))
        yield from _all(self.head.values("content-language", "language", "dc.language"), "meta")

    def _ld_then(self, key: str, origin: Origin, names: Iterable[str]) -> Iterator[Found]:
        yield from _all(texts_of(self.node.get(key))[:1], "json-ld")
        yield from _all(self.head.values(*names), origin)


def date_in(url: str) -> str | None:
    """The day in a link's path, as in /2026/02/03/, /2026-02-03- or /20260203/."""
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    for found in _URL_DATE.finditer(path):
        year, dash, month, day = found.groups()
        if not dash and len(month + day) != 4:
            continue
        if month.isalpha():
            if month.lower() not in _MONTHS:
                continue
            month = str(_MONTHS.index(month.lower()) + 1)
        return f"{year}-{int(month):02}-{int(day):02}"
    return None


def _all(values: Iterable[str], origin: Origin) -> Iterator[Found]:
    return (Found(value, origin) for value in values)


def _first(found: Iterable[Found], accepts: Callable[[str], bool] = bool) -> Found | None:
    return next((one for one in found if not is_missing(one.value) and accepts(one.value)), None)


def _is_date(value: str) -> bool:
    return read_date(value).value is not None


def _is_part(name: str, whole: str) -> bool:
    """Whether a name is one word or some of a longer one: `magazin` of `Valley Magazin`."""
    words, all_words = name.casefold().split(), whole.casefold().split()
    return len(words) < len(all_words) and (
        all_words[-len(words) :] == words or all_words[: len(words)] == words
    )
