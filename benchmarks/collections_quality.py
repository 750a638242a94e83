"""Quality on judged collections: the table "Collections" of benchmarks/README.md.

    python benchmarks/collections_quality.py ../shared/collections/*

Indexes are kept in benchmarks/kept/, so a second run measures ranking alone.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from search.evaluate import Report, evaluate

HERE = Path(__file__).parent


def main(folders: list[str]) -> None:
    """Evaluate each collection, print the table, keep the figures."""
    print("| collection | mode | nDCG@10 | R@10 | R@100 | RR@10 | p50 ms | p95 ms |")
    print("|---|---|---|---|---|---|---|---|")
    reports = []
    for folder in map(Path, folders):
        report = evaluate(folder, index_path=HERE / "kept" / folder.name)
        print_rows(report)
        reports.append(asdict(report))
    results = HERE / "results" / "collections.json"
    results.parent.mkdir(exist_ok=True)
    results.write_text(json.dumps(reports, indent=1) + "\n")


def print_rows(report: Report) -> None:
    """One row a mode."""
    for one in report.evaluations:
        measures = " | ".join(f"{value:.4f}" for value in one.measures.values())
        print(
            f"| {report.collection} | {one.mode} | {measures} "
            f"| {one.p50_ms:.1f} | {one.p95_ms:.1f} |",
            flush=True,
        )


if __name__ == "__main__":
    main(sys.argv[1:])
