"""The main ratios in under three minutes: `make bench-quick`.

Adds the first articles of a corpus (allsides where it is at hand, else samples/) as readers get
them, beside the way of tutorials in the same run, then searches. Prints each figure beside that of
the run before, and keeps all of them, by commit, in results/quick.jsonl. Only ratios within one run
say something on a machine whose speed varies.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from compare import articles_of, extract, headlines, step

HERE = Path(__file__).parent
KEPT = HERE / "results" / "quick.jsonl"
ALLSIDES = HERE.parents[1] / "shared" / "corpora" / "allsides.jsonl.gz"
SAMPLES = HERE.parent / "samples" / "june-to-september.jsonl"
ARTICLES = 80
ROUNDS = 3


def main() -> None:
    """Measure, print, keep."""
    source = ALLSIDES if ALLSIDES.exists() else SAMPLES
    with TemporaryDirectory(prefix="bench-quick-") as folder:
        figures = measured(source, Path(folder))
    before = earlier(source.name)
    for name, value in figures.items():
        then = "" if before is None else f"   before {before['figures'].get(name, float('nan')):g}"
        print(f"{name:44} {value:10g}{then}")
    with KEPT.open("a") as file:
        told = {"commit": commit(), "corpus": source.name, "figures": figures}
        file.write(json.dumps(told) + "\n")


def measured(source: Path, folder: Path) -> dict[str, float]:
    """What is told, by name; times in seconds or milliseconds, as the names say."""
    corpus, ours, tutorial = (folder / name for name in ("corpus", "ours", "tutorial"))
    articles_of(source, corpus, ARTICLES)
    added = [step("ours", "add", ours, corpus)]
    extract(ours, corpus, headlines(source), with_vectors=False)
    plain = step("tutorial", "add", tutorial, corpus)
    added += [step("ours", "add", folder / f"ours-{n}", corpus) for n in range(1, ROUNDS)]
    again = step("ours", "add", ours, corpus)
    searched = [step("ours", "search", ours, corpus) for _ in range(ROUNDS)]
    theirs = step("tutorial", "search", tutorial, corpus)
    first = [step("ours", "first", ours, corpus) for _ in range(ROUNDS)]
    seconds, passages = median(one["seconds"] for one in added), added[0]["passages"]
    cuts = [quantiles(one["milliseconds"], n=20) for one in searched]
    figures = {
        "passages added a second": passages / seconds,
        "times the way of tutorials": plain["seconds"] / seconds,
        "processor ms a passage": 1000
        * median(one["processor_seconds"] for one in added)
        / passages,
        "seconds to add the same again": again["seconds"],
        "query p50 ms": median(cut[9] for cut in cuts),
        "query p95 ms": median(cut[18] for cut in cuts),
        "query p50 of tutorials / ours": median(theirs["milliseconds"])
        / median(cut[9] for cut in cuts),
        "seconds from nothing to a first answer": median(one["answer_seconds"] for one in first),
        "own megabytes after searching": median(one["megabytes"]["own"] for one in searched),
        "bytes a passage": added[0]["bytes"] / passages,
    }
    return {name: float(f"{value:.4g}") for name, value in figures.items()}


def earlier(corpus: str) -> dict[str, Any] | None:
    """The last run on the same corpus."""
    if not KEPT.exists():
        return None
    lines = [json.loads(line) for line in KEPT.read_text().splitlines()]
    return next((one for one in reversed(lines) if one["corpus"] == corpus), None)


def commit() -> str:
    """The commit that was measured; a plus where files differ from it."""
    told = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"],
        cwd=HERE,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return told.stdout.strip()


if __name__ == "__main__":
    main()
