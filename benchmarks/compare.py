"""news-search beside what one would use instead: the tables "Peers" of benchmarks/README.md.

    make peers                                      # their environment, once
    python benchmarks/compare.py quality ../shared/collections/*
    python benchmarks/compare.py adding ../shared/corpora/allsides.jsonl.gz
    python benchmarks/compare.py searching ../shared/corpora/allsides.jsonl.gz --articles 1190
    python benchmarks/compare.py searching allsides.jsonl.gz --index benchmarks/kept/scale-100000
    python benchmarks/compare.py tables             # prints them from the figures kept

Every step of every system is a process of its own (peers/run.py), ours in this environment, the
peers' in benchmarks/peers/.venv, on the same passages with the same model. Where a corpus is too
large to be encoded by each, all are given the same vectors, and the table says so. Rounds take
turns: each system once, then each again. Figures into results/compare-*.json, where those of an
earlier run stay unless --afresh is given.
"""

from __future__ import annotations

import argparse
import gzip
import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from statistics import median, quantiles
from typing import Any, NamedTuple

import ir_measures
import numpy as np
from ablation import p_value

from search.evaluate import Collection, literal, read_collection

HERE = Path(__file__).parent
WORK = HERE / "kept" / "peers"
PEERS_PYTHON = HERE / "peers" / ".venv" / "bin" / "python"
PEERS = ("tutorial", "txtai", "lancedb", "milvus-lite", "bm25s")
MODES = ("ours", "ours-semantic", "ours-keyword")
MEASURES = ("nDCG@10", "R@100", "RR@10")
QUERIES = 220
K = 10
FILTERED = 100
"""As in peers/run.py."""

Figures = dict[str, Any]


