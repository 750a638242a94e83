"""An index that is replaced by hand under who has it open: a backup put back, one built anew."""

import shutil
import threading

import pytest
from newsroom import SETTINGS, article, encoded, new_store
from watching import check

from search.errors import IndexRefused, SearchError
from search.store import LocalStore
from search.types import EVERYTHING, Contains, Count


def stored(path, version, articles):
    store = new_store(path)
    with store.writer() as writing:
        writing.upsert([encoded(article(number, version)) for number in range(articles)])
    store.close()
    return path


def put_in_place(new, path):
    path.rename(path.with_name(f"{path.name}-before-{new.name}"))
    new.rename(path)


def test_a_replaced_index_is_read_at_the_next_search(tmp_path):
    path = stored(tmp_path / "index", version=0, articles=6)
    other = stored(tmp_path / "other", version=1, articles=4)
    store = LocalStore(path)
    with store.snapshot() as before:
        generation = before.generation
        put_in_place(other, path)
        check(before)
        assert before.count(EVERYTHING) == Count(18, 6)
    with store.snapshot() as now:
        assert now.generation == generation
        check(now)
        assert now.count(EVERYTHING) == Count(12, 4)
        assert now.count(Contains("version0")) == Count()
    store.close()


def test_searches_at_the_same_time_see_the_one_or_the_other_whole(tmp_path):
    path = stored(tmp_path / "index", version=0, articles=6)
    store, seen, faults = LocalStore(path), [], []
    stop = threading.Event()

    def search():
        try:
            while not stop.is_set():
                with store.snapshot() as snapshot:
                    check(snapshot)
                    seen.append(snapshot.generation)
        except SearchError as error:  # between one rename and the other there is no index
            if "no index at" not in str(error):
                faults.append(error)
        except Exception as error:
            faults.append(error)

    for version, articles in enumerate((4, 6, 4, 6), 1):
        stop.clear()
        threads = [threading.Thread(target=search) for _ in range(4)]
        for thread in threads:
            thread.start()
        put_in_place(stored(tmp_path / f"new-{version}", version, articles), path)
        with store.snapshot() as snapshot:
            assert snapshot.count(Contains(f"version{version}")).articles == articles
        stop.set()
        for thread in threads:
            thread.join()
    store.close()
    assert faults == []
    assert set(seen) == {1}  # which is all that the two have in common


def test_an_index_of_another_model_in_its_place_is_refused(tmp_path):
    path = stored(tmp_path / "index", version=0, articles=2)
    store = LocalStore(path)
    other = LocalStore.create(
        tmp_path / "other", **SETTINGS | {"fingerprint": "another", "model": "another model"}, dim=8
    )
    other.close()
    shutil.rmtree(path)
    other.root.rename(path)
    with (
        pytest.raises(IndexRefused, match="replaced by an index made with another model"),
        store.snapshot(),
    ):
        pass
    store.close()
