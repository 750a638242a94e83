"""A newsroom for these tests: articles whose vectors are a function of their text."""

import hashlib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np

from search.store import EncodedArticle, LocalStore, SplitArticle
from search.types import Article, Passage

DIM = 16
SETTINGS = {"model": "a model", "fingerprint": "its fingerprint", "passage_tokens": 200}

# Spellings and what they mean: the oracle's own idea of equal values, stems and folded accents.
SOURCES = {
    "CNN": "cnn",
    "cnn": "cnn",
    "BBC News": "bbc news",
    "ＢＢＣ  news": "bbc news",
    "Straße": "strasse",
    "STRASSE": "strasse",
    "The Guardian": "the guardian",
}
AUTHORS = {"Ana Lima": "ana lima", "ANA  LIMA": "ana lima", "Bo Ek": "bo ek", "C. Díaz": "c. díaz"}
LANGUAGES = {"en": {"en"}, "en-US": {"en", "en-us"}, "EN-gb": {"en", "en-gb"}, "de": {"de"}}
SECTIONS = {"World": "world", "WORLD": "world", "Sport": "sport"}
WORDS = {  # written: (folded, stem)
    "flood": ("flood", "flood"),
    "Floods": ("floods", "flood"),
    "flooding": ("flooding", "flood"),
    "rate": ("rate", "rate"),
    "rates": ("rates", "rate"),
    "RUNNING": ("running", "run"),
    "runs": ("runs", "run"),
    "café": ("cafe", "cafe"),
    "CAFÉ": ("cafe", "cafe"),
    "Zürich": ("zurich", "zurich"),
    "bank": ("bank", "bank"),
    "vote": ("vote", "vote"),
    "2024": ("2024", "2024"),
}
DAYS = [date(2020, 2, 28), date(2020, 2, 29), date(2020, 3, 1), date(2021, 1, 1), date(1, 1, 1)]
MOMENTS = [
    None,
    *DAYS,
    datetime(2020, 2, 29, 23, 30, tzinfo=UTC),
    datetime(2020, 3, 1, 0, 30, tzinfo=timezone(timedelta(hours=5))),  # 29 February in UTC
    datetime(2020, 3, 1, 12, 0),  # a reader may know no zone
]


def vector_of(text: str, dim: int = DIM) -> np.ndarray:
    """The one vector that belongs to this text; length 1."""
    seed = int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass")).digest()[:8])
    return unit(np.random.default_rng(seed).normal(size=dim))


def unit(vector) -> np.ndarray:
    vector = np.asarray(vector, np.float32)
    return vector / np.linalg.norm(vector)


def passages_of(article: Article, wanted: int) -> tuple[Passage, ...]:
    """The text cut between words into at most `wanted` passages."""
    words = article.text.split(" ")
    groups = [group.tolist() for group in np.array_split(words, wanted)] if wanted else []
    found, at = [], 0
    for group in groups:
        text = " ".join(group)
        if text:
            end = at + len(text)
            name = f"{article.id}/{len(found)}/{hashlib.blake2b(text.encode()).hexdigest()[:8]}"
            found.append(Passage(name, article.id, len(found), at, end, text, ((at, end),)))
            at = end + 1
    return tuple(found)


def encoded(article: Article, passages: int = 3, dim: int = DIM) -> EncodedArticle:
    """The article as `upsert` takes it."""
    cut = passages_of(article, passages)
    vectors = np.array([vector_of(part.text, dim) for part in cut], np.float32).reshape(-1, dim)
    return EncodedArticle(article, cut, vectors, tuple(codes_of(part.text) for part in cut))


def awaiting(one: EncodedArticle) -> SplitArticle:
    """The same article, its vectors still to come."""
    return SplitArticle(one.article, one.passages)


def catch_up(writing, most: int = 10**6, skip: int = 0) -> int:
    """Give the next `most` passages that await them their vectors; returns how many."""
    stretch = writing.next_awaiting(skip, most)
    texts = [found[1].text if found else "gone" for found in stretch]
    vectors = np.array([vector_of(text) for text in texts], np.float32).reshape(-1, DIM)
    writing.append_vectors(vectors, [codes_of(text) for text in texts])
    return len(stretch)


