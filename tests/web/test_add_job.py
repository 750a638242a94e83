"""One adding that a reader asked for, without the page: what it adds, tells and leaves behind."""

import fcntl
import io
import json
import logging
import zipfile
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest

from search import NewsIndex
from search.types import AddReport, Progress, Reject
from search.web import add_job, archive
from search.web.add_rights import AddRefused

RIVER = "Rain fell on the town for three days, and the river rose above the old bridge."


@pytest.fixture(autouse=True)
def index_path(tmp_path, monkeypatch):
    """Where the page's index is to be; what is sent is kept in another folder."""
    path, kept = tmp_path / "index", tmp_path / "kept"
    kept.mkdir()
    monkeypatch.setenv(archive.PATH_VARIABLE, str(path))
    monkeypatch.setattr("tempfile.tempdir", str(kept))
    yield path
    archive.close()


def ended(job):
    assert job.ended.wait(60)
    return job


def told(job):
    """What came of it, without how long it took."""
    return replace(ended(job).report, seconds=0.0)


def packed(**members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as pack:
        for name, text in members.items():
            pack.writestr(name, text)
    return content.getvalue()


@pytest.mark.model
def test_what_is_sent_is_told_of_under_the_names_it_was_sent_by(tmp_path, index_path):
    files = [
        ("week.zip", packed(README="About.", **{"a.txt": RIVER, "b.json": "{"})),
        ("a.jsonl", b'{"title": "no text"}'),
        ("a.jsonl", json.dumps({"title": "The ferry is late", "text": RIVER * 2}).encode()),
    ]
    report = told(add_job.add_files(files))
    assert [(one.path, one.member, one.line) for one in report.rejects] == [
        ("week.zip", "b.json", None),
        ("a.jsonl", None, 1),
    ]
    assert report.skipped == ("week.zip: a member that is about the folder",)
    assert (report.added, report.rejected) == (2, 2)
    assert list((tmp_path / "kept").iterdir()) == []
    with NewsIndex.open(index_path) as index:
        assert index.stats().articles == 2


@pytest.mark.model
def test_a_text_is_one_article_of_the_fields_that_were_filled_in(index_path):
    fields = {"text": RIVER, "title": "The river", "source": " ", "published": "2026-03-31"}
    assert told(add_job.add_text(fields)).added == 1
    with NewsIndex.open(index_path) as index:
        (hit,) = index.search("river").hits
        found = index.article(hit.article.id)
    assert (found.title, found.text, found.day.isoformat()) == ("The river", RIVER, "2026-03-31")


@pytest.mark.model
def test_a_folder_is_read_without_the_links_that_lead_out_of_it(tmp_path):
    inbox, secret = tmp_path / "inbox", tmp_path / "secret.txt"
    inbox.mkdir()
    (inbox / "a.txt").write_text(RIVER)
    secret.write_text("The secret of the harbour was kept by three people for forty years.")
    (inbox / "link.txt").symlink_to(secret)
    report = told(add_job.add_place(inbox, inbox))
    assert (report.added, report.skipped) == (
        1,
        (f"{inbox}/link.txt: a link to what may not be read from here",),
    )


def test_where_nothing_can_be_read_the_reason_is_told_without_the_folder(tmp_path):
    job = ended(add_job.add_place(tmp_path / "missing"))
    assert (job.report, job.failure) == (None, f"no such file or folder: {tmp_path}/missing")


@pytest.fixture
def adding(monkeypatch):
    """In place of adding to the index: waits until `may_end` is set, then tells of progress.

    `reads` has its files.
    """

    class Adding:
        has_read, may_end = Event(), Event()
        reads = ()
        report = AddReport()

        def add(self, places, progress, **_):
            self.reads = [(place.name, place.read_bytes()) for place in places]
            self.has_read.set()
            assert self.may_end.wait(60)
            progress(Progress(1, 2, 1, 1, 0.5))
            return self.report

    one = Adding()
    monkeypatch.setattr(NewsIndex, "add", lambda _, *args, **options: one.add(*args, **options))
    yield one
    one.may_end.set()
    add_job.stop(60)


def test_there_is_one_adding_at_a_time(tmp_path, adding):
    job = add_job.add_files([("a.txt", b"a")])
    assert (job.ended.is_set(), job.report, job.failure) == (False, None, None)
    for another in [
        lambda: add_job.add_place(tmp_path),
        lambda: add_job.add_files([("b.txt", b"b")]),
        lambda: add_job.add_text({"text": "b"}),
    ]:
        with pytest.raises(AddRefused, match="busy"):
            another()
    assert len(list((tmp_path / "kept").iterdir())) == 1
    adding.may_end.set()
    ended(job)
    assert adding.reads == [("a.txt", b"a")]
    assert list((tmp_path / "kept").iterdir()) == []
    assert ended(add_job.add_text({"text": "b"})).failure is None
    assert adding.reads == [("pasted.json", b'{"text": "b"}')]


def test_what_is_sent_while_another_adds_is_not_written_to_the_disk(adding):
    add_job.add_files([("a.txt", b"a")])
    sent = iter([("b.txt", b"b")])
    with pytest.raises(AddRefused, match="busy"):
        add_job.add_files(sent)
    assert list(sent) == [("b.txt", b"b")]


def test_an_adding_that_is_to_stop_ends_after_its_batch_and_leaves_nothing(
    tmp_path, adding, caplog
):
    job = add_job.add_files([("a.txt", b"a")])
    assert adding.has_read.wait(60)
    assert add_job.stop(0) is False
    assert list((tmp_path / "kept").iterdir()) == []
    assert not job.ended.is_set()
    adding.may_end.set()
    assert add_job.stop(60) is True
    assert (job.report, job.failure) == (None, "")
    assert caplog.messages == ["adding from the page was ended; what was committed before is kept"]
    assert ended(add_job.add_text({"text": "b"})).failure is None


def test_only_the_names_of_files_are_told_of(tmp_path, adding):
    adding.may_end.set()
    kept = tmp_path / "kept"
    adding.report = AddReport(
        rejects=(Reject(f"{kept}/a.txt", "binary", "binary"),), skipped=(f"{kept}/b: hidden",)
    )
    job = ended(add_job.add_place(kept / "a.txt"))
    assert job.failure == ""
    (kept / "a.txt").write_bytes(b"")
    assert ended(add_job.add_place(kept / "a.txt")).report == adding.report


@pytest.mark.model
def test_while_another_process_adds_nothing_is_begun_and_that_is_said(index_path):
    index_path.mkdir()
    with (index_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        job = ended(add_job.add_text({"text": RIVER}))
        assert (job.report, job.failure) == (
            None,
            f"another process is writing to {index_path}; wait for it to end, then try again",
        )
    assert told(add_job.add_text({"text": RIVER})).added == 1


def test_an_error_that_nobody_expected_is_left_to_the_log(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(NewsIndex, "add", lambda *_, **__: 1 / 0)
    with caplog.at_level(logging.ERROR):
        job = ended(add_job.add_text({"text": RIVER}))
    assert (job.report, job.failure) == (None, "")
    assert "ZeroDivisionError" in caplog.text
    assert list((tmp_path / "kept").iterdir()) == []


def test_what_cannot_be_kept_leaves_nothing_behind(tmp_path):
    def sent():
        yield "a.txt", b"a"
        raise OSError("no space left on device")

    with pytest.raises(OSError, match="no space left"):
        add_job.add_files(sent())
    assert list((tmp_path / "kept").iterdir()) == []
    assert Path(tmp_path / "kept").is_dir()
    assert ended(add_job.add_place(tmp_path / "missing")).failure.startswith("no such file")
