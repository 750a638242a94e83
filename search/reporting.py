"""The file that `add --report` writes: every reject and every guess, however many there are."""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any, Self

from search.output import guess_json, reject_json, report_json
from search.types import AddReport, Guess, Reject

_LINES = (".jsonl", ".ndjson")
_LISTS = {"reject": "rejects", "guess": "guesses"}
"""Kinds of lines, and the lists of a document that they come into."""


class ReportFile:
    """Takes what is met and writes it at once: memory stays flat.

    A file ending in `.jsonl` gets a line for each as it is met, so that it can be used while it
    grows and after a kill. Any other becomes one JSON document, put in its place whole when this is
    left, also by an interruption. Writing never raises: `error` says why there is no report.
    """

    def __init__(self, path: Path) -> None:
        self.error: str | None = None
        self._path = path
        self._sums: Counter[str] = Counter()
        self._flags: Counter[str] = Counter()
        self._last: AddReport | None = None
        self._lines: IO[str] | None = None
        try:
            self._lines = self._opened()
        except OSError as error:
            self._fail(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        lines = self._lines
        if lines is None:
            return
        try:
            with lines:
                if not self._is_by_line:
                    lines.flush()
                    self._write_document(lines, is_finished=kind is None)
        except OSError as problem:
            self._fail(problem)

    def note(self, item: Reject | Guess) -> None:
        """Write one of them."""
        if isinstance(item, Reject):
            self._write({"kind": "reject", **reject_json(item)})
        else:
            self._write({"kind": "guess", **guess_json(item)})

    def end_round(self, report: AddReport) -> None:
        """Write the counts; those of several rounds are added up in a document."""
        counts = _counts(report)
        self._write({"kind": "counts", **counts})
        self._sums.update({k: v for k, v in counts.items() if isinstance(v, int | float)})
        self._flags.update(report.flags)
        self._last = report

    @property
    def _is_by_line(self) -> bool:
        return self._path.suffix.lower() in _LINES

    def _opened(self) -> IO[str]:
        if self._is_by_line:
            return self._path.open("w", encoding="utf-8", buffering=1)
        return tempfile.TemporaryFile("w+", encoding="utf-8", dir=self._path.parent)

    def _write(self, line: dict[str, Any]) -> None:
        if self._lines is None:
            return
        try:
            self._lines.write(json.dumps(line, ensure_ascii=False) + "\n")
        except OSError as error:  # a full disk stops the report, not the adding
            self._fail(error)

    def _fail(self, error: OSError) -> None:
        self.error = f"{self._path}: {error.strerror}; no report written"
        if self._lines is not None:
            with suppress(OSError):
                self._lines.close()
            self._lines = None

    def _write_document(self, lines: IO[str], *, is_finished: bool) -> None:
        path = self._path.resolve()
        if path.exists() and not path.is_file():  # /dev/stdout is written to, never replaced
            with path.open("w", encoding="utf-8") as file:
                file.writelines(self._document(lines, is_finished=is_finished))
            return
        unfinished = path.with_name(f"{path.name}.unfinished")
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                file.writelines(self._document(lines, is_finished=is_finished))
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        except OSError:
            unfinished.unlink(missing_ok=True)
            raise

    def _document(self, lines: IO[str], *, is_finished: bool) -> Iterator[str]:
        skipped = list(self._last.skipped) if self._last else []
        head = {"finished": is_finished, **self._sums, "flags": self._flags, "skipped": skipped}
        yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}")
        for kind, name in _LISTS.items():
            yield f',\n "{name}": ['
            lines.seek(0)
            between = "\n  "
            for line in lines:
                item = json.loads(line)
                if item.pop("kind") == kind:
                    yield between + json.dumps(item, ensure_ascii=False)
                    between = ",\n  "
            yield "\n ]"
        yield "\n}\n"


def _counts(report: AddReport) -> dict[str, Any]:
    """The report without its rejects, which were written as they were met."""
    return {name: value for name, value in report_json(report).items() if name != "rejects"}
