"""A recorded search run again: the same while nothing changes, and each change told."""

import contextlib
import copy
import io
import json
import os
import zipfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search import Article, InputError, NewsIndex
from search.cli import main
from search.export_command import _lines
from search.exporting import Asked, read_record, recorded, replayed, search_all, write_file, zipped
from tests.test_paging import newsroom
from tests.unencoded import encode_awaiting, store_unencoded
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


def test_what_awaited_its_vector_then_is_told(index, tmp_path):
    asked = Asked("flood", date(2020, 2, 20))
    store_unencoded(index, [Article(id="late", text="A flood nobody has encoded.")])
    results, model, is_all = search_all(index, asked)
    record = recorded(asked, results, model, is_all=is_all)
    write_file(tmp_path / "hits.csv", "csv", results.hits, record)
    assert read_record(tmp_path / "hits.csv").awaiting == results.awaiting == 1
    encode_awaiting(index)
    found = replayed(index, read_record(tmp_path / "hits.csv"))
    assert (found.then.awaiting, found.now.awaiting) == (1, 0)
    assert "without vectors yet: 1 matched passage then, 0 now" in list(_lines(found))


def test_a_record_from_before_says_that_nothing_awaited(file):
    path = file.with_name("hits.csv.search.json")
    told = json.loads(path.read_text())
    del told["awaiting"]
    path.write_text(json.dumps(told))
    assert read_record(path).awaiting == 0


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


# What is no record, or not of the file that it is with


def packed_by_hand(path, members, method=zipfile.ZIP_DEFLATED):
    with zipfile.ZipFile(path, "w", method) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return path


def refusal(path):
    with pytest.raises(InputError) as caught:
        read_record(path)
    return str(caught.value)


def test_a_file_that_was_changed_is_noticed_in_a_zip_too(file, tmp_path):
    record = file.with_name("hits.csv.search.json").read_bytes()
    content, path = file.read_bytes(), tmp_path / "z.zip"
    for folder in ("", "taken/away/"):
        whole = {f"{folder}hits.csv": content, f"{folder}hits.csv.search.json": record}
        assert read_record(packed_by_hand(path, whole)) == read_record(file)
        changed = whole | {f"{folder}hits.csv": content + b"more"}
        assert refusal(packed_by_hand(path, changed)) == (
            f"{path}: {folder}hits.csv: the file was changed after it was exported,"
            " or the record is another's"
        )
        del changed[f"{folder}hits.csv"]
        assert refusal(packed_by_hand(path, changed)) == (
            f"{path}: no file named {folder}hits.csv in it, which its record is of"
        )
    nameless = json.dumps(json.loads(record) | {"file": None})
    packed_by_hand(path, {"hits.csv": content, "hits.csv.search.json": nameless})
    assert refusal(path) == (
        f"{path}: hits.csv.search.json: file must be the name of the file that sha256 is of"
    )


def test_of_two_files_of_one_name_none_is_believed(file, tmp_path):
    path = packed_by_hand(
        tmp_path / "z.zip",
        {
            "hits.csv": b"x",
            "hits.csv.search.json": file.with_name("hits.csv.search.json").read_bytes(),
        },
    )
    with zipfile.ZipFile(path, "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("hits.csv", file.read_bytes())
    assert refusal(path) == f"{path}: 2 files named hits.csv in it, which its record is of"


@pytest.mark.parametrize(
    ("at", "value", "why"),
    [((8, 6), 1, "is encrypted, password required"), ((10, 8), 97, "compression")],
    ids=["encrypted", "method 97"],
)
def test_a_zip_that_cannot_be_unpacked_is_an_error(file, tmp_path, at, value, why):
    record = file.with_name("hits.csv.search.json").read_bytes()
    path = packed_by_hand(tmp_path / "z.zip", {"hits.csv.search.json": record})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + at[0]] = value
    content[content.index(b"PK\x03\x04") + at[1]] = value
    path.write_bytes(content)
    assert refusal(path).startswith(f"{path}: a ZIP that cannot be read: ")
    assert why in refusal(path)


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
@given(data=st.data())
def test_of_a_damaged_zip_nothing_but_an_error_comes(tmp_path_factory, method, data):
    path = tmp_path_factory.mktemp("damaged") / "z.zip"
    packed_by_hand(path, {"a.csv": b"a" * 99, "a.csv.search.json": b"{}" * 50}, method)
    content = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path.write_bytes(content)
    assert refusal(path).startswith(f"{path}: ")


