import threading

import pytest

from search.pipeline import ahead, batches


def test_batches_keep_order_and_the_last_is_shorter():
    assert list(batches(range(5), 2)) == [[0, 1], [2, 3], [4]]
    assert list(batches([], 2)) == []


def test_ahead_gives_the_same_items():
    assert list(ahead(iter(range(100)))) == list(range(100))


def test_ahead_computes_in_another_thread_before_being_asked():
    computed = threading.Event()

    def items():
        yield threading.get_ident()
        computed.set()
        yield threading.get_ident()

    running = ahead(items())
    assert next(running) != threading.get_ident()
    assert computed.wait(5)
    running.close()


def test_an_exception_comes_where_the_items_end():
    def items():
        yield 1
        raise OSError("disk full")

    running = ahead(items())
    assert next(running) == 1
    with pytest.raises(OSError, match="disk full"):
        next(running)


def test_closing_stops_the_thread_and_closes_the_items():
    closed = threading.Event()

    def items():
        try:
            while True:
                yield 1
        finally:
            closed.set()

    before = threading.active_count()
    running = ahead(items())
    next(running)
    running.close()
    assert closed.is_set()
    assert threading.active_count() == before
