"""Which files there are to read, and what is left out and why, known before the first is opened."""

from __future__ import annotations

import codecs
import io
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePath
from typing import NamedTuple, Protocol

from search.errors import InputError
from search.ingest.encoding import Decoder, mark
from search.ingest.record import Rejected, reject
from search.ingest.stream import BUFFER_BYTES, CountedFile, recoded
from search.types import Reject

HEAD_BYTES = 256 * 1024
SAMPLE_BYTES = 8 * 1024 * 1024

MARKDOWN = (".md", ".markdown")
FRONT_MATTER = (b"---", b"+++")
"""How the lines before a Markdown text begin: YAML, TOML."""

_FIRST_BYTES = 16
_ABOUT_THE_FOLDER = ("readme", "license", "licence", "copying", "notice", "changelog", "authors")


@dataclass(frozen=True)
class File:
    """Something to read, from the start as often as needed; its text is in UTF-8 if it says so.

    `path` is for reports. `name` has the ending that a format may ask about. `is_named` is true
    for a file that was asked for by name rather than found in a folder. `url` and `charset` are
    those that a server sent it with.
    """

    path: str
    name: str
    is_named: bool
    raw: Callable[[], io.BufferedIOBase]
    member: str | None = None
    url: str | None = None
    charset: str | None = None

    def open(self) -> io.BufferedIOBase:
        """The content without a byte-order mark, UTF-16 and UTF-32 turned into UTF-8."""
        stream = self.raw()
        size, encoding = self._mark
        stream.read(size)
        return stream if encoding in ("", "utf-8") else recoded(stream, encoding)

    @cached_property
    def _mark(self) -> tuple[int, str]:
        with self.raw() as stream:
            return mark(stream.read(4))

    @property
    def is_marked(self) -> bool:
        """Whether a byte-order mark said the encoding, so that whatever else says it is not so."""
        return bool(self._mark[1])

    @cached_property
    def head(self) -> bytes:
        """The first 256 kB of the content, as much of it as can be read."""
        return self._beginning(HEAD_BYTES)

    @cached_property
    def suffix(self) -> str:
        """The ending of the name, such as `.csv`, in lower case."""
        return PurePath(self.name).suffix.lower()

    @cached_property
    def decoder(self) -> Decoder:
        """What turns this file's bytes into text."""
        return Decoder(lambda: self._beginning(SAMPLE_BYTES), self.charset)

    def reject(
        self,
        why: Rejected,
        *,
        raw: bytes = b"",
        line: int | None = None,
        member: str | None = None,
    ) -> Reject:
        """The report of a record in this file."""
        return reject(self.path, why, raw=raw, line=line, member=self.place(member))

    def place(self, member: str | None) -> str | None:
        """A record's place in the file that lies on the disk."""
        return ", ".join(part for part in (self.member, member) if part) or None

    def _beginning(self, size_bytes: int) -> bytes:
        parts: list[bytes] = []
        with self.open() as stream:
            try:
                while size_bytes > 0 and (part := stream.read1(min(size_bytes, BUFFER_BYTES))):
                    parts.append(part)
                    size_bytes -= len(part)
            except Rejected:  # damaged; whoever reads on will meet and report it
                pass
        return b"".join(parts)


class Sent(Protocol):
    """Something to read that a server has; it is asked when its turn comes."""

    path: str

    def file(self) -> File | None:
        """What the server sends; None where that was read before.

        Raises:
            Rejected: it cannot or must not be asked.
        """


class FileMark(NamedTuple):
    """What changes when a file is written to or put in the place of another."""

    size_bytes: int
    modified_ns: int
    inode: int


@dataclass
class FoundFile:
    """A regular file, its mark when it was found, and how far it was read."""

    path: str
    mark: FileMark
    is_named: bool
    stream: CountedFile | None = None

    @property
    def size_bytes(self) -> int:
        """Its size when it was found."""
        return self.mark.size_bytes

    @property
    def bytes_read(self) -> int:
        """Of the current reading, at most the size found."""
        return min(self.stream.bytes_read, self.size_bytes) if self.stream else 0

    def file(self) -> File:
        """The file as a format reads it."""
        return File(shown(self.path), PurePath(self.path).name, self.is_named, self._open)

    def _open(self) -> io.BufferedIOBase:
        self.stream = CountedFile(self.path)
        return io.BufferedReader(self.stream, BUFFER_BYTES)