def test_what_has_no_end_is_not_read(file, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path in (Path("/dev/zero"), pipe, tmp_path):
        assert refusal(path) == (
            f"{path}: no regular file; replay takes an exported file, its record, or a ZIP of both"
        )
    beside = file.with_name("hits.csv.search.json")
    beside.unlink()
    os.mkfifo(beside)
    assert refusal(file).startswith(f"{beside}: no regular file")


def test_what_is_too_large_is_not_read(file, tmp_path, monkeypatch):
    record = file.with_name("hits.csv.search.json")
    members = {"hits.csv": file.read_bytes(), record.name: record.read_bytes()}
    path = packed_by_hand(tmp_path / "z.zip", members)
    with monkeypatch.context() as bounds:
        bounds.setattr("search.exporting.reading.MAX_RECORD_BYTES", 100)
        assert refusal(file) == f"{record}: too large for a record of a search"
        assert refusal(path) == f"{path}: {record.name}: too large for a record of a search"
    with monkeypatch.context() as bounds:
        bounds.setattr("search.exporting.reading.MAX_MEMBER_BYTES", 100)
        assert refusal(path) == (
            f"{path}: hits.csv: too large to be read from a ZIP; unpack it first"
        )
    with monkeypatch.context() as bounds:
        bounds.setattr("search.exporting.reading.MAX_ZIP_BYTES", 100)
        assert refusal(path) == (
            f"{path}: too large a ZIP; unpack it, and replay the file that is in it"
        )


TEXT, TEXTS, NUMBER = "a text", "a list of texts", "a whole number from 0"


@pytest.mark.parametrize(
    ("place", "value", "what", "shown"),
    [
        (("asked", "after"), 5, "a text or null", "5"),
        (("asked", "before"), ["x"], "a text or null", "['x']"),
        (("asked", "like"), [1], "a text or null", "[1]"),
        (("asked", "source"), "Tidewire", TEXTS, "'Tidewire'"),
        (("asked", "author"), [5], TEXTS, "[5]"),
        (("asked", "include_undated"), "x", "true or false", "'x'"),
        (("asked", "sort"), ["newest"], "one of relevance, newest, oldest", "['newest']"),
        (("asked", "now"), 20200220, "a day (2026-11-24)", "20200220"),
        (("asked",), None, "an object", "None"),
        (("matched", "passages"), "a", NUMBER, "'a'"),
        (("matched", "articles"), None, NUMBER, "None"),
        (("ranked",), [], "an object", "[]"),
        (("read",), 5, TEXT, "5"),
        (("mode",), "zzz", "one of hybrid, semantic, keyword", "'zzz'"),
        (("notes",), "abc", TEXTS, "'abc'"),
        (("hits",), {}, "a list", "{}"),
        (("hits", 0), "x", "an object", "'x'"),
        (("hits", 0, "rank"), True, "a whole number from 1", "True"),
        (("hits", 1, "title"), 5, "a text or null", "5"),
        (("made_at",), "soon", "a moment (2026-11-24T09:30:00+01:00)", "'soon'"),
        (("reranker",), ["x"], "a name of at most 255 bytes or null", "['x']"),
        (("sha256",), "abc", "64 hexadecimal digits or null", "'abc'"),
        (("version",), True, NUMBER, "True"),
    ],
)
def test_a_value_that_is_none_of_its_field_is_told(file, place, value, what, shown):
    record = file.with_name("hits.csv.search.json")
    record.write_text(json.dumps(with_value(json.loads(record.read_text()), place, value)))
    field = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in place)[1:]
    assert refusal(file) == (
        f"{record}: a damaged record of a search: {field} must be {what}, not {shown}"
    )


def test_what_has_a_default_may_be_missing_and_nothing_else(file):
    record = file.with_name("hits.csv.search.json")
    good = json.loads(record.read_text())
    less = {name: value for name, value in good.items() if name not in ("reranker", "file")}
    less["asked"] = {name: good["asked"][name] for name in ("text", "now", "mode", "source")}
    record.write_text(json.dumps(less))
    assert read_record(file).asked == ASKED
    del less["hits"][0]["article"]
    record.write_text(json.dumps(less))
    assert refusal(file) == (
        f"{record}: a damaged record of a search: hits[0].article is missing; it must be a text"
    )


# Any value of a record may be any other: it is replayed, or an error that says so


def with_value(values, place, value):
    changed = copy.deepcopy(values)
    inner = changed
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    return changed


def places(value, path=()):
    """Where values are in a JSON value, however deep."""
    inner = value.items() if isinstance(value, dict) else enumerate(value)
    for step, one in inner:
        yield (*path, step)
        if isinstance(one, dict | list):
            yield from places(one, (*path, step))


@pytest.fixture(scope="module")
def replays(tmp_path_factory):
    """A good record, and the exit code and output of `news-search replay` of another one."""
    folder = tmp_path_factory.mktemp("replays")
    path, index = folder / "hits.csv.search.json", str(folder / "index")
    with NewsIndex.open(index, encoder=WordEncoder()) as opened:
        opened.add(newsroom())
        results, model, _ = search_all(opened, ASKED, 3)
    write_file(
        folder / "hits.csv", "csv", results.hits, recorded(ASKED, results, model, is_all=False)
    )

    def replay(values, *more):
        path.write_text(json.dumps(values))
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["replay", str(path), "--index", index, *more])
        return code, out.getvalue(), err.getvalue()

    good = json.loads(path.read_text())
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("search.resources.load_encoder", lambda _: WordEncoder())
        yield good, replay, path


ODD = (
    None, True, False, 0, 1, -1, 5, 2**63, 10**30, 1.5, float("nan"), "", "x", "\x00", "\ud800",
    "a:b", "before:", '"', "2020-01-01", "0001-01-01", "9999-12-31", "keyword", "semantic", "story",
    "last week", "x" * 5_000, [], ["x"], [""], ["\ud800"], [[]], [None], {}, {"x": 1}, [{}],
)  # fmt: skip


@settings(max_examples=150)
@given(at=st.integers(0), value=st.sampled_from(ODD) | st.text(max_size=5), json_=st.booleans())
def test_of_any_record_comes_an_error_or_a_replay(replays, at, value, json_):
    good, replay, _ = replays
    every = list(places(good))
    changed = with_value(good, every[at % len(every)], value)
    code, out, err = replay(changed, *["--json"] * json_)
    if code == 2:
        assert out == ""
        assert err.startswith("news-search: ")
    else:
        assert code in (0, 1)
        assert err == ""
        if json_:
            assert json.loads(out)["same"] is (code == 0)
        else:
            assert "hits: " in out


def test_a_query_that_is_no_longer_read_is_an_error(replays):
    good, replay, path = replays
    code, out, err = replay(with_value(good, ("asked", "text"), "flood colour:red"))
    assert (code, out) == (2, "")
    assert err.startswith(f"news-search: {path}: the search of this record cannot be read any more")
    assert "flood colour:red" in err
