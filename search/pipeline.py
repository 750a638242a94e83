"""Work that overlaps: an iterator run ahead of its consumer in a thread of its own."""

from __future__ import annotations

import queue
import threading
from collections.abc import Generator, Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

T = TypeVar("T")


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Lists of `size` items, the last one shorter."""
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def ahead(items: Iterable[T], steps: int = 2) -> Generator[T, None, None]:
    """The same items, computed up to `steps` ahead in a thread.

    An exception of `items` is raised where the consumer would have met it. Closing this generator
    stops the thread, and waits for the item it is at.
    """
    worker = _Worker(items, steps)
    worker.thread.start()
    try:
        while (entry := worker.waiting.get()) is not None:
            if isinstance(entry, BaseException):
                raise entry
            yield entry[0]
    finally:
        worker.stopped.set()
        worker.thread.join()


class _Worker(Generic[T]):
    def __init__(self, items: Iterable[T], steps: int) -> None:
        self._items = items
        self.waiting: queue.Queue[tuple[T] | BaseException | None] = queue.Queue(steps)
        self.stopped = threading.Event()
        self.thread = threading.Thread(target=self._work, name="ahead", daemon=True)

    def _work(self) -> None:
        try:
            for item in self._items:
                self._put((item,))
                if self.stopped.is_set():
                    break
            self._put(None)
        except BaseException as error:
            self._put(error)
        finally:
            if isinstance(self._items, Generator):
                self._items.close()

    def _put(self, entry: tuple[T] | BaseException | None) -> None:
        """Wait for room, but not for a consumer that is gone."""
        while not self.stopped.is_set():
            try:
                self.waiting.put(entry, timeout=0.1)
            except queue.Full:
                continue
            return
