"""The command with a real encoder where one is needed: what a shell sees."""

import json
import subprocess
import sys
from importlib.metadata import version

import pytest

from search import Article, NewsIndex
from search.cli import main
from search.console import plain
from tests.unencoded import store_unencoded

pytestmark = pytest.mark.model


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-m", "search.cli", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory):
    folder = tmp_path_factory.mktemp("newsroom")
    (folder / "a.txt").write_text(
        " date 2022-10-06 The content originally appeared on: CNN\n\n"
        "US forces killed two leaders in an airstrike in Syria.\n\nNobody else was hurt."
    )
    (folder / "b.jsonl").write_text(
        '{"id": "rates", "title": "Bank cuts rates", "source": "BBC", "text": "Rates fell."}\n'
        '{"id": broken\n'
        '{"id": "evil", "text": "A \\u001b[31mred\\u001b[0m alert.", "source": "Odd\\u202e"}\n'
    )
    index = folder / "index"
    done = run("add", folder / "a.txt", folder / "b.jsonl", "--index", index, "--json")
    assert done.returncode == 0, done.stderr
    return folder, json.loads(done.stdout)


def test_add_reports_what_it_did(newsroom):
    folder, report = newsroom
    assert (report["added"], report["rejected"], report["passages"]) == (3, 1, 3)
    (reject,) = report["rejects"]
    assert (reject["path"], reject["line"], reject["code"]) == (
        str(folder / "b.jsonl"),
        2,
        "bad_json",
    )


def test_a_rejected_record_is_said_and_strict_makes_it_count(newsroom, tmp_path):
    folder, _ = newsroom
    report = tmp_path / "report.json"
    done = run(
        "add", folder / "b.jsonl", "--index", folder / "index", "--strict", "--report", report
    )
    assert done.returncode == 1
    assert f"{folder / 'b.jsonl'}:2: bad_json: " in done.stderr
    assert "unchanged 2, rejected 1 articles" in done.stdout
    assert json.loads(report.read_text())["rejected"] == 1


def test_search_prints_json(newsroom):
    folder, _ = newsroom
    done = run("search", "who", "was", "killed", "--index", folder / "index", "--json", "-k", 1)
    found = json.loads(done.stdout)
    assert found["hits"][0]["article"]["source"] == "CNN"
    assert found["hits"][0]["article"]["published"] == "2022-10-06"
    assert found["total"] == 3


def test_search_prints_for_people_without_control_characters(newsroom):
    folder, _ = newsroom
    done = run("search", "red alert", "--index", folder / "index", "--mode", "keyword")
    assert "\x1b" not in done.stdout
    assert "\u202e" not in done.stdout
    assert "1 passage of 1 article in " in done.stdout


def test_a_process_that_searches_holds_no_torch(newsroom):
    folder, _ = newsroom
    program = (
        "import sys; from search.cli import main; "
        f"main(['search', 'killed', '--index', {str(folder / 'index')!r}, '--json']); "
        "heavy = {'torch', 'sentence_transformers', 'transformers', 'streamlit', 'pandas'}; "
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, timeout=120)
    assert done.returncode == 0, done.stderr


def test_article_remove_and_doctor(newsroom):
    folder, _ = newsroom
    index = folder / "index"
    assert json.loads(run("article", "rates", "--index", index, "--json").stdout)["source"] == "BBC"
    assert run("doctor", "--index", index).stdout.startswith("ok: 3 articles, 3 passages")
    done = run("remove", "rates", "nothing", "--index", index)
    assert (done.returncode, done.stdout) == (1, "removed 1 article; not there: 1\n")
    assert json.loads(run("doctor", "--index", index, "--json").stdout) == {
        "ok": True,
        "faults": [],
        "awaiting": 0,
    }


