"""Web pages: one article each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.html.body import body_of
from search.ingest.html.decoding import decoded
from search.ingest.html.fields import extras_of, fields_of
from search.ingest.html.page import Page
from search.ingest.html.tree import tree_of
from search.ingest.record import Record, Rejected
from search.types import Provenance, Reject

MAX_PAGE_BYTES = 10 * 1024 * 1024
MIN_CHARS = 100
"""Less text is an article only where the page says that it is one."""

_BEFORE = re.compile(rb"(?:\s|<!--.*?-->|<\?xml\b[^>]*>)*", re.DOTALL | re.IGNORECASE)
_PAGE = re.compile(rb"<(?:!doctype\s+html\b|html\b(?![-.:])|head\b(?![-.:])|body\b)", re.IGNORECASE)
_PART = re.compile(
    rb"<(?:meta|title|link|script|style|article|main|section|header|div|p|h[1-6]|br|ul|table|span"
    rb"|a|b|i|strong|em|img|figure|blockquote)(?=[\s>/])[^<]*",
    re.IGNORECASE,
)
_COMMON = re.compile(rb"<(?:p|div|br|h[1-6]|ul|img|span)(?=[\s>/])", re.IGNORECASE)
_PROVENANCE: dict[str, Provenance] = {"url": "url", "text": "text"}


def claims(file: File, names: Names) -> bool:
    """Whether it begins as a page does, or with an element of one where its name does not say text.

    What stands before the first element is passed over: white space, comments, an XML declaration.
    """
    start = _BEFORE.match(file.head)
    at = start.end() if start else 0
    if _PAGE.match(file.head, at):
        return True
    is_xml = b"<?xml" in file.head[:at].lower()
    return (
        not is_xml
        and file.suffix not in (".txt", ".text")
        and _PART.match(file.head, at) is not None
        and _COMMON.search(file.head, at) is not None
    )


def read(file: File, names: Names) -> Iterator[Record | Reject]:
    """The one article."""
    with file.raw() as stream:
        content = stream.read(MAX_PAGE_BYTES + 1)
    yield record_of_page(content, file.url, charset=file.charset)


def record_of_page(content: bytes, url: str | None = None, *, charset: str | None = None) -> Record:
    """The article of a page; `url` and `charset` are those it was sent with, where it was sent.

    Raises:
        Rejected: `no_text`, there is no article in it; `binary`, it is none.
    """
    is_long = len(content) > MAX_PAGE_BYTES
    content = content[:MAX_PAGE_BYTES]
    markup, is_guessed = decoded(content, charset)
    tree, is_cut = tree_of(markup)
    page = Page(tree, url)
    fields, extras = fields_of(page), extras_of(page)
    title = fields["title"].value if "title" in fields else None
    description = extras.get("description") if page.is_article else None
    body = body_of(tree, page.told_text, title, description)
    text = "\n\n".join(body.paragraphs)
    if not text or (len(text) < MIN_CHARS and not page.is_article):
        raise Rejected("no_text", "no article was found in the page")
    extras["fields_from"] = {name: found.origin for name, found in fields.items()}
    published = fields.get("published")
    return Record(
        {"text": text, **{name: found.value for name, found in fields.items()}},
        extras,
        ("truncated",) * (is_long or is_cut)
        + ("encoding_guessed",) * is_guessed
        + ("date_conflict",) * ("conflicting_dates" in extras)
        + body.flags,
        published_from=_PROVENANCE.get(published.origin if published else "", "metadata"),
        raw=content,
    )
