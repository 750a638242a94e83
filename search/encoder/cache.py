"""Converted models on disk: one folder each, whole or not there at all.

    <cache>/<model>-<key>/encoder.json      what the model is, and the SHA-256 of the files below
                         /tokenizer.json    as sentence-transformers had it
                         /model.xml, .bin   the OpenVINO graph; missing where it cannot be converted

The key is made from the model's fingerprint and the versions that converted it, so an upgrade
converts again and an older folder is never misread.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from hashlib import blake2b, file_digest
from importlib.metadata import version
from pathlib import Path
from typing import Any

from search.errors import ModelError

_FORMAT = 2
"""Part of the key: a change of `Converted` converts again."""
MANIFEST = "encoder.json"
TOKENIZER = "tokenizer.json"
GRAPH = "model.xml"


@dataclass(frozen=True, slots=True)
class Converted:
    """A converted model. `max_tokens` counts special tokens and prompt; `inputs` name the graph's.

    `adds_up`: a vector is the mean of its tokens' vectors, which the graph gives as well.
    `refusal` says why sentence-transformers has to encode; it is empty when OpenVINO can.
    """

    fingerprint: str
    dim: int
    max_tokens: int
    pad_id: int
    inputs: tuple[str, ...]
    query_prompt: str = ""
    passage_prompt: str = ""
    adds_up: bool = False
    refusal: str = ""
    sha256: dict[str, str] = field(default_factory=dict)


def default_cache() -> Path:
    """$XDG_CACHE_HOME/news-search/encoders, by default below ~/.cache."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "news-search" / "encoders"


def entry_of(cache: Path, name: str, fingerprint: str) -> Path:
    """The folder for a model, whether it is there or not."""
    makers = [version("openvino"), version("sentence-transformers"), str(_FORMAT)]
    key = blake2b("\n".join([fingerprint, *makers]).encode(), digest_size=8).hexdigest()
    readable = "".join(char if char.isalnum() or char in "-._" else "-" for char in name)
    return cache / f"{readable[-60:].lstrip('.')}-{key}"


def write_manifest(folder: Path, converted: Converted) -> None:
    """Write `encoder.json`, after every other file, with the SHA-256 of each."""
    sums = {path.name: sha256(path) for path in sorted(folder.iterdir()) if path.is_file()}
    record = asdict(replace(converted, sha256=sums))
    whole = {"model": record, "checksum": _sum_of(record)}
    (folder / MANIFEST).write_text(json.dumps(whole, indent=1), encoding="utf-8")


def read_manifest(folder: Path) -> Converted:
    """Read `encoder.json`.

    Raises:
        ModelError: it is missing or not what `write_manifest` writes.
    """
    path = folder / MANIFEST
    try:
        whole: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        record = whole["model"]
        if whole["checksum"] != _sum_of(record):
            raise ModelError(f"{path}: not what was written")
        return Converted(**{**record, "inputs": tuple(record["inputs"])})
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(f"{path}: not a converted model: {error}") from error


def _sum_of(record: dict[str, Any]) -> str:
    return blake2b(json.dumps(record, sort_keys=True).encode(), digest_size=16).hexdigest()


def check_files(folder: Path, converted: Converted) -> None:
    """Compare every file with its SHA-256.

    Raises:
        ModelError: a file is missing or not what was written.
    """
    needed = {TOKENIZER} if converted.refusal else {TOKENIZER, GRAPH, "model.bin"}
    for name in sorted(needed | set(converted.sha256)):
        path = folder / name
        if not path.is_file() or sha256(path) != converted.sha256.get(name):
            raise ModelError(f"{path}: not the file that was converted")


def sha256(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def publish(entry: Path, fill: Callable[[Path], None]) -> None:
    """Make `entry` whole in one step: fill a folder beside it, then rename.

    Several processes may do so at once; the first to finish wins, and theirs is kept.

    Raises:
        ModelError: the cache cannot be written.
    """
    with _beside(entry) as folder:
        fill(folder)
        try:
            folder.rename(entry)
        except OSError:
            if not entry.is_dir():
                raise


def discard(entry: Path) -> None:
    """Take a damaged entry out of the way; who has it open keeps reading it."""
    with _beside(entry) as folder:
        try:
            entry.rename(folder / "damaged")
        except FileNotFoundError:
            return  # another process was quicker


@contextmanager
def _beside(entry: Path) -> Iterator[Path]:
    try:
        entry.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = Path(tempfile.mkdtemp(prefix=".making-", dir=entry.parent))
    except OSError as error:
        raise ModelError(
            f"{entry.parent}: cannot keep the converted model there ({error.strerror}); "
            "set XDG_CACHE_HOME to a folder that can be written"
        ) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
