"""What readers sent stays on the disk no longer than the process that keeps it."""

import os
import subprocess
import sys
import tempfile

import pytest
from conftest import ROOT

from search.web import kept_files
from search.web.kept_files import KeptFiles

KEEP_FOR_EVER = """
import sys
from search.web.kept_files import KeptFiles
kept = KeptFiles()
kept.put(0, "a.txt", b"a")
print(kept.folder, flush=True)
sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """Where temporary files are."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


@pytest.fixture
def keeping():
    """Another process that keeps a file."""
    command = [sys.executable, "-c", KEEP_FOR_EVER]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, **pipes) as process:
        assert process.stdout.readline()
        yield process
        process.kill()


def files(folder):
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def test_files_are_kept_until_they_are_removed(folder):
    with KeptFiles() as kept:
        first, second = kept.put(0, "a.txt", b"a"), kept.put(1, "a.txt", b"b")
        assert (first.read_bytes(), second.read_bytes()) == (b"a", b"b")
        assert kept.folder.stat().st_mode & 0o777 == 0o700
    assert list(folder.iterdir()) == []
    kept.remove()


def test_what_a_killed_process_left_is_removed_and_what_others_keep_is_not(folder, keeping):
    with KeptFiles() as kept:
        kept.put(0, "b.txt", b"b")
        kept_files.remove_leftovers()
        assert files(folder) == ["a.txt", "b.txt", "held", "held"]
        keeping.kill()
        keeping.wait()
        kept_files.remove_leftovers()
        assert files(folder) == ["b.txt", "held"]


def test_only_what_is_known_to_be_ours_is_removed(folder):
    (folder / "news-search-sent-new").mkdir()  # of a process that is about to lock it
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "held").touch()
    (folder / "news-search-sent-link").symlink_to(elsewhere)
    (folder / "news-search-sent-file").touch()
    before = sorted(folder.rglob("*"))
    kept_files.remove_leftovers()
    assert sorted(folder.rglob("*")) == before
