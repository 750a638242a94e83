"""CSV that a spreadsheet opens as it is meant, and whose cells it never runs."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from search.exporting.plain import outlet, written_day
from search.types import Hit

COLUMNS = (
    "rank", "headline", "outlet", "authors", "published", "section", "language", "link",
    "strength", "score", "passage", "best_sentence", "also_carried_by", "article_id", "passage_id",
)  # fmt: skip
_RUN = re.compile(r"(?m)^(?=\s*[=+\-@\t\r＝＋－＠])")
"""Where a spreadsheet would read a formula: OWASP, "CSV Injection"; full-width signs count too."""


def table(hits: Iterable[Hit]) -> Iterator[str]:
    """RFC 4180: every cell in quotes, lines end in CR LF; a byte order mark, for Excel.

    Text that would begin a formula, at the start of a cell or of a line in it, gets a leading `'`.
    """
    yield "\ufeff" + _line(COLUMNS)
    for hit in hits:
        yield _line(_cells(hit))


def _cells(hit: Hit) -> tuple[str, ...]:
    article, best = hit.article, hit.evidence.best
    texts = (
        article.title or "", outlet(article) or "", ", ".join(article.authors),
        written_day(article), article.section or "", article.language or "", article.url or "",
        hit.strength or "",
    )  # fmt: skip
    behind = (
        hit.text, "" if best is None else hit.text[slice(*best)],
        ", ".join(dict.fromkeys(copy.source for copy in hit.copies)), article.id, hit.passage.id,
    )  # fmt: skip
    return (str(hit.rank), *map(harmless, texts), f"{hit.score:.4f}", *map(harmless, behind))


def harmless(text: str) -> str:
    """The text as no formula."""
    return _RUN.sub("'", text.replace("\r\n", "\n").replace("\r", "\n"))


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()
