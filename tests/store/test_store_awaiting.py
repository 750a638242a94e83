"""Passages whose vectors come later: words find them at once, meaning when its turn has come."""

import sqlite3
from contextlib import closing

import numpy as np
import pytest
from answers import ALL, assert_holds, everything
from newsroom import (
    DIM,
    article,
    awaiting,
    catch_up,
    change,
    changed,
    encoded,
    new_store,
    random_article,
    vector_of,
    vectors_in,
)

import search.store.codes as codes
from search.errors import StoreError
from search.store import LocalStore
from search.types import EVERYTHING, Contains, Count, OneOf

KILLS = 12
CRASHED = 9  # the exit status of a child that crashed where it was told to


@pytest.fixture
def store(tmp_path):
    return new_store(tmp_path / "index")


@pytest.fixture
def half(store):
    """Articles 0 to 5 of three passages each; the first seven passages have vectors."""
    with store.writer() as writing:
        writing.upsert([awaiting(encoded(article(number))) for number in range(6)])
        catch_up(writing, 7)
    return store


def stored(store):
    """All articles, passages, vectors and codes, and the row that says what is committed."""
    return everything(store, scores=False)["articles"], store.state()


def texts(store, refs):
    with store.snapshot() as snapshot:
        return [passage.text for _, passage in snapshot.fetch(refs)]


def test_what_awaits_is_found_by_words_and_filters_and_browsing(half):
    with half.snapshot() as snapshot:
        assert snapshot.count(EVERYTHING) == Count(18, 6)
        assert snapshot.count(Contains("flood warnings")) == Count(18, 6)
        assert snapshot.count(OneOf("source", ("cnn",))) == Count(18, 6)
        refs, _ = snapshot.browse(EVERYTHING, newest_first=True, offset=0, limit=ALL)
        assert len(refs) == 18
        found = snapshot.candidates(encode=None, words="number5", condition=EVERYTHING, depth=9)
        assert found.matched == Count(3, 1)
        assert found.awaiting == 0
        assert snapshot.stats().encoded == 7
    assert half.check() == []


def test_meaning_compares_what_has_vectors_and_no_more(half):
    query = vector_of("a query")
    with half.snapshot() as snapshot:
        found = snapshot.candidates(encode=lambda: query, words=None, condition=EVERYTHING, depth=5)
        refs = found.refs.tolist()
        assert (found.matched, found.awaiting) == (Count(18, 6), 11)
        everyone, _ = snapshot.browse(EVERYTHING, newest_first=True, offset=0, limit=ALL)
        known = np.array(sorted(everyone)[:7])
        exact = snapshot.vectors(known) @ query
        assert refs == known[np.argsort(-exact)][:5].tolist()
        assert not snapshot.awaits(known).any()
        rest = np.array(sorted(everyone)[7:])
        assert snapshot.awaits(rest).all()
        assert not snapshot.vectors(rest).any()


@pytest.mark.parametrize("condition", [EVERYTHING, OneOf("source", ("cnn",)), Contains("flood")])
@pytest.mark.parametrize("depth", [2, 9, 100])
@pytest.mark.parametrize("words", [None, "number4 part2", "nothing"])
def test_candidates_are_those_of_a_plain_look_at_each(half, condition, depth, words):
    query = vector_of("a query")
    with half.snapshot() as snapshot:
        found = snapshot.candidates(
            encode=lambda: query, words=words, condition=condition, depth=depth
        )
        everyone = sorted(snapshot.browse(condition, newest_first=True, offset=0, limit=ALL)[0])
        has_vector = {ref: not snapshot.awaits(np.array([ref]))[0] for ref in everyone}
        cosine = {
            ref: float(snapshot.vectors(np.array([ref]))[0] @ query)
            for ref in everyone
            if has_vector[ref]
        }
        by_meaning = sorted(cosine, key=lambda ref: -cosine[ref])[:depth]
        scores = {}
        if words is not None:
            alone = snapshot.candidates(encode=None, words=words, condition=condition, depth=depth)
            scores = dict(zip(alone.refs.tolist(), alone.bm25.tolist(), strict=True))
        expected = set(by_meaning) | set(scores)
        others = [ref for ref in everyone if not has_vector[ref] and ref not in expected]
        expected |= set(others[: max(0, min(depth, len(everyone)) - len(expected))])
    assert set(found.refs.tolist()) == expected
    assert found.matched.passages == len(everyone)
    assert found.awaiting == sum(not one for one in has_vector.values())
    for ref, one in zip(found.refs.tolist(), found.cosine.tolist(), strict=True):
        assert one == pytest.approx(cosine[ref], abs=1e-3) if has_vector[ref] else np.isnan(one)
    for ref, score in scores.items():
        assert found.bm25[found.refs.tolist().index(ref)] == pytest.approx(score)


