"""The report of every reject and every guess, however many there are."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from search import AddReport, Article, Guess, NewsIndex, Reject
from search.reporting import ReportFile
from tests.words import WordEncoder

LINES = (
    '{"id": "good", "title": "Rates", "source": "BBC", "published": "2022-10-06",'
    ' "language": "en", "text": "Rates fell."}\n'
    '{"id": broken\n'
    '{"id": "guessed", "source": "BBC", "published": "06/10/2022", "text": "Rates rose again."}\n'
)
REJECT = Reject("a.jsonl", "bad_json", "not JSON", line=2)


@pytest.fixture
def corpus(tmp_path):
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "a.jsonl").write_text(LINES)
    return folder


def added(corpus, report_path):
    with (
        NewsIndex.open(corpus.parent / "index", encoder=WordEncoder()) as index,
        ReportFile(report_path) as file,
    ):
        file.end_round(index.add(corpus, noted=file.note))
    assert file.error is None


def test_a_guess_says_where_what_and_what_was_chosen(corpus):
    noted = []
    with NewsIndex.open(corpus.parent / "index", encoder=WordEncoder()) as index:
        index.add(corpus, noted=noted.append)
    stub, reject, guess = noted
    path = str(corpus / "a.jsonl")
    assert stub == Guess("good", path, ("stub",), {"text_chars": 11}, line=1)
    assert (reject.code, reject.path, reject.line) == ("bad_json", path, 2)
    assert (guess.article_id, guess.path, guess.line) == ("guessed", path, 3)
    assert set(guess.flags) == {"title_inferred", "date_ambiguous", "stub"}
    assert guess.chosen["published"] is None
    assert guess.chosen["raw_date"] == "06/10/2022"
    assert guess.chosen["title"] is None
    assert guess.chosen["text_chars"] == len("Rates rose again.")


def test_articles_made_in_code_are_noted_too(tmp_path):
    noted = []
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        index.add([Article("a", "Rates fell."), Article("b", "")], noted=noted.append)
    guess, reject = noted
    assert (guess.article_id, guess.path, guess.line) == ("a", "", None)
    assert "no_date" in guess.flags
    assert reject.code == "empty_body"


def test_a_document_lists_all_of_both_beside_the_counts(corpus, tmp_path):
    added(corpus, tmp_path / "out.json")
    report = json.loads((tmp_path / "out.json").read_text())
    assert (report["finished"], report["added"], report["rejected"]) == (True, 2, 1)
    assert [one["code"] for one in report["rejects"]] == ["bad_json"]
    assert [(one["id"], one["line"]) for one in report["guesses"]] == [("good", 1), ("guessed", 3)]
    assert report["flags"]["stub"] == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "index", "out.json"]


def test_lines_come_one_by_one_with_the_counts_last(corpus, tmp_path):
    added(corpus, tmp_path / "out.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["guess", "reject", "guess", "counts"]
    assert lines[-1]["added"] == 2


@pytest.mark.parametrize("name", ["out.json", "out.jsonl"])
def test_an_interruption_leaves_what_was_met(tmp_path, name):
    path = tmp_path / name

    def interrupted():
        with ReportFile(path) as file:
            file.note(REJECT)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    if name == "out.json":
        report = json.loads(path.read_text())
        assert (report["finished"], report["rejects"][0]["line"], report["guesses"]) == (
            False,
            2,
            [],
        )
    else:
        assert json.loads(path.read_text())["code"] == "bad_json"


def test_lines_are_there_after_a_kill(tmp_path):
    path = tmp_path / "out.jsonl"
    program = (
        "import sys, os, signal; from pathlib import Path; from search import Reject\n"
        "from search.reporting import ReportFile\n"
        "with ReportFile(Path(sys.argv[1])) as file:\n"
        "    for line in range(500): file.note(Reject('a', 'bad_json', 'not JSON', line=line))\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", program, path], timeout=60)
    assert done.returncode == -signal.SIGKILL
    assert [json.loads(line)["line"] for line in path.read_text().splitlines()] == list(range(500))


def test_the_old_report_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "out.json"
    path.write_text("old")
    with ReportFile(path) as file:
        file.note(REJECT)
        assert path.read_text() == "old"
    assert json.loads(path.read_text())["rejects"]


def test_rounds_are_added_up(tmp_path):
    path = tmp_path / "out.json"
    with ReportFile(path) as file:
        file.end_round(AddReport(added=2, flags={"stub": 1}, skipped=("a: hidden",)))
        file.end_round(AddReport(added=3, unchanged=1, flags={"stub": 4}, skipped=("b: hidden",)))
    report = json.loads(path.read_text())
    assert (report["added"], report["unchanged"], report["flags"]) == (5, 1, {"stub": 5})


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("name", ["full.json", "full.jsonl"])
def test_a_full_disk_is_said_and_stops_nothing(tmp_path, name):
    path = tmp_path / name
    path.symlink_to("/dev/full")
    with ReportFile(path) as file:
        for _ in range(10):
            file.note(REJECT)
    assert "No space left on device; no report written" in file.error
    assert os.path.realpath(path) == "/dev/full"


def test_memory_does_not_grow_with_the_report(tmp_path):
    program = (
        "import resource, sys; from pathlib import Path; from search import Reject\n"
        "from search.reporting import ReportFile\n"
        "peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "with ReportFile(Path(sys.argv[1])) as file:\n"
        "    file.note(Reject('a', 'bad_json', 'x')); before = peak()\n"
        "    for line in range(100_000): file.note(Reject('a', 'bad_json', 'x' * 200, line=line))\n"
        "print(peak() - before)\n"
    )
    command = [sys.executable, "-c", program, tmp_path / "out.json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    assert (tmp_path / "out.json").stat().st_size > 20_000_000
    assert int(done.stdout) < 5_000  # kB
