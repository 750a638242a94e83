"""Exported files on disk, each with its record beside it, or both in a ZIP."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from search.errors import InputError
from search.exporting.formats import exported
from search.exporting.reading import SUFFIX
from search.exporting.recording import SearchRecord
from search.types import Hit


def write_file(
    path: Path, name: str, hits: Sequence[Hit], record: SearchRecord, *, overwrite: bool = False
) -> None:
    """The hits in the format `name` at `path`, and the record beside it.

    Each file is put in its place whole, the exported one last.

    Raises:
        InputError: there is a file already, and `overwrite` is not asked for.
        OSError: it cannot be written.
    """
    beside = path.with_name(path.name + SUFFIX)
    for place in (path, beside):
        if place.exists() and not overwrite:
            raise InputError(f"{place}: there is a file already; --overwrite replaces it")
    content = exported(name, hits)
    _put(beside, _record_file(path.name, content, record))
    _put(path, content)


def zipped(file: str, name: str, hits: Sequence[Hit], record: SearchRecord) -> bytes:
    """A ZIP of the hits in the format `name`, as `file`, and of the record."""
    content = exported(name, hits)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(file, content)
        packed.writestr(file + SUFFIX, _record_file(file, content, record))
    return buffer.getvalue()


def _record_file(file: str, content: bytes, record: SearchRecord) -> bytes:
    whole = replace(record, file=file, sha256=sha256(content).hexdigest())
    text = json.dumps(whole.json(), ensure_ascii=False, indent=1) + "\n"
    return text.encode("utf-8", "replace")


def _put(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        unfinished.write_bytes(content)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
