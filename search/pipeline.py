"""Work that overlaps: lanes run ahead of their consumer, each in a thread of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items, the last one shorter."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


@contextmanager
def merged(*lanes: Iterable[T], steps: int = 2) -> Iterator[Iterator[T]]:
    """The items of all lanes as they come, each up to `steps` ahead in a thread of its own.

    An exception of a lane is raised where the consumer would have met its next item. Leaving this
    stops the threads, and waits for the item that each is at.
    """
    came: queue.SimpleQueue[_Came[T]] = queue.SimpleQueue()
    workers = [_Worker(items, steps, came) for items in lanes]
    for worker in workers:
        worker.thread.start()
    try:
        yield _as_they_come(came, len(workers))
    finally:
        for worker in workers:
            worker.stopped.set()
        for worker in workers:
            worker.thread.join()


def _as_they_come(came: queue.SimpleQueue[_Came[T]], running: int) -> Iterator[T]:
    while running:
        worker, item, error = came.get()
        if error is not None:
            raise error
        if item is None:
            running -= 1
        else:
            worker.room.release()
            yield item[0]


class _Came(NamedTuple, Generic[T]):
    """What a worker puts before the consumer: an item in a tuple, its error, or None at its end."""

    worker: _Worker[T]
    item: tuple[T] | None
    error: BaseException | None = None


class _Worker(Generic[T]):
    def __init__(self, items: Iterable[T], steps: int, came: queue.SimpleQueue[_Came[T]]) -> None:
        self._items, self._came = items, came
        self.room = threading.Semaphore(steps)
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._work, name="lane", daemon=True)

    def _work(self) -> None:
        try:
            for item in self._items:
                self._wait_for_room()
                if self.stopped.is_set():
                    break
                self._came.put(_Came(self, (item,)))
            self._came.put(_Came(self, None))
        except BaseException as error:
            self._came.put(_Came(self, None, error))
        finally:
            if isinstance(self._items, Generator):
                self._items.close()

    def _wait_for_room(self) -> None:
        """But not for a consumer that is gone."""
        while not (self.stopped.is_set() or self.room.acquire(timeout=0.1)):
            continue
