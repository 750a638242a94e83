"""What encoding could do at best, what it does, and where its time goes: the table "Encoding".

    python benchmarks/encoder.py ../shared/corpora/allsides.jsonl.gz

The best that the processor could do is measured: products of large matrices, one stream a core, as
the encoder runs. Operations are counted from the graph's own matrices, and for attention from the
length of each passage; a multiplication and an addition are two. Figures into results/encoder.json.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import openvino
from corpus import sample_of
from openvino import opset13

from search.encoder import load_encoder
from search.encoder.serve import OpenVinoEncoder
from search.ingest import prepared
from search.passages import encoded_text, sentences_in_encoded, split_all
from search.types import Article

HERE = Path(__file__).parent
ARTICLES = 256
ROUNDS = 5
SIDE = 1536
ROWS = 4096


def main() -> None:
    """Measure, print the table, keep the figures."""
    encoder = load_encoder()
    assert isinstance(encoder, OpenVinoEncoder)
    texts, sentences = passages(encoder, Path(sys.argv[1]))
    lengths = np.array([len(ids) for ids in encoder._tokens.ids(texts)])
    each = operations(encoder, lengths)
    at_best = peak(encoder)
    rounds = [timed(lambda: encoder.encode_parts(texts, sentences)) for _ in range(ROUNDS)]
    seconds = median(wall for wall, _ in rounds)
    figures: dict[str, Any] = {
        "passages": len(texts),
        "tokens a passage": float(lengths.mean()),
        "million operations a token": each.sum() / lengths.sum() / 1e6,
        "peak, thousand million operations a second": at_best / 1e9,
        "passages a second": len(texts) / seconds,
        "processor ms a passage": 1000 * median(used for _, used in rounds) / len(texts),
        "thousand million operations a second": each.sum() / seconds / 1e9,
        "share of the peak": each.sum() / seconds / at_best,
        "tokenising, passages a second": len(texts) / timed(lambda: encoder._tokens.ids(texts))[0],
        "where a batch goes": by_kind(encoder, texts),
    }
    print(json.dumps(figures, indent=1))
    (HERE / "results" / "encoder.json").write_text(json.dumps(figures, indent=1) + "\n")


def passages(encoder: OpenVinoEncoder, corpus: Path) -> tuple[list[str], list[Any]]:
    """What is encoded of some articles, and where its sentences stand."""
    articles = [
        prepared(Article(id=str(number), text=one["text"], title=one["title"]))
        for number, one in enumerate(sample_of(corpus, ARTICLES))
    ]
    parts = split_all(articles, encoder.token_spans, room=encoder.max_tokens)
    pairs = [(one, part) for one, own in zip(articles, parts, strict=True) for part in own]
    return [encoded_text(*pair) for pair in pairs], [sentences_in_encoded(*pair) for pair in pairs]


def operations(encoder: OpenVinoEncoder, lengths: np.ndarray) -> np.ndarray:
    """How many each passage takes: its tokens through every matrix, and with one another."""
    graph = encoder._core.read_model(encoder._graph)
    matrices = [
        node.input_value(1).get_shape()
        for node in graph.get_ops()
        if node.get_type_name() == "MatMul" and not node.input_value(1).partial_shape.is_dynamic
    ]
    weights = sum(int(np.prod(shape)) for shape in matrices)
    layers = sum(node.get_type_name() == "ScaledDotProductAttention" for node in graph.get_ops())
    return 2 * weights * lengths + 4 * layers * encoder.dim * lengths**2


def peak(encoder: OpenVinoEncoder) -> float:
    """Operations a second of large products, on every core at once, the best of some rounds."""
    left = opset13.parameter([ROWS, SIDE], np.float32)
    right = opset13.constant(np.random.default_rng(7).normal(size=(SIDE, SIDE)).astype(np.float32))
    product = openvino.Model([opset13.matmul(left, right, False, True)], [left])
    settings = {
        "PERFORMANCE_HINT": "THROUGHPUT",
        "INFERENCE_PRECISION_HINT": encoder._precision,
    }
    compiled = encoder._core.compile_model(product, "CPU", settings)
    requests = [compiled.create_infer_request() for _ in range(encoder._for_many.at_once)]
    rows = np.random.default_rng(8).normal(size=(ROWS, SIDE)).astype(np.float32)

    def run() -> None:
        for request in requests:
            request.start_async([rows])
        for request in requests:
            request.wait()

    run()
    seconds = min(timed(run)[0] for _ in range(20))
    return len(requests) * 2 * ROWS * SIDE * SIDE / seconds


def by_kind(encoder: OpenVinoEncoder, texts: list[str]) -> dict[str, float]:
    """The share of each kind of step in one batch of passages of middling length."""
    settings = {"INFERENCE_PRECISION_HINT": encoder._precision, "PERF_COUNT": "YES"}
    graph = encoder._core.read_model(encoder._graph)
    request = encoder._core.compile_model(graph, "CPU", settings).create_infer_request()
    ids = sorted(encoder._tokens.ids(texts), key=len)
    middle = len(ids) // 2
    spent: Counter[str] = Counter()
    for _ in range(ROUNDS):
        request.infer(encoder._inputs(ids[middle - 8 : middle + 8]))
        for step in request.profiling_info:
            spent[step.node_type] += step.real_time.total_seconds()
    total = spent.total()
    return {kind: round(one / total, 3) for kind, one in spent.most_common(8)}


def timed(act: Any) -> tuple[float, float]:  # noqa: ANN401
    """Seconds on the clock, and of the processor."""
    started, used = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - started, time.process_time() - used


if __name__ == "__main__":
    main()
