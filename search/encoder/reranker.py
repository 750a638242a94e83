"""Cross-encoders: query and text read together by sentence-transformers, for a score a pair."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from search.encoder.folder import find_folder, only_safe_files
from search.encoder.slow import offline
from search.errors import ModelError
from search.types import Reranker

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from sentence_transformers import CrossEncoder

_TASK, _HEAD = "sequence-classification", "ForSequenceClassification"


def load_reranker(name: str) -> Reranker:
    """A cross-encoder by name or folder, on the CPU; takes seconds, and torch stays in memory.

    The rules are those for encoders: weights as safetensors, no code of the model's, and nothing is
    fetched unless NEWS_SEARCH_ALLOW_DOWNLOAD=1 is set.

    Raises:
        ModelError: no such model here, weights that are not safetensors, files that cannot be read,
            or a model that does not give a pair of texts one score.
    """
    folder = find_folder(name)
    label = folder.name if Path(name).is_dir() else name
    try:
        model = _load(folder)
    except Exception as error:  # whatever the libraries raise
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise ModelError(f"{folder}: this model cannot be loaded: {reason}") from error
    _check_head(model, label)
    return CrossEncoderReranker(label, model)


def _load(folder: Path) -> CrossEncoder:
    with offline(), only_safe_files(folder) as stage:
        from huggingface_hub.utils.tqdm import disable_progress_bars

        disable_progress_bars()  # before transformers asks for them
        from sentence_transformers import CrossEncoder  # 8 s

        logging.getLogger("transformers").setLevel(logging.ERROR)
        model = CrossEncoder(
            str(stage),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    return model.eval()


def _check_head(model: CrossEncoder, label: str) -> None:
    """Refuse a head of random numbers, which any encoder gets, and one with several scores."""
    saved = model.config.architectures or ()
    task = getattr(model[0], "transformer_task", None)
    if task == _TASK and not any(name.endswith(_HEAD) for name in saved):
        msg = f"{label} is no cross-encoder: it was not trained to score a query with a text"
        raise ModelError(msg)
    if model.num_labels != 1:
        raise ModelError(
            f"{label} gives a pair of texts {model.num_labels} scores; reranking needs one"
        )


class CrossEncoderReranker:
    """A `Reranker`; the scores are those of `CrossEncoder.predict`, cut at the model's maximum."""

    def __init__(self, name: str, model: CrossEncoder) -> None:
        self.name = name
        self._model = model
        self._turn = threading.Lock()  # its tokenizer is set anew for every batch

    def scores(self, query: str, texts: Sequence[str], /) -> npt.NDArray[np.float32]:
        """One score a text, in order; the range is the model's own."""
        pairs = [(query, text) for text in texts]
        with self._turn:
            found: npt.NDArray[np.float32] = self._model.predict(pairs, show_progress_bar=False)
        return found.reshape(len(texts))
