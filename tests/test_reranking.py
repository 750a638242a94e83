"""Reranking with a reranker that is known: which passages, in which order, and when not."""

import json
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from hashlib import blake2b
from threading import Barrier
from time import sleep

import numpy as np
import pytest

from search import IndexNotFound, ModelError, NewsIndex
from search.cli import main
from search.output import results_json
from search.passages import encoded_text
from search.reranking import RERANKED
from search.types import MODES
from tests.test_paging import newsroom, pages
from tests.words import WordEncoder

ALL = {"k": 10_000, "with_facets": False, "with_evidence": False}
FEW = "after:2020-01-20 before:2020-01-27"
"""Articles so few that the first 50 hold more than two passages of some."""


class HashReranker:
    """Scores from -8 to 8 without any sense, all different; keeps what it was asked."""

    name = "hashes"

    def __init__(self):
        self.asked = []

    def scores(self, query, texts, /):
        self.asked.append((query, list(texts)))
        return np.array([score(query, text) for text in texts], np.float32)


def score(query, text):
    digest = blake2b(f"{query}\n{text}".encode(), digest_size=3).digest()
    return np.float32(int.from_bytes(digest) / 2**20 - 8)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    folder = tmp_path_factory.mktemp("reranking") / "index"
    with NewsIndex.open(folder, encoder=WordEncoder()) as index:
        index.add(newsroom())
    return folder


@pytest.fixture
def reranker():
    return HashReranker()


@pytest.fixture
def index(path, reranker):
    with NewsIndex.open(path, encoder=WordEncoder(), reranker=reranker) as opened:
        yield opened


@pytest.fixture
def plain(path):
    with NewsIndex.open(path, encoder=WordEncoder()) as opened:
        yield opened


def read(hit):
    return encoded_text(hit.article, hit.passage)


def by_hand(hits, words):
    """The hits in the order they should have: the slow way."""
    taken, early, late = Counter(), [], []
    for hit in sorted(hits[:RERANKED], key=lambda hit: -score(words, read(hit))):
        taken[hit.article.id] += 1
        (early if taken[hit.article.id] <= 2 else late).append(hit)
    return [*early, *late, *hits[RERANKED:]]


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("filters", ["", FEW])
def test_the_first_passages_stand_in_the_rerankers_order(index, plain, mode, filters):
    before = plain.search(f"flood river bank {filters}", mode=mode, **ALL).hits
    after = index.search(f"flood river bank {filters}", mode=mode, **ALL).hits
    expected = by_hand(before, "flood river bank")
    assert len(before) > (10 if filters else RERANKED + 10)
    assert [hit.passage.id for hit in after] == [hit.passage.id for hit in expected]
    assert [hit.rank for hit in after] == list(range(1, len(after) + 1))
    assert [hit.why.reranked for hit in after] == [
        float(score("flood river bank", read(hit))) if place < RERANKED else None
        for place, hit in enumerate(after)
    ]
    assert [hit.passage.id for hit in before] != [hit.passage.id for hit in after]


@pytest.mark.parametrize("filters", ["", FEW])
def test_two_passages_of_an_article_come_before_a_third_of_any(index, filters):
    hits = index.search(f"flood river {filters}", **ALL).hits
    taken, numbers = Counter(), []
    for hit in hits:
        taken[hit.article.id] += 1
        numbers.append(taken[hit.article.id])
    early = sum(min(2, many) for many in taken.values())
    assert max(numbers) > 2
    assert max(numbers[:early]) == 2


def test_scores_and_strengths_are_as_before(index, plain):
    before, after = (one.search("flood bank", **ALL) for one in (plain, index))
    numbers = {hit.passage.id: (hit.score, hit.strength, hit.why.strength) for hit in before.hits}
    assert numbers == {
        hit.passage.id: (hit.score, hit.strength, hit.why.strength) for hit in after.hits
    }
    assert after.is_answered == before.is_answered
    assert (before.plan.reranker, after.plan.reranker) == (None, "hashes")
    assert "rerank" in after.plan.seconds
    assert all(hit.why.reranked is None for hit in before.hits)


def test_the_reranker_reads_the_words_and_what_the_encoder_reads(index, plain, reranker):
    text = '"flood" river -number3 source:CNN after:2020-01-05'
    before = plain.search(text, **ALL).hits[:RERANKED]
    index.search(text, k=1)
    ((query, texts),) = reranker.asked
    assert query == "flood river"
    assert texts == [read(hit) for hit in before]


@pytest.mark.parametrize("depth", [8, 500])
@pytest.mark.parametrize("mode", MODES)
def test_pages_are_slices_of_one_order(index, reranker, mode, depth, monkeypatch):
    monkeypatch.setattr("search.ranking.DEPTH", depth)
    whole = index.search("flood river", mode=mode, **ALL).hits
    for size in (7, 49, 60):
        found = list(pages(index, size, len(whole), text="flood river", mode=mode))
        assert [(hit.passage.id, hit.score, hit.why.reranked) for hit in found] == [
            (hit.passage.id, hit.score, hit.why.reranked) for hit in whole
        ]
    assert len({hit.passage.id for hit in whole}) == len(whole)
    assert all(asked == reranker.asked[0] for asked in reranker.asked)


