"""Whether an index knows what it does not hold: the tables "Strength" of benchmarks/README.md.

    python benchmarks/strength.py benchmarks/kept/{time,realtimeqa,rgb-en-fact}

The questions of an index's own collection are those it answers, the questions of the others those
it does not. A query's number is the strength of the strongest of its ten best hits. Indexes are
those that collections_quality.py keeps. Figures into benchmarks/results/strength.json.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from nonsense import nonsense

from search import NewsIndex
from search.evaluate import literal, read_collection
from search.strength import LIKELY
from search.types import MODES, Mode

HERE = Path(__file__).parent
RESAMPLED = 2_000


def main() -> None:
    """Print every table, and keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("indexes", nargs="+", type=Path)
    parser.add_argument("--collections", type=Path, default=Path("../shared/collections"))
    options = parser.parse_args()
    collections = {
        path.name: read_collection(options.collections / path.name) for path in options.indexes
    }
    asked = {name: list(one.queries.values()) for name, one in collections.items()}
    asked |= {f"nonsense: {kind}": texts for kind, texts in nonsense().items()}
    results: dict[str, Any] = {}
    for path in options.indexes:
        with NewsIndex.open(path) as index:
            results[path.name] = {
                mode: {name: numbers(index, texts, mode) for name, texts in asked.items()}
                for mode in MODES
            }
    (HERE / "results" / "strength.json").write_text(json.dumps(results) + "\n")
    for mode in MODES:
        print_pairs({name: one[mode] for name, one in results.items()}, list(collections), mode)
    print_nonsense(results)


def numbers(index: NewsIndex, texts: list[str], mode: Mode) -> list[float]:
    """The strength of the strongest of the ten best hits of each query; -1 without hits."""
    found = []
    for text in texts:
        hits = index.search(literal(text), mode=mode, with_facets=False, with_evidence=False).hits
        found.append(max((hit.why.strength for hit in hits if hit.why.strength is not None),
                         default=-1.0))  # fmt: skip
    return found


def print_pairs(found: dict[str, dict[str, list[float]]], names: list[str], mode: Mode) -> None:
    """AUROC of own against other questions, and the shares on the wrong side of the line."""
    print(f"\n| {mode}: index | asked | AUROC | others above the line | own below it |")
    print("|---|---|---|---|---|")
    areas = []
    for index in names:
        own = np.array(found[index][index])
        for other in names:
            if other == index:
                continue
            foreign = np.array(found[index][other])
            areas.append(auroc(own, foreign))
            print(
                f"| {index} | {other} | {interval(own, foreign)} "
                f"| {(foreign >= LIKELY).mean():.3f} | {(own < LIKELY).mean():.3f} |"
            )
    print(f"| mean | | {np.mean(areas):.3f} | | |")


def print_nonsense(results: dict[str, Any]) -> None:
    """The share of nonsense above the line, in all and by kind in hybrid mode."""
    kinds = [name for name in next(iter(results.values()))["hybrid"] if name.startswith("nonsense")]
    print(f"\n| nonsense above the line | {' | '.join(MODES)} | hybrid, by kind |")
    print("|---|---|---|---|---|")
    for index, by_mode in results.items():
        shares = [
            np.mean([n >= LIKELY for kind in kinds for n in by_mode[mode][kind]]) for mode in MODES
        ]
        by_kind = ", ".join(
            f"{kind.removeprefix('nonsense: ')} "
            f"{np.mean([n >= LIKELY for n in by_mode['hybrid'][kind]]):.2f}"
            for kind in kinds
        )
        print(f"| {index} | {' | '.join(f'{share:.3f}' for share in shares)} | {by_kind} |")


def auroc(positive: np.ndarray, negative: np.ndarray) -> float:
    """The chance that an answerable query scores above an unanswerable one; ties count half."""
    ordered = np.sort(negative)
    below = np.searchsorted(ordered, positive, "left")
    upto = np.searchsorted(ordered, positive, "right")
    return float((below + upto).mean() / 2 / len(negative))


def interval(positive: np.ndarray, negative: np.ndarray) -> str:
    """AUROC with the middle 95 % of bootstrap samples."""
    random = np.random.default_rng(7)
    drawn = [
        auroc(random.choice(positive, len(positive)), random.choice(negative, len(negative)))
        for _ in range(RESAMPLED)
    ]
    low, high = np.quantile(drawn, [0.025, 0.975])
    return f"{auroc(positive, negative):.3f} [{low:.3f}, {high:.3f}]"


if __name__ == "__main__":
    main()
