"""Reading: paths in, articles and rejects out, one at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from search.ingest.article import article_of
from search.ingest.fields import Names
from search.ingest.files import File, FoundFile, Listing, changed, reason
from search.ingest.formats import format_of
from search.ingest.record import Record, Rejected
from search.types import Article, Reject

MAX_NESTING = 3


def read(paths: Iterable[str | Path], mapping: Mapping[str, str] | None = None) -> Reading:
    """The articles in files and folders of files, told apart by their content.

    `mapping` says which of their fields is which of ours, as in `{"title": "headline"}`; it
    overrules the names in `search.ingest.fields.NAMES`.

    Raises:
        InputError: a path that does not exist, no file to read, or a mapping to an unknown field.
    """
    return Reading(Names(mapping), Listing.of(paths))


class Reading:
    """Articles and rejects in the order of the files; to be iterated once.

    `bytes_total` is the size of all files and is known before the first article; `skipped` are the
    paths left out on purpose (hidden files, a README), each with its reason.
    """

    def __init__(self, names: Names, listing: Listing) -> None:
        self._names, self._listing = names, listing
        self._bytes_done = 0
        self._current: FoundFile | None = None
        self._items = self._read_files()
        self.bytes_total = sum(found.size_bytes for found in listing.files)
        self.skipped = tuple(listing.skipped)

    @property
    def bytes_read(self) -> int:
        """How much of `bytes_total` was read so far; of compressed files, compressed bytes."""
        return self._bytes_done + (self._current.bytes_read if self._current else 0)

    def __iter__(self) -> Iterator[Article | Reject]:
        return self._items

    def _read_files(self) -> Iterator[Article | Reject]:
        yield from self._listing.rejects
        for found in self._listing.files:
            self._current = found
            yield from self._read(found.file())
            if why := changed(found):
                yield found.file().reject(Rejected("unreadable", why))
            self._bytes_done, self._current = self._bytes_done + found.size_bytes, None

    def _read(self, file: File, nesting: int = 0) -> Iterator[Article | Reject]:
        """What a file holds; one that cannot be read (on) ends in a reject."""
        try:
            _require_content(file, nesting)
            for item in format_of(file, self._names).read(file, self._names):
                if isinstance(item, File):
                    yield from self._read(item, nesting + 1)
                else:
                    yield _article(item, file) if isinstance(item, Record) else item
        except Rejected as why:
            yield file.reject(why)
        except OSError as error:
            yield file.reject(Rejected("unreadable", reason(error)))


def _require_content(file: File, nesting: int) -> None:
    if nesting > MAX_NESTING:
        raise Rejected("unsafe_archive", f"packed more than {MAX_NESTING} times")
    if not file.head:
        raise Rejected("empty_body", "the file is empty")


def _article(record: Record, file: File) -> Article | Reject:
    try:
        return article_of(record)
    except Rejected as why:
        return file.reject(why, raw=record.quoted(), line=record.line, member=record.member)
