"""What tests ask of sentence-transformers, in one process, since importing it takes seconds.

python -m tests.torch_side FOLDER WORK: reads WORK/texts.json, writes WORK/answers.npz and .json.
"""

import json
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np

from search.encoder import load, load_encoder
from search.encoder.convert import adds_up
from search.encoder.convert import main as convert_here
from search.encoder.slow import load_model

PROMPTS = {"query": "query: ", "passage": "passage: "}


def variant(folder: Path, target: Path, *, pools_prompt: bool, mode: str = "mean_tokens") -> Path:
    """The default model with prompts, 64 tokens, vectors of any length."""
    shutil.copytree(folder, target)
    modules = json.loads((target / "modules.json").read_text())[:2]
    (target / "modules.json").write_text(json.dumps(modules))
    (target / "sentence_bert_config.json").write_text(json.dumps({"max_seq_length": 64}))
    (target / "config_sentence_transformers.json").write_text(json.dumps({"prompts": PROMPTS}))
    pooling = {"word_embedding_dimension": 384, f"pooling_mode_{mode}": True}
    pooling["include_prompt"] = pools_prompt
    (target / "1_Pooling/config.json").write_text(json.dumps(pooling))
    return target


def main(folder: Path, work: Path) -> None:
    from sentence_transformers import SentenceTransformer

    load.convert = convert_here  # without the child process: torch is here already
    texts = json.loads((work / "texts.json").read_text())
    kinds = {"default": folder}
    kinds["prompted"] = variant(folder, work / "prompted", pools_prompt=True)
    kinds["refused"] = variant(folder, work / "refused", pools_prompt=False)
    arrays, notes = {}, {}
    for kind, path in kinds.items():
        model = SentenceTransformer(str(path), device="cpu", local_files_only=True)
        prompts = {} if kind == "default" else PROMPTS
        for what, asked in (("passage", texts), ("query", texts[-1])):
            vectors = model.encode(asked, prompt=prompts.get(what, ""))
            arrays[f"{kind} expected {what}"] = vectors
        if kind != "refused":
            tokens = model.encode(
                texts[-1], prompt=prompts.get("passage", ""), output_value="token_embeddings"
            )
            arrays[f"{kind} expected parts"] = (tokens / tokens.sum(0).norm()).numpy()
        if kind != "default":
            with warnings.catch_warnings(record=True) as warned:
                warnings.simplefilter("always", RuntimeWarning)
                encoder = load_encoder(str(path), cache=work / "cache")
            arrays[f"{kind} passage"] = encoder.encode_passages(texts)
            arrays[f"{kind} query"] = encoder.encode_query(texts[-1])
            arrays[f"{kind} queries"] = encoder.encode_queries([texts[-1], texts[0], texts[-1]])
            if encoder.adds_up:
                spans = encoder.token_spans(texts[-1:])
                arrays[f"{kind} parts"] = encoder.encode_parts(texts[-1:], spans)[1][0]
            notes[kind] = {
                "adds_up": encoder.adds_up,
                "class": type(encoder).__name__,
                "name": encoder.name,
                "max_tokens": encoder.max_tokens,
                "warnings": [str(w.message) for w in warned if w.category is RuntimeWarning],
            }
    first = variant(folder, work / "first", pools_prompt=True, mode="cls_token")
    notes["first token"] = {"adds_up": adds_up(load_model(first))}
    np.savez(work / "answers.npz", **arrays)
    (work / "answers.json").write_text(json.dumps(notes))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]), Path(sys.argv[2]))
