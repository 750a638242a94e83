"""What tests ask of cross-encoders, in one process, since importing torch takes seconds.

python -m tests.cross_encoder_side WORK: makes small models with random weights in WORK, writes
WORK/answers.json.
"""

import io
import json
import shutil
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from contextlib import redirect_stdout
from pathlib import Path

from search import Article, ModelError, NewsIndex
from search.cli import main as command
from search.encoder import load_reranker
from tests.words import WordEncoder

SPECIAL = "[PAD] [UNK] [CLS] [SEP] [MASK]".split()
WORDS = "flood river bank rose the town dam bridge rate cut ##s ##ed , .".split()
QUERY = "the flooded town"
TEXTS = [
    "The river rose, the dam flooded the town.",
    "",
    "Bank cuts rates\nThe bank cut the rate.",
    "flood " * 200,  # over the maximum
    "Überschwemmung: 洪水 🌊",
    *(" ".join(WORDS[number % 7 :] * (1 + number % 5)) for number in range(40)),
]


def made(folder: Path, *, labels: int = 1, has_head: bool = True) -> Path:
    """A BERT of two layers, with a head for pairs or without."""
    import torch
    from transformers import (
        BertConfig,
        BertForSequenceClassification,
        BertModel,
        BertTokenizerFast,
    )

    torch.manual_seed(7)
    config = BertConfig(
        vocab_size=len(SPECIAL + WORDS),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        num_labels=labels,
        initializer_range=0.6,  # so that the scores of different texts differ well
    )
    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(SPECIAL + WORDS))
    kind = BertForSequenceClassification if has_head else BertModel
    kind(config).save_pretrained(folder)
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    return folder


def pickled_beside(folder: Path, target: Path) -> Path:
    """The same model with other weights beside it that must not be read, pickled, and code."""
    shutil.copytree(folder, target)
    (target / "pytorch_model.bin").write_bytes(b"no pickle")
    (target / "modeling_own.py").write_text("raise SystemExit('this was run')")
    settings = json.loads((target / "config.json").read_text())
    settings["auto_map"] = {"AutoModelForSequenceClassification": "modeling_own.Own"}
    (target / "config.json").write_text(json.dumps(settings))
    return target


def refusal(folder: Path) -> str:
    try:
        load_reranker(str(folder))
    except ModelError as error:
        return str(error)
    return ""


def asked_of_the_command(folder: Path, work: Path) -> dict:
    """A search with --rerank as the command answers it; keywords alone need no encoder."""
    index = work / "index"
    with NewsIndex.open(index, encoder=WordEncoder()) as opened:
        opened.add(Article(str(n), text) for n, text in enumerate(TEXTS[5:]))
    printed = io.StringIO()
    where = ["--index", str(index), "--rerank", str(folder)]
    with redirect_stdout(printed):
        assert (
            command(
                [
                    "search",
                    QUERY,
                    "-k",
                    "40",
                    "--mode",
                    "keyword",
                    "--group",
                    "none",
                    "--json",
                    *where,
                ]
            )
            == 0
        )
    return json.loads(printed.getvalue())


def main(work: Path) -> None:
    from sentence_transformers import CrossEncoder

    folder = made(work / "scores")
    model = CrossEncoder(str(folder), device="cpu", local_files_only=True)
    pairs = [(QUERY, text) for text in TEXTS]
    reranker = load_reranker(str(folder))
    broken = shutil.copytree(folder, work / "broken")
    (broken / "model.safetensors").write_bytes(b"not what it says")
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda _: reranker.scores(QUERY, TEXTS).tolist(), range(8)))
    found = reranker.scores(QUERY, TEXTS)
    answers = {
        "name": reranker.name,
        "dtype": str(found.dtype),
        "expected": model.predict(pairs, show_progress_bar=False).tolist(),
        "found": found.tolist(),
        "none": list(reranker.scores(QUERY, []).shape),
        "together": together,
        "pickled beside": load_reranker(str(pickled_beside(folder, work / "beside")))
        .scores(QUERY, TEXTS)
        .tolist(),
        "no head": refusal(made(work / "no-head", has_head=False)),
        "three labels": refusal(made(work / "three-labels", labels=3)),
        "broken": refusal(broken),
        "command": asked_of_the_command(folder, work),
    }
    (work / "answers.json").write_text(json.dumps(answers))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    main(Path(sys.argv[1]))
