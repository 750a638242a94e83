import threading
import time

import pytest

from search.pipeline import batches, merged


def test_batches_keep_order_and_the_last_is_shorter():
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batches([], 2)) == []


def test_a_lane_gives_its_items_in_order():
    with merged(iter(range(100))) as items:
        assert list(items) == list(range(100))


def test_lanes_give_all_their_items_each_in_its_order():
    with merged(iter(range(100)), iter(range(1_000, 1_200))) as items:
        found = list(items)
    assert [one for one in found if one < 1_000] == list(range(100))
    assert [one for one in found if one >= 1_000] == list(range(1_000, 1_200))


def test_a_lane_that_waits_holds_up_no_other():
    told = threading.Event()

    def waiting():
        told.wait(10)
        yield "at last"

    with merged(waiting(), iter("abc")) as items:
        assert [next(items) for _ in range(3)] == ["a", "b", "c"]
        told.set()
        assert list(items) == ["at last"]


def test_a_lane_computes_in_another_thread_before_being_asked_but_not_far():
    computed = []

    def items():
        for number in range(100):
            computed.append(threading.get_ident())
            yield number

    with merged(items(), steps=2) as running:
        assert next(running) == 0
        deadline = time.monotonic() + 5
        while len(computed) < 4 and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(0.05)
        assert threading.get_ident() not in computed
        assert len(computed) == 4  # the one taken, two ahead, and one that waits for room


def test_an_exception_comes_where_the_items_end():
    def items():
        yield 1
        raise OSError("disk full")

    with merged(items()) as running:
        assert next(running) == 1
        with pytest.raises(OSError, match="disk full"):
            next(running)


def test_leaving_stops_the_threads_and_closes_the_items():
    closed = threading.Event()

    def items():
        try:
            while True:
                yield 1
        finally:
            closed.set()

    before = threading.active_count()
    with merged(items(), iter([1, 2])) as running:
        next(running)
    assert closed.is_set()
    assert threading.active_count() == before
