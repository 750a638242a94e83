"""Running a recorded search again, and what is otherwise than it was."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from search.errors import InputError
from search.exporting.recording import (
    KIND,
    MOST_HITS,
    VERSION,
    Asked,
    RecordedHit,
    SearchRecord,
    recorded,
    search_all,
)
from search.types import Count

if TYPE_CHECKING:
    from search.index import NewsIndex

SUFFIX = ".search.json"
"""What is put behind the name of an exported file for that of its record."""
MAX_RECORD_BYTES = 100_000_000


@dataclass(frozen=True, slots=True)
class Replay:
    """A recorded search and the same one now; hits are in order of their rank.

    `moved` pairs hits whose rank differs: then and now. Of hits chosen by hand, `new` has none.
    """

    then: SearchRecord
    now: SearchRecord
    gone: tuple[RecordedHit, ...]
    new: tuple[RecordedHit, ...]
    moved: tuple[tuple[RecordedHit, RecordedHit], ...]

    @property
    def is_same(self) -> bool:
        """Whether the same passages came in the same order, and the query was read the same."""
        return not (self.gone or self.new or self.moved) and self.then.read == self.now.read


def replayed(index: NewsIndex, record: SearchRecord) -> Replay:
    """The search of the record, asked again as it was, with "last week" counted from that day.

    Raises:
        QueryError, IndexNotFound, ArticleNotFound, ModelError: as `NewsIndex.search`.
        StoreError: the index changes all the time.
    """
    most = max([hit.rank for hit in record.hits], default=1)
    if record.is_all:
        results, model, is_all = search_all(index, record.asked, max(most, MOST_HITS))
    else:
        results, is_all = record.asked.search(index, most), False
        model = index.stats().model
    now = recorded(record.asked, results, model, is_all=is_all)
    was = {hit.passage: hit for hit in record.hits}
    found = {hit.passage: hit for hit in now.hits}
    return Replay(
        then=record,
        now=now,
        gone=tuple(hit for hit in record.hits if hit.passage not in found),
        new=() if record.is_choice else tuple(h for h in now.hits if h.passage not in was),
        moved=tuple(
            (hit, found[hit.passage])
            for hit in record.hits
            if hit.passage in found and found[hit.passage].rank != hit.rank
        ),
    )


def read_record(path: Path) -> SearchRecord:
    """The record in a file, beside an exported file, or in a ZIP of both.

    Raises:
        InputError: there is none, it is of another program, or not of the file beside it.
    """
    found = _record_bytes(path)
    text, beside = found
    try:
        values = json.loads(text)
        if not isinstance(values, dict) or values.get("kind") != KIND:
            raise InputError(f"{path}: no record of a search; replay takes FILE{SUFFIX}")
        if values.get("version") != VERSION:
            there = values.get("version")
            raise InputError(f"{path}: a record of version {there!r}; this reads {VERSION}")
        record = _of_json(values)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InputError(f"{path}: a damaged record of a search: {error}") from None
    if beside is not None and record.sha256 is not None and beside() != record.sha256:
        msg = f"{path}: the file was changed after it was exported, or the record is another's"
        raise InputError(msg)
    return record


def _record_bytes(path: Path) -> tuple[bytes, Callable[[], str] | None]:
    """The record's bytes, and how to tell the digest of the file that it came with."""
    try:
        if zipfile.is_zipfile(path):
            return _in_zip(path), None
        if not path.name.endswith(SUFFIX):
            beside = path.with_name(path.name + SUFFIX)
            if not path.exists():
                raise InputError(f"{path}: there is no such file")
            if not beside.exists():
                msg = f"{path}: the record of its search is not beside it ({beside.name})"
                raise InputError(msg)
            return _bounded(beside), lambda: sha256(path.read_bytes()).hexdigest()
        return _bounded(path), None
    except (OSError, zipfile.BadZipFile) as error:
        raise InputError(f"{path}: {error}") from None


def _in_zip(path: Path) -> bytes:
    with zipfile.ZipFile(path) as packed:
        names = [one for one in packed.infolist() if one.filename.endswith(SUFFIX)]
        if len(names) != 1 or names[0].file_size > MAX_RECORD_BYTES:
            raise InputError(f"{path}: a ZIP without the record of one search (…{SUFFIX})")
        return packed.read(names[0])


def _bounded(path: Path) -> bytes:
    if path.stat().st_size > MAX_RECORD_BYTES:
        raise InputError(f"{path}: too large for a record of a search")
    return path.read_bytes()


def _of_json(values: dict[str, Any]) -> SearchRecord:
    told = {name: value for name, value in values.items() if name != "kind"}
    told["asked"] = Asked.of_json(values["asked"])
    told["matched"], told["ranked"] = Count(**values["matched"]), Count(**values["ranked"])
    told["hits"] = tuple(RecordedHit(**hit) for hit in values["hits"])
    if not all(isinstance(h.rank, int) and isinstance(h.passage, str) for h in told["hits"]):
        raise TypeError("a hit without rank or passage")
    told["notes"] = tuple(values["notes"])
    told["made_at"] = datetime.fromisoformat(values["made_at"])
    return SearchRecord(**told)
