"""The ladder of sizes: the table "Scale" of benchmarks/README.md.

    python benchmarks/scale.py benchmarks/kept/allsides 100000 1000000 10000000

Articles with their passages and vectors come from an index of real news (benchmarks/corpus.py makes
it). Beyond its size they come again, perturbed: of every copy each eighth word of five letters or
more is another word of the same length, and each vector is moved by noise of length 0.75 before it
is scaled to length 1 (cosine to its original about .8, as between passages of one story). The codes
of its sentences stay. So no more encoding is needed, and the shape of the vectors stays near that
of real ones; recall on a corpus that is all real may differ. Every tenth, hundredth and thousandth
article has an author of that name.

Building goes on where it was interrupted. Queries are those of benchmarks/kept/queries.json, which
corpus.py wrote last. Figures into benchmarks/results/scale-PASSAGES.json.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from corpus import HERE, WORK, bytes_by_file, peak_megabytes, queries, resident_megabytes

from search.store import EncodedArticle, LocalStore
from search.types import EVERYTHING, Article, OneOf

if TYPE_CHECKING:
    from search import NewsIndex
    from search.store import Snapshot

BATCH_PASSAGES = 4_000
NOISE = 0.75
SELECTIVITIES = {"tenth": 10, "hundredth": 100, "thousandth": 1_000}
_WORD = re.compile(r"[^\W\d_]{5,}")


def main() -> None:
    """Build and measure every size, each in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="an index of real news")
    parser.add_argument("sizes", type=int, nargs="+", metavar="PASSAGES")
    parser.add_argument("--step", choices=STEPS, default=None)
    options = parser.parse_args()
    for size in options.sizes:
        index = WORK / f"scale-{size}"
        if options.step:
            print(json.dumps(STEPS[options.step](options.source, size, index)))
            continue
        results = {step: in_process(options.source, size, step) for step in STEPS}
        path = HERE / "results" / f"scale-{size}.json"
        path.write_text(json.dumps(results, indent=1) + "\n")


def in_process(source: Path, size: int, step: str) -> dict[str, Any]:
    """Run a step in a process of its own and read what it prints."""
    command = [sys.executable, __file__, str(source), str(size), "--step", step]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    print(size, step, done.stdout.strip(), file=sys.stderr, flush=True)
    return json.loads(done.stdout.splitlines()[-1])


# Building


def build(source: Path, size: int, index: Path) -> dict[str, Any]:
    """An index of `size` passages, or the rest of one that was interrupted."""
    real = LocalStore(source)
    state = real.state()
    store = LocalStore.create(
        index,
        model=state.model,
        fingerprint=state.fingerprint,
        dim=state.dim,
        passage_tokens=state.passage_tokens,
    )
    log = index / "seconds.json"  # of every run, since building may take several
    seconds = json.loads(log.read_text()) if log.exists() else []
    began = store.state().passages
    if began < size:
        started = time.perf_counter()
        with store.writer() as writer:
            for batch in batches(real, size, done=store.state().articles, passages=began):
                writer.upsert(batch)
            committed = time.perf_counter() - started
        seconds.append({"from": began, "commits": committed, "all": time.perf_counter() - started})
        log.write_text(json.dumps(seconds))
    state = store.state()
    store.close()
    real.close()
    return {
        "passages": state.passages,
        "articles": state.articles,
        "runs": seconds,
        "passages_per_second": size / sum(run["all"] for run in seconds),
        "bytes_by_file": bytes_by_file(index),
        "peak_megabytes": peak_megabytes(),
    }


def batches(
    real: LocalStore, size: int, *, done: int, passages: int
) -> Iterator[list[EncodedArticle]]:
    """What is still to be stored."""
    batch: list[EncodedArticle] = []
    held = last = passages
    for number, one in enumerate(articles(real)):
        if number < done:
            continue
        batch.append(one())
        held += len(batch[-1].passages)
        if held - last >= BATCH_PASSAGES or held >= size:
            yield batch
            batch, last = [], held
            print(f"{held} of {size}", file=sys.stderr, flush=True)
        if held >= size:
            return


def articles(real: LocalStore) -> Iterator[Callable[[], EncodedArticle]]:
    """Every article with its passages and vectors, then perturbed copies of all, without end.

    Each as a function that makes it, so that those not wanted cost nothing.
    """
    with real.snapshot() as snapshot:
        slots, _ = snapshot.browse(EVERYTHING, newest_first=False, offset=0, limit=1 << 40)
        ids = [article.id for article in first_of_each(snapshot, slots)]
        words = words_by_length(snapshot.article(name).text for name in ids[:500])
        number = 0
        copy = 0
        while True:
            for name in ids:
                yield lambda name=name, copy=copy, number=number: made(
                    snapshot, name, copy, number, words
                )
                number += 1
            copy += 1


def first_of_each(snapshot: Snapshot, slots: list[int]) -> Iterator[Article]:
    """The articles of these passages, each once, in their order."""
    seen = set()
    for slot in slots:
        ((article, _),) = snapshot.fetch([slot])
        if article.id in seen:
            return
        seen.add(article.id)
        yield article


def words_by_length(texts: Iterator[str]) -> dict[int, list[str]]:
    """Words to put in the place of others."""
    words: dict[int, set[str]] = defaultdict(set)
    for text in texts:
        for word in _WORD.findall(text):
            words[len(word)].add(word)
    return {length: sorted(found) for length, found in words.items()}


