"""tar archives, read from front to back; nothing is extracted."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator

from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.members import Members
from search.ingest.record import Rejected, Skip
from search.ingest.stream import damaged
from search.types import Reject

_BLOCK = 512
_MAGIC = slice(257, 262)
_MAX_NOTE_BYTES = 64 * 1024
_NO_FILES = {
    tarfile.LNKTYPE: "a link",
    tarfile.SYMTYPE: "a link",
    tarfile.CHRTYPE: "a device",
    tarfile.BLKTYPE: "a device",
    tarfile.FIFOTYPE: "a pipe",
}
_WITHOUT_CONTENT = (tarfile.DIRTYPE, *_NO_FILES)
_FILES = (tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE)
_NOTES = (tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK)


def claims(file: File, names: Names) -> bool:
    """Whether the content begins with a tar header."""
    if file.head[_MAGIC] != b"ustar":
        return False
    try:
        tarfile.TarInfo.frombuf(file.head[:_BLOCK], "utf-8", "surrogateescape")
    except tarfile.TarError:
        return False
    return True


def read(file: File, names: Names) -> Iterator[File | Skip | Reject]:
    """The members in order; what is no regular file is refused."""
    members = Members(file)
    with file.raw() as stream:
        archive = _Archive(stream)
        while (member := archive.next_member()) is not None:
            members.count_one()
            name, kind, content = member
            if kind in _FILES:
                yield from members.read(name, content)
            elif kind != tarfile.DIRTYPE:
                yield members.refused(name, f"{_NO_FILES.get(kind, 'no file')}, which is not read")
            content.skip()


class _Archive:
    """A walk over headers; Python's own keeps every header, and reads notes of any length."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self._offset = 0

    def next_member(self) -> tuple[str, bytes, _Content] | None:
        """Name, type and content of the next member; None at the end.

        Raises:
            Rejected: the archive is damaged here.
        """
        long_name: str | None = None
        long_size: int | None = None
        while (header := self._header()) is not None:
            if header.type not in _NOTES:
                return long_name or header.name, header.type, self._content(header, long_size)
            note = self._note(header.size)
            if header.type == tarfile.GNUTYPE_LONGNAME:
                long_name = _text(note.rstrip(b"\0"))
            elif header.type == tarfile.XHDTYPE:
                records = _records(note)
                long_name = records.get("path", long_name)
                long_size = _number(records.get("size"), long_size)
        return None

    def _content(self, header: tarfile.TarInfo, long_size: int | None) -> _Content:
        if header.type == tarfile.GNUTYPE_SPARSE:
            raise damaged(self._offset, f"{header.name} has holes, which are not read")
        size = header.size if long_size is None else long_size
        return _Content(self, 0 if header.type in _WITHOUT_CONTENT else size)

    def take(self, size: int) -> bytes:
        """The next bytes.

        Raises:
            Rejected: the archive ends before them.
        """
        data = self._stream.read(size)
        self._offset += len(data)
        if len(data) < size:
            raise damaged(self._offset, "the archive ends early")
        return data

    def _header(self) -> tarfile.TarInfo | None:
        at, block = self._offset, self._stream.read(_BLOCK)
        self._offset += len(block)
        if not block.strip(b"\0"):  # the end, or a file without one
            return None
        try:
            return tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        except tarfile.TarError as error:
            raise damaged(at, f"no tar header: {error}") from error

    def _note(self, size: int) -> bytes:
        if size > _MAX_NOTE_BYTES:
            raise Rejected("unsafe_archive", f"a name or note of {size:,} bytes")
        note = self.take(size)
        self.take(-size % _BLOCK)
        return note


class _Content:
    """A member's content; whatever is not read of it is skipped."""

    def __init__(self, archive: _Archive, size: int) -> None:
        self._archive, self._left, self._padding = archive, size, -size % _BLOCK

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes of it."""
        size = min(size, self._left)
        data = self._archive.take(size) if size else b""
        self._left -= len(data)
        return data

    def skip(self) -> None:
        """Go on to where the next header stands."""
        while self.read(_MAX_NOTE_BYTES):
            pass
        self._archive.take(self._padding)
        self._padding = 0


def _records(note: bytes) -> dict[str, str]:
    """A pax header: lines such as `27 path=some/name`."""
    records: dict[str, str] = {}
    while note:
        length, space, _ = note.partition(b" ")
        if not space or not length.isdigit() or len(length) > 6 or not int(length):
            break
        key, _, value = note[len(length) + 1 : int(length)].rstrip(b"\n").partition(b"=")
        records[_text(key)] = _text(value)
        note = note[int(length) :]
    return records


def _number(text: str | None, default: int | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 16 else default


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")
