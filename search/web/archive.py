"""The index behind the page: opened once a process, shared by all its readers."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from threading import Event, Lock, Thread

from search import NewsIndex
from search.errors import SearchError
from search.types import FIELDS, Field, IndexStats, Results
from search.web.remembered import Remembered

PATH_VARIABLE = "NEWS_SEARCH_INDEX"
DEFAULT_PATH = "index/"
ANSWERS = 128
"""Answers kept for all readers, so that opening an article does not search again."""
COUNTS = 512
"""Numbers kept beside them: an answer may have one for each filter in use."""

_log = logging.getLogger(__name__)
_opening = Lock()
_opened: dict[Path, Archive] = {}


Commit = tuple[int, datetime | None]
"""Number and time of a commit: an index that was put in another's place may have its number."""


def commit_of(stats: IndexStats) -> Commit:
    """The commit that an index is at."""
    return stats.generation, stats.committed


class Archive:
    """An open index and how far its encoder is.

    The encoder loads in the background from the start; `settled` is set once it is ready or has
    failed, and `failure` then says why it failed; it is empty where only the log knows. `answers`
    and `counts` are what was searched lately, kept here so that they end with the archive.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.index = NewsIndex.open(path)
        self.index.stats()  # opening alone is silent about an index that is not there
        self.settled = Event()
        self.failure: str | None = None
        self.answers: Remembered[Results] = Remembered(ANSWERS)
        self.counts: Remembered[int] = Remembered(COUNTS)
        self._values: tuple[Commit, Mapping[Field, frozenset[str]]] | None = None
        Thread(target=self._warm, name="warm-up", daemon=True).start()

    @property
    def has_meaning(self) -> bool:
        """Whether a query can be searched by meaning now."""
        return self.settled.is_set() and self.failure is None

    def values(self) -> Mapping[Field, frozenset[str]]:
        """Every value of each field that some article has."""
        commit = commit_of(self.index.stats())
        if self._values is None or self._values[0] != commit:
            facets = self.index.search(k=1).facets
            values = {field: frozenset(v.value for v in facets.get(field, ())) for field in FIELDS}
            self._values = commit, values
        return self._values[1]

    def _warm(self) -> None:
        try:
            self.index.warm()
        except SearchError as error:
            self.failure = str(error)
        except Exception:
            _log.exception("the encoder could not be loaded")
            self.failure = ""
        finally:
            self.settled.set()


def index_path() -> Path:
    """Where the index is: NEWS_SEARCH_INDEX, then `index/`."""
    return Path(os.environ.get(PATH_VARIABLE) or DEFAULT_PATH)


def open_archive() -> Archive:
    """The archive at `index_path()`, opened on the first call.

    Raises:
        IndexNotFound, IndexRefused, IndexDamaged: not kept, so a later call tries again.
    """
    path = index_path()
    with _opening:
        if path not in _opened:
            _opened[path] = Archive(path)
        return _opened[path]


def forget() -> None:
    """Open anew at the next call, after what is open has failed; others may still be reading it."""
    with _opening:
        _opened.pop(index_path(), None)


def close() -> None:
    """Close whatever is open; the next call opens anew."""
    with _opening:
        while _opened:
            _, archive = _opened.popitem()
            archive.settled.wait()
            archive.index.close()
