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
from search.errors import SearchError
from search.web import archive
from search.web.add_rights import AddRefused

if TYPE_CHECKING:
    from search.types import AddReport, Progress

NAME_BYTES = 200
"""File systems take 255."""
PASTED = "pasted.json"
_NOT_IN_A_NAME = re.compile(r"[^\w.\- ]")
_log = logging.getLogger(__name__)
_busy = Lock()


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
        kept: TemporaryDirectory[str] | None = None,
    ) -> None:
        """Starts to add the `places`, following no link out of `within`.

        `kept` is the folder that holds the places, each in a numbered one; it is removed in the
        end, unless this raises.

        Raises:
            AddRefused: this process is adding already.
        """
        if not _busy.acquire(blocking=False):
            raise AddRefused("busy")
        self.progress: Progress | None = None
        self.report: AddReport | None = None
        self.failure: str | None = None
        self.ended = Event()
        self._places, self._within, self._kept = list(places), within, kept
        Thread(target=self._run, name="add", daemon=True).start()

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
        except Exception:
            _log.exception("adding from the page failed")
            self.failure = ""
        finally:
            _busy.release()
            self.ended.set()

    def _note(self, progress: Progress) -> None:
        self.progress = progress

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
        return re.sub(rf"{re.escape(self._kept.name)}/\d+/", "", told)


def add_place(place: Path, within: Path | None = None) -> Job:
    """Add a file or folder of the server, following no link out of `within`.

    Raises:
        AddRefused: this process is adding already.
    """
    return Job([place], within=within)


def add_files(files: Iterable[tuple[str, bytes]]) -> Job:
    """Add files that a reader sent, each with its name.

    Raises:
        AddRefused: this process is adding already.
        OSError: they cannot be written to the disk.
    """
    kept = TemporaryDirectory(prefix="news-search-")
    try:
        places = [
            _put(Path(kept.name, str(number), file_name(name)), content)
            for number, (name, content) in enumerate(files)
        ]
        return Job(places, kept=kept)
    except BaseException:
        kept.cleanup()
        raise


def add_text(fields: Mapping[str, str]) -> Job:
    """Add one article by its fields, read as a file with these fields would be.

    Raises:
        AddRefused, OSError: as `add_files`.
    """
    record = {name: value for name, value in fields.items() if value.strip()}
    return add_files([(PASTED, json.dumps(record).encode())])


def file_name(sent: str) -> str:
    """A name that means nothing to a file system, with the ending of the one that was sent."""
    name = _NOT_IN_A_NAME.sub("_", PurePath(sent).name).lstrip(". ")
    # From the end, since the ending may say the format.
    cut = name.encode()[-NAME_BYTES:].decode(errors="ignore")
    return cut.lstrip(". ") or "file"


def _put(path: Path, content: bytes) -> Path:
    path.parent.mkdir()  # of its own, since two may have one name
    path.write_bytes(content)
    return path


def _index(stack: ExitStack) -> NewsIndex:
    """The one that is being read, or one to be made."""
    try:
        return archive.open_archive().index
    except SearchError:
        return stack.enter_context(NewsIndex.open(archive.index_path()))
