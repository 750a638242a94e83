"""The settings that the code holds as constants: the tables "Settings" of benchmarks/README.md.

    python benchmarks/settings.py weights benchmarks/kept/* --collections ../shared/collections
    python benchmarks/settings.py neighbours benchmarks/kept/realtimeqa \
        --collections ../shared/collections

Both use the indexes that benchmarks/collections_quality.py keeps.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import ir_measures
import numpy as np

from search import NewsIndex, rank
from search.encoder import load_encoder
from search.evaluate import literal, read_collection, run_queries
from search.store import neighbours
from search.store.codes import loaded, write_codes
from search.store.neighbours import Neighbours

WEIGHTS = (0.4, 0.5, 0.55, 0.58, 0.6, 0.7)
SIZES = (5_000, 10_000, 20_000, 50_000, 100_000)
ADMITTED = (500, 1_000, 2_000, 4_000, 8_000, 16_000)
OVERSAMPLINGS = (1, 2, 4)
DEPTH = 1_000


def main() -> None:
    """Print one group of tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("weights", "neighbours"))
    parser.add_argument("indexes", nargs="+", type=Path)
    parser.add_argument("--collections", type=Path, required=True)
    options = parser.parse_args()
    if options.what == "weights":
        weights([path for path in options.indexes if (options.collections / path.name).is_dir()],
                options.collections)  # fmt: skip
    else:
        measure_neighbours(options.indexes[0], options.collections)


def weights(indexes: list[Path], collections: Path) -> None:
    """Article nDCG@10 of hybrid search by the weight of meaning."""
    print(f"| collection | {' | '.join(str(weight) for weight in WEIGHTS)} |")
    print("|---" * (len(WEIGHTS) + 1) + "|")
    measure = ir_measures.parse_measure("nDCG@10")
    for path in indexes:
        collection = read_collection(collections / path.name)
        row = []
        with NewsIndex.open(path) as index:
            for weight in WEIGHTS:
                rank.MEANING_WEIGHT = weight
                run = run_queries(index, collection.queries, "hybrid")
                judged = {query_id: run.get(query_id, {}) for query_id in collection.qrels}
                value = ir_measures.calc_aggregate([measure], collection.qrels, judged)[measure]
                row.append(f"{value:.4f}")
        print(f"| {path.name} | {' | '.join(row)} |", flush=True)


def measure_neighbours(index: Path, collections: Path) -> None:
    """Flat against codes by size; recall by oversampling; gathering against a bitmap."""
    (folder,) = index.glob("g*")
    vectors = np.memmap(folder / "vectors.f16", "<f2", "r").reshape(-1, 384)
    encoder = load_encoder()
    texts = read_collection(collections / index.name).queries.values()
    queries = [encoder.encode_query(literal(text)) for text in texts]
    print(f"{len(vectors)} passages, {len(queries)} queries, one thread, k = {DEPTH}\n")
    print(
        "| passages | Flat p50 ms | codes p50 ms | recall@10 | recall@1000 |\n|---|---|---|---|---|"
    )
    for size in (size for size in SIZES if size <= len(vectors)):
        by_size(vectors[:size], queries)
    print("\n| oversampling | p50 ms | recall@10 | recall@1000 |\n|---|---|---|---|")
    coded = with_codes(vectors)
    exact = exact_slots(vectors, queries)
    for times in OVERSAMPLINGS:
        neighbours.OVERSAMPLING = times
        milliseconds, found = timed(coded, queries, None, len(vectors))
        print(f"| {times} | {milliseconds:.2f} | {recalls(found, exact)} |", flush=True)
    neighbours.OVERSAMPLING = 2
    print("\n| admitted | one by one p50 ms | under a bitmap p50 ms |\n|---|---|---|")
    for admitted in ADMITTED:
        by_admitted(coded, queries, len(vectors), admitted)


def by_size(vectors: neighbours.Halves, queries: list[np.ndarray]) -> None:
    """One row: the two ways to search everything."""
    exact = exact_slots(vectors, queries)
    flat, _ = timed(Neighbours(vectors), queries, None, len(vectors))
    coded, found = timed(with_codes(vectors), queries, None, len(vectors))
    print(f"| {len(vectors)} | {flat:.2f} | {coded:.2f} | {recalls(found, exact)} |", flush=True)


def by_admitted(coded: Neighbours, queries: list[np.ndarray], rows: int, admitted: int) -> None:
    """One row: the two ways to search what a filter admits, drawn at random."""
    mask = np.zeros(rows, np.bool_)
    mask[np.random.default_rng(7).choice(rows, admitted, replace=False)] = True
    milliseconds = []
    for limit in (rows, 0):
        neighbours.GATHER_ROWS = limit
        milliseconds.append(timed(coded, queries, mask, admitted, k=min(DEPTH, admitted - 1))[0])
    print(f"| {admitted} | {milliseconds[0]:.2f} | {milliseconds[1]:.2f} |", flush=True)


def with_codes(vectors: neighbours.Halves) -> Neighbours:
    """Neighbours with codes of all rows."""
    with tempfile.TemporaryDirectory() as folder:
        write_codes(Path(folder), vectors)
        return Neighbours(vectors, loaded(Path(folder), len(vectors)).faiss)


def timed(
    searched: Neighbours,
    queries: list[np.ndarray],
    mask: neighbours.Mask | None,
    admitted: int,
    k: int = DEPTH,
) -> tuple[float, list[np.ndarray]]:
    """The median milliseconds of a search, and the rows it found."""

    def search(query: np.ndarray) -> np.ndarray:
        return searched.nearest(query, k, mask, admitted).slots

    for query in queries[:10]:
        search(query)
    milliseconds, found = [], []
    for query in queries:
        started = time.perf_counter()
        found.append(search(query))
        milliseconds.append(1000 * (time.perf_counter() - started))
    return statistics.median(milliseconds), found


def exact_slots(vectors: neighbours.Halves, queries: list[np.ndarray]) -> list[np.ndarray]:
    """The oracle: every cosine, sorted."""
    whole = np.asarray(vectors, np.float32)
    return [np.argsort(-(whole @ query), kind="stable")[:DEPTH] for query in queries]


def recalls(found: list[np.ndarray], exact: list[np.ndarray]) -> str:
    """Mean recall at 10 and at 1,000, as two cells."""

    def recall(k: int) -> float:
        return statistics.mean(
            len(np.intersect1d(ours[:k], theirs[:k])) / k
            for ours, theirs in zip(found, exact, strict=True)
        )

    return f"{recall(10):.3f} | {recall(DEPTH):.3f}"


if __name__ == "__main__":
    main()
