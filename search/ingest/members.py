"""The rules for a member of any archive: what is read, what is left out, what is refused."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import PurePosixPath

from search.ingest.files import File, about_the_folder, shown
from search.ingest.record import Rejected, Skip
from search.ingest.spool import Source, spooled
from search.ingest.stream import refuse_bomb
from search.types import Reject

MAX_MEMBERS = 250_000
MAX_BYTES = 64 * 1024 * 1024 * 1024

_FRONT_MATTER_BYTES = 16


class Members:
    """The members of one archive, counted and measured as they are read."""

    def __init__(self, archive: File) -> None:
        self._archive = archive
        self._count = self._bytes_out = 0

    def read(
        self, name: str, source: Source, packed_bytes: int | None = None
    ) -> Iterator[File | Skip | Reject]:
        """A member as a file, as long as it is not asked for the next one.

        `packed_bytes` is the size of the archive where it is packed itself.
        """
        name = shown(name)
        if not name_is_safe(name):
            yield self.refused(name, "its name leads out of the archive")
            return
        if hidden := _hidden(name):
            yield Skip(f"a member that is {hidden}")
            return
        measured = _Measured(source, self, packed_bytes)
        with spooled(measured) as (opened, damage):
            file = self._file(name, opened)
            if why := about_the_folder(PurePosixPath(name).name, _start(file)):
                yield Skip(f"a member that is {why}")
            else:
                yield file
            if damage:
                yield file.reject(damage)

    def refused(self, name: str, why: str) -> Reject:
        """The report of a member that is no file to be read."""
        return self.rejected(name, Rejected("unsafe_archive", why))

    def rejected(self, name: str, why: Rejected) -> Reject:
        """The report of a member that cannot be read."""
        return self._archive.reject(why, member=shown(name))

    def count_one(self) -> None:
        """Count a member, of whatever kind.

        Raises:
            Rejected: there are too many.
        """
        self._count += 1
        if self._count > MAX_MEMBERS:
            raise Rejected("unsafe_archive", f"more than {MAX_MEMBERS:,} members; unpack it first")

    def spend(self, size: int, packed_bytes: int | None) -> None:
        """Count what was unpacked.

        Raises:
            Rejected: it is too much.
        """
        self._bytes_out += size
        if self._bytes_out > MAX_BYTES:
            raise Rejected("unsafe_archive", f"it unpacks to over {MAX_BYTES >> 30} GB")
        if packed_bytes is not None:
            refuse_bomb(packed_bytes, self._bytes_out)

    def _file(self, name: str, raw: Callable[[], io.BufferedIOBase]) -> File:
        member = self._archive.place(name)
        return File(self._archive.path, PurePosixPath(name).name, False, raw, member)


def name_is_safe(name: str) -> bool:
    """Whether a member's name stays within the archive, on any system."""
    path = PurePosixPath(name.replace("\\", "/"))
    has_drive = len(name) > 1 and name[1] == ":" and name[0].isalpha()
    return bool(name) and not path.is_absolute() and not has_drive and ".." not in path.parts


def _hidden(name: str) -> str | None:
    parts = PurePosixPath(name).parts
    return "hidden" if any(part.startswith(".") or part == "__MACOSX" for part in parts) else None


def _start(file: File) -> bytes:
    with file.raw() as stream:
        return stream.read(_FRONT_MATTER_BYTES)


class _Measured:
    """A member's content, spent as it is read."""

    def __init__(self, source: Source, members: Members, packed_bytes: int | None) -> None:
        self._source, self._members, self._packed = source, members, packed_bytes

    def read(self, size: int, /) -> bytes:
        piece = self._source.read(size)
        self._members.spend(len(piece), self._packed)
        return piece