def test_with_its_vectors_an_index_is_the_one_that_had_them_at_once(tmp_path):
    batches = [[encoded(article(n)) for n in range(start, start + 4)] for start in (0, 4, 8)]
    at_once, later = new_store(tmp_path / "at once"), new_store(tmp_path / "later")
    with at_once.writer() as writing:
        for batch in batches:
            writing.upsert(batch)
    with later.writer() as writing:
        for batch in batches:
            writing.upsert(list(map(awaiting, batch)))
            catch_up(writing, 5)
        assert writing.passages_awaiting() == 36 - 15
    with later.writer() as writing:
        while catch_up(writing, 5):
            pass
    assert everything(later) == everything(at_once)
    folder = later._live.files.vectors.path
    assert folder.read_bytes() == at_once._live.files.vectors.path.read_bytes()


def test_the_next_passages_come_in_order_and_the_removed_as_none(half):
    with half.writer() as writing:
        assert [one[1].text for one in writing.next_awaiting(0, 2)] == [
            one.text for one in encoded(article(2)).passages[1:]
        ]
        assert writing.next_awaiting(2, 1)[0][0] == article(3)
        assert len(writing.next_awaiting(4, 100)) == 7
        assert writing.next_awaiting(11, 100) == []
        writing.remove(["a3"])
        writing.upsert([awaiting(encoded(article(4, version=1)))])
        stretch = writing.next_awaiting(0, 100)
        assert [found and found[0].id for found in stretch] == [
            *("a2", "a2"),
            *(None,) * 6,
            *("a5", "a5", "a5"),
            *("a4", "a4", "a4"),
        ]


def test_nothing_of_the_vector_of_a_removed_passage_is_kept(half):
    with half.writer() as writing:
        catch_up_later = [vector_of(found[1].text) for found in writing.next_awaiting(0, 5)]
        writing.remove(["a3"])
        writing.append_vectors(np.array(catch_up_later), [b"code"] * 5)
    rows = half._live.files.vectors.view(12)
    assert rows[7:9].any(axis=1).all()
    assert not rows[9:12].any()
    assert half.check() == []
    with half.snapshot() as snapshot:
        assert snapshot.stats().encoded == 9


@pytest.mark.parametrize(
    ("vectors", "said"),
    [
        (np.eye(1, DIM + 1, dtype=np.float32), "of shape"),
        (np.eye(12, DIM, dtype=np.float32), "12 vectors where 11 passages await theirs"),
    ],
)
def test_vectors_that_cannot_be_right_are_refused(half, vectors, said):
    before = stored(half)
    with half.writer() as writing:
        with pytest.raises(ValueError, match=said):
            writing.append_vectors(vectors, [])
        assert stored(half) == before
        assert writing.passages_awaiting() == 11
        catch_up(writing)
    assert half.check() == []
    assert_holds(half, {f"a{n}": encoded(article(n)) for n in range(6)})


@pytest.mark.parametrize("count", [1, 3])
def test_codes_are_one_a_row_or_none_at_all(half, count):
    before = stored(half)
    with half.writer() as writing:
        with pytest.raises(ValueError, match=f"codes of {count} passages with 2 vectors"):
            writing.append_vectors(np.eye(2, DIM, dtype=np.float32), [b"code"] * count)
        assert stored(half) == before
        catch_up(writing)
    assert half.check() == []


