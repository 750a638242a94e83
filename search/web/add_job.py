"""One adding of articles that a reader asked for, in a thread of its own."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path, PurePath
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING

from search import NewsIndex
from search.errors import SearchError
from search.web import archive
from search.web.add_rights import AddRefused
from search.web.kept_files import KeptFiles

if TYPE_CHECKING:
    from search.types import AddReport, Progress

NAME_BYTES = 200
"""File systems take 255."""
PASTED = "pasted.json"
_NOT_IN_A_NAME = re.compile(r"[^\w.\- ]")
STOP_SECONDS = 15
"""For the batch that is being encoded, and the next, which is ahead of it."""
_log = logging.getLogger(__name__)
_busy = Lock()
_latest: Job | None = None


class Job:
    """An `add` that goes on whether or not somebody looks.

    `progress` is the last one told. Once `ended` is set there is a `report`, or a `failure`, which
    is empty where only the log knows why.
    """

    def __init__(
        self,
        places: Sequence[Path],
        *,
        within: Path | None = None,
        kept: KeptFiles | None = None,
    ) -> None:
        """Is to add the `places`, following no link out of `within`.

        `kept` holds the places, and is removed in the end.
        """
        self.progress: Progress | None = None
        self.report: AddReport | None = None
        self.failure: str | None = None
        self.ended = Event()
        self._stopping = Event()
        self._places, self._within, self._kept = list(places), within, kept

    def start(self) -> None:
        """For whoever is `_alone`; others may begin once it has ended."""
        Thread(target=self._run, name="add", daemon=True).start()

    def stop(self, seconds: float) -> bool:
        """End it after the batch it is at, which is kept; whether it did within so many seconds.

        In the end nothing is left of what was sent.
        """
        self._stopping.set()
        has_ended = self.ended.wait(seconds)
        if not has_ended and self._kept is not None:
            self._kept.remove()
        return has_ended

    def _run(self) -> None:
        try:
            with ExitStack() as stack:
                if self._kept is not None:
                    stack.enter_context(self._kept)
                index = _index(stack)
                report = index.add(self._places, progress=self._note, within=self._within)
                self.report = self._as_sent(report)
        except SearchError as error:
            self.failure = self._without_folder(str(error))
        except _Stopped:
            _log.warning("adding from the page was ended; what was committed before is kept")
            self.failure = ""
        except Exception:
            _log.exception("adding from the page failed")
            self.failure = ""
        finally:
            _busy.release()
            self.ended.set()

    def _note(self, progress: Progress) -> None:
        self.progress = progress
        if self._stopping.is_set():
            raise _Stopped

    def _as_sent(self, report: AddReport) -> AddReport:
        """With the names that the reader knows the files by."""
        return replace(
            report,
            rejects=tuple(
                replace(one, path=self._without_folder(one.path)) for one in report.rejects
            ),
            skipped=tuple(map(self._without_folder, report.skipped)),
        )

    def _without_folder(self, told: str) -> str:
        """Without the folder that files were kept in, which is no reader's business."""
        if self._kept is None:
            return told
        return re.sub(rf"{re.escape(str(self._kept.folder))}/\d+/", "", told)


def add_place(place: Path, within: Path | None = None) -> Job:
    """Add a file or folder of the server, following no link out of `within`.

    Raises:
        AddRefused: this process is adding already.
    """
    with _alone():
        return _begin(Job([place], within=within))


def add_files(files: Iterable[tuple[str, bytes]]) -> Job:
    """Add files that a reader sent, each with its name.

    Raises:
        AddRefused: this process is adding already.
        OSError: they cannot be written to the disk.
    """
    with _alone():
        kept = KeptFiles()
        try:
            places = [
                kept.put(number, file_name(name), content)
                for number, (name, content) in enumerate(files)
            ]
            return _begin(Job(places, kept=kept))
        except BaseException:
            kept.remove()
            raise


def add_text(fields: Mapping[str, str]) -> Job:
    """Add one article by its fields, read as a file with these fields would be.

    Raises:
        AddRefused, OSError: as `add_files`.
    """
    record = {name: value for name, value in fields.items() if value.strip()}
    return add_files([(PASTED, json.dumps(record).encode())])


def stop(seconds: float = STOP_SECONDS) -> bool:
    """End what is being added, as `Job.stop`; True where nothing is."""
    return _latest is None or _latest.stop(seconds)


def file_name(sent: str) -> str:
    """A name that means nothing to a file system, with the ending of the one that was sent."""
    name = _NOT_IN_A_NAME.sub("_", PurePath(sent).name).lstrip(". ")
    # From the end, since the ending may say the format.
    cut = name.encode()[-NAME_BYTES:].decode(errors="ignore")
    return cut.lstrip(". ") or "file"


class _Stopped(Exception):  # noqa: N818  as the errors of search/errors.py
    """The server ends."""


def _begin(job: Job) -> Job:
    global _latest
    _latest = job
    job.start()
    return job


@contextmanager
def _alone() -> Iterator[None]:
    """For beginning the one job of this process, which lets others begin when it ends.

    Raises:
        AddRefused: this process is adding already.
    """
    if not _busy.acquire(blocking=False):
        raise AddRefused("busy")
    try:
        yield
    except BaseException:
        _busy.release()
        raise


def _index(stack: ExitStack) -> NewsIndex:
    """The one that is being read, or one to be made."""
    try:
        return archive.open_archive().index
    except SearchError:
        return stack.enter_context(NewsIndex.open(archive.index_path()))
