"""How often the marked sentence is the one a reader would mark: the table "Evidence" of README.md.

    python benchmarks/best_sentence.py benchmarks/kept/{time,realtimeqa,rgb-en-fact}

best_sentences.jsonl names, for 115 pairs of a query and a passage among its first hits, the
sentences (numbered from 0) that a reader chose who saw nothing but the query, the headline and the
text; none where no sentence stood out. Indexes are those that collections_quality.py keeps.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np

from search import Article, Encoder, NewsIndex, Passage
from search.encoder import load_encoder
from search.evaluate import read_collection
from search.evidence import evidence
from search.passages import encoded_spans, encoded_text
from search.sentence_codes import coded, cosines

HERE = Path(__file__).parent


def main() -> None:
    """Print the share of pairs on which each way agrees with the reader."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("indexes", nargs="+", type=Path)
    parser.add_argument("--collections", type=Path, default=Path("../shared/collections"))
    options = parser.parse_args()
    lines = (HERE / "best_sentences.jsonl").read_text().splitlines()
    pairs = [pair for pair in map(json.loads, lines) if pair["best"]]
    encoder, agreed = load_encoder(), defaultdict[str, list[bool]](list)
    for path in options.indexes:
        queries = read_collection(options.collections / path.name).queries
        with NewsIndex.open(path, encoder=encoder) as index:
            for pair in (one for one in pairs if one["collection"] == path.name):
                article, passage = index.passage(pair["passage"])
                for way, chosen in choices(
                    index, encoder, article, passage, queries[pair["query"]]
                ).items():
                    agreed[way].append(chosen in pair["best"])
                count = len(passage.sentences)
                agreed["the first sentence"].append(0 in pair["best"])
                agreed["any sentence, by chance"].append(len(pair["best"]) / count)  # type: ignore[arg-type]
    print(f"| best sentence by | agrees, of {len(next(iter(agreed.values())))} |\n|---|---|")
    for way, hits in sorted(agreed.items(), key=lambda item: -np.mean(item[1])):
        print(f"| {way} | {np.mean(hits):.0%} |")


def choices(
    index: NewsIndex, encoder: Encoder, article: Article, passage: Passage, query: str
) -> dict[str, int]:
    """The number of the sentence that each way marks."""
    vector = encoder.encode_query(query)
    text = encoded_text(article, passage)
    rows, (parts,) = encoder.encode_parts([text], [encoded_spans(text, passage)])
    near = cosines(coded(parts, rows[0]), len(parts), rows[0], vector)
    exact = parts / np.maximum(np.linalg.norm(parts, axis=1, keepdims=True), 1e-9) @ vector
    sentences = [
        passage.text[start - passage.start : end - passage.start]
        for start, end in passage.sentences
    ]
    alone = encoder.encode_passages(sentences) @ vector
    return {
        "words and codes, as in a search": marked(index, passage, query, near),
        "words alone": marked(index, passage, query, None),
        "codes alone": int(near.argmax()),
        "the same without rounding to bits": int(exact.argmax()),
        "each sentence encoded alone": int(alone.argmax()),
        "every token against every token": int(
            np.argmax([late(encoder, query, sentence, text, passage, place)
                       for place, sentence in enumerate(sentences)])
        ),
    }  # fmt: skip


def marked(index: NewsIndex, passage: Passage, query: str, near: Any) -> int:  # noqa: ANN401
    """What `search.evidence` marks."""
    with index._resources.store().snapshot() as snapshot:
        (found,) = evidence(
            [passage],
            words=query,
            stem=snapshot.stem,
            rarity=snapshot.rarity,
            near=[near],
            query=None,
            encode=lambda _: np.empty(0),
        )
    spans = [(start - passage.start, end - passage.start) for start, end in passage.sentences]
    return -1 if found.best is None else spans.index(found.best)


def late(
    encoder: Encoder, query: str, sentence: str, text: str, passage: Passage, place: int
) -> float:
    """The mean, over the query's tokens, of the cosine of the nearest token of the sentence."""
    start, end = encoded_spans(text, passage)[place]
    asked = by_token(encoder, query)[1]
    spans, held = by_token(encoder, text)
    inside = [n for n, (left, right) in enumerate(spans) if start <= left and right <= end]
    return float((asked @ held[inside].T).max(axis=1).mean()) if inside else -1.0


def by_token(encoder: Encoder, text: str) -> tuple[list[tuple[int, int]], Any]:
    """The tokens' spans, and their vectors of length 1."""
    (spans,) = encoder.token_spans([text])
    _, (parts,) = encoder.encode_parts([text], [spans])
    return spans, parts / np.maximum(np.linalg.norm(parts, axis=1, keepdims=True), 1e-9)


if __name__ == "__main__":
    main()
