"""What each part of hybrid ranking is worth: the table "Ranking" of benchmarks/README.md.

    python benchmarks/ablation.py benchmarks/kept/{time,realtimeqa,rgb-en-fact}

Article nDCG@10 with one part changed at a time, and the two-sided p of a paired permutation test
over the queries against ranking as it is. Indexes are those that collections_quality.py keeps.
Figures into benchmarks/results/ablation.json.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

import ir_measures
import numpy as np

from search import NewsIndex, close, rank, ranking
from search.evaluate import Collection, read_collection, run_queries
from search.types import Standing

HERE = Path(__file__).parent
PERMUTATIONS = 20_000


def keyword_scores_of(*parts: str) -> Callable[..., np.ndarray]:
    """`close.keyword_scores` of some of its parts."""

    def scores(bm25: np.ndarray, owners: np.ndarray, standing: Standing) -> np.ndarray:
        known = {"passage": bm25, "lead": standing.lead_bm25}
        known["article"] = close.article_bm25(owners, standing)
        pairs = standing.together @ standing.pair_idf
        return sum(known[part] for part in parts) / len(parts) + close.TOGETHER * pairs

    return scores


def not_looked_at(_tier: object, scores: np.ndarray, *_: object) -> np.ndarray:
    """Ranking by the first fusion alone."""
    return scores


VARIANTS: dict[str, list[Any]] = {
    "as it is": [],
    "no closer look": [patch.object(ranking, "_looked_at_closely", not_looked_at)],
    "without the first passage": [
        patch.object(close, "keyword_scores", keyword_scores_of("passage", "article"))
    ],
    "without the article": [
        patch.object(close, "keyword_scores", keyword_scores_of("passage", "lead"))
    ],
    "without both": [patch.object(close, "keyword_scores", keyword_scores_of("passage"))],
    "without pairs of words": [patch.object(close, "TOGETHER", 0)],
    "without vouching": [patch.object(close, "VOUCHING", 0)],
    "with function words": [patch.object(ranking, "significant", str.split)],
    "10 articles": [patch.object(close, "ARTICLES", 10)],
    "100 articles": [patch.object(close, "ARTICLES", 100)],
    "pairs .2": [patch.object(close, "TOGETHER", 0.2)],
    "pairs .6": [patch.object(close, "TOGETHER", 0.6)],
    "vouching .2": [patch.object(close, "VOUCHING", 0.2)],
    "meaning .5": [patch.object(rank, "MEANING_WEIGHT", 0.5)],
    "meaning .55": [patch.object(rank, "MEANING_WEIGHT", 0.55)],
    "meaning .65": [patch.object(rank, "MEANING_WEIGHT", 0.65)],
    "meaning .7": [patch.object(rank, "MEANING_WEIGHT", 0.7)],
    "depth 1,000": [patch.object(ranking, "DEPTH", 1_000)],
}


def main() -> None:
    """Print a row a variant, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("indexes", nargs="+", type=Path)
    parser.add_argument("--collections", type=Path, default=Path("../shared/collections"))
    options = parser.parse_args()
    names = [path.name for path in options.indexes]
    collections = {name: read_collection(options.collections / name) for name in names}
    indexes = {path.name: NewsIndex.open(path) for path in options.indexes}
    print(f"| variant | {' | '.join(f'{name} | p' for name in names)} |")
    print("|---" * (1 + 2 * len(names)) + "|")
    results: dict[str, dict[str, list[float]]] = {}
    for variant, patches in VARIANTS.items():
        for one in patches:
            one.start()
        results[variant] = {name: values(indexes[name], collections[name]) for name in names}
        for one in patches:
            one.stop()
        cells = []
        for name in names:
            ours = np.array(results[variant][name])
            chance = p_value(ours - np.array(results["as it is"][name]))
            cells.append(f"{ours.mean():.4f} | {'' if variant == 'as it is' else f'{chance:.2f}'}")
        print(f"| {variant} | {' | '.join(cells)} |", flush=True)
    (HERE / "results" / "ablation.json").write_text(json.dumps(results) + "\n")


def values(index: NewsIndex, collection: Collection) -> list[float]:
    """nDCG@10 of each judged query, in their order."""
    run = run_queries(index, collection.queries, "hybrid")
    judged = {query: run.get(query, {}) for query in collection.qrels}
    measured = ir_measures.iter_calc(
        [ir_measures.parse_measure("nDCG@10")], collection.qrels, judged
    )
    by_query = {one.query_id: one.value for one in measured}
    return [by_query.get(query, 0.0) for query in sorted(collection.qrels)]


def p_value(differences: np.ndarray) -> float:
    """The share of random signs that move the mean at least as far as it moved."""
    signs = np.random.default_rng(7).choice([-1, 1], (PERMUTATIONS, len(differences)))
    moved = np.abs(signs @ differences)
    return float((moved >= abs(differences.sum()) - 1e-12).mean())


if __name__ == "__main__":
    main()
