"""ZIP archives, member by member; nothing is extracted."""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import NamedTuple

from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.members import Members
from search.ingest.record import Rejected, Skip
from search.ingest.spool import seekable
from search.ingest.stream import damaged
from search.types import Reject

MAX_DIRECTORY_BYTES = 64 * 1024 * 1024

_MAGICS = (b"PK\x03\x04", b"PK\x05\x06")
_END = struct.Struct("<4s4H2LH")
_END_64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_64 = struct.Struct("<4sLQL")
_LOCAL = struct.Struct("<4s5H3L2H")
_MAX_COMMENT_BYTES = 65_535
_ENCRYPTED, _SIZE_FOLLOWS, _UTF_8 = 0x1, 0x8, 0x800
_READ = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_PIECE_BYTES = 64 * 1024
_MAX_DESCRIPTOR_BYTES = 28


def claims(file: File, names: Names) -> bool:
    """Whether the content begins as a ZIP archive does."""
    return file.head.startswith(_MAGICS)


def read(file: File, names: Names) -> Iterator[File | Skip | Reject]:
    """The members in order; of a damaged archive those before the damage."""
    members = Members(file)
    with seekable(file) as stream:
        size_bytes = stream.seek(0, io.SEEK_END)
        _refuse_large_directory(stream, size_bytes)
        try:
            archive = zipfile.ZipFile(stream)
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            yield from _salvaged(stream, members, size_bytes, str(error))
            return
        for info in archive.infolist():
            members.count_one()
            if not info.is_dir():
                yield from _member(stream, info, members, size_bytes)


def _member(
    stream: io.BufferedIOBase, info: zipfile.ZipInfo, members: Members, size_bytes: int
) -> Iterator[File | Skip | Reject]:
    kind = stat.S_IFMT(info.external_attr >> 16)
    if kind and not stat.S_ISREG(kind):
        yield members.refused(info.filename, "a link or a device, which is not read")
    elif info.flag_bits & _ENCRYPTED:
        yield members.refused(info.filename, "it is encrypted")
    elif info.compress_type not in _READ:
        yield members.refused(info.filename, "it is packed in a way that is not read")
    elif (
        not 0 <= info.header_offset < size_bytes
        or (header := _local_header(stream, info.header_offset)) is None
    ):
        why = damaged(info.header_offset, "no member where the directory says")
        yield members.rejected(info.filename, why)
    else:
        header = header._replace(flags=0, packed_bytes=info.compress_size, crc=info.CRC)
        yield from members.read(info.filename, _Packed(stream, header, size_bytes), size_bytes)


def _refuse_large_directory(stream: io.BufferedIOBase, size_bytes: int) -> None:
    """Zipfile reads the whole directory into memory.

    Raises:
        Rejected: it is too large for that.
    """
    tail_bytes = min(size_bytes, _END.size + _MAX_COMMENT_BYTES)
    stream.seek(size_bytes - tail_bytes)
    tail = stream.read(tail_bytes)
    at = tail.rfind(_MAGICS[1])
    if not 0 <= at <= len(tail) - _END.size:
        return
    directory_bytes = _END.unpack_from(tail, at)[5]
    before = at - _LOCATOR_64.size
    if before >= 0 and tail.startswith(b"PK\x06\x07", before):
        stream.seek(min(_LOCATOR_64.unpack_from(tail, before)[2], size_bytes))
        record = stream.read(_END_64.size)
        if len(record) == _END_64.size:
            directory_bytes = max(directory_bytes, _END_64.unpack(record)[8])
            if directory_bytes == 0xFFFFFFFF:
                directory_bytes = _END_64.unpack(record)[8]
    if MAX_DIRECTORY_BYTES < directory_bytes <= size_bytes:
        message = f"a directory of {directory_bytes:,} bytes; unpack it first"
        raise Rejected("unsafe_archive", message)


def _salvaged(
    stream: io.BufferedIOBase, members: Members, size_bytes: int, problem: str
) -> Iterator[File | Skip | Reject]:
    """The members of an archive that lacks its directory, as far as they can be told apart.

    Raises:
        Rejected: always, in the end: it is damaged.
    """
    offset = 0
    while (header := _local_header(stream, offset)) and header.method in _READ:
        if header.flags & _ENCRYPTED or (header.size_follows and not header.method):
            break
        members.count_one()
        packed = _Packed(stream, header, size_bytes)
        if not header.name.endswith("/"):
            yield from members.read(header.name, packed, size_bytes)
        offset = packed.end()
        if offset > size_bytes:
            break
    raise damaged(min(offset, size_bytes), problem)


class _LocalHeader(NamedTuple):
    name: str
    flags: int
    method: int
    crc: int
    packed_bytes: int
    content_at: int

    @property
    def size_follows(self) -> bool:
        """Whether the size stands behind the content, of which only deflate says the end."""
        return bool(self.flags & _SIZE_FOLLOWS)


def _local_header(stream: io.BufferedIOBase, offset: int) -> _LocalHeader | None:
    stream.seek(offset)
    data = stream.read(_LOCAL.size)
    if len(data) < _LOCAL.size or not data.startswith(_MAGICS[0]):
        return None
    _, _, flags, method, _, _, crc, packed, _, name_bytes, extra_bytes = _LOCAL.unpack(data)
    name = stream.read(name_bytes).decode("utf-8" if flags & _UTF_8 else "cp437", "replace")
    content_at = offset + _LOCAL.size + name_bytes + extra_bytes
    return _LocalHeader(name, flags, method, crc, packed, content_at)


class _Packed:
    """The content of a member found without the directory."""

    def __init__(self, stream: io.BufferedIOBase, header: _LocalHeader, size_bytes: int) -> None:
        self._stream, self._header, self._at = stream, header, header.content_at
        packed = size_bytes if header.size_follows else header.packed_bytes
        self._end = header.content_at + packed
        self._size_bytes = size_bytes
        self._inflate = zlib.decompressobj(-zlib.MAX_WBITS) if header.method else None
        self._waiting, self._crc = b"", 0

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes of it, unpacked."""
        piece = self._unpacked(size)
        self._crc = zlib.crc32(piece, self._crc)
        if not piece and not self._header.size_follows and self._crc != self._header.crc:
            raise damaged(self._at, "the content does not have its sum")
        return piece

    def _unpacked(self, size: int) -> bytes:
        if self._inflate is None:
            return self._take(size)
        try:
            while not self._inflate.eof and (data := self._waiting or self._take(_PIECE_BYTES)):
                piece = self._inflate.decompress(data, size)
                self._waiting = self._inflate.unconsumed_tail
                if piece:
                    return piece
        except zlib.error as error:
            raise damaged(self._at, str(error)) from error
        return b""

    def end(self) -> int:
        """Where the next header stands; beyond the archive where it cannot be known."""
        if not self._header.size_follows:
            return self._end
        while self._unpacked(_PIECE_BYTES):
            pass
        if self._inflate is None or not self._inflate.eof:
            return self._size_bytes + 1
        at = self._at - len(self._inflate.unused_data)
        self._stream.seek(at)
        following = self._stream.read(_MAX_DESCRIPTOR_BYTES).find(_MAGICS[0])
        return at + following if following >= 0 else self._size_bytes + 1

    def _take(self, size: int) -> bytes:
        self._stream.seek(self._at)
        data = self._stream.read(min(size, self._end - self._at))
        self._at += len(data)
        if not data and self._at < self._end:
            raise damaged(self._at, "the archive ends early")
        return data
