"""Bytes as they come: counted for the progress bar, unpacked, recoded, in bounded lines."""

from __future__ import annotations

import codecs
import io
import lzma
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Protocol

from search.ingest.record import Rejected

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

BUFFER_BYTES = 256 * 1024
MAX_LINE_BYTES = 16 * 1024 * 1024
MAX_RATIO = 100
FREE_OF_RATIO_BYTES = 64 * 1024 * 1024

_PACKED_BYTES = 16 * 1024  # deflate grows at most 1,032 times, so a chunk stays below 17 MB


class Decompressor(Protocol):
    """What bz2 and lzma have in common."""

    @property
    def eof(self) -> bool:
        """Whether the end was reached; more may follow in `unused_data`."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more comes without more data."""

    @property
    def unused_data(self) -> bytes:
        """What follows the end."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """At most so much of what the data and those before hold."""


class CountedFile(io.FileIO):
    """A file that knows how far it was read."""

    bytes_read = 0

    def readinto(self, buffer: WriteableBuffer, /) -> int | None:
        """As a raw file does."""
        size = super().readinto(buffer)
        self.bytes_read += size or 0
        return size


class _Chunks(io.RawIOBase):
    """Chunks made from another stream, as a stream of their own; it closes the other one."""

    def __init__(self, chunks: Iterator[bytes], origin: io.BufferedIOBase) -> None:
        self._chunks, self._origin = chunks, origin
        self._waiting = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer, /) -> int:
        while not self._waiting:
            chunk = next(self._chunks, None)
            if chunk is None:
                return 0
            self._waiting = memoryview(chunk)
        room = memoryview(buffer)
        size = min(len(room), len(self._waiting))
        room[:size] = self._waiting[:size]
        self._waiting = self._waiting[size:]
        return size

    def close(self) -> None:
        self._origin.close()
        super().close()


def unpacked(
    packed: io.BufferedIOBase, new_decompressor: Callable[[], Decompressor] | None = None
) -> io.BufferedReader:
    """What a gzip stream holds, or one of another kind that `new_decompressor` reads.

    Reading raises `Rejected` where it is damaged or grows too much.
    """
    chunks = _decompress(packed, new_decompressor) if new_decompressor else _inflate(packed)
    return io.BufferedReader(_Chunks(chunks, packed), BUFFER_BYTES)


def recoded(stream: io.BufferedIOBase, encoding: str) -> io.BufferedReader:
    """The same text in UTF-8; what does not decode becomes U+FFFD."""
    return io.BufferedReader(_Chunks(_recode(stream, encoding), stream), BUFFER_BYTES)


def lines(stream: io.BufferedIOBase) -> Iterator[tuple[int, bytes]]:
    """Numbered lines, from 1; of one longer than `MAX_LINE_BYTES` that much and one byte more."""
    number = 0
    while line := stream.readline(MAX_LINE_BYTES + 1):
        number += 1
        yield number, line
        while len(line) > MAX_LINE_BYTES and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE_BYTES + 1)


def _inflate(packed: io.BufferedIOBase) -> Iterator[bytes]:
    """Everything that decodes, member by member; then `Rejected` when that is not the whole."""
    member: zlib._Decompress | None = None
    bytes_in = bytes_out = 0
    while data := packed.read(_PACKED_BYTES):
        while data := data if member else data.lstrip(b"\0"):  # tapes pad between members
            member = member or zlib.decompressobj(zlib.MAX_WBITS | 16)
            before = member.copy()
            try:
                out = member.decompress(data)
            except zlib.error as error:
                yield from _salvage(before, data)
                raise damaged(bytes_in, str(error)) from error
            yield out
            bytes_in += len(data) - len(member.unused_data)
            bytes_out += len(out)
            refuse_bomb(bytes_in, bytes_out)
            data = member.unused_data
            member = None if member.eof else member
    if member:
        raise damaged(bytes_in, "it ends early")


def _decompress(
    packed: io.BufferedIOBase, new_decompressor: Callable[[], Decompressor]
) -> Iterator[bytes]:
    """Everything that decodes, stream by stream; then `Rejected` when that is not the whole."""
    member: Decompressor | None = None
    bytes_in = bytes_out = 0
    while data := packed.read(_PACKED_BYTES):
        bytes_in += len(data)
        while data or (member and not member.needs_input):
            member = member or new_decompressor()
            try:
                out = member.decompress(data, BUFFER_BYTES)
            except (OSError, EOFError, lzma.LZMAError) as error:
                raise damaged(bytes_in - len(data), str(error)) from error
            yield out
            bytes_out += len(out)
            refuse_bomb(bytes_in, bytes_out)
            data = b""
            if member.eof:
                data, member = member.unused_data.lstrip(b"\0"), None
    if member:
        raise damaged(bytes_in, "it ends early")


def refuse_bomb(bytes_in: int, bytes_out: int) -> None:
    """See that what was unpacked is in proportion to what it was unpacked from.

    Raises:
        Rejected: it is more than 64 MB, and a hundred times as much.
    """
    if bytes_out > max(FREE_OF_RATIO_BYTES, MAX_RATIO * bytes_in):
        message = f"{bytes_in:,} bytes unpack to over {bytes_out:,}; to trust it, unpack it first"
        raise Rejected("unsafe_archive", message)


def damaged(offset: int, why: str) -> Rejected:
    """What is said of packed data that cannot be read on."""
    return Rejected(
        "truncated_archive",
        f"damaged at byte {offset:,} ({why}); what came before it was read, what follows was not",
    )


def _salvage(member: zlib._Decompress, data: bytes) -> Iterator[bytes]:
    """What still decodes when zlib gave up on a chunk as a whole."""
    for i in range(len(data)):
        try:
            yield member.decompress(data[i : i + 1])
        except zlib.error:
            return


def _recode(stream: io.BufferedIOBase, encoding: str) -> Iterator[bytes]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    while data := stream.read(BUFFER_BYTES):
        yield decoder.decode(data).encode("utf-8", "replace")
    yield decoder.decode(b"", final=True).encode("utf-8", "replace")
