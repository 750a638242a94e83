"""What of a corpus is boilerplate: the table "Boilerplate" of benchmarks/README.md.

    python benchmarks/boilerplate.py ../shared/corpora/allsides.jsonl.gz

Every article is judged and stored as `news-search add` does it, without its vectors. Of what is
left out, 200 sentences are drawn at random into benchmarks/kept/boilerplate.jsonl, half of those
known by their form and half of those known by repetition, to be judged by hand.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

from search import Article
from search.boilerplate import is_stock, keys_of
from search.ingest import read
from search.pipeline import batches
from search.repeats import Repeats
from search.store import EncodedArticle, LocalStore

HERE = Path(__file__).parent
DRAWN = 100


def main() -> None:
    """Judge, store, count, draw."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    corpus = parser.parse_args().corpus
    counts, drawn = Counter[str](), {"form": list[dict[str, str]](), "repetition": []}
    seconds, rng = 0.0, random.Random(5)
    nothing = np.empty((0, 2), np.float32)
    with tempfile.TemporaryDirectory() as folder:
        store = LocalStore.create(
            Path(folder) / "index", model="none", fingerprint="none", dim=2, passage_tokens=200
        )
        with store.writer() as writer:
            repeats = Repeats(writer)
            for batch in batches(articles(corpus), 128):
                started = time.perf_counter()
                found = repeats.boilerplate(batch)
                seconds += time.perf_counter() - started
                writer.upsert([EncodedArticle(one, (), nothing) for one in batch])
                for article, spans in zip(batch, found, strict=True):
                    counts["articles"] += 1
                    counts["with"] += bool(spans)
                    counts["sentences"] += len(keys_of(article))
                    counts["characters"] += len(article.text)
                    for start, end in spans:
                        sentence = article.text[start:end]
                        how = "form" if is_stock(sentence) else "repetition"
                        counts[how] += 1
                        counts["characters left out"] += end - start
                        draw(drawn[how], counts[how], article, sentence, rng)
    report(counts, seconds)
    with (HERE / "kept" / "boilerplate.jsonl").open("w", encoding="utf-8") as file:
        for how, rows in drawn.items():
            for row in rows:
                file.write(json.dumps({"how": how, **row}, ensure_ascii=False) + "\n")


def articles(corpus: Path) -> list[Article]:
    """Those that can be read, each once."""
    return [one for one in read([corpus]) if isinstance(one, Article)]


def draw(
    rows: list[dict[str, str]], count: int, article: Article, sentence: str, rng: random.Random
) -> None:
    """Keep `DRAWN` of all, each equally likely (Vitter's algorithm R)."""
    row = {"article": article.id, "source": article.source, "sentence": sentence}
    if len(rows) < DRAWN:
        rows.append(row)
    elif (place := rng.randrange(count)) < DRAWN:
        rows[place] = row


def report(counts: Counter[str], seconds: float) -> None:
    """Print the row, keep the figures."""
    left_out = counts["form"] + counts["repetition"]
    print("| articles | with some | sentences | left out | by form | by repetition | seconds |")
    print("|---|---|---|---|---|---|---|")
    print(
        f"| {counts['articles']:,} | {counts['with']:,} | {counts['sentences']:,}"
        f" | {left_out:,} ({left_out / counts['sentences']:.1%})"
        f" | {counts['form']:,} | {counts['repetition']:,} | {seconds:.0f} |"
    )
    figures = {**counts, "seconds": round(seconds, 1)}
    path = HERE / "results" / "boilerplate.json"
    path.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
