"""One corpus added and searched: the table "Corpus" of benchmarks/README.md.

    python benchmarks/corpus.py ../shared/corpora/allsides.jsonl.gz [--limit ARTICLES]
    python benchmarks/corpus.py ../shared/collections/realtimeqa/articles.jsonl.gz \
        --keep benchmarks/kept/realtimeqa

Steps, each in a process of its own, figures into benchmarks/results/corpus-NAME.json:
  encoder   what the encoder alone does, on passages of this corpus
  add       the whole corpus into a new index, end to end
  again     the same corpus once more: nothing changed
  search    warm queries (titles of articles of the corpus), time to open, memory
  cold      `news-search search` from a cold process
The encoder is measured before and after adding, since other load on the machine changes. With
--keep nothing is added: the index that is there is opened and searched, and the figures of the
other steps stay as they are.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from search import NewsIndex, Progress

HERE = Path(__file__).parent
WORK = HERE / "kept"
QUERIES = 200
ENCODED_ALONE = 256
"""Articles whose passages the encoder alone is timed on."""


def main() -> None:
    """Run one step, or all of them one after another."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--limit", type=int, default=None, help="only so many articles")
    parser.add_argument("--step", choices=STEPS, default=None)
    parser.add_argument("--keep", type=Path, default=None, metavar="INDEX")
    options = parser.parse_args()
    index = options.keep or WORK / "corpus-index"
    if options.step:
        print(json.dumps(STEPS[options.step](options.corpus, index)))
        return
    WORK.mkdir(parents=True, exist_ok=True)
    corpus = limited(options.corpus, options.limit)
    if options.keep is None:
        shutil.rmtree(index, ignore_errors=True)
    write_queries(corpus)
    steps = ("again", "search", "cold") if options.keep else tuple(STEPS)
    name = options.corpus.name.split(".")[0] if options.keep is None else options.keep.name
    path = HERE / "results" / f"corpus-{name}.json"
    path.parent.mkdir(exist_ok=True)
    results: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    for step in steps:
        results[step] = in_process(step, corpus, index)
        path.write_text(json.dumps(results, indent=1) + "\n")
    print(json.dumps(results, indent=1))


