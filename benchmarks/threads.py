"""One process, several threads searching: the table "Threads" of benchmarks/README.md.

    python benchmarks/threads.py benchmarks/kept/realtimeqa [--seconds 20]

Each number of threads searches the same titles (benchmarks/kept/queries.json, which corpus.py
writes) for ten hits with facets and evidence, as many as it can in the time; every answer is held
against the one that a single thread gave before. Figures into benchmarks/results/threads.json.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus import HERE, queries

from search.evaluate import literal

if TYPE_CHECKING:
    from search import NewsIndex

THREADS = (1, 2, 4, 8, 16)


def main() -> None:
    """Every number of threads, one after the other, twice."""
    from search import NewsIndex

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--seconds", type=float, default=20)
    options = parser.parse_args()
    texts = [literal(title) for title in queries()]
    rounds: list[dict[str, Any]] = []
    with NewsIndex.open(options.index) as index:
        expected = {text: answer(index, text) for text in texts}
        for _ in range(2):
            for number in THREADS:
                rounds.append(measured(index, expected, number, options.seconds))
                print(rounds[-1], flush=True)
    alone = statistics.mean(one["per_second"] for one in rounds if one["threads"] == 1)
    for one in rounds:
        one["times one thread"] = round(one["per_second"] / alone, 2)
    (HERE / "results" / "threads.json").write_text(json.dumps(rounds, indent=1) + "\n")
    print(json.dumps(rounds, indent=1))


def answer(index: NewsIndex, text: str) -> list[tuple[str, float]]:
    """The passages and scores of a search."""
    return [(hit.passage.id, hit.score) for hit in index.search(text).hits]


def measured(
    index: NewsIndex, expected: dict[str, list[tuple[str, float]]], number: int, seconds: float
) -> dict[str, Any]:
    """Searches a second, their latencies, and how many answers differed."""
    turn = itertools.cycle(expected)
    lock, end = threading.Lock(), time.perf_counter() + seconds
    milliseconds: list[float] = []
    wrong: list[str] = []

    def search() -> None:
        while time.perf_counter() < end:
            with lock:
                text = next(turn)
            started = time.perf_counter()
            found = answer(index, text)
            milliseconds.append(1000 * (time.perf_counter() - started))
            if found != expected[text]:
                wrong.append(text)

    threads = [threading.Thread(target=search) for _ in range(number)]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {
        "threads": number,
        "per_second": len(milliseconds) / (time.perf_counter() - started),
        "p50_ms": round(statistics.median(milliseconds), 1),
        "p95_ms": round(statistics.quantiles(milliseconds, n=20)[18], 1),
        "wrong": len(wrong),
    }


if __name__ == "__main__":
    main()