@pytest.mark.parametrize(
    ("text", "options", "note"),
    [
        ("", {}, "reranking has no effect without words: articles are listed by date"),
        ("source:CNN", {"sort": "oldest"}, "reranking has no effect without words"),
        ("flood", {"sort": "newest"}, "reranking has no effect on hits that are sorted by date"),
        ("flood sort:oldest", {}, "reranking has no effect on hits that are sorted by date"),
        ("flood", {"like": "a1"}, "reranking has no effect on what is similar"),
        ("like:a1", {"sort": "newest"}, "reranking has no effect on what is similar"),
    ],
)
def test_where_it_has_no_effect_a_note_says_so(index, plain, reranker, text, options, note):
    before, after = (one.search(text, **options) for one in (plain, index))
    assert after.hits == before.hits
    (said,) = set(after.query.notes) - set(before.query.notes)
    assert said.startswith(note)
    assert not any("rerank" in note for note in before.query.notes)
    assert (after.plan.reranker, reranker.asked) == (None, [])


def test_a_search_that_is_reranked_has_no_note_but_on_recency(index, plain):
    assert index.search("flood").query.notes == ()
    text = "flood recency:30d"
    now = date(2020, 2, 1)
    before, after = (one.search(text, now=now, **ALL) for one in (plain, index))
    assert after.query.notes == (
        *before.query.notes,
        "recency: chooses which passages are reranked, but not the order they are put in",
    )
    expected = by_hand(before.hits, "flood")
    assert [hit.passage.id for hit in after.hits] == [hit.passage.id for hit in expected]


def test_where_nothing_is_found_nothing_is_asked(index, reranker):
    assert index.search("zebra", mode="keyword").hits == ()
    assert reranker.asked == []


@pytest.mark.parametrize(
    "scores", [[], [1.0], [[1.0]] * RERANKED, [float("nan")] * RERANKED, [float("inf")] * RERANKED]
)
def test_a_reranker_that_does_not_score_each_passage_is_refused(path, scores):
    class Odd:
        name = "odd"

        def scores(self, query, texts, /):
            return np.array(scores, np.float32)

    message = f"odd did not give each of {RERANKED} passages one finite score"
    with (
        NewsIndex.open(path, encoder=WordEncoder(), reranker=Odd()) as index,
        pytest.raises(ModelError, match=message),
    ):
        index.search("flood")


def test_json_has_the_rerankers_score(index):
    found = json.loads(json.dumps(results_json(index.search("flood", k=RERANKED + 1))))
    assert found["plan"]["reranker"] == "hashes"
    *first, last = [hit["why"]["reranked"] for hit in found["hits"]]
    assert all(isinstance(one, float) for one in first)
    assert last is None


# By name


def test_a_model_is_loaded_once_and_only_when_it_is_needed(path, monkeypatch):
    loaded, threads = [], 8
    start = Barrier(threads)

    def load(name):
        loaded.append(name)
        sleep(0.1)
        return HashReranker()

    monkeypatch.setattr("search.resources.load_reranker", load)

    def search(index):
        start.wait()
        return [hit.passage.id for hit in index.search("flood").hits]

    with NewsIndex.open(path, encoder=WordEncoder(), reranker="some/model") as index:
        index.search("")
        index.search("flood", sort="newest")
        index.similar("a1")
        assert loaded == []
        with ThreadPoolExecutor(threads) as pool:
            found = [pool.submit(search, index) for _ in range(threads)]
            orders = [one.result() for one in found]
        assert all(order == orders[0] for order in orders)
        assert loaded == ["some/model"]


def test_warming_loads_it_too(path, monkeypatch):
    loaded = []
    monkeypatch.setattr("search.resources.load_reranker", loaded.append)
    with NewsIndex.open(path, encoder=WordEncoder(), reranker="some/model") as index:
        index.warm()
    assert loaded == ["some/model"]


def test_an_unknown_model_says_what_to_do(path, monkeypatch):
    monkeypatch.delenv("NEWS_SEARCH_ALLOW_DOWNLOAD", raising=False)
    with NewsIndex.open(path, encoder=WordEncoder(), reranker="nobody/nothing") as index:
        assert index.search("").hits  # which needs none
        with pytest.raises(ModelError, match=r"no model 'nobody/nothing' on this machine\. Give"):
            index.search("flood")


def test_pickled_weights_are_refused(path, tmp_path):
    (tmp_path / "config.json").write_text("{}")
    (tmp_path / "pytorch_model.bin").write_text("never read")
    with (
        NewsIndex.open(path, encoder=WordEncoder(), reranker=str(tmp_path)) as index,
        pytest.raises(ModelError, match="Pickled weights are never opened"),
    ):
        index.search("flood")


def test_without_an_index_no_model_is_looked_for(tmp_path):
    with (
        NewsIndex.open(tmp_path / "none", reranker="nobody/nothing") as index,
        pytest.raises(IndexNotFound),
    ):
        index.search("flood")


def test_the_command_takes_a_model_and_says_what_is_wrong_with_it(path, capsys):
    where = ["--index", str(path), "--rerank", "nobody/nothing"]
    assert main(["search", "flood", "--mode", "keyword", *where]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("news-search: no model 'nobody/nothing' on this machine. Give")
    assert main(["search", *where]) == 0
    assert re.search(r"^note: reranking has no effect without words", capsys.readouterr().out, re.M)
