"""The values that filters compare: one spelling of them for the database and the keywords."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import NamedTuple

from search.types import Article, Field


class Label(NamedTuple):
    """A value of a field of an article.

    `key` is what filters compare. `shown` is the value as published, None for a key that only
    widens a filter (`en` beside `en-US`) and is not counted.
    """

    field: Field
    key: str
    shown: str | None


@lru_cache(65_536)
def fold(value: str) -> str:
    """The key of a value: compatible forms and case ignored, spaces single.

    NUL counts as a space, because SQLite's JSON ends a string there.
    """
    return " ".join(unicodedata.normalize("NFKC", value).casefold().replace("\0", " ").split())


def labels(article: Article) -> list[Label]:
    """Every label of an article, each field and key once."""
    found = [Label("source", fold(article.source), article.source)]
    found += [Label("author", fold(name), name) for name in article.authors]
    if article.section:
        found.append(Label("section", fold(article.section), article.section))
    if article.language:
        found.append(Label("language", fold(article.language), article.language))
        primary = fold(article.language).partition("-")[0]
        found.append(Label("language", primary, None))
    unique: dict[tuple[str, str], Label] = {}
    for label in found:
        unique.setdefault((label.field, label.key), label)
    return list(unique.values())
