"""From what a format says to an `Article`: every rule that holds for all formats, applied once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from search.ingest.date_orders import DateOrders
from search.ingest.draft import Draft
from search.ingest.record import Record, RecordField, Rejected, reject
from search.outlet_names import Outlets
from search.types import UNKNOWN_SOURCE, Article, Reject, Withdrawal


def article_of(
    record: Record, orders: DateOrders | None = None, outlets: Outlets | None = None
) -> Article:
    """The article that a record describes, normalised; what had to be guessed is flagged.

    `outlets` are by default those that are known by themselves or set.

    Raises:
        Rejected: it has no text, or the text is binary.
    """
    return Draft(record, orders, outlets).article()


def withdrawal_of(record: Record) -> Withdrawal:
    """The notice that a record is; it names the article as the article's own record does."""
    return Draft(record).withdrawal()


def prepared(article: Article, outlets: Outlets | None = None) -> Article:
    """An article made in code, under the rules that hold for files.

    Text, title and names are normalised, an id is made where there is none or an odd one, language
    and links are checked, the language is detected where it is missing. A date or link that cannot
    be one becomes None; what it was is kept in `extras`, and `extras["flags"]` names every such
    change. Preparing twice changes nothing more.

    Raises:
        ValueError: the article has no text, or the text is binary.
    """
    fields: dict[RecordField, Any] = {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "source": None if article.source == UNKNOWN_SOURCE else article.source,
        "authors": article.authors,
        "published": article.published,
        "updated": article.updated,
        "url": article.url,
        "section": article.section,
        "language": article.language,
    }
    rest = dict(article.extras)
    flags = rest.pop("flags", ())
    flags = tuple(flags) if isinstance(flags, list | tuple) else ()
    record = Record(fields, rest, tuple(flag for flag in flags if isinstance(flag, str)))
    try:
        draft = Draft(record, outlets=outlets, precision=article.published_precision)
        finished = draft.article()
    except Rejected as why:
        raise ValueError(f"article {article.id!r}: {why.message}") from why
    if finished.published is None:
        return finished
    return replace(finished, published_from=article.published_from or "field")


def prepared_or_rejected(article: Article, outlets: Outlets | None = None) -> Article | Reject:
    """`prepared` for a run of many, which one bad article does not stop."""
    try:
        return prepared(article, outlets)
    except ValueError as error:
        if not isinstance(error.__cause__, Rejected):
            raise
        return reject(f"article {article.id!r}", error.__cause__)
