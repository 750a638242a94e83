"""Records of searches on disk: alone, beside the exported file, or in a ZIP with it."""

from __future__ import annotations

import hashlib
import json
import lzma
import reprlib
import struct
import zipfile
import zlib
from pathlib import Path
from typing import IO

from search.errors import InputError
from search.exporting.parsing import record_of
from search.exporting.recording import KIND, VERSION, SearchRecord

SUFFIX = ".search.json"
"""What is put behind the name of an exported file for that of its record."""
MAX_RECORD_BYTES = 100_000_000
MAX_ZIP_BYTES = 200_000_000
"""Its whole directory is read into memory."""
MAX_MEMBER_BYTES = 2_000_000_000
"""A few bytes of a ZIP can stand for as many as they like; these take seconds."""

_DAMAGES = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    ValueError,
    RuntimeError,  # encrypted, or, as NotImplementedError, packed in a way that is not read
)


def read_record(path: Path) -> SearchRecord:
    """The record in a file, beside an exported file, or in a ZIP of both.

    Beside or with the exported file, that file's digest must be the recorded one.

    Raises:
        InputError: there is none, it is of another program, or not of the file that it is with.
    """
    try:
        _refuse_irregular(path)
        if zipfile.is_zipfile(path):
            return _in_zip(path)
        if path.name.endswith(SUFFIX):
            return _in_file(path)
        return _beside(path)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror or error}") from None


def _refuse_irregular(path: Path) -> None:
    """Devices and pipes may have no end.

    Raises:
        InputError: it is one, or a folder, or nothing.
    """
    if not path.exists():
        raise InputError(f"{path}: there is no such file")
    if not path.is_file():
        msg = (
            f"{path}: no regular file; replay takes an exported file, its record, or a ZIP of both"
        )
        raise InputError(msg)


def _in_file(path: Path) -> SearchRecord:
    with path.open("rb") as stream:
        return _record(str(path), stream)


def _beside(path: Path) -> SearchRecord:
    beside = path.with_name(path.name + SUFFIX)
    if not beside.exists():
        msg = f"{path}: the record of its search is not beside it ({beside.name})"
        raise InputError(msg)
    _refuse_irregular(beside)
    record = _in_file(beside)
    with path.open("rb") as stream:
        _compare(str(path), stream, record)
    return record


def _in_zip(path: Path) -> SearchRecord:
    if path.stat().st_size > MAX_ZIP_BYTES:
        raise InputError(f"{path}: too large a ZIP; unpack it, and replay the file that is in it")
    try:
        with zipfile.ZipFile(path) as packed:
            return _of_zip(path, packed)
    except _DAMAGES as error:
        raise InputError(f"{path}: a ZIP that cannot be read: {error}") from None


def _of_zip(path: Path, packed: zipfile.ZipFile) -> SearchRecord:
    names = [one for one in packed.infolist() if one.filename.endswith(SUFFIX)]
    if len(names) != 1:
        raise InputError(f"{path}: a ZIP without the record of one search (…{SUFFIX})")
    beside = names[0].filename
    with packed.open(names[0]) as stream:
        record = _record(f"{path}: {beside}", stream)
    if record.sha256 is None:  # as `recorded` makes it, of no file
        return record
    if record.file is None:
        raise InputError(f"{path}: {beside}: file must be the name of the file that sha256 is of")
    name = "".join((*beside.rpartition("/")[:2], record.file))
    with packed.open(_only(path, packed, name)) as stream:
        _compare(f"{path}: {name}", stream, record)
    return record


def _only(path: Path, packed: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """The member of that name.

    Raises:
        InputError: there is none, or several, of which nobody knows which one is looked at; or it
            is too large.
    """
    found = [one for one in packed.infolist() if one.filename == name]
    if len(found) != 1:
        how_many = f"{len(found)} files" if found else "no file"
        raise InputError(f"{path}: {how_many} named {name} in it, which its record is of")
    if found[0].file_size > MAX_MEMBER_BYTES:
        raise InputError(f"{path}: {name}: too large to be read from a ZIP; unpack it first")
    return found[0]


def _compare(where: str, stream: IO[bytes], record: SearchRecord) -> None:
    """Raises InputError where the content is not that which the record is of."""
    if record.sha256 is None:
        return
    # `file_digest` asks for a type that a ZIP's members have, but are not declared to have.
    digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
    if digest != record.sha256:
        msg = f"{where}: the file was changed after it was exported, or the record is another's"
        raise InputError(msg)


def _record(where: str, stream: IO[bytes]) -> SearchRecord:
    content = stream.read(MAX_RECORD_BYTES + 1)
    if len(content) > MAX_RECORD_BYTES:
        raise InputError(f"{where}: too large for a record of a search")
    try:
        values = json.loads(content)
        if not isinstance(values, dict) or values.get("kind") != KIND:
            raise InputError(f"{where}: no record of a search; replay takes FILE{SUFFIX}")
        if values.get("version") != VERSION:
            there = reprlib.repr(values.get("version"))
            raise InputError(f"{where}: a record of version {there}; this reads {VERSION}")
        return record_of(values)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{where}: a damaged record of a search: {error}") from None
