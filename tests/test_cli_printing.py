"""What the command prints, over an index that needs no model: keywords alone."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest

from search import Article, NewsIndex
from search.cli import main
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
    lines = [line.strip() for line in out.splitlines()[1:] if line.strip()]
    assert lines == [
        "1. (untitled) The ferry sank.",
        "Küstenbote · Oct 2022 · Ann Lee, Bo Ray",
        "»The ferry sank.« Nobody drowned, since nobody was aboard that night.",
        "[ferry]",
    ]


def test_undated_articles_are_left_out_until_they_are_let_in(index, capsys):
    options = ("search", "ferry", "--mode", "keyword", "--after", "2022")
    assert "1 undated articles left out" in printed(capsys, *options)
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
        "NewsIndex.open = lambda path, model=None: open(path, encoder=WordEncoder()); "
        "sys.exit(cli.main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", program, "add", tmp_path / "洪水.csv", "--report", report]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    (reject,) = json.loads(report.read_text(encoding="utf-8"))["rejects"]
    assert reject["path"].endswith("洪水.csv")
