"""Whether copies are found, and nothing else: the tables "Copies" of benchmarks/README.md.

    python benchmarks/copies.py ../shared/corpora/allsides.jsonl.gz --index benchmarks/kept/allsides

All articles of the corpus are put together as `news-search add` does, and for each of 400 of them
four copies edited at 3, 10, 20 and 40 % of their words: parts cut, swapped, replaced by another
article's sentences, or a new lede of such sentences; with another headline, outlet and byline, up
to two days later. With an index of the corpus, each of the 400 also meets the article of another
author and the same week that is nearest to it in meaning: the same event in other words.
Figures into benchmarks/results/copies.json; the groups among the real articles, to be judged by
hand, into benchmarks/kept/copies.jsonl.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from math import comb
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from search import Article, ArticleNotFound, NewsIndex
from search.ingest import read
from search.store import EncodedArticle, LocalStore

HERE = Path(__file__).parent
SEEDS = 400
LEVELS = (0.03, 0.1, 0.2, 0.4)
KINDS = ("cut", "swap", "replace", "lede")
LEAST_WORDS = 150
WEEK_DAYS = 3
_PIECES = re.compile(r"(?<=[.!?]) |\n\n")


def main() -> None:
    """Plant the copies, put all together, count."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--index", type=Path)
    options = parser.parse_args()
    found = [one for one in read([options.corpus]) if isinstance(one, Article)]
    by_id = {one.id: one for one in found}
    articles = list({one.url or one.id: one for one in by_id.values()}.values())  # as an index has
    rng = random.Random(3)
    seeds = rng.sample([one for one in articles if len(one.text.split()) >= LEAST_WORDS], SEEDS)
    planted = [
        (seed, level, kind, copy_of(seed, level, kind, rng.choice(articles), rng))
        for seed in seeds
        for level in LEVELS
        for kind in [rng.choice(KINDS)]
    ]
    negatives = [] if options.index is None else same_events(options.index, seeds, articles)
    everything = [*articles, *(copy for *_, copy in planted)]
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore.create(
            Path(folder) / "index", model="none", fingerprint="none", dim=2, passage_tokens=200
        )
        seconds = put(store, everything)
        with patch("search.store.copying.put_together"):
            bare = LocalStore.create(
                Path(folder) / "bare", model="none", fingerprint="none", dim=2, passage_tokens=200
            )
            seconds_without = put(bare, everything)
        with store.snapshot() as snapshot:
            owners = [owner_of(store, one.id) for one in everything]
            originals = snapshot.originals(np.array(owners))
        group = dict(zip((one.id for one in everything), originals.tolist(), strict=True))
    report(articles, seeds, planted, negatives, group, (seconds, seconds_without))


def put(store: LocalStore, articles: Sequence[Article]) -> float:
    """Store them without passages, 128 a commit; the seconds that took."""
    nothing = np.empty((0, 2), np.float32)
    started = time.perf_counter()
    with store.writer() as writer:
        for first in range(0, len(articles), 128):
            batch = articles[first : first + 128]
            writer.upsert([EncodedArticle(one, (), nothing) for one in batch])
    return time.perf_counter() - started


def owner_of(store: LocalStore, article_id: str) -> int:
    """The number of an article, which may have no passages."""
    with store._now_live().files.database.reading() as reading:
        number = reading.number_of(article_id)
    assert number is not None
    return number


def copy_of(seed: Article, level: float, kind: str, donor: Article, rng: random.Random) -> Article:
    """The article with so much of it edited, under another headline, outlet and byline."""
    parts = [part for part in seed.text.split("\n\n") if part.strip()]
    if len(parts) < 4:
        parts = _PIECES.split(seed.text)
    fresh = iter([part for part in _PIECES.split(donor.text) if len(part.split()) > 5])
    text = "\n\n".join(edited(parts, level * len(seed.text.split()), kind, fresh, rng))
    published = seed.published
    if published is not None:
        published += timedelta(days=rng.randrange(3))
    return replace(
        seed,
        id=f"{seed.id} {kind} {level}",
        text=text,
        title=next(fresh, "Another headline")[:80],
        source=rng.choice(["The Associated Press", "The Ambry Valley Herald", "Tidewire"]),
        authors=("Another Byline",),
        url=None,
        published=published,
    )


def edited(
    parts: list[str], words: float, kind: str, fresh: Iterator[str], rng: random.Random
) -> list[str]:
    """The parts of a text after edits that touch about so many words."""
    parts = list(parts)
    if kind == "lede":
        return with_lede(parts, words, fresh)
    left = words
    while left > 0 and len(parts) > 2:
        place = rng.randrange(len(parts))
        touched = len(parts[place].split())
        if kind == "cut":
            del parts[place]
        elif kind == "swap":
            other = rng.randrange(len(parts))
            touched += len(parts[other].split())
            parts[place], parts[other] = parts[other], parts[place]
        else:
            parts[place] = next(fresh, "")
            touched = max(touched, len(parts[place].split()))
        left -= touched
    return parts


