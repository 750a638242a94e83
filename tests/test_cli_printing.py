"""What the command prints, over an index that needs no model: keywords alone."""

import json
import os
import re
import shlex
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from search import AddReport, Article, NewsIndex, Reject
from search.cli import main
from search.printed import reject_lines, report_lines
from tests.words import WordEncoder

UNTITLED = "The ferry sank.  Nobody drowned, since nobody was aboard that night."
ARTICLES = [
    Article(
        id="ferry",
        text=UNTITLED,
        source="Küstenbote",
        authors=("Ann Lee", "Bo Ray"),
        published=date(2022, 10, 1),
        published_precision="month",
    ),
    Article(id="dam", title="洪水", text="The dam broke, and the ferry stopped."),
]


@pytest.fixture
def index(tmp_path, monkeypatch):
    path = tmp_path / "index"
    with NewsIndex.open(path, encoder=WordEncoder()) as opened:
        opened.add(ARTICLES)
    monkeypatch.setenv("NEWS_SEARCH_INDEX", str(path))
    return path


def printed(capsys, *arguments):
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_a_hit_says_where_it_comes_from_as_precisely_as_is_known(index, capsys):
    out = printed(capsys, "search", "sank", "--mode", "keyword")
    lines = [line.strip() for line in out.splitlines() if line.strip()]
    assert re.fullmatch(r"1 passage of 1 article in \d+ ms", lines[0])
    assert lines[1:] == [
        "1. (untitled) The ferry sank.",
        "Küstenbote · Oct 2022 · Ann Lee, Bo Ray · likely match",
        "»The ferry sank.« Nobody drowned, since nobody was aboard that night.",
        "[ferry]",
    ]


def test_undated_articles_are_left_out_until_they_are_let_in(index, capsys):
    options = ("search", "ferry", "--mode", "keyword", "--after", "2022")
    assert "1 undated article left out; add --include-undated" in printed(capsys, *options)
    out = printed(capsys, *options, "--include-undated")
    assert "left out" not in out
    assert "洪水" in out


@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
@pytest.mark.parametrize("options", [[], ["--json"]])
def test_a_locale_without_the_letters_stops_nothing(index, encoding, options):
    query = os.fsdecode(b'"\xff" ferry')  # not UTF-8: half of nothing, and a note about it
    command = [sys.executable, "-m", "search.cli", "search", query, "--mode", "keyword", *options]
    environment = {**os.environ, "PYTHONIOENCODING": f"{encoding}:strict"}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    if options:
        titles = [hit["article"]["title"] for hit in json.loads(done.stdout)["hits"]]
        assert sorted(titles, key=str) == [None, "洪水"]


def test_an_article_is_printed_whole(index, capsys):
    assert printed(capsys, "article", "ferry") == (
        f"(untitled) The ferry sank.\nKüstenbote · Oct 2022 · Ann Lee, Bo Ray\n\n{UNTITLED}\n"
    )


def test_what_was_removed_is_counted_and_what_was_not_there_too(index, capsys):
    assert main(["remove", "ferry", "nowhere", "elsewhere"]) == 1
    assert capsys.readouterr().out == "removed 1 article; not there: 2\n"
    assert printed(capsys, "doctor") == "ok: 1 article, 1 passage, words\n"


def test_taking_down_is_proven_and_a_trace_is_no_success(index, capsys):
    erased = r"searched \d+ files? \([\d.]+ MB\) for \d+ pieces of text and vectors: "
    assert main(["remove", "ferry", "--verify"]) == 0
    assert re.fullmatch(f"removed 1 article\n{erased}none left\n", capsys.readouterr().out)
    (index / "copy.txt").write_text("The dam broke, and the ferry stopped.", encoding="utf-8")
    assert main(["remove", "dam", "--verify"]) == 1
    out = capsys.readouterr().out
    trace = r"\S+/copy\.txt holds 'The dam broke, and the ferry sto' at byte 0"
    assert re.match(f"removed 1 article\n{erased}2 left\n{trace}\n", out)
    assert main(["remove", "ferry", "--verify"]) == 1
    assert capsys.readouterr().out == "removed 0 articles; not there: 1\n"


def test_compacting_says_what_it_saved(index, capsys):
    out = printed(capsys, "compact")
    assert re.fullmatch(r"compacted: [\d.]+ MB before, [\d.]+ MB now\n", out)
    assert printed(capsys, "doctor") == "ok: 2 articles, 2 passages, words\n"


def test_long_lists_are_cut_and_said_to_be():
    rejects = tuple(Reject("a.jsonl", "bad_json", "not JSON", line=n) for n in range(1, 1_501))
    skipped = tuple(f".file{n}: hidden" for n in range(22))
    report = AddReport(rejected=1_500, rejects=rejects, skipped=skipped, flags={"stub": 2})
    lines = list(reject_lines(report))
    assert lines[0] == "a.jsonl:1: bad_json: not JSON"
    assert lines[20:] == ["… 1,480 more; --report FILE lists them"]
    (first, left_out, guessed) = report_lines(report)
    assert first.startswith("added 0, updated 0, unchanged 0, rejected 1,500 articles; 0 passages")
    assert left_out.endswith("; .file19: hidden; … 2 more")
    assert guessed == "guessed or missing: stub 2"


def test_an_empty_variable_names_no_index(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWS_SEARCH_INDEX", "")
    assert main(["search", "ferry"]) == 2
    assert "no index at index/" in capsys.readouterr().err


def test_a_report_is_utf_8_whatever_the_locale(index, tmp_path):
    (tmp_path / "洪水.csv").write_text("title,text\nonly one\n", encoding="utf-8")
    report = tmp_path / "report.json"
    program = (
        "import sys; from search import NewsIndex, cli; from tests.words import WordEncoder; "
        "open = NewsIndex.open; "
        "NewsIndex.open = lambda path, **_: open(path, encoder=WordEncoder()); "
        "sys.exit(cli.main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "add", tmp_path / "洪水.csv", "--report", report]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    failed = [*command[:-1], tmp_path / "no" / "report.json"]
    done = subprocess.run(failed, env=environment, capture_output=True, timeout=60)
    assert done.returncode == 1
    assert b"report.json: No such file or directory; no report written" in done.stderr
    (reject,) = json.loads(report.read_text(encoding="utf-8"))["rejects"]
    assert reject["path"].endswith("洪水.csv")


@pytest.mark.parametrize(
    ("redirected", "code", "error"),
    [
        (">&-", 0, ""),
        (">&- 2>&-", 0, ""),
        ("2>&-", 0, ""),
        ("| true", 0, ""),
        pytest.param(
            "> /dev/full",
            2,
            "news-search: [Errno 28] No space left on device\n",
            marks=pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here"),
        ),
    ],
)
def test_output_that_nobody_takes_ends_no_command_with_a_traceback(index, redirected, code, error):
    command = [sys.executable, "-m", "search.cli", "search", "ferry", "--mode", "keyword"]
    shell = f"set -o pipefail; {shlex.join(command)} {redirected}"
    done = subprocess.run(["bash", "-c", shell], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (code, error)