@pytest.mark.parametrize("bad", [np.ones(DIM), np.full(DIM, np.nan)])
def test_a_vector_that_is_none_is_told_with_its_article_which_can_be_removed(half, bad):
    vectors = np.eye(5, DIM, dtype=np.float32)
    vectors[3:] = bad
    with half.writer() as writing:
        writing.append_vectors(vectors[:2], [])
        writing.remove(["a4"])
        with pytest.raises(StoreError, match=r"article 'a3', passage 2: .*news-search remove a3"):
            writing.append_vectors(vectors[2:], [])
        assert writing.passages_awaiting() == 9
        writing.remove(["a3"])
        writing.append_vectors(vectors[2:], [])
        assert writing.passages_awaiting() == 6
    assert half.check() == []


def test_vectors_that_an_article_brings_do_not_overtake(half):
    with half.writer() as writing:
        with pytest.raises(ValueError, match="11 passages await their vectors"):
            writing.upsert([encoded(article(9))])
        with pytest.raises(ValueError, match="in one batch"):
            writing.upsert([encoded(article(9)), awaiting(encoded(article(10)))])
        catch_up(writing)
        writing.upsert([encoded(article(9))])
    assert_holds(half, {f"a{n}": encoded(article(n)) for n in (0, 1, 2, 3, 4, 5, 9)})


# Formats


def made_old(store):
    """As a program made it that knew no passages without vectors."""
    folder = store._live.files.folder
    store.close()
    with closing(sqlite3.connect(folder / "meta.db")) as database:
        database.execute("ALTER TABLE state DROP COLUMN encoded")
        database.execute("UPDATE state SET format = 2")
        database.commit()


def test_an_older_index_is_read_as_it_is_and_brought_up_to_date_by_a_writer(store):
    with store.writer() as writing:
        writing.upsert([encoded(article(number)) for number in range(4)])
    before = everything(store)
    made_old(store)
    old = LocalStore(store.root)
    assert everything(old) == before
    assert old.check() == []
    with old.snapshot() as snapshot:
        assert snapshot.stats().encoded == 12
    with old._live.files.database.reading() as reading:
        assert reading.format() == 2
    with old.writer() as writing:
        assert writing.passages_awaiting() == 0
        writing.upsert([awaiting(encoded(article(7)))])
    with old._live.files.database.reading() as reading:
        assert reading.format() == 3
    with LocalStore(store.root).writer() as writing:
        assert catch_up(writing) == 3
    assert_holds(old, {f"a{n}": encoded(article(n)) for n in (0, 1, 2, 3, 7)})
    assert old.check() == []


# Compaction, erasing, codes


def test_a_compaction_keeps_the_frontier_among_what_is_live(half):
    with half.writer() as writing:
        writing.remove(["a1", "a4"])
    half.compact()
    with half.snapshot() as snapshot:
        assert snapshot.stats().encoded == 4
    state = half.state()
    assert (state.slots, state.passages, state.encoded) == (12, 12, 4)
    assert half._live.files.vectors.path.stat().st_size == 4 * DIM * 2
    assert half.check() == []
    with half.writer() as writing:
        assert catch_up(writing) == 8
    assert_holds(half, {f"a{n}": encoded(article(n)) for n in (0, 2, 3, 5)})


def test_a_passage_that_awaits_its_vector_is_erased(half):
    with half.writer() as writing:
        writing.upsert([awaiting(encoded(article(70, text="zxqv secret words " * 9)))])
    found = half.erase(["a70", "a0"])
    assert (found.articles, found.traces) == (2, ())
    assert half.check() == []
    assert half.state().encoded == 4


def test_codes_are_made_of_what_has_vectors(store, monkeypatch):
    monkeypatch.setattr(codes, "FLAT_ROWS", 40)
    with store.writer() as writing:
        writing.upsert([awaiting(encoded(article(number))) for number in range(40)])
        assert codes.code_files(store._live.files.folder) == []
        catch_up(writing, 60)
        writing._growing.finish()
    (path,) = codes.code_files(store._live.files.folder)
    assert codes.rows_of(path) == 60
    assert store.check() == []
    with store.snapshot() as snapshot:
        query = vector_of("a query")
        found = snapshot.candidates(
            encode=lambda: query, words=None, condition=EVERYTHING, depth=10
        )
        best = snapshot.vectors(np.arange(60)) @ query
        assert found.refs.tolist() == np.argsort(-best)[:10].tolist()


