"""What a format says of one article, before any rule is applied."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from search.ingest.extras import encodable
from search.types import Provenance, Reject

RecordField = Literal[
    "id",
    "title",
    "text",
    "source",
    "authors",
    "published",
    "updated",
    "url",
    "section",
    "language",
    "guid",
]
_NOTHING: Mapping[str, Any] = MappingProxyType({})
_START_CHARS = 200


@dataclass(frozen=True, slots=True)
class Record:
    """The values of an article as its format has them: JSON values or dates, none trusted.

    `fields` are ours, `rest` is what the format had besides, `raw` the bytes that were read where
    the format knows them. `withdrawn` says why the article of this id must go: it is a notice then,
    and needs no text.
    """

    fields: Mapping[RecordField, Any]
    rest: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    flags: tuple[str, ...] = ()
    published_from: Provenance = "field"
    line: int | None = None
    member: str | None = None
    raw: bytes = b""
    withdrawn: str | None = None

    def quoted(self) -> bytes:
        """The record as it was read, or failing that as JSON; for reports and hashes."""
        return self.raw or json.dumps({**self.fields, **self.rest}, default=str).encode()


class Skip(NamedTuple):
    """Something in a file that is no article and was not meant to be one: why it is left out."""

    why: str


class Rejected(Exception):  # noqa: N818  it reads as a statement
    """A record cannot become an article; `code` is one of `CODES`."""

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)


def reject(
    path: str,
    why: Rejected,
    *,
    raw: bytes = b"",
    line: int | None = None,
    member: str | None = None,
) -> Reject:
    """The report of a record that was not read, quoting the first 200 characters of `raw`."""
    return Reject(
        path=path,
        code=why.code,
        message=encodable(why.message),
        line=line,
        member=member and encodable(member),
        sha256=hashlib.sha256(raw).hexdigest() if raw else None,
        start=raw[: 4 * _START_CHARS].decode("utf-8", "replace")[:_START_CHARS],
    )
