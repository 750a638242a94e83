"""Citations of the articles found, each once: RIS, BibTeX and CSL-JSON.

Names of authors stay whole, since which part is the family's is not known; what is not known of an
article is left out.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any

from search.exporting.plain import by_article, day_parts, link, one_line, outlet
from search.types import Article, Hit

_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}  # fmt: skip
"""Braces as commands: BibTeX counts those that a backslash escapes, too."""


def ris(hits: Iterable[Hit]) -> Iterator[str]:
    """RIS, type NEWS; a tag, two spaces, a hyphen, a space, the value, CR LF."""
    for article, found in by_article(hits):
        yield "TY  - NEWS\r\n"
        for tag, value in _ris_fields(article, found):
            yield f"{tag}  - {one_line(value)}\r\n"
        yield "ER  - \r\n\r\n"


def _ris_fields(article: Article, hits: Iterable[Hit]) -> Iterator[tuple[str, str]]:
    if article.title:
        yield "TI", article.title
    for author in article.authors:
        yield "AU", author
    if paper := outlet(article):
        yield "T2", paper
    if parts := day_parts(article):
        yield "PY", f"{parts[0]:04d}"
        yield "DA", "/".join(f"{part:02d}" for part in parts).ljust(4) + "/" * (3 - len(parts))
    if article.section:
        yield "SE", article.section
    if article.language:
        yield "LA", article.language
    if address := link(article, ""):
        yield "UR", address
    for hit in hits:
        yield "N1", hit.text
    yield "ID", article.id


def bibtex(hits: Iterable[Hit]) -> Iterator[str]:
    """BibTeX, an @article an article, keys of outlet and year; UTF-8."""
    taken: set[str] = set()
    for article, found in by_article(hits):
        fields = "".join(f",\n  {name} = {value}" for name, value in _bibtex_fields(article, found))
        yield f"@article{{{_key(article, taken)}{fields}\n}}\n\n"


def _bibtex_fields(article: Article, hits: Iterable[Hit]) -> Iterator[tuple[str, str]]:
    if article.authors:
        yield "author", f"{{{' and '.join(f'{{{_tex(name)}}}' for name in article.authors)}}}"
    if article.title:
        yield "title", f"{{{{{_tex(article.title)}}}}}"
    if paper := outlet(article):
        yield "journal", f"{{{_tex(paper)}}}"
    parts = day_parts(article)
    for name, value in zip(("year", "month", "day"), parts, strict=False):
        yield name, _MONTHS[value - 1] if name == "month" else f"{{{value}}}"
    if address := link(article, '{}\\"'):
        yield "url", f"{{{address}}}"
    if article.language:
        yield "language", f"{{{_tex(article.language)}}}"
    yield "abstract", f"{{{' [...] '.join(_tex(hit.text) for hit in hits)}}}"


def _tex(text: str) -> str:
    return "".join(_TEX.get(sign, sign) for sign in one_line(text))


def _key(article: Article, taken: set[str]) -> str:
    plain = unicodedata.normalize("NFKD", outlet(article) or "article")
    name = re.sub(r"[^a-z0-9]", "", plain.encode("ascii", "ignore").decode().lower()) or "article"
    year = f"{article.day.year}" if article.day else "nd"
    key, number = f"{name[:24]}{year}", 1
    while key in taken:
        number += 1
        key = f"{name[:24]}{year}-{number}"
    taken.add(key)
    return key


def csl(hits: Iterable[Hit]) -> Iterator[str]:
    """CSL-JSON: a list of items of the type article-newspaper."""
    items = [_csl_item(article, found) for article, found in by_article(hits)]
    yield json.dumps(items, ensure_ascii=False, indent=1) + "\n"


def _csl_item(article: Article, hits: Iterable[Hit]) -> dict[str, Any]:
    parts = day_parts(article)
    item = {
        "id": article.id,
        "type": "article-newspaper",
        "title": article.title,
        "author": [{"literal": name} for name in article.authors],
        "container-title": outlet(article),
        "issued": {"date-parts": [list(parts)]} if parts else None,
        "section": article.section,
        "language": article.language,
        "URL": link(article, ""),
        "note": "\n\n".join(hit.text for hit in hits),
    }
    return {name: value for name, value in item.items() if value}