def test_what_awaits_its_vectors_is_said_and_the_next_add_ends_it(tmp_path):
    index = tmp_path / "index"
    with NewsIndex.open(index) as made:
        store_unencoded(made, [Article("a", "The ferry is late."), Article("b", "Rain fell.")])
    done = run("search", "ferry", "--index", index)
    assert (
        "meaning covers 0 of 2 matched passages so far; words cover all" in done.stdout.splitlines()
    )
    assert json.loads(run("search", "ferry", "--index", index, "--json").stdout)["awaiting"] == 2
    done = run("search", "ferry", "--mode", "semantic", "--index", index)
    said = "meaning covers 0 of 2 matched passages so far; hybrid and keyword search the rest too"
    assert said in done.stdout.splitlines()
    assert "no good match so far; the nearest, for reference:" in done.stdout.splitlines()
    hits = tmp_path / "hits.csv"
    done = run("export", "ferry", "--format", "csv", "-o", hits, "--index", index)
    assert "meaning covers 0 of 2 matched passages so far; words cover all" in done.stderr
    assert json.loads(hits.with_name("hits.csv.search.json").read_text())["awaiting"] == 2
    done = run("search", "--like", "a", "--index", index)
    assert "meaning covers 0 of 1 matched passage so far" in done.stdout.splitlines()
    done = run("doctor", "--index", index)
    assert (done.returncode, done.stdout.splitlines()[1:]) == (
        0,
        ["2 of them are found by words alone; encode them with: news-search add"],
    )
    assert json.loads(run("doctor", "--index", index, "--json").stdout)["awaiting"] == 2
    report = json.loads(run("add", "--index", index, "--json").stdout)
    assert (report["added"], report["passages"]) == (0, 2)
    assert json.loads(run("doctor", "--index", index, "--json").stdout)["awaiting"] == 0
    assert "meaning covers" not in run("search", "ferry", "--index", index).stdout
    for more in ([], ["--watch"]):
        done = run("add", *more, "--index", index)
        assert (done.returncode, done.stdout) == (2, "")
        assert "name what to add: a file, a folder" in done.stderr
    done = run("add", "--index", tmp_path / "none")
    assert (done.returncode, (tmp_path / "none").exists()) == (2, False)


def test_the_newest_can_be_added_first(tmp_path):
    path, index = tmp_path / "news.jsonl", tmp_path / "index"
    path.write_text(
        "".join(
            f'{{"id": "n{day}", "text": "Rain fell.", "published": "2024-01-0{day}"}}\n'
            for day in (3, 9, 1, 7)
        )
    )
    report = json.loads(run("add", path, "--index", index, "--newest-first", "--json").stdout)
    assert (report["added"], report["passages"]) == (4, 4)
    with NewsIndex.open(index) as made, made._resources.store().snapshot() as snapshot:
        assert [one.id for one in snapshot.articles()] == ["n9", "n7", "n3", "n1"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["search", "x"], "no index at"),
        (["search", "colour:red"], "there is no field"),
        (["article", "x"], "no index at"),
        (["doctor"], "no index at"),
        (["add", "nowhere.jsonl"], "nowhere.jsonl"),
    ],
)
def test_fatal_errors_exit_2_with_one_sentence(tmp_path, capsys, arguments, message):
    assert main([*arguments, "--index", str(tmp_path / "none")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("news-search: ")
    assert message in error
    assert "Traceback" not in error


@pytest.mark.parametrize("arguments", [["search", "x", "-k", "0"], ["add", "a", "--map", "title"]])
def test_wrong_options_exit_2(arguments, capsys):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2
    assert "error: argument" in capsys.readouterr().err


def test_plain_text_keeps_words_and_lines():
    assert plain("a\x1b[31mb\u202ec\n\td\x9b") == "a[31mbc\n\td"


def test_explain_says_which_words_carried_the_meaning(newsroom):
    folder, _ = newsroom
    found = json.loads(run("search", "airstrike", "--index", folder / "index", "--json").stdout)
    hit = found["hits"][0]
    done = run("explain", hit["passage"]["id"], "airstrike", "--index", folder / "index", "--json")
    assert done.returncode == 0, done.stderr
    shares = json.loads(done.stdout)
    total = sum(word["share"] for word in shares["words"]) + shares["title"] + shares["rest"]
    assert total == pytest.approx(shares["cosine"])
    assert shares["cosine"] == pytest.approx(hit["why"]["cosine"], abs=2e-3)
    assert max(shares["words"], key=lambda word: word["share"])["word"] == "airstrike"
    told = run("explain", hit["passage"]["id"], "airstrike", "--index", folder / "index").stdout
    assert told.splitlines()[0].endswith("  airstrike")
    assert told.splitlines()[-1].endswith("  cosine")


def test_a_word_left_out_without_quotes_is_told_how(newsroom):
    folder, _ = newsroom
    done = run("search", "killed", "-rates", "--index", folder / "index")
    assert done.returncode == 2
    assert "news-search search 'killed -rates'" in done.stderr
    assert run("search", "killed -rates", "--index", folder / "index").returncode == 0


def test_the_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"news-search {version('news-search')}\n"
