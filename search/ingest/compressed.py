"""gzip, bzip2 or xz around any other format."""

from __future__ import annotations

import bz2
import lzma
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import PurePath

from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.stream import Decompressor, unpacked

_XZ_MEMORY_BYTES = 256 * 1024 * 1024
_KINDS: tuple[tuple[bytes, str, Callable[[], Decompressor] | None], ...] = (
    (b"\x1f\x8b", "gz", None),
    (b"BZh", "bz2", bz2.BZ2Decompressor),
    (b"\xfd7zXZ\0", "xz", partial(lzma.LZMADecompressor, lzma.FORMAT_XZ, _XZ_MEMORY_BYTES)),
)
_SHORT = {"tgz": "gz", "tbz2": "bz2", "tbz": "bz2", "txz": "xz"}


def claims(file: File, names: Names) -> bool:
    """Whether the content begins as one of them does."""
    return any(file.head.startswith(magic) for magic, _, _ in _KINDS)


def read(file: File, names: Names) -> Iterator[File]:
    """The file within, under the same path; `articles.csv.gz` holds an `articles.csv`."""
    ending, new = next((end, new) for magic, end, new in _KINDS if file.head.startswith(magic))
    path = PurePath(file.name)
    written = path.suffix.lower().removeprefix(".")
    name = path.stem if _SHORT.get(written, written) == ending else file.name
    yield File(
        file.path,
        name,
        file.is_named,
        lambda: unpacked(file.raw(), new),
        member=file.member,
        url=file.url,
    )
