"""What late interaction would bring: the table "Late interaction" of benchmarks/README.md.

    python benchmarks/late_interaction.py benchmarks/kept/{time,realtimeqa,rgb-en-fact}

The 60 best passages of each query are encoded again, token by token; the mean, over the query's
tokens, of the cosine of the nearest token of the passage (Khattab and Zaharia, "ColBERT", 2020), is
mixed into their scores. Article nDCG@10. Indexes are those that collections_quality.py keeps.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import ir_measures
import numpy as np

from search import Encoder, Hit, NewsIndex
from search.encoder import load_encoder
from search.evaluate import literal, read_collection
from search.passages import encoded_text

DEPTH, BEST = 300, 60
SHARES = (0.0, 0.1, 0.2, 0.3, 0.4)


def main() -> None:
    """Print nDCG@10 of each share of the new score, and what it costs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("indexes", nargs="+", type=Path)
    parser.add_argument("--collections", type=Path, default=Path("../shared/collections"))
    options = parser.parse_args()
    encoder = load_encoder()
    measure = ir_measures.parse_measure("nDCG@10")
    print(f"| collection | {' | '.join(f'{share:.0%}' for share in SHARES)} | s a query |")
    print("|---|" + "---|" * (len(SHARES) + 1))
    for path in options.indexes:
        collection = read_collection(options.collections / path.name)
        runs: dict[float, dict[str, dict[str, float]]] = {share: {} for share in SHARES}
        seconds = 0.0
        with NewsIndex.open(path, encoder=encoder) as index:
            for name, text in collection.queries.items():
                results = index.search(
                    literal(text), k=DEPTH, with_facets=False, with_evidence=False
                )
                started = time.perf_counter()
                late = late_scores(encoder, text, results.hits[:BEST])
                seconds += time.perf_counter() - started
                for share, run in runs.items():
                    run[name] = mixed(results.hits, late, share)
        values = [
            ir_measures.calc_aggregate(
                [measure],
                collection.qrels,
                {name: run.get(name, {}) for name in collection.qrels},
            )[measure]
            for run in runs.values()
        ]
        cost = seconds / len(collection.queries)
        print(
            f"| {path.name} | {' | '.join(f'{v:.4f}' for v in values)} | {cost:.2f} |", flush=True
        )


def late_scores(encoder: Encoder, query: str, hits: tuple[Hit, ...]) -> np.ndarray:
    """One score a hit."""
    (asked,) = token_vectors(encoder, [query])
    texts = [encoded_text(hit.article, hit.passage) for hit in hits]
    return np.array([(asked @ held.T).max(axis=1).mean() for held in token_vectors(encoder, texts)])


def token_vectors(encoder: Encoder, texts: list[str]) -> list[np.ndarray]:
    """For each text its tokens' vectors, of length 1."""
    _, parts = encoder.encode_parts(texts, encoder.token_spans(texts))
    kept = [rows[rows.any(axis=1)] for rows in parts]
    return [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in kept]


def mixed(hits: tuple[Hit, ...], late: np.ndarray, share: float) -> dict[str, float]:
    """Articles with the score of their best passage; those behind the best keep their order."""
    scores = (1 - share) * stretched(np.array([hit.score for hit in hits[:BEST]]))
    scores = scores + share * stretched(late)
    articles: dict[str, float] = {}
    for place, hit in enumerate(hits):
        score = 1 + float(scores[place]) if place < BEST else 1 - place / DEPTH
        articles[hit.article.id] = max(score, articles.get(hit.article.id, 0.0))
    return articles


def stretched(scores: np.ndarray) -> np.ndarray:
    """Moved and stretched to fill [0, 1]."""
    span = np.ptp(scores) if len(scores) else 0
    return (scores - scores.min()) / span if span else np.zeros_like(scores)


if __name__ == "__main__":
    main()
