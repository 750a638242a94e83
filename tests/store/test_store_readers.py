"""Whoever reads while others write sees one committed generation after the other, whole."""

import threading
from datetime import timedelta

import pytest
from newsroom import DIM, article, awaiting, catch_up, encoded, new_store, vector_of
from watching import check, watch

import search.store.codes as codes
from search.store import LocalStore
from search.store.keywords import Keywords
from search.store.reading import Reading
from search.types import EVERYTHING, Contains, Count, Published

ROUNDS = 12


def a_version(version):
    return [encoded(article(number, version)) for number in range(6)]


def write_rounds(store):
    """Every commit replaces all articles, or removes or brings back the last two."""
    for version in range(1, ROUNDS):
        with store.writer() as writing:
            writing.upsert(a_version(version))
            writing.remove(["a4", "a5"])
            writing.upsert(a_version(version)[4:])
    with store.writer() as writing:
        writing.upsert(a_version(ROUNDS))


def test_readers_in_threads_and_in_another_process(children, tmp_path, monkeypatch):
    monkeypatch.setattr(codes, "FLAT_ROWS", 40)  # codes are made meanwhile
    store, report = new_store(tmp_path / "index"), tmp_path / "seen"
    with store.writer() as writing:
        writing.upsert(a_version(0))
    seen, faults = [], []

    def reading(own):
        try:
            seen.append(watch(own, ROUNDS))
        except BaseException as fault:
            faults.append(fault)

    child = children.start("read", root=store.root, report=report, until=ROUNDS)
    threads = [
        threading.Thread(target=reading, args=(own,))
        for own in (store, store, LocalStore(store.root))
    ]
    for thread in threads:
        thread.start()
    write_rounds(store)
    for thread in threads:
        thread.join()
    assert faults == []
    assert children.wait(child) == 0
    assert int(report.read_text(encoding="ascii")) > 1
    assert len(seen) == 3
    for generations in seen:
        assert generations == sorted(set(generations))
        assert len(generations) > 1


def test_a_snapshot_stays_as_it_was_while_others_commit(tmp_path):
    store = new_store(tmp_path / "index")
    with store.writer() as writing:
        writing.upsert(a_version(0))
        with store.snapshot() as old:
            writing.upsert(a_version(1))
            writing.remove(["a4", "a5"])
            with store.snapshot() as new:
                assert new.generation == old.generation + 2
                check(new)
                assert new.count(Contains("version0")) == Count()
            check(old)
            assert old.count(EVERYTHING) == Count(18, 6)
            assert old.count(Contains("version1")) == Count()


def test_a_reader_that_two_commits_overtake_tries_again(tmp_path, monkeypatch):
    """What it was about to read has then left the keywords: no damage, only bad luck."""
    store, other = new_store(tmp_path / "index"), LocalStore(tmp_path / "index")
    with store.writer() as writing:
        writing.upsert(a_version(0))
    calls, read = [], Keywords.reader

    def overtaken(self):
        calls.append(1)
        if len(calls) == 1:
            with store.writer() as writing:
                writing.remove([f"a{number}" for number in range(5)])
        return read(self)

    monkeypatch.setattr(Keywords, "reader", overtaken)
    with other.snapshot() as snapshot:
        assert snapshot.count(EVERYTHING) == Count(3, 1)
        assert snapshot.generation == store.state().generation
    assert len(calls) > 1


def test_a_reader_keeps_up_with_a_writer_that_commits_during_every_look(tmp_path, monkeypatch):
    store = new_store(tmp_path / "index")
    other, read, looks = LocalStore(tmp_path / "index"), Reading.alive, []
    with store.writer() as writing:

        def overtaken(self):
            if not looks or self.state().generation != looks[-1]:
                looks.append(self.state().generation)
                writing.upsert([awaiting(encoded(article(len(looks))))])
            return read(self)

        monkeypatch.setattr(Reading, "alive", overtaken)
        for number in range(3):
            with other.snapshot() as snapshot:
                assert snapshot.count(EVERYTHING) == Count(3 * number, number)
        assert len(looks) == 3


def test_what_is_near_is_read_anew_only_where_there_are_new_vectors(tmp_path):
    store = new_store(tmp_path / "index")

    def neighbours():
        with store.snapshot():
            return store._live.derived.neighbours

    with store.writer() as writing:
        writing.upsert(a_version(0))
        first = neighbours()
        writing.upsert([awaiting(encoded(article(7)))])
        assert neighbours() is first
        writing.remove(["a1"])
        assert neighbours() is first
        catch_up(writing)
        assert neighbours() is not first


@pytest.mark.parametrize("fault", [RuntimeError("from the encoder"), KeyboardInterrupt()], ids=str)
def test_an_encoder_that_fails_fails_the_search_alone(tmp_path, fault):
    store = new_store(tmp_path / "index")
    with store.writer() as writing:
        writing.upsert(a_version(0))

    def encode():
        raise fault

    with store.snapshot() as snapshot:
        with pytest.raises(type(fault)):
            snapshot.candidates(encode=encode, words="flood", condition=EVERYTHING, depth=5)
        check(snapshot)


def test_an_older_reader_filters_dates_as_of_its_generation(tmp_path):
    """Days are kept across generations, of which a newer one may lack what an older one has."""
    store = new_store(tmp_path / "index")
    with store.writer() as writing:
        writing.upsert(a_version(0))
    day = article(1).day
    condition = Published(day, day + timedelta(days=1))
    with store.snapshot() as older:
        with LocalStore(store.root).writer() as writing:
            writing.remove(["a1"])
            writing.upsert([encoded(article(7, published=day))])
        with store.snapshot() as newer:
            assert ids_in(newer, condition) == {"a7"}
        assert ids_in(older, condition) == {"a1"}
        with store.snapshot() as newer:
            assert ids_in(newer, condition) == {"a7"}


def ids_in(snapshot, condition):
    found = snapshot.candidates(
        encode=lambda: vector_of("flood", DIM), words=None, condition=condition, depth=50
    )
    assert found.matched == snapshot.count(condition)
    return {one.id for one, _ in snapshot.fetch(found.refs.tolist())}
