"""How far an add is, seen by who does not add."""

import subprocess
import sys

import pytest

from search import NewsIndex
from search.types import Article, Progress
from search.underway import FILE, Underway, underway

HALF = Progress(bytes_read=512, bytes_total=1024, articles=7, passages=31, seconds=2.5)


def test_what_is_noted_is_seen_until_the_end(tmp_path):
    assert underway(tmp_path) is None
    with Underway(tmp_path) as adding:
        assert underway(tmp_path) == Progress(0, 0, 0, 0, 0.0)
        adding.note(HALF)
        assert underway(tmp_path) == HALF
        adding.note(Progress(0, 0, 8, 1, 0.0))
        assert underway(tmp_path) == Progress(0, 0, 8, 1, 0.0)
    assert underway(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_no_longer_going_on(tmp_path):
    killed = "import os, sys; from search.underway import Underway; from pathlib import Path;" + (
        "Underway(Path(sys.argv[1])).__enter__(); os._exit(9)"
    )
    subprocess.run([sys.executable, "-c", killed, tmp_path], check=False)
    assert (tmp_path / FILE).read_bytes().startswith(b'{"bytes_read": 0')
    assert underway(tmp_path) is None
    with Underway(tmp_path) as adding:
        adding.note(HALF)
        assert underway(tmp_path) == HALF


def test_another_process_sees_it(tmp_path):
    look = "import sys; from search.underway import underway; from pathlib import Path;" + (
        "print(underway(Path(sys.argv[1])).articles)"
    )
    with Underway(tmp_path) as adding:
        adding.note(HALF)
        assert subprocess.check_output([sys.executable, "-c", look, tmp_path]) == b"7\n"


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"articles": 1}', b"\xff"])
def test_a_file_that_is_not_ours_tells_nothing(tmp_path, content):
    with Underway(tmp_path):
        (tmp_path / FILE).write_bytes(content)
        assert underway(tmp_path) is None


def test_where_nothing_can_be_written_adding_goes_on(tmp_path):
    told = []
    with Underway(tmp_path / "missing", told.append) as adding:
        adding.note(HALF)
    assert told == [HALF]


@pytest.mark.model
def test_an_index_tells_while_it_is_added_to_and_not_after(tmp_path):
    seen = []
    with NewsIndex.open(tmp_path / "index") as index, NewsIndex.open(index.path) as other:
        index.add(
            [Article(id="a", text="The harbour was closed.")],
            progress=lambda _: seen.append(other.adding()),
        )
        assert [(one.articles, one.awaiting, one.passages) for one in seen] == [
            (1, 1, 0),
            (1, 0, 1),
        ]
        assert other.adding() is None
