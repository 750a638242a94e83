"""The encoder for models that OpenVINO cannot run: sentence-transformers itself."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from search.encoder.cache import TOKENIZER, Converted
from search.encoder.folder import only_safe_files
from search.encoder.tokens import Tokens, does_not_add_up
from search.types import Span

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from search.types import Vector, Vectors

_ALONE = threading.Lock()
"""The environment belongs to the whole process: two that change it would undo each other."""


@contextmanager
def offline() -> Iterator[None]:
    """Keep the libraries off the network, and their advice off the screen, while a model loads."""
    settings = {"HF_HUB_OFFLINE": "1", "TRANSFORMERS_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1"}
    with _ALONE:
        before = {name: os.environ.get(name) for name in settings}
        os.environ.update(settings)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value


def load_model(folder: Path) -> SentenceTransformer:
    """The SentenceTransformer in `folder`, on the CPU, without pickles or code of the model's."""
    with offline(), only_safe_files(folder) as stage:
        from sentence_transformers import SentenceTransformer  # 8 s

        logging.getLogger("transformers").setLevel(logging.ERROR)
        model = SentenceTransformer(
            str(stage),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        )
    return model.eval()


class SentenceTransformersEncoder:
    """sentence-transformers behind the same protocol. Several times slower, and large."""

    def __init__(
        self, entry: Path, name: str, converted: Converted, model: SentenceTransformer
    ) -> None:
        self.name = name
        self.fingerprint = converted.fingerprint
        self.dim = converted.dim
        self._converted = converted
        self._tokens = Tokens(entry / TOKENIZER, converted.max_tokens)
        self.max_tokens = self._tokens.room(converted.passage_prompt)
        self._model = model

    adds_up = False
    """Not where OpenVINO cannot: to give the parts would take a second way through the model."""

    def encode_parts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], /
    ) -> tuple[Vectors, list[Vectors]]:
        """Not to be had; see `adds_up`."""
        raise does_not_add_up(self.name)

    def token_spans(self, texts: Sequence[str], /) -> list[list[Span]]:
        """For each text, the spans of its tokens in code points, in order, specials left out."""
        return self._tokens.spans(texts)

    def encode_query(self, text: str, /) -> Vector:
        """One vector, with the model's prompt for queries; text over the maximum is cut."""
        vector: Vector = self.encode_queries([text])[0]
        return vector

    def encode_queries(self, texts: Sequence[str], /) -> Vectors:
        """One row a text, in order, with the model's prompt for queries; long texts are cut."""
        vectors: Vectors = self._model.encode_query(
            list(texts),
            prompt=self._converted.query_prompt,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return vectors.reshape(len(texts), self.dim)

    def encode_passages(self, texts: Sequence[str], /) -> Vectors:
        """One row a text, in order, with the model's prompt for passages; long texts are cut."""
        vectors: Vectors = self._model.encode_document(
            list(texts),
            prompt=self._converted.passage_prompt,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return vectors.reshape(len(texts), self.dim)
