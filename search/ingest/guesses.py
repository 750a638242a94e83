"""What had to be guessed in an article, told so that a person can check it."""

from __future__ import annotations

from datetime import date
from typing import Any

from search.types import Article, Guess

_PUBLISHED = ("published", "published_precision", "published_from", "raw_date")
_TOUCHED = {
    "no_header": ("published", "source"),
    "title_inferred": ("title",),
    "no_date": ("published",),
    "bad_date": _PUBLISHED,
    "date_ambiguous": _PUBLISHED,
    "bad_updated": ("updated", "raw_updated"),
    "naive_time": _PUBLISHED,
    "date_conflict": ("published", "updated", "conflicting_dates"),
    "no_source": ("source",),
    "source_from_url": ("source", "url"),
    "source_unified": ("source", "raw_source"),
    "source_was_byline": ("source", "authors", "raw_source"),
    "byline_credit": ("authors", "byline_credits", "raw_authors"),
    "byline_trimmed": ("authors", "raw_authors"),
    "bad_url": ("url", "raw_url"),
    "bad_language": ("language", "raw_language"),
    "language_doubtful": ("language",),
    "language_guessed": ("language", "language_confidence"),
    "odd_id": ("id", "original_id"),
    "id_collision": ("id", "original_id"),
    "extras_dropped": ("dropped_fields",),
    "fixed_encoding": ("raw_sha256",),
    "encoding_guessed": ("raw_sha256",),
}
"""By flag, the fields and extras that it is about; of all others, the text."""


def guess_in(
    article: Article, path: str, line: int | None = None, member: str | None = None
) -> Guess | None:
    """The article's flags and what was chosen; None where nothing had to be guessed."""
    flags = tuple(article.extras.get("flags", ()))
    if not flags:
        return None
    names = dict.fromkeys(name for flag in flags for name in _TOUCHED.get(flag, ("text_chars",)))
    chosen = {name: _chosen(article, name) for name in names}
    return Guess(article.id, path, flags, chosen, line, member)


def _chosen(article: Article, name: str) -> Any:  # noqa: ANN401  any JSON value
    if name == "text_chars":
        return len(article.text)
    value = getattr(article, name, article.extras.get(name))
    return value.isoformat() if isinstance(value, date) else value
