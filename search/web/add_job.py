"""One adding of articles that a reader asked for, in a thread of its own."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from search import NewsIndex
from search.errors import InputError, SearchError
from search.web import archive

if TYPE_CHECKING:
    from search.types import AddReport, Progress, Reject

NAME_CHARS = 100
PASTED = "pasted.json"
_NOT_IN_A_NAME = re.compile(r"[^\w.\- ]")
_log = logging.getLogger(__name__)
_busy = Lock()


class Job:
    """An `add` that goes on whether or not somebody looks.

    `progress` is the last one told. Once `ended` is set there is a `report`, or a `failure`, which
    is empty where only the log knows why.
    """

    def __init__(self, places: Sequence[Path], kept: TemporaryDirectory[str] | None = None) -> None:
        """Starts to add the `places`; `kept` is the folder that holds them, removed in the end.

        Raises:
            InputError: this process is adding already.
        """
        if not _busy.acquire(blocking=False):
            if kept is not None:
                kept.cleanup()
            raise InputError("articles are being added already; try again when that is done")
        self.progress: Progress | None = None
        self.report: AddReport | None = None
        self.failure: str | None = None
        self.ended = Event()
        self._places, self._kept = list(places), kept
        Thread(target=self._run, name="add", daemon=True).start()

    def _run(self) -> None:
        try:
            with ExitStack() as stack:
                if self._kept is not None:
                    stack.enter_context(self._kept)
                report = _index(stack).add(self._places, progress=self._note)
                self.report = replace(report, rejects=tuple(map(self._as_sent, report.rejects)))
        except SearchError as error:
            self.failure = str(error)
        except Exception:
            _log.exception("adding from the page failed")
            self.failure = ""
        finally:
            _busy.release()
            self.ended.set()

    def _note(self, progress: Progress) -> None:
        self.progress = progress

    def _as_sent(self, reject: Reject) -> Reject:
        """With the name that the reader knows the file by."""
        if self._kept is None:
            return reject
        return replace(reject, path=PurePath(reject.path).name)


def add_place(place: Path) -> Job:
    """Add a file or folder of the server."""
    return Job([place])


def add_files(files: Iterable[tuple[str, bytes]]) -> Job:
    """Add files that a reader sent, each with its name."""
    kept = TemporaryDirectory(prefix="news-search-")
    places = []
    for number, (name, content) in enumerate(files):
        folder = Path(kept.name, str(number))  # of its own, since two may have one name
        folder.mkdir()
        places.append(folder / file_name(name))
        places[-1].write_bytes(content)
    return Job(places, kept)


def add_text(fields: Mapping[str, str]) -> Job:
    """Add one article by its fields, read as a file with these fields would be."""
    record = {name: value for name, value in fields.items() if value.strip()}
    return add_files([(PASTED, json.dumps(record).encode())])


def file_name(sent: str) -> str:
    """A name that means nothing to a file system, with the ending of the one that was sent."""
    name = _NOT_IN_A_NAME.sub("_", PurePath(sent).name).lstrip(". ")
    return name[-NAME_CHARS:].lstrip(". ") or "file"


def _index(stack: ExitStack) -> NewsIndex:
    """The one that is being read, or one to be made."""
    try:
        return archive.open_archive().index
    except SearchError:
        return stack.enter_context(NewsIndex.open(archive.index_path()))
