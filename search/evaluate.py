"""How good an index's answers are: runs against relevance judgments. The door for ir-measures.

A collection is a folder with `articles.jsonl(.gz)`, `queries.jsonl` and `qrels.txt` (TREC). Runs
are lists of articles: an article's score is that of its best passage.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from search.errors import InputError
from search.index import NewsIndex
from search.query import MAX_CHARS, OPERATORS, QUOTES
from search.types import Encoder, Mode

MEASURES = ("nDCG@10", "R@10", "R@100", "RR@10")
_DEPTH = 100
_MOST_PASSAGES = 2_700
_HIGHEST_GRADE = 1_000_000
_SIGNS = str.maketrans(dict.fromkeys('":()*~', " "))
_AS_WORDS = " dates:off"

Run = dict[str, dict[str, float]]
Qrels = dict[str, dict[str, int]]


@dataclass(frozen=True, slots=True)
class Collection:
    """Articles with queries and what is relevant to them."""

    name: str
    articles: Path
    queries: Mapping[str, str]
    qrels: Qrels


@dataclass(frozen=True, slots=True)
class Evaluation:
    """One mode on one collection.

    `measures` are means over the queries with judgments; a query without answers counts as 0.
    Latencies are wall milliseconds of a search for 10 hits, encoding included, warm.
    """

    mode: Mode
    measures: Mapping[str, float]
    p50_ms: float
    p95_ms: float


@dataclass(frozen=True, slots=True)
class Report:
    """A collection evaluated; `passages_per_second` is of adding it end to end.

    It is None where a kept index was used again and nothing was encoded.
    """

    collection: str
    articles: int
    passages: int
    queries: int
    passages_per_second: float | None
    evaluations: tuple[Evaluation, ...]


def read_collection(folder: Path) -> Collection:
    """The collection in `folder`.

    Raises:
        InputError: a file is missing or empty, or a line cannot be read.
    """
    articles = next(
        (
            path
            for name in ("articles.jsonl", "articles.jsonl.gz")
            if (path := folder / name).exists()
        ),
        None,
    )
    if articles is None:
        msg = f"{folder}: no articles.jsonl or articles.jsonl.gz"
        raise InputError(msg)
    return Collection(
        folder.resolve().name,
        articles,
        _read_queries(folder / "queries.jsonl"),
        _read_qrels(folder / "qrels.txt"),
    )


def evaluate(
    folder: Path,
    modes: Sequence[Mode] = ("hybrid", "semantic", "keyword"),
    *,
    encoder: Encoder | None = None,
    index_path: Path | None = None,
) -> Report:
    """Index the collection in `folder` and measure each mode.

    The index is made in `index_path` (kept, and used again when unchanged), or in a temporary
    folder.
    """
    collection = read_collection(folder)
    with TemporaryDirectory(prefix="news-search-") as temporary:
        path = index_path or Path(temporary) / "index"
        with NewsIndex.open(path, encoder=encoder) as index:
            index_report = index.add(collection.articles)
            index.warm()
            stats = index.stats()
            if not stats.articles:
                msg = f"{collection.articles}: holds no article that can be read"
                raise InputError(msg)
            return Report(
                collection=collection.name,
                articles=stats.articles,
                passages=stats.passages,
                queries=len(collection.queries),
                passages_per_second=(
                    index_report.passages / index_report.seconds if index_report.passages else None
                ),
                evaluations=tuple(_evaluated(index, collection, mode) for mode in modes),
            )


def run_queries(index: NewsIndex, queries: Mapping[str, str], mode: Mode) -> Run:
    """The 100 best articles of each query; scores fall with rank, so that ties are ours."""
    return {
        query_id: {
            article: float(_DEPTH - place)
            for place, article in enumerate(_best_articles(index, text, mode))
        }
        for query_id, text in queries.items()
    }


def _evaluated(index: NewsIndex, collection: Collection, mode: Mode) -> Evaluation:
    import ir_measures

    run = run_queries(index, collection.queries, mode)
    judged = {query_id: run.get(query_id, {}) for query_id in collection.qrels}
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    values = ir_measures.calc_aggregate(measures, collection.qrels, judged)
    milliseconds = _latencies(index, list(collection.queries.values()), mode)
    return Evaluation(
        mode,
        {str(measure): float(values[measure]) for measure in measures},
        float(np.percentile(milliseconds, 50)),
        float(np.percentile(milliseconds, 95)),
    )


def _best_articles(index: NewsIndex, text: str, mode: Mode) -> list[str]:
    """Ids of up to 100 articles, best first; deeper where few articles hold many passages."""
    k = 3 * _DEPTH
    while True:
        results = index.search(  # each copy is judged for itself
            literal(text), k=k, mode=mode, group="none", with_facets=False, with_evidence=False
        )
        articles = list(dict.fromkeys(hit.article.id for hit in results.hits))
        if len(articles) >= _DEPTH or len(results.hits) < k or k >= _MOST_PASSAGES:
            return articles[:_DEPTH]
        k *= 3


def _latencies(index: NewsIndex, texts: Sequence[str], mode: Mode) -> list[float]:
    milliseconds = []
    for text in texts:
        started = time.perf_counter()
        index.search(literal(text), mode=mode)
        milliseconds.append(1000 * (time.perf_counter() - started))
    return milliseconds


def literal(text: str) -> str:
    """The text with nothing in it that the query language reads as an operator or a date.

    It ends where a query must: far beyond what a model reads of it.
    """
    words = text.translate(QUOTES).translate(_SIGNS).split()
    plain = [word.lower() if word in OPERATORS else word.lstrip("-") for word in words]
    return f"{' '.join(plain)[: MAX_CHARS - len(_AS_WORDS)]}{_AS_WORDS}"


def _read_queries(path: Path) -> dict[str, str]:
    queries: dict[str, str] = {}
    for where, line in _lines(path):
        try:
            query = json.loads(line)
            query_id, text = str(query["id"]), query["text"]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            msg = f'{where}: a line looks like {{"id": "1", "text": "…"}}: {error!r}'
            raise InputError(msg) from error
        if query_id in queries or not isinstance(text, str):
            fault = "stands there twice" if query_id in queries else "has no text"
            raise InputError(f"{where}: the query {query_id!r} {fault}")
        queries[query_id] = text
    return queries


def _read_qrels(path: Path) -> Qrels:
    qrels: Qrels = {}
    for where, line in _lines(path):
        try:
            query_id, _, doc_id, relevance = line.split()
            qrels.setdefault(query_id, {})[doc_id] = _grade(relevance)
        except ValueError as error:
            msg = f"{where}: a line looks like 'query_id 0 article_id 1'"
            raise InputError(msg) from error
    return qrels


def _grade(text: str) -> int:
    grade = int(text)
    if abs(grade) > _HIGHEST_GRADE:
        msg = f"no such relevance: {grade}"
        raise ValueError(msg)
    return grade


def _lines(path: Path) -> list[tuple[str, str]]:
    """Every line that holds something, with where it stands."""
    try:
        # Not splitlines: U+2028 and the like may stand inside a line.
        lines = path.read_text(encoding="utf-8-sig").split("\n")
    except OSError as error:
        msg = f"{path}: {error.strerror}"
        raise InputError(msg) from error
    except UnicodeDecodeError as error:
        msg = f"{path}: not UTF-8: {error.reason} at byte {error.start}"
        raise InputError(msg) from error
    found = [(f"{path}:{at}", line) for at, line in enumerate(lines, 1) if line.strip()]
    if not found:
        msg = f"{path}: the file is empty"
        raise InputError(msg)
    return found
