"""Whether stories are found, and what that costs: the tables "Stories" of benchmarks/README.md.

    python benchmarks/stories.py INDEX
    python benchmarks/stories.py INDEX --draw 195     # pairs to be judged, with their texts

INDEX holds allsides. `story_pairs.jsonl` has its question in the first line, then what one reader
answered about pairs of articles, by their ids: `drawn` ones of different outlets at most 30 days
apart, no copies, drawn from each range of cosines and days, each of which stands for `weight`
pairs of the archive; and `joined` ones, at most three from the first page of each of
30 queries with group:story. Limits are chosen on every other drawn pair and reported on the rest.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from search import Article, NewsIndex, Published, stories
from search.store import Snapshot

HERE = Path(__file__).parent
PAIRS = HERE / "story_pairs.jsonl"
QUERIES = HERE / "kept" / "queries.json"
COSINES = (0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 1.01)
GAPS = (0, 1, 2, 4, 8, 15, 31)
SHARES = (4, 4, 3, 3, 2, 1)
"""More pairs of few days apart, of which more are the same."""
LEAST_PRECISION = 0.9
Row = dict[str, Any]


def main() -> None:
    """Print the tables, or pairs to be judged."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--draw", type=int, metavar="N")
    options = parser.parse_args()
    with NewsIndex.open(options.index) as index:
        if options.draw:
            draw(index, options.draw)
            return
        rows = [json.loads(line) for line in PAIRS.read_text(encoding="utf-8").splitlines()[1:]]
        drawn = [row for row in rows if row["of"] == "drawn"]
        joined = [row for row in rows if row["of"] == "joined"]
        report_pairs(index, drawn)
        same = sum(row["same"] for row in joined)
        print(f"\njoined by searches: {same} of {len(joined)} judged the same story\n")
        report_latency(index)


def report_pairs(index: NewsIndex, rows: list[Row]) -> None:
    """Limits chosen on one half, and what they and the house's give on the other."""
    cosine, gap = measured(index, rows)
    same = np.array([row["same"] for row in rows])
    weight = np.array([row["weight"] for row in rows])
    chosen_on = np.arange(len(rows)) % 2 == 0

    def quality(near: float, a_day: float, window: int, of: np.ndarray) -> tuple[float, float]:
        is_joined = of & (gap <= window) & (cosine >= near + a_day * gap)
        right = weight[is_joined & same].sum()
        return right / max(weight[is_joined].sum(), 1e-9), right / weight[of & same].sum()

    print(f"{len(rows)} pairs, {same.sum()} of the same story\n")
    print("| cosine | a day | window | precision, recall chosen on | on the others |")
    print("|---|---|---|---|---|")
    grid = product(np.arange(0.68, 0.88, 0.01), (0, 0.005, 0.01, 0.02, 0.03), (2, 3, 5, 7, 10))
    best: dict[float, tuple[float, tuple[float, float, int]]] = {}
    for near, a_day, window in grid:
        precision, recall = quality(near, a_day, window, chosen_on)
        if precision >= LEAST_PRECISION and recall > best.get(a_day, (0.0,))[0]:
            best[a_day] = recall, (float(near), a_day, window)
    own = (stories.NEAR, stories.NEARER_A_DAY, stories.WINDOW)
    for limits in [*(limits for _, limits in best.values()), own]:
        figures = [
            f"{p:.2f}, {r:.2f}" for p, r in [quality(*limits, of) for of in (chosen_on, ~chosen_on)]
        ]
        print(f"| {limits[0]:.2f} | {limits[1]} | {limits[2]} | {' | '.join(figures)} |")


def measured(index: NewsIndex, rows: list[Row]) -> tuple[Any, Any]:
    """The cosine of each pair, and the days between its articles."""
    ids = sorted({row[side] for row in rows for side in "ab"})
    with index._resources.store().snapshot() as snapshot:
        owners = np.array([snapshot.owner_of(one) for one in ids])
        vectors, moments = snapshot.article_vectors(owners), snapshot.moments(owners.tolist())
    place = {one: at for at, one in enumerate(ids)}
    a, b = (np.array([place[row[side]] for row in rows]) for side in "ab")
    days = np.floor(moments)
    return np.vecdot(vectors[a], vectors[b]), np.abs(days[a] - days[b])


def report_latency(index: NewsIndex) -> None:
    """Medians of 20 queries, each kind in turn so that what else runs falls on both."""
    queries = json.loads(QUERIES.read_text(encoding="utf-8"))[:20]
    seconds: dict[str, list[float]] = {"copies": [], "story": []}
    step = []
    for query in queries[:5]:
        index.search(query, group="story")
    for query in queries:
        for group, taken in seconds.items():
            started = time.perf_counter()
            results = index.search(query, group=group)
            taken.append(time.perf_counter() - started)
            if group == "story":
                step.append(results.plan.seconds["stories"])
    for group, taken in seconds.items():
        print(f"group:{group} {1000 * statistics.median(taken):.1f} ms")
    print(f"of it stories {1000 * statistics.median(step):.1f} ms")


def draw(index: NewsIndex, wanted: int) -> None:
    """Print pairs of every range of cosines and days, with headlines and beginnings."""
    with index._resources.store().snapshot() as snapshot:
        owners = np.array(snapshot.owners_of(Published()))
        days = np.floor(snapshot.moments(owners.tolist())).astype(int)
        owners, days = owners[np.argsort(days, kind="stable")], np.sort(days)
        vectors = snapshot.article_vectors(owners)
        outlets = np.array([one.source for one in snapshot.headings(owners.tolist())])
        originals = snapshot.originals(owners)
        found = []
        for start in range(0, len(owners), 512):
            end = min(start + 512, len(owners))
            last = np.searchsorted(days, days[end - 1] + GAPS[-1])
            cosines = vectors[start:end] @ vectors[start:last].T
            a, b = np.nonzero(np.triu(cosines >= COSINES[0], 1))
            gap = days[start + b] - days[start + a]
            ok = (gap < GAPS[-1]) & (outlets[start + a] != outlets[start + b])
            ok &= originals[start + a] != originals[start + b]
            found.append(np.stack([start + a, start + b, gap, cosines[a, b] * 1e6], 1)[ok])
        pairs = np.concatenate(found).astype(int)
        rng, cells = np.random.default_rng(5), len(COSINES) - 1
        for row, column in product(range(cells), range(len(SHARES))):
            of = (pairs[:, 3] >= COSINES[row] * 1e6) & (pairs[:, 3] < COSINES[row + 1] * 1e6)
            of &= (pairs[:, 2] >= GAPS[column]) & (pairs[:, 2] < GAPS[column + 1])
            at = np.flatnonzero(of)
            many = min(len(at), round(wanted * SHARES[column] / sum(SHARES) / cells))
            for one in rng.choice(at, many, replace=False) if many else ():
                texts = [shown(index, owners[pairs[one, side]], snapshot) for side in (0, 1)]
                print(f"weight {len(at) / many:.1f}", *texts, sep="\n  ")


def shown(index: NewsIndex, owner: int, snapshot: Snapshot) -> str:
    """An article's id, day, outlet, headline and beginning."""
    (heading,) = snapshot.headings([owner])
    article: Article = index.article(heading.id)
    return f"{article.id} {article.day} {article.source} | {article.title} | {article.text[:230]!r}"


if __name__ == "__main__":
    main()
