"""What readers of this process's page may add: nothing, unless the server was told so."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path

from search.errors import InputError

EVERYWHERE = Path("/")


@dataclass(frozen=True, slots=True)
class AddRights:
    """Readers may add what they paste and upload, and what lies below `folder` on the server.

    Without a folder, nothing that lies on the server.
    """

    folder: Path | None

    def place(self, typed: str) -> Path:
        """The file or folder of that name; a relative one is below `folder`.

        Raises:
            InputError: it is not there, not below `folder`, or hidden.
        """
        if self.folder is None:
            raise InputError("files of the server cannot be added here")
        try:
            path = (self.folder / Path(typed.strip()).expanduser()).resolve()
            # First, since whether something is elsewhere is nobody's business.
            if not path.is_relative_to(self.folder):
                raise InputError(f"{typed.strip()!r} is not below {self.folder}")
            path.stat()
        except (OSError, RuntimeError, ValueError) as error:  # also a home of nobody, a NUL
            raise InputError(f"{typed.strip()!r}: there is no such file or folder") from error
        if any(part.startswith(".") for part in path.relative_to(self.folder).parts):
            raise InputError(f"{typed.strip()!r} is hidden, and left out")
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
