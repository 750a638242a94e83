"""What an add did so far, counted."""

from __future__ import annotations

import time
from collections import Counter, deque
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from search.types import AddReport, Article, Reject, Withdrawal

_REJECTS_KEPT = 10_000


class _Awaiting(NamedTuple):
    """Passages that await their vectors, and the bytes of the files that they were read from."""

    passages: int
    size_bytes: int


@dataclass(slots=True)
class SoFar:
    """What was done so far."""

    changes: Counter[str] = field(default_factory=Counter)
    flags: Counter[str] = field(default_factory=Counter)
    withdrawn: int = 0
    rejected: int = 0
    rejects: list[Reject] = field(default_factory=list)
    passages: int = 0
    awaiting: int = 0
    bytes_read: int = 0
    bytes_awaiting: int = 0
    share_read: float | None = None
    boilerplate: int = 0
    started: float = field(default_factory=time.perf_counter)
    _awaiting: deque[_Awaiting] = field(default_factory=deque)

    def await_(self, passages: int, size_bytes: int) -> None:
        """So many passages await their vectors now, behind all that do."""
        if passages:
            self.awaiting += passages
            self._awaiting.append(_Awaiting(passages, size_bytes))
            self.bytes_awaiting += size_bytes

    def caught_up_to(self, passages: int) -> None:
        """Only so many still await theirs, the last ones."""
        done = self.awaiting - passages
        self.awaiting = passages
        while done > 0:
            first = self._awaiting.popleft()
            left = max(first.passages - done, 0)
            bytes_left = first.size_bytes * left // first.passages
            self.bytes_awaiting -= first.size_bytes - bytes_left
            if left:
                self._awaiting.appendleft(_Awaiting(left, bytes_left))
            done -= first.passages

    def note(self, item: Article | Withdrawal | Reject) -> None:
        """Count what was guessed in an article, or the reject itself."""
        if isinstance(item, Article):
            self.flags.update(item.extras.get("flags", ()))
        if not isinstance(item, Reject):
            return
        self.rejected += 1
        if len(self.rejects) < _REJECTS_KEPT:
            self.rejects.append(item)

    def report(self, skipped: tuple[str, ...]) -> AddReport:
        """All of it, with what was left out on purpose."""
        return AddReport(
            added=self.changes["added"],
            updated=self.changes["updated"],
            unchanged=self.changes["unchanged"],
            withdrawn=self.withdrawn,
            rejected=self.rejected,
            passages=self.passages,
            boilerplate=self.boilerplate,
            seconds=time.perf_counter() - self.started,
            rejects=tuple(self.rejects),
            skipped=skipped,
            flags=MappingProxyType(dict(self.flags)),
        )