@dataclass
class Listing:
    """Every file under some paths, in the order of their names; what cannot be or is not read.

    Links that are found lead anywhere; with `within`, only to what is below that folder and not
    hidden there.
    """

    files: list[FoundFile] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    within: Path | None = None
    _seen: set[tuple[int, int]] = field(default_factory=set)

    @classmethod
    def of(cls, paths: Iterable[str | Path], within: Path | None = None) -> Listing:
        """Look at every path.

        Raises:
            InputError: a path does not exist, or there is no file to read.
        """
        paths = [paths] if isinstance(paths, str | os.PathLike) else list(paths)
        require_all(paths)
        listing = cls.look(paths, within)
        if not listing.files:
            names = ", ".join(shown(path) for path in paths) or "an empty list"
            left_out = [*map(str, listing.rejects), *listing.skipped]
            raise InputError("\n  ".join([f"no file to read in {names}", *left_out[:10]]))
        return listing

    @classmethod
    def look(cls, paths: Iterable[str | Path], within: Path | None = None) -> Listing:
        """The same without these demands: what does not exist is a reject."""
        listing = cls(within=within and within.resolve())
        for path in paths:
            listing._add(os.fspath(path), is_named=True)
        return listing

    def _add(self, path: str, *, is_named: bool) -> None:
        try:
            status = Path(path).stat()
            if (status.st_dev, status.st_ino) in self._seen:
                self.skipped.append(f"{shown(path)}: the same file or folder as another one")
            elif stat.S_ISDIR(status.st_mode):
                self._seen.add((status.st_dev, status.st_ino))
                self._add_folder(path)
            elif stat.S_ISREG(status.st_mode):
                self._seen.add((status.st_dev, status.st_ino))
                mark = FileMark(status.st_size, status.st_mtime_ns, status.st_ino)
                self.files.append(FoundFile(path, mark, is_named))
            else:
                self._reject(path, "not a regular file")
        except (OSError, RecursionError) as error:
            self._reject(path, reason(error))

    def _add_folder(self, path: str) -> None:
        if _is_index(path):
            self.skipped.append(f"{shown(path)}: an index of news-search")
            return
        for entry in sorted(Path(path).iterdir()):
            if entry.name.startswith("."):
                self.skipped.append(f"{shown(entry)}: hidden")
            elif self.within and entry.is_symlink() and not _is_below(entry, self.within):
                self.skipped.append(f"{shown(entry)}: a link to what may not be read from here")
            elif why := about_the_folder(entry.name, _first_bytes(entry)):
                self.skipped.append(f"{shown(entry)}: {why}; name the file itself to read it")
            else:
                self._add(str(entry), is_named=False)

    def _reject(self, path: str, message: str) -> None:
        self.rejects.append(reject(shown(path), Rejected("unreadable", message)))


def require_all(paths: Iterable[str | Path]) -> None:
    """See that every path exists.

    Raises:
        InputError: one does not.
    """
    missing = [shown(path) for path in paths if not os.path.lexists(path)]
    if missing:
        raise InputError(f"no such file or folder: {', '.join(missing)}")


def changed(found: FoundFile) -> str | None:
    """Why a file that was just read may have been read wrong: it is not as it was found."""
    try:
        size_bytes = Path(found.path).stat().st_size
    except OSError as error:
        return reason(error)
    if size_bytes == found.size_bytes:
        return None
    return (
        f"changed from {found.size_bytes:,} to {size_bytes:,} bytes while it was read; add it again"
    )


def shown(path: str | os.PathLike[str]) -> str:
    """A path as text that can be printed and stored, whatever bytes the name is made of."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text)


def reason(error: Exception) -> str:
    """An operating system's error as a phrase, without the path that stands beside it."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def about_the_folder(name: str, first_bytes: bytes) -> str | None:
    """Why a file found among others is no article, by its name and, of Markdown, its beginning.

    A Markdown file without front matter is a note to whoever opens the folder.
    """
    path = PurePath(name.lower())
    stem, ending = path.stem, path.suffix
    if stem in _ABOUT_THE_FOLDER and ending in ("", ".txt", ".rst", *MARKDOWN):
        return "about the folder"
    first_bytes = first_bytes.removeprefix(codecs.BOM_UTF8)
    if ending in MARKDOWN and not first_bytes.startswith(FRONT_MATTER):
        return "Markdown without front matter"
    return None


def _is_index(folder: str) -> bool:
    """By default an index stands among what is added: `news-search add .` makes `index/`."""
    return any(Path(folder).glob("g[0-9]*/meta.db"))


def _is_below(link: Path, folder: Path) -> bool:
    """Whether a link leads to something in the folder that is not hidden there."""
    place = Path(os.path.realpath(link))  # unlike resolve, it takes links in a circle
    if not place.is_relative_to(folder):
        return False
    return not any(part.startswith(".") for part in place.relative_to(folder).parts)


def _first_bytes(path: Path) -> bytes:
    """The beginning of a file whose name alone does not say what it is."""
    if path.suffix.lower() not in MARKDOWN or not path.is_file():
        return b""
    try:
        with path.open("rb") as file:
            return file.read(_FIRST_BYTES)
    except OSError:  # reading it will say so
        return FRONT_MATTER[0]
