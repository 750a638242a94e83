import json
from datetime import UTC, date, datetime

import pytest

from search import Article, NewsIndex
from search.output import article_json, report_json, results_json
from tests.words import WordEncoder


def test_an_article_has_every_field_and_null_for_what_is_missing():
    assert article_json(Article(id="a", text="Text.")) == {
        "id": "a",
        "title": None,
        "source": "Unknown",
        "author": None,
        "authors": [],
        "published": None,
        "published_precision": None,
        "updated": None,
        "url": None,
        "section": None,
        "language": None,
        "text": "Text.",
    }


def test_names_are_joined_and_dates_are_iso():
    article = Article(
        id="a",
        text="Text.",
        authors=("A B", "C D"),
        published=datetime(2022, 10, 6, 18, 23, tzinfo=UTC),
        published_precision="second",
        updated=True,
    )
    found = article_json(article)
    assert (found["author"], found["authors"]) == ("A B, C D", ["A B", "C D"])
    assert found["published"] == "2022-10-06T18:23:00+00:00"
    assert found["published_precision"] == "second"
    assert found["updated"] is True


@pytest.fixture
def index(tmp_path):
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as opened:
        yield opened


def test_results_keep_the_shape_that_programs_rely_on(index):
    report = index.add(
        [
            Article(id="a", title="Raid", text="A raid failed.", published=date(2022, 10, 6)),
            Article(id="b", text="Rain fell."),
        ]
    )
    assert json.loads(json.dumps(report_json(report)))["added"] == 2
    found = json.loads(json.dumps(results_json(index.search('"raid" after:2022', k=3))))
    assert list(found) == [
        "query", "plan", "total", "matched", "ranked", "counted", "folded", "stories", "awaiting",
        "undated", "generation",
        "is_answered", "suggestions", "hits", "facets", "timeline",
    ]  # fmt: skip
    assert found["total"] == 1
    assert found["matched"] == {"passages": 1, "articles": 1}
    assert found["undated"] == 0
    assert found["timeline"] == [{"start": "2022-10-06", "end": "2022-10-07", "articles": 1}]
    assert found["facets"]["year"] == [{"value": "2022", "articles": 1, "share": 1.0}]
    (hit,) = found["hits"]
    assert list(hit) == [
        "rank",
        "score",
        "strength",
        "text",
        "passage",
        "article",
        "evidence",
        "why",
        "copies",
        "story",
    ]
    assert (hit["rank"], hit["text"], hit["article"]["id"]) == (1, "A raid failed.", "a")
    assert hit["evidence"] == {"best": [0, 14], "words": [[2, 6]]}
    passage = hit["passage"]
    assert hit["article"]["text"][passage["start"] : passage["end"]] == hit["text"]
    assert found["query"]["canonical"] == '"raid" after:2022-01-01'
    assert [chip["label"] for chip in found["query"]["chips"]] == [
        "must contain “raid”",
        "since 1 Jan 2022",
    ]
