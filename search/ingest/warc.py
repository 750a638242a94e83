"""WARC: the web pages in an archive of what a crawler received."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.html import record_of_page
from search.ingest.record import Record, Rejected, Skip
from search.ingest.stream import damaged
from search.types import Reject

MAX_PAGE_BYTES = 16 * 1024 * 1024

_MAGIC = b"WARC/"
_ARC = b"filedesc://"
_PAGES = ("text/html", "application/xhtml+xml")
_ABOUT_THE_CRAWL = ("warcinfo", "request", "metadata")
_CHUNK = re.compile(rb"[0-9a-fA-F]{1,8}[ \t]*(?:;[^\r\n]*)?\r\n")
_PIECE_BYTES = 1024 * 1024
_HEADER = (
    b"WARC/1.1\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"
    b"Content-Length: %d\r\n\r\n"
)


def claims(file: File, names: Names) -> bool:
    """Whether the content begins as a WARC record does, or as one of ARC, which came before it."""
    return file.head.startswith((_MAGIC, _ARC))


def read(file: File, names: Names) -> Iterator[Record | Reject | Skip]:
    """The pages in order: responses with status 200 and HTML."""
    if file.head.startswith(_ARC):
        raise Rejected("unknown_format", "ARC, the format before WARC; convert it to WARC first")
    with file.raw() as stream:
        for record, content in _records(_Source(stream)):
            kind = record.headers["WARC-Type"]
            if kind != "response":
                if kind not in _ABOUT_THE_CRAWL:
                    yield Skip(f"a {kind} record, not a response")
                continue
            url = _url(record)
            try:
                yield _page(record, content, url)
            except Rejected as why:
                yield file.reject(why, raw=content[:1_000], member=url)


def _page(record: Any, content: bytes, url: str | None) -> Record | Skip:  # noqa: ANN401
    """The article in a response, or why it is none.

    Raises:
        Rejected: the response is broken, or holds no article.
    """
    if len(content) > MAX_PAGE_BYTES:
        raise _too_large()
    response = _response(content, "none")
    if response.http_headers is None or response.http_headers.status_code != 200:
        return Skip("a response with a status other than 200")
    if response.http_content_type not in _PAGES:
        return Skip("a response that is not HTML")
    read = record_of_page(_body(content), url, charset=response.http_charset)
    crawl = {"crawled": record.headers.get("WARC-Date"), "warc_record": record.record_id}
    return replace(read, rest={**read.rest, **crawl}, member=url)


def _body(content: bytes) -> bytes:
    """The body of a response out of its chunks and encodings; some say chunked and are not."""
    _, _, body = content.partition(b"\r\n\r\n")
    decodings = ["all"] if _CHUNK.match(body) else ["all", "content"]
    for decoding in decodings:
        try:
            page, size = _taken(_response(content, decoding).reader, MAX_PAGE_BYTES)
        except Rejected as why:
            problem = why
        else:
            if size > MAX_PAGE_BYTES:
                raise _too_large()
            return page
    raise problem


def _response(content: bytes, decoding: str) -> Any:  # noqa: ANN401  untyped library
    """An HTTP response whose body is decoded as it is read."""
    from fastwarc.warc import WarcRecord

    with _damage_at(None):
        record = WarcRecord.from_bytes(_HEADER % len(content) + content + b"\r\n\r\n")
        record.parse_http(auto_decode=decoding)
    return record


def _records(source: _Source) -> Iterator[tuple[Any, bytes]]:
    """Every record with its content.

    fastwarc ends in silence where an archive is cut off: here the size that a record announces is
    held against what came.

    Raises:
        Rejected: the archive is damaged here.
    """
    from fastwarc.warc import ArchiveIterator

    at = 0
    records = ArchiveIterator(source, parse_http=False, fsspec_args=False, stream_detect=False)
    while True:
        with _damage_at(at):
            record = next(records, None)
        if record is None:
            break
        at = record.stream_pos
        announced = record.headers.get("Content-Length") or ""
        if not announced.isdecimal() or "WARC-Type" not in record.headers:
            raise damaged(at, "a record without its headers")
        is_wanted = record.headers["WARC-Type"] == "response"
        content, size = _taken(record.reader, MAX_PAGE_BYTES + 1 if is_wanted else 0, at)
        if size < int(announced):
            raise damaged(at, f"{size:,} of {int(announced):,} bytes of a record")
        yield record, content
    if source.read(1):
        raise damaged(at, "no record after it")


def _taken(reader: Any, wanted: int, at: int | None = None) -> tuple[bytes, int]:  # noqa: ANN401
    """The beginning of a stream, and how long it is; of decoded ones, whether it is longer."""
    content, size = bytearray(), 0
    with _damage_at(at):
        while piece := reader.read(_PIECE_BYTES):
            size += len(piece)
            content += piece[: max(0, wanted - len(content))]
            if at is None and size > wanted:
                break
    return bytes(content), size


@contextmanager
def _damage_at(at: int | None) -> Iterator[None]:
    """What the library throws where it cannot go on is damage; a panic is no `Exception`."""
    try:
        yield
    except Rejected:
        raise
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        problem = " ".join(str(error).split())[:100]
        if at is None:
            message = f"a response that cannot be decoded: {problem}"
            raise Rejected("truncated_archive", message) from error
        raise damaged(at, problem) from error


def _too_large() -> Rejected:
    return Rejected("too_large", f"a page of over {MAX_PAGE_BYTES >> 20} MB")


def _url(record: Any) -> str | None:  # noqa: ANN401  untyped library
    """The page's address; wget puts it in angle brackets."""
    url = record.headers.get("WARC-Target-URI")
    return url.strip("<> ") or None if url else None


class _Source:
    """A stream that says where it is, whatever it is made of."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        """As a stream does."""
        data = self._stream.read1(size)  # `read` loses what stands before damage
        self._at += len(data)
        return data

    def tell(self) -> int:
        """How much was read."""
        return self._at
