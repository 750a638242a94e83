"""Filters of any selectivity: enough hits, the nearest of those admitted, exact counts.

The rows have the shape of real ones, and there are enough for codes to be used.
"""

import json
import sqlite3
from collections import Counter

import numpy as np
import pytest
from newsroom import new_store
from test_store_codes import of_length_one

import search.store.codes as codes
import search.store.neighbours as neighbours
from search.store import EncodedArticle
from search.types import EVERYTHING, AllOf, Article, Contains, Not, OneOf, Passage, Published

ARTICLES, PASSAGES, DIM = 4_000, 3, 384
SHARES = {"every": 1, "tenth": 10, "hundredth": 100, "thousandth": 1_000, "only": ARTICLES}
SECTIONS = ["World", "Sport", None]


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """A store with its rows, and 25 queries near some of them."""
    rng = np.random.default_rng(5)
    axes, _ = np.linalg.qr(rng.normal(size=(DIM, DIM)))
    spread = (np.arange(1, DIM + 1) ** -0.7)[:, None] * axes
    rows = of_length_one(rng.normal(size=(ARTICLES * PASSAGES, DIM)) @ spread)
    near = rows[:: ARTICLES * PASSAGES // 25][:25]
    queries = of_length_one(near + of_length_one(rng.normal(size=near.shape) @ spread) * 0.4)
    store = new_store(tmp_path_factory.mktemp("archive") / "index", DIM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(codes, "FLAT_ROWS", 5_000)
        with store.writer() as writing:
            for start in range(0, ARTICLES, 1_000):
                writing.upsert([one(number, rows) for number in range(start, start + 1_000)])
    yield store, rows.astype(np.float16), queries.astype(np.float32)
    store.close()


def one(number, rows):
    """An article that carries, as author and as word, every share that divides its number."""
    marks = tuple(name for name, every in SHARES.items() if number % every == 0)
    text = " ".join((*marks, f"number{number}"))
    article = Article(
        id=f"a{number}",
        text=text,
        source=f"Outlet {number % 7}",
        authors=marks,
        section=SECTIONS[number % 3],
        published=None,
    )
    passages = tuple(
        Passage(f"a{number}-{part}", article.id, part, 0, len(text), text, ((0, len(text)),))
        for part in range(PASSAGES)
    )
    first = number * PASSAGES
    return EncodedArticle(article, passages, rows[first : first + PASSAGES].astype(np.float32))


CONDITIONS = {
    **{name: OneOf("author", (name,)) for name in SHARES},
    **{f"the word {name}": Contains(name) for name in SHARES},
    "all": EVERYTHING,
}


def admitted(name):
    every = SHARES.get(name.removeprefix("the word "), 1)
    return np.array([n * PASSAGES + part for n in range(0, ARTICLES, every) for part in range(3)])


@pytest.mark.parametrize("gather", [4_000, 0], ids=["the planner's way", "under a bitmap"])
@pytest.mark.parametrize("name", CONDITIONS)
def test_the_nearest_of_the_admitted_are_found(archive, monkeypatch, name, gather):
    monkeypatch.setattr(neighbours, "GATHER_ROWS", gather)
    monkeypatch.setattr(neighbours, "GATHER_SHARE", 0)
    store, rows, queries = archive
    condition, slots = CONDITIONS[name], admitted(name)
    exact, shares, ways = rows[slots].astype(np.float32), [], set()
    with store.snapshot() as snapshot:
        assert snapshot.count(condition).passages == len(slots)
        for query in queries:
            found = snapshot.candidates(
                encode=lambda query=query: query, words=None, condition=condition, depth=10
            )
            ways.add(found.strategy)
            assert found.matched.passages == len(slots)
            assert len(found.refs) >= min(10, len(slots))
            assert np.isin(found.refs, slots).all()
            best = slots[np.argsort(-(exact @ query), kind="stable")[:10]]
            ours = found.refs[np.argsort(-found.cosine, kind="stable")[:10]]
            shares.append(len(np.intersect1d(best, ours)) / len(best))
    is_exact = ways == {"exact"}
    assert is_exact == (len(slots) <= max(gather, 10))
    assert np.mean(shares) == 1.0 if is_exact else np.mean(shares) >= 0.99


@pytest.mark.parametrize("name", CONDITIONS)
def test_counts_and_facets_are_those_of_plain_sql(archive, name):
    store, _, _ = archive
    every = SHARES.get(name.removeprefix("the word "), 1)
    (folder,) = store.root.glob("g*")
    with sqlite3.connect(folder / "meta.db") as database:
        told = database.execute(
            "SELECT source, section, authors, passages FROM article "
            "WHERE CAST(substr(id, 2) AS INTEGER) % ? = 0",
            (every,),
        ).fetchall()
    database.close()
    with store.snapshot() as snapshot:
        count = snapshot.count(CONDITIONS[name])
        assert (count.articles, count.passages) == (len(told), sum(row[3] for row in told))
        tallies = [snapshot.tally(snapshot.owners_of(CONDITIONS[name]))]
        if name in SHARES:
            tallies.append(snapshot.tally_of_all(CONDITIONS[name]))
    for values, _ in tallies:
        assert values["source"] == Counter(row[0] for row in told)
        assert values.get("section", {}) == Counter(row[1] for row in told if row[1])
        assert values["author"] == Counter(a for row in told for a in json.loads(row[2]))


def test_filters_that_meet_admit_what_both_admit(archive):
    store, _, _ = archive
    both = AllOf((OneOf("author", ("tenth",)), Contains("hundredth")))
    neither = AllOf((Not(OneOf("author", ("tenth",))), Not(Contains("hundredth"))))
    with store.snapshot() as snapshot:
        assert snapshot.count(both).articles == ARTICLES // 100
        assert snapshot.count(neither).articles == ARTICLES - ARTICLES // 10
        assert snapshot.count(Published()).articles == 0
