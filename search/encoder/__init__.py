"""Texts to vectors: any sentence-transformers model, served by OpenVINO once it is converted.

    load.py      `load_encoder`, which joins the others
    folder.py    a model's files: where they are, which of them are read
    convert.py   sentence-transformers to OpenVINO, once, in a process of its own
    cache.py     converted models on disk
    serve.py     the encoder for every day: OpenVINO
    slow.py      the encoder where OpenVINO cannot: sentence-transformers itself
    tokens.py    the model's own tokenizer
    reranker.py  `load_reranker`: cross-encoders, by sentence-transformers itself

Only this package imports sentence-transformers, torch, OpenVINO and tokenizers.
"""

import sys

from search.encoder.folder import DEFAULT_MODEL
from search.encoder.load import load_encoder
from search.encoder.reranker import load_reranker

# OpenVINO reports every conversion to its maker unless this cannot be imported; it has a stub then.
sys.modules.setdefault("openvino_telemetry", None)  # type: ignore[arg-type]

__all__ = ["DEFAULT_MODEL", "load_encoder", "load_reranker"]
