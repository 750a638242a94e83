"""Files written anew from what is live: the keywords of a folder, or a whole folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np

from search.errors import StoreError
from search.store import checksums, codes, layout
from search.store.files import Files
from search.store.kept import hand_on_background
from search.store.keywords import Keywords, remove_folder
from search.store.rowfile import sync_folder

if TYPE_CHECKING:
    from pathlib import Path

    from search.store.contract import Ints

_BLOCK_ROWS = 1 << 16


def rebuild_keywords(files: Files) -> None:
    """Make the keywords anew from the database; the old ones serve until they are replaced."""
    folder = files.keywords.folder
    fresh = Keywords(folder.with_name(folder.name + ".unfinished"))
    fresh.create()
    _fill_keywords(fresh, files)
    files.keywords.close_writer()
    remove_folder(folder)
    fresh.folder.rename(folder)
    for other in files.folder.glob("lexical-*"):
        if other != folder:  # of another format or tantivy
            remove_folder(other)
    sync_folder(files.folder)
    files.keywords.close()


def rebuild_owners(files: Files) -> None:
    """Make the file of owners anew from the database."""
    with files.database.reading() as reading:
        owners = np.zeros((reading.state().slots, 1), np.uint32)
        for first, passages, number in reading.slots_with_owner():
            owners[first : first + passages] = number
    # The dead as their neighbours: the numbers never fall along the slots.
    files.owners.replace(np.maximum.accumulate(owners))


def put_compacted(old: Files) -> Files:
    """Put a new folder in the place of the live one: what is live in it, its slots numbered anew.

    Articles keep their numbers, passages their ids and their order. The caller has the lock, and
    removes the old folder.

    Raises:
        StoreError: the disk does not take it; the old folder is still live, nothing is left of
            the new one.
        IndexDamaged: the vectors are not what was committed.
    """
    root = old.folder.parent
    try:
        fresh = _filled(old, layout.empty_next_folder(old.folder))
        layout.set_live_folder(root, fresh.folder)
    except BaseException as error:
        if layout.live_folder(root) == old.folder:  # else only the last sync failed
            with suppress(StoreError):  # the next writer tries again
                layout.remove_dead_folders(old.folder)
        if not isinstance(error, OSError):
            raise
        msg = f"{root} cannot be written: {error.strerror}; everything committed is intact"
        raise StoreError(msg) from error
    return fresh


def _filled(old: Files, folder: Path) -> Files:
    with old.database.reading() as reading:
        state = reading.state()
        live = np.flatnonzero(reading.alive())
        checksums.check(old.vectors, state.encoded, reading.checksums())
    fresh = Files.create(
        folder,
        model=state.model,
        fingerprint=state.fingerprint,
        dim=state.dim,
        passage_tokens=state.passage_tokens,
    )
    try:
        encoded = live[live < state.encoded]
        sums = _copy_vectors(old, fresh, encoded)
        with fresh.database.writing_from(old.database) as writing:
            writing.copy_live()
            writing.set_checksums(sums)
        rebuild_owners(fresh)
        _fill_keywords(fresh.keywords, fresh)
        if len(encoded) > codes.FLAT_ROWS:
            codes.write_codes(folder, fresh.vectors.view(len(encoded)))
        hand_on_background(old.folder, folder)
        sync_folder(folder)
    except BaseException:
        fresh.close()
        raise
    return fresh


def _copy_vectors(old: Files, fresh: Files, live: Ints) -> dict[int, int]:
    """The vectors of these slots, in order; their checksums."""
    vectors = old.vectors.view(int(live[-1]) + 1 if len(live) else 0)
    first, sums = 0, dict[int, int]()
    for slots in _blocks(live):
        rows = vectors[slots]
        sums |= checksums.appended(sums, first, rows)
        fresh.vectors.write(first, rows)
        first += len(slots)
    return sums


def _blocks(slots: Ints) -> Iterator[Ints]:
    for start in range(0, len(slots), _BLOCK_ROWS):
        yield slots[start : start + _BLOCK_ROWS]


def _fill_keywords(keywords: Keywords, files: Files) -> None:
    with files.database.reading() as reading:
        for slot, article, passage in reading.every_passage():
            keywords.add(article, [(slot, passage)])
    keywords.commit()
    keywords.close_writer()