def vectors_in(snapshot, name: str):
    """The vectors of an article's passages, in order."""
    return snapshot.vectors(np.array(snapshot.refs_of(name), np.int64))


def codes_of(text: str) -> bytes:
    """The codes that belong to this text; what they say is nothing to a store."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=24).digest()


def article(number: int, version: int = 0, **fields) -> Article:
    """Article `number`; every passage of its text holds its own word and its version."""
    words = f"number{number} version{version} flood warnings"
    text = " ".join(f"{words} part{part} of{number}x{version}" for part in range(3))
    fields = {"title": f"Title {number}", "source": "CNN", "published": DAYS[number % 5]} | fields
    return Article(**{"id": f"a{number}", "text": text, **fields})


def new_store(root, dim: int = DIM) -> LocalStore:
    return LocalStore.create(root, dim=dim, **SETTINGS)


def random_article(rng: np.random.Generator, number: int) -> Article:
    """Any mixture of the values above; a sixth of the texts are a single word."""

    def one(values):
        return list(values)[rng.integers(len(values))]

    def some_words(most):
        return " ".join(one(WORDS) for _ in range(rng.integers(1, most)))

    return Article(
        id=f"a{number}",
        text=some_words(2 if rng.random() < 0.2 else 30),
        title=one([None, some_words(4), some_words(4)]),
        source=one(SOURCES),
        authors=tuple(one(AUTHORS) for _ in range(rng.integers(0, 3))),
        published=one(MOMENTS),
        section=one([None, *SECTIONS]),
        language=one([None, *LANGUAGES]),
        url=f"https://news.example/{number}",
    )


def change(seed: int, number: int):
    """Change `number` of a life: ("upsert", batch) or ("remove", ids); the same every time."""
    rng = np.random.default_rng([seed, number])
    if rng.random() < 0.25:
        return "remove", [f"a{name}" for name in rng.integers(0, 10, 3)]
    batch = []
    for name in rng.integers(0, 10, rng.integers(1, 5)).tolist():
        url = f"https://news.example/{rng.integers(8)}" if rng.random() < 0.5 else None
        batch.append(encoded(article(name, version=number, url=url), int(rng.integers(0, 4))))
    return "upsert", batch


def changed(held: dict, verb: str, what) -> dict:
    """What a store that holds `held` (id: EncodedArticle) holds after one change."""
    held = dict(held)
    if verb == "remove":
        for name in what:
            held.pop(name, None)
        return held
    for one in what:
        for name in replaced_by(one.article, held):
            del held[name]
        held[one.article.id] = one
    return held


def replaced_by(new: Article, held: dict) -> list[str]:
    """The ids of those held that share the new article's id or URL."""
    return [
        name
        for name, old in held.items()
        if name == new.id or (new.url is not None and old.article.url == new.url)
    ]


def remembered(histories: dict, held: dict, verb: str, what) -> dict:
    """What a store that held `held` keeps of earlier versions after one change.

    `histories` maps the id of each article held to its earlier versions by the order of their
    coming, as (number, Article).
    """
    histories, held = {name: list(versions) for name, versions in histories.items()}, dict(held)
    if verb == "remove":
        return {name: versions for name, versions in histories.items() if name not in what}
    for one in what:
        new = one.article
        own = histories.pop(new.id, [])
        for name in replaced_by(new, held):
            old = held[name].article
            moved = histories.pop(name, [])
            own = moved + [kept for kept in own if all(kept[1] != other for _, other in moved)]
            if replace(old, id=new.id) != new:
                own = [kept for kept in own if kept[1] != old]
                others = [number for versions in histories.values() for number, _ in versions]
                own.append((1 + max([0, *others, *(number for number, _ in own)]), old))
        histories[new.id] = sorted(own, key=lambda kept: -kept[0])[:50]
        held = changed(held, "upsert", [one])
    return histories
