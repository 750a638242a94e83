"""From a model's name to an encoder: find its folder, convert it once, serve it."""

from __future__ import annotations

import logging
import warnings
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from search.encoder import cache as converted_models
from search.encoder.cache import Converted
from search.encoder.convert import convert
from search.encoder.folder import DEFAULT_MODEL, find_folder, fingerprint
from search.errors import ModelError
from search.types import Encoder

log = logging.getLogger(__name__)


def load_encoder(name: str | None = None, *, cache: Path | None = None) -> Encoder:
    """An encoder for a sentence-transformers model: its name, or a folder with its files.

    None is all-MiniLM-L6-v2, whose weights are installed with this package. A model is converted
    to OpenVINO the first time (about fifteen seconds, in a process of its own) and kept in `cache`,
    by default `~/.cache/news-search/encoders`. Where OpenVINO cannot run it, sentence-transformers
    encodes, with a warning. Nothing is fetched unless NEWS_SEARCH_ALLOW_DOWNLOAD=1 is set.

    Raises:
        ModelError: no such model here, weights that are not safetensors, files that cannot be read
            or converted, or a cache that cannot be written.
    """
    wanted = name or DEFAULT_MODEL
    folder = find_folder(wanted)
    label = folder.name if Path(wanted).is_dir() else wanted.removeprefix("sentence-transformers/")
    place = (cache or converted_models.default_cache()).expanduser().resolve()
    identity = fingerprint(folder, place)
    entry = converted_models.entry_of(place, label, identity)
    if entry.is_dir():
        try:
            return _open(entry, label, folder)
        except ModelError as error:
            log.warning("converting %s again: %s", label, error)
            converted_models.discard(entry)
    log.info("converting %s to OpenVINO; this happens once", label)
    converted_models.publish(entry, partial(convert, folder, identity))
    return _open(entry, label, folder)


def _open(entry: Path, label: str, folder: Path) -> Encoder:
    converted = converted_models.read_manifest(entry)
    with ThreadPoolExecutor(1) as pool:
        # Hashing the weights hides behind importing OpenVINO: both take about 0.2 s.
        checked = pool.submit(converted_models.check_files, entry, converted)
        if converted.refusal:
            checked.result()
            return _slow_encoder(entry, label, folder, converted)
        from search.encoder.serve import OpenVinoEncoder  # imports OpenVINO

        checked.result()
    return OpenVinoEncoder(entry, label, converted)


def _slow_encoder(entry: Path, label: str, folder: Path, converted: Converted) -> Encoder:
    from search.encoder.slow import SentenceTransformersEncoder, load_model

    warnings.warn(
        f"{label}: OpenVINO cannot run this model ({converted.refusal}); "
        "sentence-transformers encodes it, several times slower",
        RuntimeWarning,
        stacklevel=4,
    )
    return SentenceTransformersEncoder(entry, label, converted, load_model(folder))
