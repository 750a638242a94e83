"""A member of an archive kept for as long as it is read: in memory when small, else on disk.

A file is opened several times, to look at its beginning and to read it; a stream within an archive
passes once. What is kept has no name that an archive chose, and is gone afterwards.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Protocol

from search.ingest.files import File
from search.ingest.record import Rejected

MAX_IN_MEMORY_BYTES = 16 * 1024 * 1024
MAX_MEMBER_BYTES = 2 * 1024 * 1024 * 1024

_PIECE_BYTES = 256 * 1024


class Source(Protocol):
    """What can be read in pieces."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; none at the end."""


@contextmanager
def spooled(source: Source) -> Iterator[tuple[Callable[[], io.BufferedIOBase], Rejected | None]]:
    """What opens the content of a stream, as often as needed, and why it is not all of it.

    Raises:
        Rejected: it is larger than is kept.
    """
    with ExitStack() as until_read:
        data, size, damage = bytearray(), 0, None
        path: Path | None = None
        try:
            while piece := source.read(_PIECE_BYTES):
                size += len(piece)
                if size > MAX_MEMBER_BYTES:
                    raise _too_large()
                data += piece
                if len(data) > MAX_IN_MEMORY_BYTES:
                    path = path or _new_file(until_read)
                    _append(path, data)
                    data.clear()
        except Rejected as why:
            if why.code != "truncated_archive":
                raise
            damage = why
        if path is None:
            content = bytes(data)
            yield lambda: io.BytesIO(content), damage
        else:
            _append(path, data)
            yield lambda: path.open("rb"), damage


@contextmanager
def seekable(file: File) -> Iterator[io.BufferedIOBase]:
    """The content of a file, to be read in any order.

    Raises:
        Rejected: it is damaged, so that its end is missing.
    """
    with file.raw() as stream:
        if stream.seekable():
            yield stream
            return
        with spooled(stream) as (opened, damage):
            if damage:
                raise damage
            with opened() as content:
                yield content


def _new_file(until_read: ExitStack) -> Path:
    folder = until_read.enter_context(tempfile.TemporaryDirectory(prefix="news-search-"))
    return Path(folder, "member")


def _append(path: Path, data: bytearray) -> None:
    with path.open("ab") as disk:
        disk.write(data)


def _too_large() -> Rejected:
    message = f"a member of over {MAX_MEMBER_BYTES >> 30} GB; unpack the archive first"
    return Rejected("unsafe_archive", message)
