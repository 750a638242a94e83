"""A recorded search run again: the same while nothing changes, and each change told."""

import json
from datetime import date
from pathlib import Path

import pytest

from search import Article, InputError, NewsIndex
from search.cli import main
from search.exporting import Asked, read_record, recorded, replayed, search_all, write_file, zipped
from tests.test_paging import newsroom
from tests.words import WordEncoder

ASKED = Asked("flood last month", date(2020, 2, 20), mode="keyword", source=("CNN",))


@pytest.fixture
def index(tmp_path):
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as opened:
        opened.add(newsroom())
        yield opened


@pytest.fixture
def file(index, tmp_path):
    """An exported file, its record beside it."""
    results, model, is_all = search_all(index, ASKED)
    assert results.hits
    record = recorded(ASKED, results, model, is_all=is_all)
    write_file(tmp_path / "hits.csv", "csv", results.hits, record)
    return tmp_path / "hits.csv"


def test_nothing_changed_nothing_is_told(index, file):
    record = read_record(file)
    assert record.asked == ASKED
    assert (
        record.read == index.search("flood last month", now=ASKED.now, source="CNN").query.canonical
    )
    found = replayed(index, record)
    assert found.is_same
    assert found.now.hits == record.hits


def test_what_is_gone_new_and_moved_is_told(index, file):
    record = read_record(file)
    gone = record.hits[0].article
    index.remove(gone)
    new = Article(
        id="new", text="flood " * 40, title="flood", source="CNN", published=date(2020, 1, 15)
    )
    index.add([new])
    found = replayed(index, record)
    assert not found.is_same
    assert {hit.article for hit in found.gone} == {gone}
    assert {hit.article for hit in found.new} == {"new"}
    now = {hit.passage: hit.rank for hit in found.now.hits}
    assert found.moved
    assert all(now[was.passage] == is_now.rank != was.rank for was, is_now in found.moved)
    assert found.then.generation < found.now.generation


def test_last_month_stays_the_month_it_was(index, file):
    assert replayed(index, read_record(file)).then.read == read_record(file).read
    assert "2020-01-01" in read_record(file).read


def test_of_hits_chosen_by_hand_only_those_are_looked_for(index, tmp_path):
    results, model, is_all = search_all(index, ASKED)
    chosen = [results.hits[2], results.hits[0]]
    record = recorded(ASKED, results, model, is_all=is_all, hits=chosen)
    path = tmp_path / "hits.zip"
    path.write_bytes(zipped("hits.ris", "ris", chosen, record))
    record = read_record(path)
    assert record.is_choice
    assert replayed(index, record).is_same
    index.remove(chosen[1].article.id)
    found = replayed(index, record)
    assert {hit.passage for hit in found.gone} >= {chosen[1].passage.id}
    assert found.new == ()


def test_a_file_that_was_changed_or_has_no_record_is_an_error(index, file, tmp_path):
    record = file.with_name("hits.csv.search.json")
    good, content = record.read_text(), file.read_bytes()
    file.write_bytes(content + b"more")
    with pytest.raises(InputError, match="was changed"):
        read_record(file)
    file.write_bytes(content)
    values = json.loads(good)
    for bad in (
        "", "[]", "{}", "null", "[" * 100_000, good[:-20], good.replace("keyword", "sideways"),
        json.dumps(values | {"version": 2}), json.dumps(values | {"hits": [{"rank": "x"}]}),
        json.dumps(values | {"asked": values["asked"] | {"now": "soon"}}),
        json.dumps(values | {"asked": values["asked"] | {"path": "/etc/passwd"}}),
        json.dumps(values | {"surprise": 1}), json.dumps(values | {"matched": 3}),
    ):  # fmt: skip
        record.write_text(bad)
        with pytest.raises(InputError, match=r"hits\.csv"):
            read_record(file)
    record.unlink()
    with pytest.raises(InputError, match="not beside it"):
        read_record(file)
    with pytest.raises(InputError, match="no such file"):
        read_record(tmp_path / "nothing.csv")


def test_no_file_is_overwritten_unasked(index, file):
    results, model, _ = search_all(index, ASKED)
    record = recorded(ASKED, results, model, is_all=True)
    before = file.read_bytes()
    with pytest.raises(InputError, match="already"):
        write_file(file, "csv", results.hits[:1], record)
    assert file.read_bytes() == before
    write_file(file, "csv", results.hits[:1], record, overwrite=True)
    assert file.read_bytes() != before


def test_the_commands_export_and_replay(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("search.resources.load_encoder", lambda _: WordEncoder())
    path, out = str(tmp_path / "index"), str(tmp_path / "hits.jsonl")
    with NewsIndex.open(path, encoder=WordEncoder()) as index:
        index.add(newsroom())
    asking = ["export", "--index", path, "flood", "--format", "jsonl"]
    assert main([*asking, "-o", out, "--most", "5"]) == 0
    assert "there are more" in capsys.readouterr().err
    lines = [json.loads(line) for line in Path(out).read_text("utf-8").splitlines()]
    assert [line["rank"] for line in lines] == [1, 2, 3, 4, 5]
    assert main(["replay", out, "--index", path]) == 0
    assert "5 the same" in capsys.readouterr().out
    with NewsIndex.open(path, encoder=WordEncoder()) as index:
        index.remove(lines[0]["article"]["id"])
    assert main(["replay", out, "--index", path, "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["gone"][0]["rank"] == 1
    assert main(["replay", str(tmp_path / "no.csv"), "--index", path]) == 2
    assert "no such file" in capsys.readouterr().err
