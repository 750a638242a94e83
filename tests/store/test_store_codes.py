"""Codes in files: they find the nearest, grow out of one another, and hold up nobody."""

import threading
from pathlib import Path

import numpy as np
import pytest
from answers import assert_holds
from newsroom import article, encoded, new_store

import search.store.codes as codes
import search.store.neighbours as neighbours
from search.errors import StoreError
from search.store import LocalStore
from search.store.growing import Growing

ROWS = 12_000


@pytest.fixture(scope="module")
def world():
    """Rows of 384 dimensions of which few matter, as real models make them, and 40 near some."""
    rng = np.random.default_rng(0)
    axes, _ = np.linalg.qr(rng.normal(size=(384, 384)))
    spread = (np.arange(1, 385) ** -0.7)[:, None] * axes
    vectors = of_length_one(rng.normal(size=(ROWS, 384)) @ spread).astype(np.float16)
    near = vectors[:40] + of_length_one(rng.normal(size=(40, 384)) @ spread) * 0.4
    return vectors, of_length_one(near).astype(np.float32)


def of_length_one(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def opened(folder: Path, vectors) -> neighbours.Neighbours:
    return neighbours.Neighbours(vectors, codes.loaded(folder, len(vectors)).faiss)


def recall(index, vectors, queries, depth, mask=None, strategy=None):
    """The mean share of the exact nearest that is found, and that enough are found."""
    rows = np.arange(len(vectors)) if mask is None else np.flatnonzero(mask)
    exact, shares = vectors[rows].astype(np.float32), []
    for query in queries:
        found = index.nearest(query, depth, mask, len(rows))
        assert strategy is None or found.strategy == strategy
        assert len(found.slots) == min(depth, len(rows))
        assert np.isin(found.slots, rows).all()
        best = rows[np.argsort(-(exact @ query))[:depth]]
        shares.append(len(np.intersect1d(best, found.slots)) / len(best))
    return np.mean(shares)


def test_one_list_at_the_settings_in_use(tmp_path, world):
    vectors, queries = world
    codes.write_codes(tmp_path, vectors[:11_000])
    index = opened(tmp_path, vectors)
    assert index.uncovered == 1_000
    alive = np.random.default_rng(1).random(ROWS) < 0.9
    for mask, depth, least in ((None, 10, 0.99), (alive, 10, 0.99), (alive, 200, 0.97)):
        assert recall(index, vectors, queries, depth, mask, "IVF1,RaBitQfs") >= least, depth


@pytest.fixture
def many_lists(monkeypatch):
    monkeypatch.setattr(codes, "LISTS", ((5_000, 1),))
    monkeypatch.setattr(codes, "MOST_LISTS", 32)
    monkeypatch.setattr(neighbours, "PROBED_SHARES", {32: 0.25})
    monkeypatch.setattr(neighbours, "GATHER_ROWS", 0)


@pytest.mark.parametrize(
    ("share", "probes", "least"), [(1, 8, 0.95), (0.5, 16, 0.95), (0.1, 32, 0.98), (0.02, 32, 1)]
)
def test_many_lists_are_probed_deeper_as_less_is_admitted(
    tmp_path, world, many_lists, share, probes, least
):
    vectors, queries = world
    codes.write_codes(tmp_path, vectors)
    assert [path.name.split("-")[2] for path in codes.code_files(tmp_path)] == ["32"]
    rows = round(share * ROWS)
    mask = np.arange(ROWS) < rows if share < 1 else None
    strategy = f"IVF32,RaBitQfs, {probes} lists probed"
    assert recall(opened(tmp_path, vectors), vectors, queries, 10, mask, strategy) >= least


def test_as_many_as_there_are_come_back_from_any_lists(tmp_path, world, many_lists, monkeypatch):
    """Where the lists that were probed hold fewer than asked for, all is compared."""
    monkeypatch.setattr(neighbours, "PROBED_SHARES", {32: 0.001})
    vectors, queries = world
    codes.write_codes(tmp_path, vectors)
    assert recall(opened(tmp_path, vectors), vectors, queries[:5], 5_000, None, "exact") == 1


def test_codes_that_grew_find_what_codes_made_at_once_find(tmp_path, world, many_lists):
    vectors, queries = world
    for name, steps in {"grown": (6_000, 9_000, ROWS), "at once": (ROWS,)}.items():
        (tmp_path / name).mkdir()
        for rows in steps:
            codes.write_codes(tmp_path / name, vectors[:rows])
        files = codes.code_files(tmp_path / name)
        assert [codes.rows_of(path) for path in files] == list(steps[-2:])
        assert recall(opened(tmp_path / name, vectors), vectors, queries, 10) >= 0.95, name


@pytest.mark.parametrize(
    ("before", "is_reused"), [(11_000, True), (6_000, True), (4_000, False), (2_000, False)]
)
def test_only_codes_with_as_many_lists_and_enough_rows_are_grown(
    tmp_path, world, many_lists, monkeypatch, before, is_reused
):
    vectors, _ = world
    codes.write_codes(tmp_path, vectors[:before])
    trained = []
    original = codes._trained
    monkeypatch.setattr(codes, "_trained", lambda *given: trained.append(1) or original(*given))
    codes.write_codes(tmp_path, vectors)
    assert bool(trained) is not is_reused


def test_a_torn_file_is_passed_over_for_an_older_one(tmp_path, world):
    vectors, queries = world
    codes.write_codes(tmp_path, vectors[:9_000])
    codes.write_codes(tmp_path, vectors)
    newest = codes.code_files(tmp_path)[-1]
    newest.write_bytes(newest.read_bytes()[:500])
    assert codes.loaded(tmp_path, ROWS).path == codes.code_files(tmp_path)[0]
    assert recall(opened(tmp_path, vectors), vectors, queries, 10) >= 0.99
    codes.write_codes(tmp_path, vectors)
    assert codes.loaded(tmp_path, ROWS).path == newest


def test_a_file_that_is_loaded_is_not_read_again(tmp_path, world):
    vectors, _ = world
    codes.write_codes(tmp_path, vectors)
    known = codes.loaded(tmp_path, ROWS)
    assert codes.loaded(tmp_path, ROWS, known) is known
    codes.write_codes(tmp_path, vectors[:11_000])
    assert codes.loaded(tmp_path, 11_500, known).path != known.path


# In the background


def test_the_writer_goes_on_while_codes_are_made_and_readers_find_them(tmp_path, monkeypatch):
    monkeypatch.setattr(codes, "FLAT_ROWS", 20)
    may_go_on, original = threading.Event(), codes.write_codes

    def slow(*given, **options):
        assert may_go_on.wait(60)
        original(*given, **options)

    monkeypatch.setattr(codes, "write_codes", slow)
    store, held = new_store(tmp_path / "index"), {}
    reader = LocalStore(store.root)
    with store.writer() as writing:
        for start in range(0, 60, 10):
            batch = [encoded(article(number)) for number in range(start, start + 10)]
            writing.upsert(batch)
            held |= {one.article.id: one for one in batch}
            assert_holds(reader, held)
            assert codes.code_files(store.root / "g0001") == []
        may_go_on.set()
    assert codes.rows_of(codes.code_files(store.root / "g0001")[-1]) > 20
    assert_holds(reader, held)
    with reader.snapshot() as snapshot:
        assert snapshot._derived.codes is not None


def test_a_writer_that_fails_does_not_wait_for_codes(tmp_path, monkeypatch):
    """They stop at the next block of rows, and leave nothing."""
    monkeypatch.setattr(codes, "FLAT_ROWS", 20)
    monkeypatch.setattr(codes, "_BLOCK_ROWS", 5)
    stopped = []
    original = codes.write_codes

    def waiting(*given, is_stopped, **options):
        while not is_stopped():
            pass
        try:
            original(*given, is_stopped=is_stopped, **options)
        except StoreError as error:
            stopped.append(str(error))
            raise

    monkeypatch.setattr(codes, "write_codes", waiting)
    store = new_store(tmp_path / "index")

    def add_and_fail():
        with store.writer() as writing:
            writing.upsert([encoded(article(number)) for number in range(10)])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_and_fail()
    assert stopped == ["making codes was stopped; everything committed is intact"]
    assert list((store.root / "g0001").glob("ann-*")) == []
    assert_holds(store, {f"a{number}": encoded(article(number)) for number in range(10)})


def test_an_error_in_the_background_is_raised_at_the_end(tmp_path, world):
    vectors, _ = world
    growing = Growing(tmp_path / "no such folder", vectors)
    with pytest.raises(StoreError, match=r"cannot be written: .*everything committed is intact"):
        growing.finish()
