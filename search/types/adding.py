"""What is told of an add: rejects, guesses, withdrawals, how far it is, what it did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

_ALMOST_ALL = 0.99
"""So much is done at most while passages await their vectors: bytes tell of them only roughly."""


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that could not be read: where, a stable `code`, and a sentence for a person.

    `member` names the record within a file that has no lines, `line` counts from 1. `sha256` is
    that of the record's bytes where they are known, and `start` their beginning, to find it by.
    """

    path: str
    code: str
    message: str
    line: int | None = None
    member: str | None = None
    sha256: str | None = None
    start: str = ""

    def __str__(self) -> str:
        where = self.path if self.member is None else f"{self.path}!{self.member}"
        where = where if self.line is None else f"{where}:{self.line}"
        return f"{where}: {self.code}: {self.message}"


@dataclass(frozen=True, slots=True)
class Guess:
    """What had to be guessed or was missing in an article that was read.

    `flags` names it (`search.ingest.FLAGS`), `chosen` what was taken instead, by field; a `raw_`
    value is what stood there. `path`, `line` and `member` are as in `Reject`; "" for an article
    that no file held.
    """

    article_id: str
    path: str
    flags: tuple[str, ...]
    chosen: Mapping[str, Any]
    line: int | None = None
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A notice that an article must not be used any longer; agencies call it a kill.

    `reason` is IPTC's status: "canceled", or "withheld" until further notice. It holds for every
    version up to `version`, or for all where that is None.
    """

    article_id: str
    reason: str
    version: int | None = None
    path: str = ""
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an `add` is; sizes in bytes of the files, 0 where unknown.

    `bytes_read` is what was read of the files for all that is done; reading itself is further.
    `articles` counts those done, unchanged ones included: words find them all. `passages` counts
    those encoded and committed, which meaning finds too; `awaiting` those whose turn is to come,
    among them what an `add` before this one left. `bytes_awaiting` is, roughly, what all these were
    read from. `share_read` is the part that was read so far, in [0, 1], where all is
    read before any of it is stored, and until it is; else None.
    """

    bytes_read: int
    bytes_total: int
    articles: int
    passages: int
    seconds: float
    awaiting: int = 0
    bytes_awaiting: int = 0
    share_read: float | None = None

    @property
    def share(self) -> float | None:
        """The part of the files that is done, in [0, 1]: stored, and its passages encoded.

        What was there unchanged is done when it is read. None where nobody knows how much there is.
        """
        if not self.bytes_total:
            return None
        done = max(self.bytes_read - self.bytes_awaiting, 0) / self.bytes_total
        return min(done, _ALMOST_ALL if self.awaiting else 1.0)


@dataclass(frozen=True, slots=True)
class AddReport:
    """What an `add` did, in articles; `passages` counts those encoded.

    Among these are passages that an interrupted `add` had stored and not encoded.

    `unchanged` are those that are there already, or a newer version of them, whose history they
    enter. `withdrawn` counts those removed on their publisher's notice. `boilerplate` counts
    the sentences that are shown with their articles but not searched. `rejected` counts every
    record that could not be read, `rejects` holds the first 10,000 of them. `flags` counts what the
    readers had to guess, by name; `skipped` lists what is no article (hidden, README, licence,
    pictures, read already), each with its reason.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    withdrawn: int = 0
    passages: int = 0
    boilerplate: int = 0
    seconds: float = 0.0
    rejects: tuple[Reject, ...] = ()
    skipped: tuple[str, ...] = ()
    flags: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