def main() -> None:
    """Measure one table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("table", choices=TABLES)
    parser.add_argument("paths", nargs="*", type=Path, help="judged collections, or articles")
    parser.add_argument("--articles", type=int, help="only the first so many")
    parser.add_argument("--index", type=Path, help="search this one, made by scale.py")
    parser.add_argument("--rounds", type=int, default=5, help="how often each is timed")
    parser.add_argument("--afresh", action="store_true", help="forget what was measured before")
    parser.add_argument("--systems", nargs="+", default=["ours", *PEERS], help="these alone")
    options = parser.parse_args()
    TABLES[options.table](options)


def quality(options: argparse.Namespace) -> None:
    """Runs of every system on judged collections, vectors of passages given."""
    figures = kept("quality")
    for folder in options.paths:
        collection = read_collection(folder)
        corpus = WORK / collection.name
        index = HERE / "kept" / collection.name
        if not (index / "CURRENT").exists():
            step("ours", "add", index, articles_of(collection.articles, corpus))
        asked = {
            name: literal(text).removesuffix(" dates:off")
            for name, text in collection.queries.items()
        }
        extract(index, corpus, asked, with_vectors=True)
        owners = article_of_each(corpus)
        for system in dict.fromkeys((*MODES, *options.systems)):
            known = system in figures.get(collection.name, {}) and not options.afresh
            if known and system not in MODES:
                continue
            place = index if system.startswith("ours") else corpus / system
            if system in PEERS and not place.exists():
                step(system, "add", place, corpus)
            found = step(system, "depth", place, corpus)["found"]
            run = {query: best_articles(hits, owners) for query, hits in found.items()}
            figures.setdefault(collection.name, {})[system] = measured(collection, run)
            keep("quality", figures)


def adding(options: argparse.Namespace) -> None:
    """A corpus from nothing to searchable, everything encoded by each; once again unchanged."""
    articles = options.articles or 250
    corpus = prepared(Corpus(options.paths[0], articles), with_vectors=False)
    figures = kept("adding")
    rounds: list[Figures] = figures.setdefault(f"{articles} articles", [])
    if options.afresh:
        rounds.clear()
    for _ in range(options.rounds):
        one: Figures = {}
        for system in options.systems:
            place = corpus / "adding" / system
            shutil.rmtree(place, ignore_errors=True)
            one[system] = step(system, "add", place, corpus)
            if not rounds:
                one[system]["again"] = step(system, "add", place, corpus)["seconds"]
        rounds.append(one)
        keep("adding", figures)


def searching(options: argparse.Namespace) -> None:
    """Opening, first answers, warm queries, memory, disk and filters, vectors given.

    `--rounds 0` makes the indexes and asks under filters, which nobody times; what the peers
    answer under filters is asked once.
    """
    chosen = Corpus(options.paths[0], options.articles, options.index)
    corpus = prepared(chosen, with_vectors=True)
    figures = kept("searching")
    size: Figures = figures.setdefault(f"{len(article_of_each(corpus))} passages", {})
    if options.afresh:
        size.clear()
    places = {one: chosen.index if one == "ours" else corpus / one for one in options.systems}
    for system, place in places.items():
        one: Figures = size.setdefault(system, {})
        if system in PEERS and not place.exists():
            one["add"] = step(system, "add", place, corpus)
        one["bytes"] = sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
        if options.rounds:
            one["search"], one["first"] = [], []
    for _ in range(options.rounds):
        for system, place in places.items():
            for name in ("search", "first"):
                size[system][name].append(step(system, name, place, corpus))
        keep("searching", figures)
    nearest = exact(corpus)
    for system, place in places.items():
        if system not in PEERS or "filtered" not in size[system]:
            size[system]["filtered"] = under_filters(system, place, corpus, nearest)
            keep("searching", figures)


def under_filters(
    system: str, place: Path, corpus: Path, nearest: dict[str, list[list[str]]]
) -> Figures:
    """What a system finds and returns under each outlet."""
    found = step(system, "filtered", place, corpus)["found"]
    shares: Figures = {name: recall(found[name], nearest[name]) for name in found}
    if system == "bm25s":  # which knows no meaning
        shares = {name: one | {"recall": None} for name, one in shares.items()}
    return shares


def tables(_options: argparse.Namespace) -> None:
    """Print what was measured."""
    print_quality(kept("quality"))
    print_adding(kept("adding"))
    for size, one in kept("searching").items():
        print_searching(size, one)


TABLES = {"quality": quality, "adding": adding, "searching": searching, "tables": tables}


# What is measured


def measured(collection: Collection, run: dict[str, dict[str, float]]) -> dict[str, list[float]]:
    """Each measure of each judged query, in their order; one without answers counts 0."""
    judged = {query: run.get(query, {}) for query in collection.qrels}
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    values: dict[str, dict[str, float]] = {name: {} for name in MEASURES}
    for one in ir_measures.iter_calc(measures, collection.qrels, judged):
        values[str(one.measure)][one.query_id] = one.value
    order = sorted(collection.qrels)
    return {name: [values[name].get(query, 0.0) for query in order] for name in MEASURES}


def best_articles(hits: Sequence[tuple[str, float]], owners: dict[str, str]) -> dict[str, float]:
    """The 100 best articles, by their best passages."""
    articles = list(dict.fromkeys(owners[passage] for passage, _ in hits))[:100]
    return {article: float(len(articles) - place) for place, article in enumerate(articles)}


def exact(corpus: Path) -> dict[str, list[list[str]]]:
    """The true nearest passages of each query within each outlet, by brute force."""
    from search.encoder import load_encoder

    encoder = load_encoder()
    queries = encoder.encode_queries(json_of(corpus / "queries.json")[:FILTERED])
    passages = passages_of(corpus)
    vectors = np.load(corpus / "vectors.npy", mmap_mode="r")
    nearest = {}
    for outlet in json_of(corpus / "outlets.json"):
        rows = np.array([row for row, one in enumerate(passages) if one["source"] == outlet])
        scores = queries @ np.asarray(vectors[rows], np.float32).T
        best = np.argsort(-scores, axis=1, kind="stable")[:, :K]
        nearest[outlet] = [[passages[rows[row]]["id"] for row in one] for one in best]
    return nearest


def recall(found: dict[str, list[list[str]]], nearest: list[list[str]]) -> dict[str, float | None]:
    """Of the true ten nearest, by meaning alone; and how many hits came of those that could."""
    pairs = list(zip(found["nearest"], nearest, strict=True))
    several = list(zip(found["found"], nearest, strict=True))
    recalls = [len({*one} & {*best}) / len(best) for one, best in pairs]
    return {
        "recall": float(np.mean(recalls)),
        "returned": float(np.mean([len(one) / len(best) for one, best in several])),
    }


# Corpora and steps


class Corpus(NamedTuple):
    """Articles of a file, all or the first so many; or those of an index of ours that is there."""

    path: Path
    articles: int | None
    made: Path | None = None

    @property
    def folder(self) -> Path:
        """Where what every system is given is kept."""
        name = self.path.name.split(".")[0]
        return WORK / (self.made.name if self.made else f"{name}-{self.articles or 'all'}")

    @property
    def index(self) -> Path:
        """Our own index of it; that of a whole file is the one of corpus.py."""
        whole = HERE / "kept" / self.path.name.split(".")[0]
        return self.made or (whole if self.articles is None else self.folder / "ours")


def prepared(chosen: Corpus, *, with_vectors: bool) -> Path:
    """A folder with the articles, where they are not too many, and with our passages of them."""
    corpus, index = chosen.folder, chosen.index
    if chosen.made and not (index / "CURRENT").exists():
        raise SystemExit(f"no index at {index}")
    if not (index / "CURRENT").exists():
        step("ours", "add", index, articles_of(chosen.path, corpus, chosen.articles))
    if not (corpus / "passages.jsonl").exists() or (
        with_vectors and not (corpus / "vectors.npy").exists()
    ):
        if chosen.articles:
            articles_of(chosen.path, corpus, chosen.articles)
        extract(index, corpus, headlines(chosen.path), with_vectors=with_vectors)
    return corpus


def articles_of(path: Path, corpus: Path, articles: int | None = None) -> Path:
    """The folder `corpus` with the first articles of a file in it."""
    corpus.mkdir(parents=True, exist_ok=True)
    opened = gzip.open if path.suffix == ".gz" else open
    with (
        opened(path, "rt", encoding="utf-8") as lines,
        (corpus / "articles.jsonl").open("w", encoding="utf-8") as file,
    ):
        file.writelines(islice(lines, articles))
    return corpus


def headlines(path: Path) -> list[str]:
    """Headlines to search for: of the last articles, which are left out of a part of a corpus."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        titles = [json.loads(line)["title"] for line in lines]
    return [literal(title).removesuffix(" dates:off") for title in titles[-QUERIES:]]


