"""A kill removes what it names, now and later in the run; older versions replace nothing."""

import json
from contextlib import suppress
from dataclasses import replace

import pytest

from search import NewsIndex
from search.errors import ArticleNotFound
from search.output import report_json
from search.printed import report_lines
from tests.ingest.wire_items import TEXT, message, news_item, ninjs_1
from tests.words import WordEncoder


@pytest.fixture
def index(tmp_path):
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        yield index


@pytest.fixture
def add(index, tmp_path):
    """Adds ninjs items, one JSON line each."""

    def add(*items, name="wire.jsonl"):
        path = tmp_path / name
        path.write_text("".join(json.dumps(item) + "\n" for item in items))
        return index.add(path)

    return add


def version(number, uri="urn:a", **changes):
    hour = f"2026-02-12T{number:02}:00:00Z"
    text = f"{TEXT} Version {number}."
    return ninjs_1(
        uri=uri, version=str(number), versioncreated=hour, **{"body_text": text, **changes}
    )


def kill(number, uri="urn:a", status="canceled"):
    return version(number, uri, pubstatus=status, body_text=None)


def counts(report):
    return {
        name: value
        for name in ("added", "updated", "unchanged", "withdrawn", "rejected")
        if (value := getattr(report, name))
    }


def stored(index):
    ids = ("urn:a", "urn:b", "urn:c")
    found = {}
    for one in ids:
        with suppress(ArticleNotFound):
            found[one] = index.article(one).version
    return found


@pytest.mark.parametrize("status", ["canceled", "withheld"])
def test_a_kill_removes_the_article(index, add, status):
    assert counts(add(version(1), version(1, "urn:b"))) == {"added": 2}
    report = add(kill(2, status=status))
    assert counts(report) == {"withdrawn": 1}
    assert stored(index) == {"urn:b": 1}
    assert index.search("tarrowdale").total == 1
    assert report_json(report)["withdrawn"] == 1
    assert "unchanged 0, withdrawn 1, rejected 0 articles" in next(iter(report_lines(report)))


def test_a_kill_of_what_is_not_there_counts_nothing(index, add):
    report = add(version(1), kill(2, "urn:b"))
    assert counts(report) == {"added": 1}
    assert "withdrawn" not in next(iter(report_lines(report)))
    assert counts(add(kill(2, "urn:b"))) == {}


def test_a_kill_after_its_article_in_one_run_leaves_nothing(index, add):
    assert counts(add(version(1), version(1, "urn:b"), kill(2))) == {"added": 2, "withdrawn": 1}
    assert stored(index) == {"urn:b": 1}


def test_a_kill_before_its_article_in_one_run_keeps_it_out(index, add):
    report = add(kill(2), version(1), version(2), version(1, "urn:b"))
    assert counts(report) == {"added": 1, "rejected": 2}
    assert {reject.code for reject in report.rejects} == {"withdrawn"}
    assert "canceled up to version 2" in report.rejects[0].message
    assert stored(index) == {"urn:b": 1}


def test_a_version_after_the_kill_comes_back(index, add):
    report = add(version(1), kill(2, status="withheld"), version(3))
    assert counts(report) == {"added": 2, "withdrawn": 1}
    assert stored(index) == {"urn:a": 3}
    assert counts(add(kill(4), version(5))) == {"added": 1, "withdrawn": 1}
    assert stored(index) == {"urn:a": 5}


def test_the_same_text_comes_back_after_its_kill(index, add):
    add(version(1))
    again = {**version(3), "body_text": version(1)["body_text"]}
    again["versioncreated"] = version(1)["versioncreated"]
    assert counts(add(kill(2), again)) == {"added": 1, "withdrawn": 1}
    assert stored(index) == {"urn:a": 3}


def test_adding_all_of_it_again_ends_in_the_same_state(index, add):
    items = [version(1), version(1, "urn:b"), kill(2), version(2, "urn:c")]
    add(*items)
    add(*items)
    assert stored(index) == {"urn:b": 1, "urn:c": 2}


def test_many_batches_with_kills_between(index, add):
    items = []
    for number in range(700):
        items.append(version(1, f"urn:{number}"))
        if number % 3 == 0:
            items.append(kill(2, f"urn:{number // 2}"))
    report = add(*items)
    alive = {f"urn:{n}" for n in range(700)} - {f"urn:{n // 2}" for n in range(0, 700, 3)}
    assert report.added == 700
    assert report.withdrawn == 700 - len(alive)
    assert index.stats().articles == len(alive)


def test_a_newer_version_replaces_and_an_older_one_does_not(index, add):
    assert counts(add(version(2))) == {"added": 1}
    assert counts(add(version(1))) == {"unchanged": 1}
    assert counts(add(version(3))) == {"updated": 1}
    assert counts(add(version(4), version(2, body_text="Never seen."))) == {
        "updated": 1,
        "unchanged": 1,
    }
    assert stored(index) == {"urn:a": 4}


def test_versions_without_a_guid_are_no_order(index):
    from search import Article

    article = Article("urn:a", TEXT, extras={"version": 2})
    index.add([article])
    assert counts(index.add([replace(article, text="Other.", extras={"version": 1})])) == {
        "updated": 1
    }


def test_an_embargoed_version_leaves_the_one_before(index, add):
    add(version(1))
    report = add(version(2, embargoed="2999-01-01T00:00:00Z"))
    assert counts(report) == {"rejected": 1}
    assert report.rejects[0].code == "embargoed"
    assert stored(index) == {"urn:a": 1}


def test_a_kill_in_newsml_works_too(index, tmp_path):
    path = tmp_path / "wire.xml"
    path.write_text(message(news_item(guid="urn:a", version="1"), news_item(guid="urn:b")))
    assert counts(index.add(path)) == {"added": 2}
    path.write_text(news_item("", guid="urn:a", version="2", status="stat:canceled"))
    assert counts(index.add(path)) == {"withdrawn": 1}
    assert stored(index) == {"urn:b": 3}