def made(
    snapshot: Snapshot, name: str, copy: int, number: int, words: dict[int, list[str]]
) -> EncodedArticle:
    """Article `number` of the archive: copy 0 is the real one."""
    article, passages = snapshot.article(name), snapshot.passages(name)
    refs = snapshot.refs_of(name)
    vectors = snapshot.vectors(np.array(refs, np.int64))
    codes = tuple(code or b"" for code in snapshot.sentence_codes(refs))
    marks = tuple(mark for mark, every in SELECTIVITIES.items() if number % every == 0)
    article = replace(article, authors=(*article.authors, *marks))
    if copy:
        rng = np.random.default_rng([copy, number])
        noise = rng.normal(size=vectors.shape).astype(np.float32)
        moved = vectors + NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        vectors = moved / np.linalg.norm(moved, axis=1, keepdims=True)
        text = perturbed(article.text, words, random.Random(f"{copy}/{number}"))
        article = replace(article, id=f"{name}-{copy}", url=None, text=text)
        passages = tuple(
            replace(
                one,
                id=f"{one.id}-{copy}",
                article_id=article.id,
                text=text[one.start : one.end],
            )
            for one in passages
        )
    return EncodedArticle(article, passages, vectors, codes if all(codes) else ())


def perturbed(text: str, words: dict[int, list[str]], rng: random.Random) -> str:
    """Each eighth longer word replaced by one of the same length, so that offsets stay."""
    count = rng.randrange(8)

    def other(found: re.Match[str]) -> str:
        nonlocal count
        count += 1
        word = found.group()
        return rng.choice(words.get(len(word), [word])) if count % 8 == 0 else word

    return _WORD.sub(other, text)


# Measuring


def measure(_source: Path, _size: int, path: Path) -> dict[str, Any]:
    """Time to open, latencies with the encoder, memory, recall."""
    from search import NewsIndex
    from search.encoder import load_encoder
    from search.evaluate import literal

    texts = [literal(text) for text in queries()]
    started = time.perf_counter()
    index = NewsIndex.open(path)
    index.stats()
    figures: dict[str, Any] = {"open_ms": 1000 * (time.perf_counter() - started)}
    index.search(texts[0])
    figures["open_to_first_answer_ms"] = 1000 * (time.perf_counter() - started)
    filters = {"no filter": {}} | {name: {"author": name} for name in SELECTIVITIES}
    for name, filtered in filters.items():
        figures[f"hybrid, {name}"] = latencies(index, texts, filtered)
    figures["semantic, no filter"] = latencies(index, texts, {"mode": "semantic"})
    figures["resident_megabytes"] = resident_megabytes()
    figures["anonymous_megabytes"] = anonymous_megabytes()
    index.close()
    encoder = load_encoder()
    figures["recall@10"] = recalls(path, np.stack([encoder.encode_query(text) for text in texts]))
    return figures


def latencies(index: NewsIndex, texts: list[str], options: dict[str, Any]) -> dict[str, Any]:
    """Milliseconds of a search for ten hits with facets and evidence."""
    for text in texts[:20]:
        index.search(text, **options)
    milliseconds = []
    for text in texts:
        started = time.perf_counter()
        plan = index.search(text, **options).plan
        milliseconds.append(1000 * (time.perf_counter() - started))
    cuts = statistics.quantiles(milliseconds, n=100)
    steps = {name: round(1000 * value, 1) for name, value in plan.seconds.items()}
    return {
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "strategy": plan.strategy,
        "steps of the last": steps,
    }


def anonymous_megabytes() -> float:
    """Resident memory without mapped files, which the page cache may take back."""
    status = Path("/proc/self/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("RssAnon")]
    return int(line.split()[1]) / 1024


def recalls(path: Path, vectors: np.ndarray) -> dict[str, float]:
    """The share of the exact nearest ten that a search of depth 1,000 has among its first ten."""
    store, found = LocalStore(path), {}
    (folder,) = path.glob("g*")
    state = store.state()
    rows = np.memmap(folder / "vectors.f16", "<f2", "r", shape=(state.slots, state.dim))
    conditions = {"no filter": EVERYTHING} | {
        name: OneOf("author", (name,)) for name in SELECTIVITIES
    }
    with store.snapshot() as snapshot:
        for name, condition in conditions.items():
            mask, _ = snapshot._admitted(condition)
            best = exact(rows, vectors, mask)
            shares = []
            for vector, nearest in zip(vectors, best, strict=True):
                candidates = snapshot.candidates(
                    encode=lambda vector=vector: vector,
                    words=None,
                    condition=condition,
                    depth=1_000,
                )
                ours = candidates.refs[np.argsort(-candidates.cosine, kind="stable")[:10]]
                shares.append(len(np.intersect1d(ours, nearest)) / len(nearest))
            found[name] = round(float(np.mean(shares)), 4)
    store.close()
    return found


def exact(rows: np.ndarray, vectors: np.ndarray, mask: np.ndarray | None) -> np.ndarray:
    """The ten nearest admitted rows of each vector, by comparing all of them."""
    best = np.full((len(vectors), 10), -1, np.int64)
    scores = np.full((len(vectors), 10), -np.inf, np.float32)
    block = 1 << 17
    for start in range(0, len(rows), block):
        part = slice(start, start + block)
        slots = np.arange(start, start + len(rows[part]))
        if mask is not None:
            slots = slots[mask[part]]
        products = vectors @ np.asarray(rows[slots], np.float32).T
        both = np.concatenate([scores, products], axis=1)
        names = np.concatenate([best, np.broadcast_to(slots, products.shape)], axis=1)
        order = np.argpartition(-both, 9, axis=1)[:, :10]
        scores = np.take_along_axis(both, order, axis=1)
        best = np.take_along_axis(names, order, axis=1)
    return best


STEPS = {"build": build, "measure": measure}

if __name__ == "__main__":
    main()
