"""What a server answers: its headers as they are used, its body within bounds."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from email.message import Message
from typing import NamedTuple

from search.fetching.refusal import Refused

_PACKED = {"gzip": zlib.MAX_WBITS | 16, "x-gzip": zlib.MAX_WBITS | 16, "deflate": zlib.MAX_WBITS}
_PIECE_BYTES = 256 * 1024
_MAX_SEEN_CHARS = 1_000
_TYPES = (
    "application/json", "application/x-ndjson", "application/jsonl", "application/x-jsonlines",
    "application/xml", "application/rss", "application/atom", "application/gzip",
    "application/x-gzip", "application/zip", "application/x-tar", "application/warc",
    "application/csv", "application/vnd.apache.parquet", "application/octet-stream",
    "binary/octet-stream", "application/x-bzip2", "application/x-xz",
)  # fmt: skip
_NO_NEWS = ("text/css", "text/javascript", "text/calendar", "text/vcard")


class Seen(NamedTuple):
    """What a server called the answer it sent, so that it need not be sent again unchanged.

    `url` is where it came from, after redirects.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None


class Answer(NamedTuple):
    """A whole answer; `url` is where it came from, after redirects."""

    url: str
    content: bytes
    charset: str | None
    seen: Seen


class Headers(Message):
    """The headers of an answer, by name in any case."""

    @classmethod
    def of(cls, pairs: Iterable[tuple[bytes, bytes]]) -> Headers:
        """Of raw headers."""
        headers = cls()
        for name, value in pairs:
            headers.add_header(name.decode("latin-1"), value.decode("latin-1"))
        return headers

    def one(self, name: str) -> str | None:
        """The first of that name, if it is of a length that makes sense."""
        value = self.get(name)
        text = value.strip() if isinstance(value, str) else ""
        return text if 0 < len(text) <= _MAX_SEEN_CHARS else None

    def charset(self) -> str | None:
        """What the text is said to be encoded in."""
        return self.get_content_charset() if "content-type" in self else None

    def seen(self, url: str) -> Seen:
        """What to name when it is asked for again."""
        return Seen(url, self.one("etag"), self.one("last-modified"))

    def require_text(self) -> None:
        """See that the answer is one that may hold articles; an untold type may.

        Raises:
            Refused: it does not.
        """
        if "content-type" not in self:
            return
        kind = self.get_content_type()
        is_marked_up = kind.startswith("application/") and kind.endswith(("+xml", "+json"))
        is_text = kind.startswith("text/") and kind not in _NO_NEWS
        if not (is_marked_up or is_text or kind in _TYPES):
            raise Refused("wrong_type", f"it is {kind[:100]}, which holds no articles")


def body(pieces: Iterable[bytes], headers: Headers, max_bytes: int) -> bytes:
    """A body out of its encoding.

    Raises:
        Refused: it is larger than `max_bytes`, sent or unpacked, or its encoding is damaged or
            unknown.
    """
    announced = headers.one("content-length") or ""
    if announced.isdecimal() and int(announced) > max_bytes:
        raise _too_large(max_bytes)
    encoding = (headers.one("content-encoding") or "identity").lower()
    if encoding not in (*_PACKED, "identity"):
        raise Refused("wrong_type", f"packed as {encoding[:50]}, which was not asked for")
    bounded = _bounded(pieces, max_bytes)
    if encoding in _PACKED:
        bounded = _bounded(_unpacked(bounded, _PACKED[encoding]), max_bytes)
    return b"".join(bounded)


def _bounded(pieces: Iterable[bytes], max_bytes: int) -> Iterator[bytes]:
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > max_bytes:
            raise _too_large(max_bytes)
        yield piece


def _unpacked(pieces: Iterable[bytes], window: int) -> Iterator[bytes]:
    unpacker = zlib.decompressobj(window)
    try:
        for piece in pieces:
            yield unpacker.decompress(piece, _PIECE_BYTES)
            while unpacker.unconsumed_tail:
                yield unpacker.decompress(unpacker.unconsumed_tail, _PIECE_BYTES)
        while not unpacker.eof and (rest := unpacker.decompress(b"", _PIECE_BYTES)):
            yield rest
    except zlib.error as error:
        raise Refused("truncated_archive", f"sent packed, and damaged: {error}") from error
    if not unpacker.eof:
        raise Refused("truncated_archive", "sent packed, and ends early")


def _too_large(max_bytes: int) -> Refused:
    return Refused("too_large", f"an answer of over {max_bytes / 2**20:,.0f} MB")
