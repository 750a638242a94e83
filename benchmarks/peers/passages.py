"""What the peers are given: the passages of an index of ours, with queries and outlets.

    python benchmarks/peers/passages.py INDEX FOLDER QUERIES [--vectors]

Passages are read out of the index, so that every system searches the same ones. With --vectors
theirs are written too, and no system encodes passages. QUERIES is a JSON file: a list of texts, or
texts by their ids, where runs are wanted. Outlets are those whose shares of the passages are
nearest to a tenth, a hundredth and a thousandth.
"""

from __future__ import annotations

import argparse
import json
import shutil
from collections import Counter
from pathlib import Path

import numpy as np

from search.passages import encoded_text
from search.store import LocalStore
from search.store.contract import Snapshot
from search.types import EVERYTHING

SHARES = (0.1, 0.01, 0.001)
BATCH = 10_000


def main() -> None:
    """Write passages.jsonl, queries.json, outlets.json, and vectors.npy if asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("queries", type=Path)
    parser.add_argument("--vectors", action="store_true")
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    shutil.copy(options.queries, options.folder / "queries.json")
    with LocalStore(options.index).snapshot() as snapshot:
        outlets = write_passages(snapshot, options.folder, with_vectors=options.vectors)
    nearest = [
        min(outlets, key=lambda one: abs(np.log(outlets[one] / outlets.total() / share)))
        for share in SHARES
    ]
    (options.folder / "outlets.json").write_text(json.dumps(nearest))
    for outlet in nearest:
        print(f"{outlet}: {outlets[outlet] / outlets.total():.2%}")


def write_passages(snapshot: Snapshot, folder: Path, *, with_vectors: bool) -> Counter[str]:
    """Write passages, oldest first, and their vectors; how many passages each outlet has."""
    slots, _ = snapshot.browse(EVERYTHING, newest_first=False, offset=0, limit=1 << 40)
    outlets, vectors = Counter[str](), []
    with (folder / "passages.jsonl").open("w", encoding="utf-8") as file:
        for first in range(0, len(slots), BATCH):
            batch = slots[first : first + BATCH]
            if with_vectors:
                rows = snapshot.vectors(np.array(batch, np.int64))
                vectors.append(np.asarray(rows, np.float16))
            for article, passage in snapshot.fetch(batch):
                told = {"id": passage.id, "article": article.id, "source": article.source}
                told["text"] = encoded_text(article, passage)
                file.write(json.dumps(told, ensure_ascii=False) + "\n")
                outlets[article.source] += 1
    if with_vectors:
        np.save(folder / "vectors.npy", np.concatenate(vectors))
    return outlets


if __name__ == "__main__":
    main()
