"""The values that filters compare: one spelling of them for the database and the keywords."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

from search.types import Article, Field


class Label(NamedTuple):
    """A value of a field of an article, or of what it is.

    `key` is what filters compare. `shown` is the value as published, None for a key that only
    widens a filter (`en` beside `en-US`) and is not counted.
    """

    field: Field | Literal["form"]
    key: str
    shown: str | None


EXCERPT = Label("form", "excerpt", None)
"""Of articles of whose text little is there."""


@lru_cache(65_536)
def fold(value: str) -> str:
    """The key of a value: compatible forms and case ignored, spaces single.

    NUL counts as a space, because SQLite's JSON ends a string there.
    """
    return " ".join(unicodedata.normalize("NFKC", value).casefold().replace("\0", " ").split())


def labels(article: Article) -> list[Label]:
    """Every label of an article, each field and key once."""
    found = counted_labels(article.source, article.section, article.language, article.authors)
    more = [EXCERPT] if article.is_excerpt else []
    if article.language:
        more.append(Label("language", fold(article.language).partition("-")[0], None))
    return list(_unique([*found, *more]))


def counted_labels(
    source: str, section: str | None, language: str | None, authors: tuple[str, ...]
) -> tuple[Label, ...]:
    """The labels that facets count, each field and key once."""
    found = [_label("source", source), *(_label("author", name) for name in authors)]
    if section:
        found.append(_label("section", section))
    if language:
        found.append(_label("language", language))
    return _unique(found)


def _unique(found: Sequence[Label]) -> tuple[Label, ...]:
    unique: dict[tuple[str, str], Label] = {}
    for label in found:
        unique.setdefault((label.field, label.key), label)
    return tuple(unique.values())


@lru_cache(65_536)
def _label(field: Field, value: str) -> Label:
    """One object for all articles that share it."""
    return Label(field, fold(value), value)
