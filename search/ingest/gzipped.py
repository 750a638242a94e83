"""Gzip around any other format."""

from __future__ import annotations

from collections.abc import Iterator

from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.stream import unpacked

_MAGIC = b"\x1f\x8b"


def claims(file: File, names: Names) -> bool:
    """Whether the content begins as gzip does."""
    return file.head.startswith(_MAGIC)


def read(file: File, names: Names) -> Iterator[File]:
    """The file within, under the same path; `articles.csv.gz` holds an `articles.csv`."""
    name = file.name[: -len(".gz")] if file.name.lower().endswith(".gz") else file.name
    yield File(file.path, name, file.is_named, lambda: unpacked(file.raw()), file.member)
