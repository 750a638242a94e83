"""Is the index whole? Every file is held against the database."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.errors import SearchError
from search.store import checksums, codes

if TYPE_CHECKING:
    from search.store.files import Files
    from search.store.reading import Reading, State


def faults(reading: Reading, files: Files) -> list[str]:
    """What is wrong, one sentence each."""
    state = reading.state()
    found = reading.faults()
    for check in (_vector_faults, _owner_faults, _keyword_faults, _code_faults):
        try:
            found += check(reading, files, state)
        except SearchError as error:
            found.append(str(error))
    return found


def _vector_faults(reading: Reading, files: Files, state: State) -> list[str]:
    checksums.check(files.vectors, state.encoded, reading.checksums())
    return []


def _owner_faults(reading: Reading, files: Files, state: State) -> list[str]:
    owners = files.owners.view(state.slots)[:, 0]
    wrong = sum(
        1
        for first, passages, number in reading.slots_with_owner()
        if (owners[first : first + passages] != number).any()
    )
    return [f"{files.owners.path} is wrong for {wrong} articles"] if wrong else []


def _keyword_faults(reading: Reading, files: Files, state: State) -> list[str]:
    keywords = files.keywords.reader()
    held = set(keywords.slots_held().tolist()) - set(reading.tombs())
    missing = state.passages - sum(slot < state.slots for slot in held)
    return [f"{files.keywords.folder} lacks {missing} passages"] if missing else []


def _code_faults(reading: Reading, files: Files, state: State) -> list[str]:
    usable = [
        path for path in codes.code_files(files.folder) if codes.rows_of(path) <= state.encoded
    ]
    return [f"{path} is damaged" for path in usable if codes.read(path) is None]
