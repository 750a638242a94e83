"""What an index holds, and what is gone from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


class Coverage(NamedTuple):
    """How many passages have vectors, so that meaning finds them, of how many that words find."""

    encoded: int
    passages: int


@dataclass(frozen=True, slots=True)
class Erasure:
    """What `NewsIndex.erase` did: `articles` removed, then all files of the index searched.

    `pieces` counts what was searched for: short pieces of the titles and texts, and the vectors.
    `shared` counts those that other articles hold too. `traces` says where one was found that no
    article holds; empty when nothing is left.
    """

    articles: int
    pieces: int = 0
    shared: int = 0
    files: int = 0
    bytes: int = 0
    traces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexStats:
    """What is in an index; `first` and `last` are days of publication, None when none is known.

    `sources` counts outlets. `encoded` counts the passages that have vectors: while articles are
    being added, words find the others already, and meaning does not. `generation` is the number of
    commits, `committed` when the last was.
    """

    articles: int
    passages: int
    sources: int
    undated: int
    first: date | None
    last: date | None
    model: str
    generation: int
    committed: datetime | None
    bytes_on_disk: int
    encoded: int