def in_process(step: str, corpus: Path, index: Path) -> dict[str, Any]:
    """Run a step in a process of its own and read what it prints."""
    command = [sys.executable, __file__, str(corpus), "--step", step, "--keep", str(index)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    print(step, done.stdout.strip(), file=sys.stderr, flush=True)
    return json.loads(done.stdout.splitlines()[-1])


def limited(corpus: Path, articles: int | None) -> Path:
    """The corpus, or a file of its first articles."""
    if articles is None:
        return corpus
    sample_path = WORK / f"first-{articles}-{corpus.name}"
    with gzip.open(corpus, "rt") as file, gzip.open(sample_path, "wt") as sample:
        sample.writelines(islice(file, articles))
    return sample_path


def write_queries(corpus: Path) -> None:
    """Titles to search for; in a file, so that who searches need not hold the corpus in memory."""
    titles = [one["title"] for one in sample_of(corpus, QUERIES)]
    (WORK / "queries.json").write_text(json.dumps(titles))


def queries() -> list[str]:
    """What `write_queries` wrote."""
    return json.loads((WORK / "queries.json").read_text())


def sample_of(corpus: Path, size: int) -> list[dict[str, Any]]:
    """Articles drawn evenly from the whole corpus, the same ones each time."""
    with gzip.open(corpus, "rt") as file:
        lines = file.readlines()
    return [json.loads(line) for line in random.Random(7).sample(lines, min(size, len(lines)))]


def encoder_alone(corpus: Path, _index: Path) -> dict[str, float]:
    """Passages a second, encoding in batches as large as adding does."""
    from search.encoder import load_encoder
    from search.ingest import prepared
    from search.passages import encoded_text, split_all
    from search.types import Article

    encoder = load_encoder()
    articles = [
        prepared(Article(id=str(number), text=one["text"], title=one["title"]))
        for number, one in enumerate(sample_of(corpus, ENCODED_ALONE))
    ]
    parts = split_all(articles, encoder.token_spans, room=encoder.max_tokens)
    batches = [
        [encoded_text(article, passage) for article, part in pairs for passage in part]
        for pairs in (
            list(zip(articles, parts, strict=True))[at : at + 128]
            for at in range(0, ENCODED_ALONE, 128)
        )
    ]
    encoder.encode_passages(batches[0])
    started = time.perf_counter()
    for texts in batches:
        encoder.encode_passages(texts)
    seconds = time.perf_counter() - started
    passages = sum(map(len, batches))
    return {"passages": passages, "passages_per_second": passages / seconds}


def add(corpus: Path, index_path: Path) -> dict[str, Any]:
    """The whole corpus, end to end; peak memory of the process."""
    from search import NewsIndex

    with NewsIndex.open(index_path) as index:
        report = index.add(corpus, progress=progress_line())
        stats = index.stats()
    return {
        "articles": stats.articles,
        "passages": report.passages,
        "rejected": report.rejected,
        "seconds": report.seconds,
        "passages_per_second": report.passages / report.seconds,
        "bytes_on_disk": stats.bytes_on_disk,
        "bytes_by_file": bytes_by_file(index_path),
        "bytes_per_passage": stats.bytes_on_disk / stats.passages,
        "peak_megabytes": peak_megabytes(),
    }


def bytes_by_file(index: Path) -> dict[str, int]:
    """Sizes of the live folder's files; a folder's files together."""
    (folder,) = index.glob("g*")
    return {
        path.name: sum(one.stat().st_size for one in [path, *path.rglob("*")] if one.is_file())
        for path in sorted(folder.iterdir())
    }


def progress_line() -> Callable[[Progress], None]:
    """A line on standard error each minute."""
    last = 0.0

    def show(progress: Progress) -> None:
        nonlocal last
        if progress.seconds - last >= 60:
            last = progress.seconds
            share = progress.bytes_read / progress.bytes_total
            speed = progress.passages / progress.seconds
            print(f"{share:.0%} {progress.articles} {speed:.0f}/s", file=sys.stderr, flush=True)

    return show


def again(corpus: Path, index_path: Path) -> dict[str, Any]:
    """Articles a second when nothing changed."""
    from search import NewsIndex

    with NewsIndex.open(index_path) as index:
        report = index.add(corpus)
    return {
        "unchanged": report.unchanged,
        "passages_encoded": report.passages,
        "articles_per_second": report.unchanged / report.seconds,
    }


def search(_corpus: Path, index_path: Path) -> dict[str, Any]:
    """Warm queries of each kind; the time to open; memory after all of them."""
    from search import NewsIndex
    from search.evaluate import literal

    titles = [literal(title) for title in queries()]
    started = time.perf_counter()
    index = NewsIndex.open(index_path)
    index.stats()
    open_seconds = time.perf_counter() - started
    index.warm()
    warm_seconds = time.perf_counter() - started
    figures: dict[str, Any] = {
        "passages": index.stats().passages,
        "open_ms": 1000 * open_seconds,
        "open_and_encoder_ms": 1000 * warm_seconds,
        "resident_megabytes_when_open": resident_megabytes(),
    }
    everything = index.search().facets
    source, year = everything["source"][0].value, everything["year"][0].value
    kinds: dict[str, dict[str, Any]] = {
        "hybrid": {},
        "hybrid, no evidence, no facets": {"with_evidence": False, "with_facets": False},
        "hybrid, one source": {"source": source},
        "hybrid, one year": {"after": year, "before": str(int(year) + 1)},
        "semantic": {"mode": "semantic"},
        "keyword": {"mode": "keyword"},
    }
    for kind, options in kinds.items():
        figures[kind] = latencies(index, titles, options)
    figures["resident_megabytes_after"] = resident_megabytes()
    figures["peak_megabytes"] = peak_megabytes()
    return figures


def latencies(index: NewsIndex, queries: list[str], options: dict[str, Any]) -> dict[str, Any]:
    """Wall milliseconds of a search for ten hits, and where they go (medians)."""
    milliseconds, steps = [], []
    for text in queries[:20]:
        index.search(text, **options)
    for text in queries:
        started = time.perf_counter()
        results = index.search(text, **options)
        milliseconds.append(1000 * (time.perf_counter() - started))
        steps.append(results.plan.seconds)
    cuts = statistics.quantiles(milliseconds, n=100)
    return {
        "p50_ms": round(cuts[49], 2),
        "p95_ms": round(cuts[94], 2),
        "strategy": results.plan.strategy,
        "steps_ms": {
            name: round(1000 * statistics.median(step[name] for step in steps), 2)
            for name in steps[0]
        },
    }


def cold(_corpus: Path, index_path: Path) -> dict[str, Any]:
    """Seconds of the command from start to exit, five times."""
    from search.evaluate import literal

    title = literal(queries()[0])
    program = Path(sys.executable).with_name("news-search")
    seconds = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run(
            [program, "search", title, "--index", str(index_path), "--json"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        seconds.append(time.perf_counter() - started)
    return {"median_seconds": statistics.median(seconds), "seconds": seconds}


def resident_megabytes() -> float:
    """Resident memory now, files mapped included."""
    status = Path("/proc/self/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) / 1024


def peak_megabytes() -> float:
    """The most resident memory so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


STEPS = {
    "encoder": encoder_alone,
    "add": add,
    "encoder after": encoder_alone,
    "again": again,
    "search": search,
    "cold": cold,
}

if __name__ == "__main__":
    main()
