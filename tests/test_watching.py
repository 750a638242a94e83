"""Watching a folder: what is read, when, and what ends it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from search import AddReport, IndexLocked, InputError, NewsIndex
from search.fetching import Fetcher
from search.ingest import Rules
from search.sources import Fetched
from search.store import LocalStore
from search.watching import Watched
from tests.words import WordEncoder

OFTEN = 0.05
CLI = (
    "import sys; from search import NewsIndex, cli; from tests.words import WordEncoder; "
    "open = NewsIndex.open; "
    "NewsIndex.open = lambda path, **_: open(path, encoder=WordEncoder()); "
    "sys.exit(cli.main(sys.argv[1:]))"
)


@pytest.fixture
def index(tmp_path):
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "news"
    path.mkdir()
    return path


def line(article_id, text):
    return f'{{"id": "{article_id}", "text": "{text}"}}\n'


def did(report):
    assert isinstance(report, AddReport), report
    return report.added, report.updated, report.unchanged, report.withdrawn, report.rejected


def test_what_is_there_is_added_then_what_comes_or_changes_and_nothing_twice(index, folder):
    (folder / "a.jsonl").write_text(line("a", "Rates fell.") + line("b", "Rates rose."))
    rounds = index.watch(folder, interval=OFTEN)
    assert did(next(rounds)) == (2, 0, 0, 0, 0)
    (folder / "c.jsonl").write_text(line("c", "The dam broke."))
    assert did(next(rounds)) == (1, 0, 0, 0, 0)  # a file read again would count as unchanged
    with (folder / "a.jsonl").open("a") as file:
        file.write(line("d", "The ferry sank."))
    assert did(next(rounds)) == (1, 0, 2, 0, 0)
    (folder / "sub").mkdir()
    (folder / "sub" / "new.jsonl").write_text(line("c", "The dam held."))
    (folder / "sub" / "new.jsonl").replace(folder / "c.jsonl")
    assert did(next(rounds)) == (0, 1, 0, 0, 0)
    assert index.stats().articles == 4


def looked(watched):
    reading = watched.reading(Fetched(Fetcher()))
    if reading is None:
        return []
    found = [item.id for item in reading]
    watched.done()
    return found


def test_a_file_that_is_being_written_waits_for_two_looks_that_agree(folder):
    path = folder / "a.jsonl"
    path.write_text(line("a", "Rates fell."))
    watched = Watched([folder], Rules(), again_seconds=300)
    for name in "bcd":
        with path.open("a") as file:
            file.write(line(name, "Rates rose."))
        watched.look()
        assert looked(watched) == []
    watched.look()
    assert looked(watched) == ["a", "b", "c", "d"]
    for _ in range(3):
        watched.look()
        assert looked(watched) == []


@pytest.mark.parametrize("how", ["time", "inode"])
def test_a_change_that_keeps_the_size_is_seen(folder, how):
    path = folder / "a.jsonl"
    path.write_text(line("a", "Rates fell."))
    watched = Watched([folder], Rules(), again_seconds=300)
    watched.look()
    assert looked(watched) == ["a"]
    status = path.stat()
    if how == "time":
        path.write_text(line("b", "Rates fell."))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    else:
        (folder / ".b").write_text(line("b", "Rates fell."))
        os.utime(folder / ".b", ns=(status.st_atime_ns, status.st_mtime_ns))
        (folder / ".b").replace(path)
    assert path.stat().st_size == status.st_size
    watched.look()
    assert looked(watched) == []
    watched.look()
    assert looked(watched) == ["b"]


def test_what_a_round_did_not_get_to_is_read_in_the_next(index, folder):
    (folder / "a.jsonl").write_text(line("a", "Rates fell."))
    rounds = index.watch(folder, interval=OFTEN)
    other = LocalStore(index.path)
    with other.writer():
        assert isinstance(next(rounds), IndexLocked)
        assert isinstance(next(rounds), IndexLocked)
    assert did(next(rounds)) == (1, 0, 0, 0, 0)
    other.close()


def test_a_folder_that_goes_is_told_once_and_its_return_is_seen(index, folder):
    (folder / "a.jsonl").write_text(line("a", "Rates fell."))
    rounds = index.watch(folder, interval=OFTEN)
    next(rounds)
    folder.rename(folder.with_name("away"))
    gone = next(rounds)
    assert did(gone) == (0, 0, 0, 0, 1)
    assert gone.rejects[0].message == "no such file or directory"
    (folder.with_name("away") / "b.jsonl").write_text(line("b", "Rates rose."))
    folder.with_name("away").rename(folder)
    assert sum(did(next(rounds))[:2]) == 1
    assert index.stats().articles == 2


def test_a_reject_is_told_once_and_read_again_when_it_changes(index, folder):
    (folder / "a.jsonl").write_text('{"id": broken\n')
    rounds = index.watch(folder, interval=OFTEN)
    assert did(next(rounds)) == (0, 0, 0, 0, 1)
    (folder / "a.jsonl").write_text(line("a", "Rates fell."))
    assert did(next(rounds)) == (1, 0, 0, 0, 0)


def test_a_notice_holds_in_later_rounds(index, folder):
    item = (
        '{"uri": "http://agency.example/1", "version": "VERSION", "pubstatus": "STATUS",'
        ' "versioncreated": "2022-10-06T10:00:00Z", "headline": "A", "body_text": "Rates fell."}'
    )
    kill = item.replace("VERSION", "2").replace("STATUS", "canceled")
    (folder / "a.json").write_text(kill)
    rounds = index.watch(folder, interval=OFTEN)
    assert did(next(rounds)) == (0, 0, 0, 0, 0)
    (folder / "b.json").write_text(item.replace("VERSION", "1").replace("STATUS", "usable"))
    late = next(rounds)
    assert [one.code for one in late.rejects] == ["withdrawn"]
    assert index.stats().articles == 0


def test_an_empty_folder_is_waited_on_and_a_missing_one_is_an_error(index, folder):
    rounds = index.watch(folder, interval=OFTEN)
    (folder / "a.txt").write_text("Rates fell.")
    assert did(next(rounds)) == (1, 0, 0, 0, 0)
    with pytest.raises(InputError, match="no such file or folder"):
        index.watch(folder / "nowhere")


def test_ctrl_c_ends_the_command_cleanly(tmp_path, folder):
    (folder / "a.jsonl").write_text(line("a", "Rates fell.") + "broken\n")
    report = tmp_path / "report.jsonl"
    command = [sys.executable, "-c", CLI, "add", folder, "--watch", "--interval", "1",
               "--index", tmp_path / "index", "--report", report]  # fmt: skip
    root = Path(__file__).parents[1]
    with subprocess.Popen(
        command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        first = running.stdout.readline()
        (folder / "b.txt").write_text("The dam broke.")
        while not running.stdout.readline().startswith("added 1"):
            pass
        running.send_signal(signal.SIGINT)
        _, error = running.communicate(timeout=60)
    assert first.startswith("added 1, updated 0, unchanged 0, rejected 1 articles")
    assert running.returncode == 130
    assert "Traceback" not in error
    assert error.endswith("news-search: stopped; what was committed stays\n")
    assert report.read_text().count('"kind": "counts"') == 2
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        assert index.stats().articles == 2
        assert index.doctor() == []
