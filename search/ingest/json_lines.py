"""JSON Lines: one article a line."""

from __future__ import annotations

from collections.abc import Iterator

from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.json_values import as_object, parsed, record_of
from search.ingest.record import Record, Rejected, Skip
from search.ingest.stream import MAX_LINE_BYTES, lines
from search.types import Reject

SUFFIXES = (".jsonl", ".ndjson", ".jsonlines")


def claims(file: File, names: Names) -> bool:
    """Whether at least half of the first lines, and no fewer than two, look like objects."""
    if file.suffix in SUFFIXES:
        return not file.head.lstrip().startswith(b"[")
    beginning = [line.strip() for line in file.head.splitlines()]
    beginning = [line for line in beginning if line]
    objects = sum(line.startswith(b"{") and line.endswith(b"}") for line in beginning)
    return len(beginning) > 1 and objects * 2 >= len(beginning)


def read(file: File, names: Names) -> Iterator[Record | Reject | Skip]:
    """The articles in order; a line that is none is a reject, and reading goes on."""
    with file.open() as stream:
        for number, line in lines(stream):
            if not line.isspace():
                try:
                    yield _record(file, names, number, line)
                except Rejected as why:
                    yield file.reject(why, raw=line, line=number)


def _record(file: File, names: Names, number: int, line: bytes) -> Record | Skip:
    if len(line) > MAX_LINE_BYTES:
        raise Rejected("bad_json", f"the line is longer than {MAX_LINE_BYTES >> 20} MB")
    text, is_guessed = file.decoder.decode(line)
    flags = ("encoding_guessed",) if is_guessed else ()
    return record_of(as_object(parsed(text)), names, line=number, raw=line, flags=flags)
