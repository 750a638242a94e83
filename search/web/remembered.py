"""What was found lately, by what was asked, so that it need not be searched again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

Found = TypeVar("Found")


class Remembered(Generic[Found]):
    """The latest `most` findings. Threads may share it."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._found: OrderedDict[Hashable, Found] = OrderedDict()
        self._lock = Lock()

    def get(self, asked: Hashable, find: Callable[[], Found]) -> Found:
        """What was found for `asked`, by `find` where it is not known; its errors are not kept.

        Threads that ask the same at once all find it, since none waits while another searches.
        """
        with self._lock:
            if asked in self._found:
                self._found.move_to_end(asked)
                return self._found[asked]
        found = find()
        with self._lock:
            self._found[asked] = found
            self._found.move_to_end(asked)
            if len(self._found) > self._most:
                self._found.popitem(last=False)
        return found