def with_lede(parts: list[str], words: float, fresh: Iterator[str]) -> list[str]:
    """About so many words at the beginning replaced by as many others."""
    lede: list[str] = []
    while sum(len(part.split()) for part in lede) < words and (part := next(fresh, "")):
        lede.append(part)
    cut = 0
    while cut < words and len(parts) > 2:
        cut += len(parts.pop(0).split())
    return [*lede, *parts]


def same_events(
    path: Path, seeds: Sequence[Article], articles: Sequence[Article]
) -> list[tuple[Article, Article]]:
    """For each dated seed the nearest article of another author and outlet within three days.

    One of `articles`, as it was read now: the index may know it under another outlet or author.
    """
    found, now = [], {one.id: one for one in articles}
    with NewsIndex.open(path) as index:
        for seed in seeds:
            if seed.day is None:
                continue
            first, last = (seed.day + timedelta(days=n) for n in (-WEEK_DAYS, WEEK_DAYS + 1))
            try:
                hits = index.similar(
                    seed.id, k=20, text=f"after:{first} before:{last}", group="none",
                    with_facets=False, with_evidence=False,
                ).hits  # fmt: skip
            except ArticleNotFound:  # another article has its address
                continue
            others = (
                other
                for hit in hits
                if (other := now.get(hit.article.id)) is not None
                and other.source != seed.source
                and not set(other.authors) & set(seed.authors)
            )
            if (nearest := next(others, None)) is not None:
                found.append((seed, nearest))
    return found


def report(
    articles: Sequence[Article],
    seeds: Sequence[Article],
    planted: Sequence[tuple[Article, float, str, Article]],
    negatives: Sequence[tuple[Article, Article]],
    group: dict[str, int],
    seconds: tuple[float, float],
) -> None:
    """Print the tables; write figures, and the proposals among the real articles."""
    truth = {seed.id: seed.id for seed in seeds} | {copy.id: seed.id for seed, *_, copy in planted}
    truth |= {other.id: other.id for _, other in negatives if other.id not in truth}
    index, precision, recall = agreement([(truth[name], group[name]) for name in truth])
    joined = [(seed.id, other.id) for seed, other in negatives if group[seed.id] == group[other.id]]
    print(
        f"{len(group):,} articles stored in {seconds[0]:.0f} s, "
        f"in {seconds[1]:.0f} s where no copies are looked for\n"
    )
    print(f"adjusted Rand index {index:.4f}, precision {precision:.4f}, recall {recall:.4f}")
    print(f"same event, other author: {len(joined)} of {len(negatives)} joined\n")
    print(f"| edited | {' | '.join(KINDS)} |\n|---|{'---|' * len(KINDS)}")
    for level in LEVELS:
        cells = []
        for kind in KINDS:
            hits = [
                group[copy.id] == group[seed.id]
                for seed, its_level, its_kind, copy in planted
                if (its_level, its_kind) == (level, kind)
            ]
            cells.append(f"{np.mean(hits):.2f} of {len(hits)}")
        print(f"| {level:.0%} | {' | '.join(cells)} |")
    real = Counter(group[one.id] for one in articles)
    groups: dict[int, list[Article]] = {}
    for one in articles:
        if real[group[one.id]] > 1:
            groups.setdefault(group[one.id], []).append(one)
    print(f"\namong the real articles: {len(groups)} groups of {sum(map(len, groups.values()))}")
    results = HERE / "results"
    results.mkdir(exist_ok=True)
    figures: dict[str, Any] = {
        "articles": len(group), "seconds": seconds, "ari": index, "precision": precision,
        "recall": recall, "negatives": len(negatives), "negatives_joined": joined,
        "groups": len(groups),
    }  # fmt: skip
    (results / "copies.json").write_text(json.dumps(figures, indent=1) + "\n")
    with (HERE / "kept" / "copies.jsonl").open("w", encoding="utf-8") as file:
        for members in groups.values():
            rows = [{"id": a.id, "source": a.source, "title": a.title} for a in members]
            file.write(json.dumps(rows) + "\n")


def agreement(pairs: Sequence[tuple[Any, Any]]) -> tuple[float, float, float]:
    """Adjusted Rand index, precision and recall over pairs (Hubert and Arabie, 1985)."""
    both = sum(comb(n, 2) for n in Counter(pairs).values())
    true = sum(comb(n, 2) for n in Counter(label for label, _ in pairs).values())
    found = sum(comb(n, 2) for n in Counter(label for _, label in pairs).values())
    expected = true * found / comb(len(pairs), 2)
    index = (both - expected) / ((true + found) / 2 - expected)
    return index, both / found, both / true


if __name__ == "__main__":
    main()