# Kills


WRITE = "search.store.rowfile:RowFile.write"
ADVANCE = "search.store.writing:Writing.advance"
KEYWORDS = "search.store.keywords:Keywords.commit"
STEPS = [  # what is stored after the crash, and how many passages have vectors
    (WRITE, "half", 1, False, 7),
    (WRITE, "after", 1, False, 7),
    (KEYWORDS, "after", 2, False, 7),
    (ADVANCE, "after", 1, False, 7),
    (WRITE, "before", 2, True, 7),
    (WRITE, "half", 2, True, 7),
    (WRITE, "after", 2, True, 7),
    (ADVANCE, "after", 2, True, 7),
    (WRITE, "before", 3, True, 11),
    (WRITE, "after", 3, True, 11),
    (ADVANCE, "after", 3, True, 11),
    ("search.store.writer:LocalWriter.finish", "before", 1, True, 24),
]


@pytest.mark.parametrize(("target", "when", "call", "is_stored", "has_vectors"), STEPS)
def test_a_crash_between_any_two_steps(children, half, target, when, call, is_stored, has_vectors):
    half.close()
    done = children.run("catch_up_all", root=half.root, crash=(target, when, call))
    assert done == CRASHED
    held = [0, 1, 2, 3, 4, 5, *((97, 98) if is_stored else ())]
    reader = LocalStore(half.root)
    with reader.snapshot() as snapshot:
        assert snapshot.count(Contains("flood warnings")) == Count(3 * len(held), len(held))
        assert snapshot.stats().encoded == has_vectors
    assert reader.check() == []
    with reader.writer() as writing:
        catch_up(writing)
    assert_holds(reader, {f"a{n}": encoded(article(n)) for n in held})
    assert reader.check() == []


def test_killed_at_random_moments_again_and_again(children, tmp_path):
    """What is committed is held, and vectors stand only before the frontier, those of its texts."""
    root, report, seed = tmp_path / "index", tmp_path / "done", 11
    new_store(root).close()
    rng = np.random.default_rng(seed)
    held, reached = {}, 0
    for changes in rng.integers(0, 6, KILLS):
        life = {"root": root, "seed": seed, "start": reached, "report": report}
        done = children.killed_after(changes, rng.uniform(0, 0.03), "live_in_two_lanes", **life)
        for _ in range(done):
            held = changed(held, *change(seed, reached))
            reached += 1
        store = LocalStore(root)
        assert store.check() == []
        try:
            assert_holds(store, held, may_await=True)
        except (AssertionError, LookupError, ValueError):
            held = changed(held, *change(seed, reached))
            reached += 1
            assert_holds(store, held, may_await=True)
        store.close()
    with LocalStore(root).writer() as writing:
        catch_up(writing)
    assert_holds(LocalStore(root), held)
    assert LocalStore(root).check() == []


def test_any_order_of_storing_and_catching_up(tmp_path):
    rng = np.random.default_rng(3)
    store, held = new_store(tmp_path / "index"), {}
    for number in range(60):
        with store.writer() as writing:
            batch = [encoded(random_article(rng, int(rng.integers(0, 12))), 3) for _ in range(3)]
            if rng.random() < 0.3:
                names = [one.article.id for one in batch]
                writing.remove(names)
                held = changed(held, "remove", names)
            else:
                writing.upsert(list(map(awaiting, batch)))
                held = changed(held, "upsert", batch)
            catch_up(writing, int(rng.integers(0, 9)))
        if number % 20 == 19:
            assert store.check() == []
    with store.writer() as writing:
        catch_up(writing)
    assert store.check() == []
    with store.snapshot() as snapshot:
        for one in held.values():
            assert snapshot.article(one.article.id) == one.article
            assert abs(vectors_in(snapshot, one.article.id) - one.vectors).max(initial=0) < 1e-3
            refs = snapshot.refs_of(one.article.id)
            assert tuple(snapshot.sentence_codes(refs)) == one.sentence_codes
