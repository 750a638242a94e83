"""The settings that the code holds as constants: the tables "Settings" of benchmarks/README.md.

    python benchmarks/settings.py neighbours benchmarks/kept/realtimeqa
    python benchmarks/settings.py admitted benchmarks/kept/allsides benchmarks/kept/scale-1000000

They use the indexes that collections_quality.py, corpus.py and scale.py keep.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import corpus
import numpy as np

from search.encoder import load_encoder
from search.evaluate import literal, read_collection
from search.ranking import DEPTH
from search.store import LocalStore, neighbours
from search.store.codes import loaded, write_codes
from search.store.neighbours import Neighbours

SIZES = (5_000, 10_000, 20_000, 50_000, 100_000)
ADMITTED = (2_000, 4_000, 8_000, 16_000, 32_000)
OVERSAMPLINGS = (1, 2, 4)


def main() -> None:
    """Print one group of tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("neighbours", "admitted"))
    parser.add_argument("indexes", nargs="+", type=Path)
    parser.add_argument("--collections", type=Path, default=Path("../shared/collections"))
    options = parser.parse_args()
    if options.what == "neighbours":
        measure_neighbours(options.indexes[0], options.collections)
    else:
        print("| passages | admitted | one by one p50 ms | under a bitmap p50 ms |")
        print("|---|---|---|---|")
        for path in options.indexes:
            by_admitted(path)


def measure_neighbours(index: Path, collections: Path) -> None:
    """Flat against codes by size; recall by oversampling; gathering against a bitmap."""
    (folder,) = index.glob("g*")
    vectors = np.memmap(folder / "vectors.f16", "<f2", "r").reshape(-1, 384)
    encoder = load_encoder()
    texts = read_collection(collections / index.name).queries.values()
    queries = [encoder.encode_query(literal(text)) for text in texts]
    print(f"{len(vectors)} passages, {len(queries)} queries, one thread, k = {DEPTH}\n")
    print(
        f"| passages | Flat p50 ms | codes p50 ms | recall@10 | recall@{DEPTH} |"
        "\n|---|---|---|---|---|"
    )
    for size in (size for size in SIZES if size <= len(vectors)):
        by_size(vectors[:size], queries)
    print(f"\n| oversampling | p50 ms | recall@10 | recall@{DEPTH} |\n|---|---|---|---|")
    coded = with_codes(vectors)
    exact = exact_slots(vectors, queries)
    for times in OVERSAMPLINGS:
        neighbours.OVERSAMPLING = times
        milliseconds, found = timed(coded, queries, None, len(vectors))
        print(f"| {times} | {milliseconds:.2f} | {recalls(found, exact)} |", flush=True)
    neighbours.OVERSAMPLING = 2


def by_size(vectors: neighbours.Halves, queries: list[np.ndarray]) -> None:
    """One row: the two ways to search everything."""
    exact = exact_slots(vectors, queries)
    flat, _ = timed(Neighbours(vectors), queries, None, len(vectors))
    coded, found = timed(with_codes(vectors), queries, None, len(vectors))
    print(f"| {len(vectors)} | {flat:.2f} | {coded:.2f} | {recalls(found, exact)} |", flush=True)


def by_admitted(index: Path) -> None:
    """The two ways to search what a filter admits: articles of eight passages, at random."""
    texts = [literal(text) for text in corpus.queries()[:60]]
    encoder = load_encoder()
    queries = [encoder.encode_query(text) for text in texts]
    with LocalStore(index).snapshot() as snapshot:
        searched = snapshot._derived.neighbours
        rows = searched.rows_in_all
        for admitted in ADMITTED:
            chosen = np.random.default_rng(7).choice(rows // 8, admitted // 8, replace=False)
            mask = np.zeros(rows, np.bool_)
            mask[(chosen[:, None] * 8 + np.arange(8)).ravel()] = True
            cells = []
            for neighbours.GATHER_ROWS in (rows, -rows):
                cells.append(f"{timed(searched, queries, mask, admitted)[0]:.2f}")
            print(f"| {rows} | {admitted} | {' | '.join(cells)} |", flush=True)


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
