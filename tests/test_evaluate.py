import json
from math import log2

import pytest

from search import Article, InputError, NewsIndex
from search.evaluate import evaluate, literal, read_collection, run_queries
from search.query import read_query
from tests.words import WordEncoder

ARTICLES = {
    "flood": "The river flooded the old town.",
    "rates": "The bank cut its rates.",
    "raid": "A raid near the river failed.",
}
QUERIES = {"1": "river flooded town", "2": "bank rates", "3": "nothing here fits"}
QRELS = "1 0 flood 1\n1 0 raid 1\n2 0 raid 1\n"


@pytest.fixture
def collection(tmp_path):
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "articles.jsonl").write_text(
        "\n".join(json.dumps({"id": name, "text": text}) for name, text in ARTICLES.items())
    )
    (folder / "queries.jsonl").write_text(
        "\n".join(json.dumps({"id": name, "text": text}) for name, text in QUERIES.items())
    )
    (folder / "qrels.txt").write_text(QRELS)
    return folder


def test_a_collection_is_read(collection):
    found = read_collection(collection)
    assert (found.name, found.queries) == ("small", QUERIES)
    assert found.qrels == {"1": {"flood": 1, "raid": 1}, "2": {"raid": 1}}


def test_measures_are_means_over_the_judged_queries(collection):
    report = evaluate(collection, ("keyword",), encoder=WordEncoder())
    (one,) = report.evaluations
    # Query 1 finds flood, raid: perfect. Query 2 finds rates alone: nothing. Query 3 is not judged.
    assert one.measures == {"nDCG@10": 0.5, "R@10": 0.5, "R@100": 0.5, "RR@10": 0.5}
    assert (report.articles, report.passages, report.queries) == (3, 3, 3)
    assert 0 < one.p50_ms <= one.p95_ms


def test_a_lower_rank_counts_less(collection):
    report = evaluate(collection, ("semantic",), encoder=WordEncoder())
    (one,) = report.evaluations
    with NewsIndex.open(collection / "index", encoder=WordEncoder()) as index:
        index.add(collection / "articles.jsonl")
        run = run_queries(index, {"2": QUERIES["2"]}, "semantic")["2"]
    place = sorted(run, key=run.__getitem__, reverse=True).index("raid") + 1
    assert place > 1
    assert one.measures["nDCG@10"] == pytest.approx((1 + 1 / log2(place + 1)) / 2)
    assert one.measures["RR@10"] == pytest.approx((1 + 1 / place) / 2)


def test_operators_in_a_collections_queries_are_text():
    read = read_query(literal('U.S .-"Korea": -north ( x AND last week'))
    assert read.words == "U.S Korea north x and last week"
    assert [chip.text for chip in read.chips] == ["dates:off"]
    assert literal("“flood” „dam“ «-oil» source:CNN") == "flood dam oil source CNN dates:off"
    assert len(literal("word " * 2_000)) == 4_000


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("queries.jsonl", b'{"id": 1}', "queries.jsonl:1: a line looks like"),
        ("queries.jsonl", b'\n\n{"id": 1}', "queries.jsonl:3: a line looks like"),
        ("queries.jsonl", b"[" * 100_000, "queries.jsonl:1: a line looks like"),
        ("queries.jsonl", b'{"id": 1, "text": null}', "queries.jsonl:1: the query '1' has no text"),
        ("queries.jsonl", b'{"id": 1, "text": ""}\n' * 2, "jsonl:2: the query '1' stands there"),
        ("queries.jsonl", b'{"id": 1, "text": "caf\xe9"}', "queries.jsonl: not UTF-8"),
        ("queries.jsonl", b"\n", "queries.jsonl: the file is empty"),
        ("qrels.txt", b"1 0 flood", "qrels.txt:1: a line looks like"),
        ("qrels.txt", b"1 0 flood 99999999999999999999", "qrels.txt:1: a line looks like"),
        ("qrels.txt", b"1 0 caf\xe9 1", "qrels.txt: not UTF-8"),
        ("qrels.txt", b"", "qrels.txt: the file is empty"),
    ],
)
def test_a_bad_line_is_named(collection, name, content, message):
    (collection / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        read_collection(collection)


def test_marks_and_separators_within_a_file_are_read_as_they_are_meant(collection):
    (collection / "queries.jsonl").write_text('\ufeff{"id": "1", "text": "river\u2028flood"}\r\n')
    (collection / "qrels.txt").write_text("\ufeff1 0 flood 1\r\n")
    found = read_collection(collection)
    assert found.queries == {"1": "river\u2028flood"}
    assert found.qrels == {"1": {"flood": 1}}


def test_a_collection_without_an_article_measures_nothing(collection):
    (collection / "articles.jsonl").write_text("nothing here\n")
    with pytest.raises(InputError, match=r"articles\.jsonl: holds no article"):
        evaluate(collection, ("keyword",), encoder=WordEncoder())


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"no articles\.jsonl"):
        read_collection(tmp_path)


def test_copies_are_judged_each_for_itself(tmp_path):
    text = " ".join(f"The dam of valley {n} broke on night {n}." for n in range(40))
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        index.add([Article("one", text), Article("other", text)])
        assert len({hit.article.id for hit in index.search("dam valley").hits}) == 1
        run = run_queries(index, {"1": "dam valley"}, "hybrid")["1"]
    assert set(run) == {"one", "other"}
