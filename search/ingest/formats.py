"""The formats that can be read, in the order in which they are asked whether a file is theirs.

A new one is a module with these two functions and a line in `FORMATS`:

    def claims(file: File, names: Names) -> bool
    def read(file: File, names: Names) -> Iterator[Record | Reject | Skip | File]

`claims` looks at the content (`file.head`) before the name. `read` yields a `File` for each member
of an archive, which is then read as any other file, a `Skip` for what is no article and no mistake,
and may raise `Rejected` to give up on a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from search.ingest import (
    compressed,
    delimited,
    feed,
    html,
    json_document,
    json_lines,
    markdown,
    newsml,
    nitf,
    parquet,
    plain_text,
    tarred,
    warc,
    zipped,
)
from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.record import Record, Rejected, Skip
from search.types import Reject


class Format(NamedTuple):
    """A name for people, and the two functions above."""

    name: str
    claims: Callable[[File, Names], bool]
    read: Callable[[File, Names], Iterator[Record | Reject | Skip | File]]


FORMATS = (
    Format("gzip, bzip2, xz", compressed.claims, compressed.read),
    Format("ZIP", zipped.claims, zipped.read),
    Format("tar", tarred.claims, tarred.read),
    Format("WARC", warc.claims, warc.read),
    Format("Parquet", parquet.claims, parquet.read),
    Format("NewsML-G2", newsml.claims, newsml.read),
    Format("NITF", nitf.claims, nitf.read),
    Format("RSS, Atom", feed.claims, feed.read),
    Format("Markdown", markdown.claims, markdown.read),
    Format("JSON Lines", json_lines.claims, json_lines.read),
    Format("JSON", json_document.claims, json_document.read),
    Format("HTML", html.claims, html.read),
    Format("CSV", delimited.claims, delimited.read),
    Format("plain text", plain_text.claims, plain_text.read),
)


def format_of(file: File, names: Names) -> Format:
    """The format of a file, by its content first.

    Raises:
        Rejected: none of them.
    """
    for known in FORMATS:
        if known.claims(file, names):
            return known
    known_names = ", ".join(known.name for known in FORMATS)
    raise Rejected("unknown_format", f"none of the formats that can be read: {known_names}")
