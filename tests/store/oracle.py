"""What the store must answer, worked out slowly from the articles themselves."""

import math
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
from newsroom import AUTHORS, LANGUAGES, SECTIONS, SOURCES, WORDS

from search.types import (
    AllOf,
    AnyOf,
    Article,
    Condition,
    Contains,
    Count,
    Not,
    OneOf,
    Passage,
    Published,
    Undated,
    UrlHas,
)


@dataclass(frozen=True)
class Row:
    """A live passage: its article, and its vector as the store keeps it."""

    article: Article
    passage: Passage
    vector: np.ndarray


def written(text: str | None) -> list[str]:
    return re.findall(r"\w+", text or "")


def folded(text: str | None) -> list[str]:
    return [WORDS[word][0] for word in written(text)]


def stems(text: str | None) -> list[str]:
    return [WORDS[word][1] for word in written(text)]


def stands_in(phrase: list[str], text: list[str]) -> bool:
    size = len(phrase)
    return any(text[at : at + size] == phrase for at in range(len(text) - size + 1))


def admits(condition: Condition, row: Row) -> bool:
    match condition:
        case OneOf(field, values):
            return _has_value(row.article, field, values)
        case Published(after, before):
            day = row.article.day
            return (
                day is not None
                and (after is None or day >= after)
                and (before is None or day < before)
            )
        case Undated():
            return row.article.published is None
        case Contains():
            return _contains(condition, row)
        case UrlHas(part):
            return part.lower() in (row.article.url or "").lower()
        case Not(inner):
            return not admits(inner, row)
        case AllOf(parts):
            return all(admits(part, row) for part in parts)
        case AnyOf(parts):
            return any(admits(part, row) for part in parts)
    raise AssertionError(condition)


def _contains(condition: Contains, row: Row) -> bool:
    title, text = folded(row.article.title), folded(row.passage.text)
    phrase = folded(condition.text) if not condition.is_prefix else [condition.text.lower()]
    parts = [title] if condition.in_title else [title, text]
    if condition.is_prefix:
        return any(word.startswith(phrase[0]) for part in parts for word in part)
    if condition.within is None or len(phrase) == 1:
        return any(stands_in(phrase, part) for part in parts)
    # A title and its passage are read as one, with a word's room between them.
    whole = title if condition.in_title else [*title, *([""] if title else []), *text]
    pairs = [pair for pair in pairwise(phrase) if pair[0] != pair[1]]
    if not pairs:
        return phrase[0] in whole
    return all(_near(pair, whole, condition.within) for pair in pairs)


def _near(pair: tuple[str, str], text: list[str], within: int) -> bool:
    first, second = ([at for at, word in enumerate(text) if word == one] for one in pair)
    return any(abs(one - other) - 1 <= within for one in first for other in second)


def _has_value(article: Article, field: str, values: tuple[str, ...]) -> bool:
    if field == "language":
        return any(value.lower() in LANGUAGES.get(article.language, ()) for value in values)
    spellings = {"source": SOURCES, "author": AUTHORS, "section": SECTIONS}[field]
    own = article.authors if field == "author" else (getattr(article, field),)
    wanted = {spellings[value] for value in values}
    return any(name is not None and spellings[name] in wanted for name in own)


def count(rows: list[Row]) -> Count:
    return Count(len(rows), len({row.article.id for row in rows}))


def has_a_word(words: str, row: Row) -> bool:
    return bool(set(stems(words)) & set(_stems_of(row)))


def bm25(words: str, rows: list[Row]) -> dict[str, float]:
    """By passage id, 0 left out. Robertson's formula with Lucene's idf; k1 = 1.2, b = 0.75."""
    texts = {row.passage.id: _stems_of(row) for row in rows}
    average = sum(map(len, texts.values())) / len(texts)
    scores: dict[str, float] = {}
    for term in set(stems(words)):
        holding = sum(term in text for text in texts.values())
        idf = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        for name, text in texts.items():
            often = text.count(term)
            if often:
                length = 1.2 * (1 - 0.75 + 0.75 * len(text) / average)
                scores[name] = scores.get(name, 0.0) + idf * often * 2.2 / (often + length)
    return scores


def by_date(rows: list[Row], *, newest_first: bool) -> list[str]:
    """Ids of passages: first the first admitted of each article, undated articles last.

    `rows` are in the order in which they were stored.
    """
    seen: set[str] = set()
    keys = []
    for place, row in enumerate(rows):
        moment = _moment(row.article)
        is_later = row.article.id in seen
        seen.add(row.article.id)
        when = 0.0 if moment is None else -moment if newest_first else moment
        keys.append((is_later, moment is None, when, place, row.passage.id))
    return [name for *_, name in sorted(keys)]


def _stems_of(row: Row) -> list[str]:
    return stems(row.article.title) + stems(row.passage.text)


def _moment(article: Article) -> float | None:
    published = article.published
    if published is None:
        return None
    if isinstance(published, datetime):
        aware = published if published.tzinfo else published.replace(tzinfo=UTC)
        return (aware - datetime(1, 1, 1, tzinfo=UTC)).total_seconds()
    return (published - datetime(1, 1, 1).date()).total_seconds()
