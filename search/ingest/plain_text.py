"""Text files: one article each, with or without the line that names its date and outlet.

The line reads ` date 2022-10-06 The content originally appeared on: CNN`; an empty line and the
paragraphs follow. A file without it is all text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.record import Record, RecordField
from search.types import Reject

SUFFIXES = ("", ".txt", ".text")
MAX_FILE_BYTES = 16 * 1024 * 1024
MAX_HEADER_CHARS = 500

_HEADER = re.compile(
    r"date\b[ \t]*(\S*)[ \t]+The content originally appeared on:[ \t]*(.*)", re.IGNORECASE
)
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # not ESC: terminals' colours are text
_MARKUP = re.compile(rb"\s*<(?:[?!a-zA-Z])")


def claims(file: File, names: Names) -> bool:
    """Whether it is text, and either has the header or is a file that text comes in."""
    if _header(file.decoder.decode(file.head[: 4 * MAX_HEADER_CHARS])[0])[0]:
        return True
    if file.suffix in SUFFIXES:
        return True
    return file.is_named and not _MARKUP.match(file.head) and not _is_binary(file.head)


def read(file: File, names: Names) -> Iterator[Record | Reject]:
    """The one article."""
    with file.open() as stream:
        data = stream.read(MAX_FILE_BYTES + 1)
    flags: tuple[str, ...] = ()
    if len(data) > MAX_FILE_BYTES:
        data = data[: data.rfind(b"\n", 0, MAX_FILE_BYTES) + 1] or data[:MAX_FILE_BYTES]
        flags = ("truncated",)
    text, is_guessed = file.decoder.decode(data)
    header, body = _header(text)
    fields: dict[RecordField, Any] = {"text": body, **header}
    flags += ("encoding_guessed",) * is_guessed + ("no_header",) * (not header)
    yield Record(fields, flags=flags, published_from="header", raw=data)


def _header(text: str) -> tuple[dict[RecordField, str], str]:
    """The date and outlet in the first line, and what follows; nothing and all of it without."""
    first, _, body = text.lstrip().partition("\n")
    found = _HEADER.fullmatch(first.rstrip()) if len(first) <= MAX_HEADER_CHARS else None
    return ({"published": found[1], "source": found[2]}, body) if found else ({}, text)


def _is_binary(data: bytes) -> bool:
    return len(_CONTROL.findall(data)) > max(3, len(data) // 100)
