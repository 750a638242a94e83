"""An article's metadata as the JSON text that the database keeps, and back."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime, timedelta
from typing import Any

from search.types import Article, Passage, Span

_PLAIN = ("id", "title", "source", "published_precision", "published_from", "url", "section")


def dumped(article: Article) -> str:
    """Everything but the text."""
    return json.dumps(_fields(article) | {"extras": dict(article.extras)}, ensure_ascii=False)


def loaded(record: str, text: str) -> Article:
    """The article that `dumped` was given."""
    fields: dict[str, Any] = json.loads(record)
    updated = fields["updated"]
    return Article(
        **{name: fields[name] for name in _PLAIN},
        text=text,
        authors=tuple(fields["authors"]),
        published=_moment(fields["published"]),
        updated=True if updated is True else _moment(updated),
        language=fields["language"],
        extras=fields["extras"],
    )


def content_hash(article: Article) -> bytes:
    """Equal for articles that would be stored and shown alike; 16 bytes.

    Extras are left out: they hold how a file was read, which may change without the article.
    """
    content = json.dumps(_fields(article), ensure_ascii=False) + "\0" + article.text
    return hashlib.blake2b(content.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def moment_of(article: Article) -> float:
    """When it was published, for sorting: a proleptic ordinal with its fraction; -1 if undated."""
    if article.day is None:
        return -1.0
    moment = float(article.day.toordinal())
    if isinstance(article.published, datetime):
        local = article.published
        zone = local.utcoffset() or timedelta()
        seconds = local.hour * 3600 + local.minute * 60 + local.second - zone.total_seconds()
        moment += seconds / 86400  # in UTC, where the last night of year 9999 may be over
    return moment


def packed_sentences(passage: Passage) -> str:
    """Spans relative to the passage's start: "0 120 121 200"."""
    return " ".join(str(at - passage.start) for span in passage.sentences for at in span)


def unpacked_sentences(packed: str, start: int) -> tuple[Span, ...]:
    """The spans that `packed_sentences` was given."""
    at = [int(number) + start for number in packed.split()]
    return tuple(zip(at[::2], at[1::2], strict=True))


def _fields(article: Article) -> dict[str, Any]:
    return {name: getattr(article, name) for name in _PLAIN} | {
        "authors": list(article.authors),
        "published": article.published and article.published.isoformat(),
        "updated": True
        if article.updated is True
        else article.updated and article.updated.isoformat(),
        "language": article.language,
    }


def _moment(text: str | None) -> date | datetime | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
