"""Checksums of the vectors, by blocks of rows: what is stored is what was committed."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from search.errors import IndexDamaged

if TYPE_CHECKING:
    from search.store.neighbours import Halves
    from search.store.rowfile import RowFile

BLOCK_ROWS = 1 << 14
CHECKED_AT_OPEN = 1 << 19
"""Vectors up to so many rows are checked by the first search of a process and by every writer,
which takes a third of a second; more of them by `doctor` and by a compaction only."""


def appended(known: Mapping[int, int], first_row: int, rows: Halves) -> dict[int, int]:
    """The checksums of the blocks that `rows` lie in, once they stand at `first_row`.

    `known` has that of the block they begin in, unless they are its first.
    """
    checksums: dict[int, int] = {}
    at = 0
    while at < len(rows):
        block, within = divmod(first_row + at, BLOCK_ROWS)
        part = rows[at : at + BLOCK_ROWS - within]
        before = known[block] if within else 0
        checksums[block] = zlib.crc32(np.ascontiguousarray(part).data.cast("B"), before)
        at += len(part)
    return checksums


def check(file: RowFile, rows: int, checksums: Mapping[int, int]) -> None:
    """Hold the first `rows` rows of the file, no fewer, against the checksums.

    They are read, not mapped: pages once mapped would count as memory of this process.

    Raises:
        IndexDamaged: they are not what was committed.
    """
    file.view(rows)  # raises when it is shorter
    try:
        wrong = _wrong_blocks(file, rows, checksums)
    except OSError as error:
        msg = f"{file.path} cannot be read: {error.strerror}"
        raise IndexDamaged(msg) from error
    if wrong:
        first, last = wrong[0] * BLOCK_ROWS, min((wrong[0] + 1) * BLOCK_ROWS, rows) - 1
        more = f" and {len(wrong) - 1} more such blocks" if len(wrong) > 1 else ""
        msg = (
            f"{file.path} is damaged: rows {first} to {last}{more} are not what was committed; "
            "restore it from a backup or add the articles to a new index"
        )
        raise IndexDamaged(msg)


def _wrong_blocks(file: RowFile, rows: int, checksums: Mapping[int, int]) -> list[int]:
    wrong, buffer = [], memoryview(bytearray(BLOCK_ROWS * file.row_bytes))
    with file.path.open("rb", buffering=0) as content:
        for block, first in enumerate(range(0, rows, BLOCK_ROWS)):
            part = buffer[: min(BLOCK_ROWS, rows - first) * file.row_bytes]
            if content.readinto(part) != len(part) or zlib.crc32(part) != checksums.get(block):
                wrong.append(block)
    return wrong