def extract(index: Path, corpus: Path, asked: Any, *, with_vectors: bool) -> None:  # noqa: ANN401
    """Write our passages into `corpus`, for the others."""
    corpus.mkdir(parents=True, exist_ok=True)
    (corpus / "asked.json").write_text(json.dumps(asked))
    command = [sys.executable, str(HERE / "peers" / "passages.py"), str(index), str(corpus)]
    flags = ["--vectors"] if with_vectors else []
    subprocess.run([*command, str(corpus / "asked.json"), *flags], check=True)


def step(system: str, name: str, folder: Path, corpus: Path) -> Figures:
    """Run a step in a process of its own and read its figures."""
    is_peer = system in PEERS and PEERS_PYTHON.exists()  # the tutorial's runs in ours as well
    python = str(PEERS_PYTHON) if is_peer else sys.executable
    script = str(HERE / "peers" / "run.py")
    done = subprocess.run(
        [python, script, system, name, str(folder), str(corpus)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    short = {key: value for key, value in figures.items() if key not in ("found", "milliseconds")}
    print(system, name, corpus.name, short, file=sys.stderr, flush=True)
    return figures


def passages_of(corpus: Path) -> list[dict[str, str]]:
    """What passages.py wrote."""
    with (corpus / "passages.jsonl").open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def article_of_each(corpus: Path) -> dict[str, str]:
    """The article of each passage, by its id."""
    return {one["id"]: one["article"] for one in passages_of(corpus)}


def json_of(path: Path) -> Any:  # noqa: ANN401
    """What a file says."""
    return json.loads(path.read_text())


def kept(table: str) -> Figures:
    """The figures of a table as far as they are measured."""
    path = HERE / "results" / f"compare-{table}.json"
    return json_of(path) if path.exists() else {}


def keep(table: str, figures: Figures) -> None:
    """Write them, so that an interrupted run goes on."""
    (HERE / "results" / f"compare-{table}.json").write_text(json.dumps(figures) + "\n")


# Tables


def print_quality(figures: Figures) -> None:
    """Means, and the chance of a difference so large from ours by random signs."""
    for collection, systems in figures.items():
        print(f"\n| {collection} | {' | '.join(MEASURES)} | p of nDCG@10 against ours |")
        print("|---" * (len(MEASURES) + 2) + "|")
        ours = np.array(systems["ours"]["nDCG@10"])
        for system, values in systems.items():
            cells = " | ".join(f"{np.mean(values[name]):.3f}" for name in MEASURES)
            chance = p_value(np.array(values["nDCG@10"]) - ours)
            told = "" if system == "ours" else f"{chance:.3f}"
            print(f"| {system} | {cells} | {told} |")


def print_adding(figures: Figures) -> None:
    """Medians over the rounds, and how often ours they are."""
    for corpus, rounds in figures.items():
        print(f"\n| {corpus}, {len(rounds)} rounds | passages/s | times ours | again, s |")
        print("|---|---|---|---|")
        for system in rounds[-1]:
            own = [one[system] for one in rounds if system in one]
            speeds = [one["passages"] / one["seconds"] for one in own]
            ratios = [
                one[system]["seconds"] / one["ours"]["seconds"] for one in rounds if system in one
            ]
            again = [one["again"] for one in own if "again" in one]
            told = f"{again[0]:.2f}" if again else "-"
            print(
                f"| {system} | {median(speeds):.1f} ({min(speeds):.1f} to {max(speeds):.1f})"
                f" | 1/{median(ratios):.2f} | {told} |"
            )


def print_searching(size: str, systems: Figures) -> None:
    """Medians over the rounds."""
    print(
        f"\n| {size} | p50 ms | p95 ms | open s | first answer s | own MB | bytes a passage"
        " | recall@10 by meaning under filters | hits returned |"
    )
    print("|---" * 9 + "|")
    passages = int(size.split()[0])
    for system, one in systems.items():
        if not one.get("first"):
            print(f"| {system} | not timed |")
            continue
        rounds = [quantiles(every["milliseconds"], n=20) for every in one["search"]]
        cells = [
            f"{median(cuts[9] for cuts in rounds):.1f}",
            f"{median(cuts[18] for cuts in rounds):.1f}",
            f"{median(every['open_seconds'] for every in one['search']):.2f}",
            f"{median(every['answer_seconds'] for every in one['first']):.2f}",
            f"{median(every['megabytes']['own'] for every in one['search']):.0f}",
            f"{one['bytes'] / passages:,.0f}",
            " / ".join(told(every["recall"]) for every in one.get("filtered", {}).values()),
            " / ".join(told(every["returned"]) for every in one.get("filtered", {}).values()),
        ]
        print(f"| {system} | {' | '.join(cells)} |")


def told(share: float | None) -> str:
    """Two decimals, of what there is."""
    return "-" if share is None else f"{share:.2f}"


if __name__ == "__main__":
    main()
