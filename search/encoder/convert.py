"""sentence-transformers to OpenVINO, once for each model, in a process of its own.

The process ends with its gigabyte of torch; the one that asked never imports it.
"""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from search.encoder.cache import GRAPH, TOKENIZER, Converted, write_manifest
from search.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer
    from torch import Tensor

MIN_COSINE = 0.999
"""Between what OpenVINO and sentence-transformers make of the same text."""
MIN_MEAN_COSINE = 0.99999
"""Between a vector and the mean of its tokens' vectors, where the one is made of the other."""

_LONGEST = 8192
_SENTENCE = "The river rose over its banks in the night and the old town was cut off by morning. "
_CHECKED_TEXTS = [
    "",
    "flood damage",
    "Who won the by-election, and by how much?",
    "Überschwemmung in der Altstadt: 洪水で旧市街が孤立 — наводнение, فيضان.",
    _SENTENCE,
    _SENTENCE * 5,
    _SENTENCE * 12,
    _SENTENCE * 40,  # over the maximum of most models
]


def convert(folder: Path, fingerprint: str, target: Path) -> None:
    """Fill the folder `target` with the converted model, in a child process.

    Raises:
        ModelError: sentence-transformers cannot load what is in `folder`.
    """
    child = subprocess.run(
        [sys.executable, "-P", "-m", __name__, str(folder), fingerprint, str(target)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if child.returncode:
        reason = (child.stderr.strip().splitlines() or ["no message"])[-1]
        raise ModelError(f"{folder}: this model cannot be loaded: {reason}")


def main(folder: Path, fingerprint: str, target: Path) -> None:
    """What the child process does."""
    from search.encoder.folder import check_default
    from search.encoder.slow import load_model, offline

    check_default(folder)
    model = load_model(folder)
    converted = replace(_describe(model, fingerprint), adds_up=adds_up(model))
    tokenizer = model.tokenizer
    getattr(tokenizer, "backend_tokenizer", tokenizer).save(str(target / TOKENIZER))
    try:
        with offline():
            _write_graph(model, converted, target)
            _compare(model, converted, target)
    except Exception as error:  # whatever it is, sentence-transformers can encode
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        converted = replace(converted, refusal=reason[:200], inputs=(), adds_up=False)
        for path in (target / GRAPH, (target / GRAPH).with_suffix(".bin")):
            path.unlink(missing_ok=True)
    write_manifest(target, converted)


def _describe(model: SentenceTransformer, fingerprint: str) -> Converted:
    features = model.preprocess(["two words", "one"])
    known = ("input_ids", "attention_mask", "token_type_ids")
    return Converted(
        fingerprint=fingerprint,
        dim=int(model.get_embedding_dimension()),
        max_tokens=min(model.max_seq_length or 512, _LONGEST),
        pad_id=int(getattr(model.tokenizer, "pad_token_id", None) or 0),
        inputs=tuple(name for name in known if name in features),
        query_prompt=_prompt(model, "query"),
        passage_prompt=_prompt(model, "document", "passage", "corpus"),
    )


def _prompt(model: SentenceTransformer, *names: str) -> str:
    """The first of these prompts that the model was saved with.

    sentence-transformers fills in an empty "document", which hides a "passage" from it.
    """
    prompts = (model.prompts.get(name) for name in names)
    return next((str(prompt) for prompt in prompts if prompt), "")


def adds_up(model: SentenceTransformer) -> bool:
    """Whether its vectors are the means of their tokens' vectors, by trying it."""
    import torch

    with torch.no_grad():
        features = model(model.preprocess(_CHECKED_TEXTS))
    tokens = features.get("token_embeddings")
    if tokens is None:
        return False
    mask = features["attention_mask"].unsqueeze(-1).to(tokens.dtype)
    means = (tokens * mask).sum(1)
    vectors = features["sentence_embedding"]
    if means.shape != vectors.shape:
        return False
    return bool(torch.nn.functional.cosine_similarity(means, vectors).min() > MIN_MEAN_COSINE)


def _write_graph(model: SentenceTransformer, converted: Converted, target: Path) -> None:
    """Trace transformer, pooling and normalisation as one, in full precision."""
    import openvino
    import torch

    class Pipeline(torch.nn.Module):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
            features = self.model(dict(zip(converted.inputs, inputs, strict=True)))
            vectors = torch.nn.functional.normalize(features["sentence_embedding"], dim=1)
            return (vectors, features["token_embeddings"]) if converted.adds_up else (vectors,)

    features = model.preprocess(["two words", "one"])  # one of them padded
    with torch.no_grad():
        graph = openvino.convert_model(
            Pipeline(), example_input=tuple(features[name] for name in converted.inputs)
        )
    for port, name in zip(graph.inputs, converted.inputs, strict=True):
        port.tensor.set_names({name})
    openvino.save_model(graph, target / GRAPH, compress_to_fp16=False)


def _compare(model: SentenceTransformer, converted: Converted, target: Path) -> None:
    """Raises ModelError where the graph's vectors are not those of sentence-transformers."""
    from search.encoder.serve import OpenVinoEncoder
    from search.encoder.slow import SentenceTransformersEncoder

    encoder = OpenVinoEncoder(target, "converted", converted)
    slow = SentenceTransformersEncoder(target, "converted", converted, model)
    texts, query = _CHECKED_TEXTS, _CHECKED_TEXTS[2]
    passages = (encoder.encode_passages(texts) * slow.encode_passages(texts)).sum(axis=1).min()
    alone = encoder.encode_query(query) @ slow.encode_query(query)
    if not min(passages, alone) >= MIN_COSINE:  # also where one is not a number
        raise ModelError(f"its vectors differ after conversion, cosine {min(passages, alone):.4f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]))
