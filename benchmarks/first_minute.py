"""When what is added is found, by words and by meaning: the table "From the first minute".

    python benchmarks/first_minute.py ../shared/corpora/allsides.jsonl.gz --articles 2000

Articles are added to an empty index in the way of the command, the model loaded before. Times are
those of the commits. Figures into results/first_minute.json.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from compare import articles_of

from search import NewsIndex
from search.encoder import load_encoder
from search.types import Progress

HERE = Path(__file__).parent


def main() -> None:
    """Add, print, keep."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", type=Path, help="articles, as JSONL")
    parser.add_argument("--articles", type=int, default=2_000, help="the first so many")
    options = parser.parse_args()
    encoder = load_encoder()
    seen: list[tuple[float, Progress]] = []
    with TemporaryDirectory(prefix="first-minute-") as name:
        corpus = articles_of(options.path, Path(name) / "corpus", options.articles)
        with NewsIndex.open(Path(name) / "index", encoder=encoder) as index:
            started = time.perf_counter()
            index.add(
                corpus / "articles.jsonl",
                progress=lambda now: seen.append((time.perf_counter() - started, now)),
            )
    figures = found(seen)
    print(json.dumps(figures, indent=1))
    (HERE / "results" / "first_minute.json").write_text(json.dumps(figures, indent=1) + "\n")


def found(seen: list[tuple[float, Progress]]) -> dict[str, float]:
    """Seconds until each is so, from what progress said after each commit."""
    last = seen[-1][1]
    by_words = next(at for at, now in seen if now.passages + now.awaiting == last.passages)
    covered = [now.passages for at, now in seen if at <= by_words]
    return {
        "articles": last.articles,
        "passages": last.passages,
        "seconds until words find the first": next(at for at, now in seen if now.articles),
        "seconds until meaning finds the first": next(at for at, now in seen if now.passages),
        "seconds until words find all": by_words,
        "passages that meaning finds by then": covered[-1],
        "seconds until meaning finds all": next(at for at, now in seen if now == last),
    }


if __name__ == "__main__":
    main()
