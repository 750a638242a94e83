"""Copies of articles in a store: found with each commit, gone with what is removed."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
from newsroom import article, encoded, new_store

from search.copies import MOST_HOLDERS
from search.store import LocalStore
from search.types import EVERYTHING


def wire(number, edition=0, **fields):
    """A story of 200 words of its own; each edition has ten words of its own in front."""
    own = " ".join(f"edition{edition}word{n}" for n in range(10))
    text = f"{own} " + " ".join(f"story{number}word{n}" for n in range(200))
    known = {"source": f"Outlet {edition}", "published": date(2024, 3, 1 + edition)}
    known |= {"id": f"s{number}e{edition}", "text": text}
    return article(number, **(known | fields))


@pytest.fixture
def store(tmp_path):
    opened = new_store(tmp_path / "index")
    yield opened
    opened.close()


def put(store, *articles):
    with store.writer() as writing:
        writing.upsert([encoded(one) for one in articles])


def groups(store):
    """The ids of articles by group, those alone left out."""
    with store.snapshot() as snapshot:
        refs, _ = snapshot.browse(EVERYTHING, newest_first=True, offset=0, limit=10**6)
        ids = dict.fromkeys(one.id for one, _ in snapshot.fetch(refs))
        owners = np.array([snapshot.owner_of(one) for one in ids])
        found: dict[int, set[str]] = {}
        for name, original in zip(ids, snapshot.originals(owners).tolist(), strict=True):
            found.setdefault(original, set()).add(name)
        for name in ids:
            copies = {copy.article_id for copy in snapshot.copies(snapshot.owner_of(name))}
            (own,) = (group for group in found.values() if name in group)
            assert copies == own - {name}
    return sorted(sorted(group) for group in found.values() if len(group) > 1)


TWO_STORIES = [wire(number, edition) for number, edition in product((1, 2), range(3))]


def test_copies_are_joined_in_one_commit_or_many_in_any_order(tmp_path):
    expected = [["s1e0", "s1e1", "s1e2"], ["s2e0", "s2e1", "s2e2"]]
    for name, batches in {
        "one": [TWO_STORIES],
        "many": [[one] for one in TWO_STORIES],
        "backwards": [[one] for one in TWO_STORIES[::-1]],
    }.items():
        store = new_store(tmp_path / name)
        for batch in batches:
            put(store, *batch)
        assert groups(store) == expected
        assert store.check() == []
        store.close()


def test_an_article_that_is_like_two_groups_makes_them_one(store):
    words = [f"word{n}" for n in range(400)]
    first, last = " ".join(words[:240]), " ".join(words[160:])
    put(store, wire(1, 0, text=first), wire(2, 1, text=last))
    assert groups(store) == []
    put(store, wire(3, 2, text=" ".join(words)))
    assert groups(store) == [["s1e0", "s2e1", "s3e2"]]


def test_copies_come_in_the_order_of_publication(store):
    put(store, *TWO_STORIES[:3], replace(wire(1, 3), published=None))
    with store.snapshot() as snapshot:
        copies = snapshot.copies(snapshot.owner_of("s1e1"))
    assert [copy.article_id for copy in copies] == ["s1e0", "s1e2", "s1e3"]
    first = copies[0]
    assert (first.source, first.published, first.title) == ("Outlet 0", date(2024, 3, 1), "Title 1")
    assert first.chars == len(TWO_STORIES[0].text)


def test_what_is_removed_or_rewritten_has_no_copies(store):
    put(store, *TWO_STORIES)
    with store.writer() as writing:
        writing.remove(["s1e0", "s2e0", "s2e1"])
    assert groups(store) == [["s1e1", "s1e2"]]
    put(store, wire(1, 1, text="Quite another text stands here today, and it is like nothing else"))
    assert groups(store) == []
    put(store, TWO_STORIES[0])
    assert groups(store) == [["s1e0", "s1e2"]]
    assert store.check() == []


def test_copies_survive_a_compaction_and_reopening(store):
    put(store, *TWO_STORIES)
    with store.writer() as writing:
        writing.remove(["s1e0"])
    store.compact()
    expected = [["s1e1", "s1e2"], ["s2e0", "s2e1", "s2e2"]]
    assert groups(store) == expected
    again = LocalStore(store.root)
    put(again, wire(1, 5))
    assert groups(again) == [["s1e1", "s1e2", "s1e5"], expected[1]]
    assert again.check() == []


def test_what_was_stored_before_copies_were_looked_for_is_joined_by_a_repair(store):
    put(store, *TWO_STORIES)
    expected = groups(store)
    store.close()
    (folder,) = store.root.glob("g*")
    with closing(sqlite3.connect(folder / "meta.db")) as database:
        for table in ("run", "sketch", "copy"):
            database.execute(f"DROP TABLE {table}")
    old = LocalStore(store.root)
    assert groups(old) == []
    assert old.check() == []
    old.repair()
    assert groups(old) == expected
    put(old, wire(2, 7))
    assert groups(old)[1] == [*expected[1], "s2e7"]


def test_browsing_shows_one_of_the_copies_the_first_in_order(store):
    put(store, *TWO_STORIES)
    with store.snapshot() as snapshot:

        def listed(newest_first, offset=0, limit=100):
            refs, count = snapshot.browse(
                EVERYTHING, newest_first=newest_first, offset=offset, limit=limit, folds=True
            )
            assert count.articles == 6
            return [(one.id, passage.number) for one, passage in snapshot.fetch(refs)]

        newest = listed(newest_first=True)
        assert newest[:2] == [("s1e2", 0), ("s2e2", 0)]
        assert sorted({name for name, _ in newest}) == ["s1e2", "s2e2"]
        assert sorted(newest[2:]) == [(n, k) for n in ("s1e2", "s2e2") for k in (1, 2)]
        assert {name for name, _ in listed(newest_first=False)} == {"s1e0", "s2e0"}
        pages = [hit for start in range(0, 8, 2) for hit in listed(True, start, 2)]
        assert pages == newest


def test_a_story_that_many_outlets_carry_is_one_group(store):
    """More of them than are kept for a run, and more than a writer commits at once."""
    many = [wire(1, 0, id=f"s1e0n{n}", source=f"Outlet {n}") for n in range(3 * MOST_HOLDERS)]
    for first in range(0, len(many), 10):
        put(store, *many[first : first + 10])
    assert groups(store) == [sorted(one.id for one in many)]
