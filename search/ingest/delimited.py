"""CSV and its kin: a header, then one article a row; comma, semicolon, tab or bar between."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator

from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.record import Record, Rejected
from search.ingest.stream import MAX_LINE_BYTES, lines
from search.types import Reject

DELIMITERS = (",", ";", "\t", "|")
SUFFIXES = (".csv", ".tsv", ".tab")
MAX_ROW_LINES = 5_000
MANY_LINES = 200
MAX_ROW_BYTES = MAX_LINE_BYTES

_MAX_COLUMN_CHARS = 60
_Line = tuple[int, bytes]


def claims(file: File, names: Names) -> bool:
    """Whether the first line names columns, one of them the text."""
    if file.suffix in SUFFIXES:
        return True
    _, columns = _header(file, names)
    recognised = names.recognised(columns)
    is_short = all(len(column) <= _MAX_COLUMN_CHARS for column in columns)
    return is_short and "text" in recognised and len(recognised) > 1


def read(file: File, names: Names) -> Iterator[Record | Reject]:
    """The articles in order; a row that does not fit the header is a reject.

    After a quote that is not closed, csv swallows the rows that follow. Here a row that turns out
    wrong costs its first line only: reading goes on with the line after it.
    """
    delimiter, columns = _header(file, names)
    names.require_text(columns)
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ROW_BYTES))
    with file.open() as stream:
        source = _Lines(lines(stream))
        source.next_written()  # the header
        while first := source.next_written():
            row = _Row(file, delimiter, source)
            source.put_back([first])
            try:
                yield row.record(names, columns)
            except Rejected as why:
                yield file.reject(why, raw=first[1], line=first[0])
                source.put_back(row.taken[1:])


class _Lines:
    """Numbered lines that can be put back."""

    def __init__(self, numbered: Iterator[_Line]) -> None:
        self._fresh = numbered
        self._waiting: deque[_Line] = deque()

    def __iter__(self) -> Iterator[_Line]:
        return self

    def __next__(self) -> _Line:
        return self._waiting.popleft() if self._waiting else next(self._fresh)

    def next_written(self) -> _Line | None:
        """The next line that is not blank."""
        return next((line for line in self if line[1].strip()), None)

    def put_back(self, lines: list[_Line]) -> None:
        self._waiting.extendleft(reversed(lines))


class _Row:
    """One row, and the lines it took."""

    def __init__(self, file: File, delimiter: str, source: Iterator[_Line]) -> None:
        self.taken: list[_Line] = []
        self._file, self._delimiter, self._source = file, delimiter, source
        self._flags: dict[str, None] = {}

    def record(self, names: Names, columns: list[str]) -> Record:
        """The row as a record.

        Raises:
            Rejected: its quotes or its number of fields are wrong.
        """
        values = self._values()
        if any(values[len(columns) :]) or len(values) < len(columns):
            raise Rejected("bad_row", f"{len(values)} fields under {len(columns)} columns")
        if len(self.taken) > MANY_LINES:
            self._flags["many_lines"] = None
        number, raw = self.taken[0][0], b"".join(line for _, line in self.taken)
        row = dict(zip(columns, values, strict=False))
        return names.record(row, line=number, raw=raw, flags=tuple(self._flags))

    def _values(self) -> list[str]:
        try:
            return next(csv.reader(self._text(), delimiter=self._delimiter, strict=True))
        except csv.Error as error:
            message = f"{error}; is a quote left open, or not doubled within quotes?"
            raise Rejected("bad_row", message) from error

    def _text(self) -> Iterator[str]:
        size_bytes = 0
        for number, line in self._source:
            self.taken.append((number, line))
            size_bytes += len(line)
            if len(self.taken) > MAX_ROW_LINES or size_bytes > MAX_ROW_BYTES:
                lines_taken = f"the row spans {len(self.taken):,} lines and more"
                raise Rejected("bad_row", f"{lines_taken}; is a quote left open?")
            text, is_guessed = self._file.decoder.decode(line)
            if is_guessed:
                self._flags["encoding_guessed"] = None
            yield text


def _header(file: File, names: Names) -> tuple[str, list[str]]:
    """The delimiter under which the first line names most fields, and the columns."""
    first = next((line for line in file.head.splitlines() if line.strip()), b"")
    text, _ = file.decoder.decode(first[:MAX_LINE_BYTES])
    headers = [(delimiter, _columns(text, delimiter)) for delimiter in DELIMITERS]
    return max(headers, key=lambda header: (len(names.recognised(header[1])), len(header[1])))


def _columns(line: str, delimiter: str) -> list[str]:
    """The names in a header, each once; one without a name is called by its number."""
    columns: dict[str, None] = {}
    try:
        names = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        names = [line]
    for number, name in enumerate(names, start=1):
        name = name.strip() or f"column {number}"
        columns[name if name not in columns else f"{name} ({number})"] = None
    return list(columns)
