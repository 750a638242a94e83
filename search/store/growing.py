"""Codes made in the background, while the writer goes on committing."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from search.store import codes

if TYPE_CHECKING:
    from search.store.neighbours import Halves


class Growing:
    """A thread that puts a file of codes in place; readers find it with the next generation."""

    def __init__(self, folder: Path, vectors: Halves) -> None:
        self._folder, self._vectors = folder, vectors
        self._error: Exception | None = None
        self._is_stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="codes", daemon=True)
        self._thread.start()

    def is_alive(self) -> bool:
        """Whether it is still at it."""
        return self._thread.is_alive()

    def finish(self) -> None:
        """Wait for it.

        Raises:
            StoreError: the disk did not take the codes; everything committed is intact.
        """
        self._thread.join()
        if self._error is not None:
            raise self._error

    def stop(self) -> None:
        """End it without codes, once its training or the block of rows that it is at is done."""
        self._is_stopped.set()
        self._thread.join()

    def _work(self) -> None:
        try:
            # One thread: the encoder needs the cores more.
            stop = self._is_stopped.is_set
            codes.write_codes(self._folder, self._vectors, threads=1, is_stopped=stop)
        except Exception as error:
            self._error = error
