"""What readers of this process's page may add: nothing, unless the server was told so."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Literal

from search.errors import InputError

EVERYWHERE = Path("/")
MOST_MB = 200
"""Of the files that are sent together: until they are added they are held in memory."""

Refusal = Literal[
    "busy",
    "no_text",
    "no_files",
    "no_place",
    "too_large",
    "date_unclear",
    "not_here",
    "outside",
    "missing",
    "hidden",
]
"""Why nothing is begun; the last three are said of a file or folder."""


class AddRefused(InputError):  # noqa: N818  it reads as a statement
    """What a reader wants to add is not begun: why, and what of it they named.

    The page says it in its reader's language (`words.add_refused`).
    """

    def __init__(self, reason: Refusal, named: str = "") -> None:
        self.reason, self.named = reason, named
        super().__init__(f"{named!r}: {reason}" if named else reason)


@dataclass(frozen=True, slots=True)
class AddRights:
    """Readers may add what they paste and upload, and what lies below `folder` on the server.

    Without a folder, nothing that lies on the server.
    """

    folder: Path | None

    def place(self, typed: str) -> Path:
        """The file or folder of that name; a relative one is below `folder`.

        Raises:
            AddRefused: it is not there, not below `folder`, or hidden, or there is no `folder`.
        """
        if self.folder is None:
            raise AddRefused("not_here")
        named = typed.strip()
        try:
            path = (self.folder / Path(named).expanduser()).resolve()
            # First, since whether something is elsewhere is nobody's business.
            if not path.is_relative_to(self.folder):
                raise AddRefused("outside", named)
            path.stat()
        except (OSError, RuntimeError, ValueError) as error:  # also a home of nobody, a NUL
            raise AddRefused("missing", named) from error
        if any(part.startswith(".") for part in path.relative_to(self.folder).parts):
            raise AddRefused("hidden", named)
        return path


_in_use: list[AddRights] = []


def use(rights: AddRights | None) -> None:
    """Let readers of this process's page add so, or not at all."""
    _in_use[:] = [] if rights is None else [rights]


def in_use() -> AddRights | None:
    """What readers of this process's page may add; None where they may only read."""
    return _in_use[0] if _in_use else None


def chosen(folder: str | None, *, is_local: bool) -> AddRights | None:
    """The rights that were asked for: None for no rights, "" for what is usual.

    Usual is everything on the server where `is_local`, that is, where reader and server are the
    same machine, and else nothing on it: who names a file could read it.

    Raises:
        InputError: the folder is not there.
    """
    if folder is None:
        return None
    if not folder:
        return AddRights(EVERYWHERE if is_local else None)
    path = Path(folder).resolve()
    if not path.is_dir():
        raise InputError(f"--allow-add: {folder!r} is not a folder")
    return AddRights(path)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach that host."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
