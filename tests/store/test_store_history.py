"""Earlier versions in a store: kept with the commit that replaces them, gone with the article."""

import sqlite3
import time
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest
from answers import assert_holds, assert_remembers, everything
from newsroom import article, change, changed, encoded, new_store, remembered

from search.errors import ArticleNotFound
from search.store import LocalStore
from search.store.erasure import text_pieces
from search.store.history import MOST_KEPT
from search.types import EVERYTHING, Contains, Version

COMMIT = 9  # the exit status of a child that crashed where it was told to
URL = "https://news.example/story"


@pytest.fixture
def store(tmp_path):
    opened = new_store(tmp_path / "index")
    yield opened
    opened.close()


def put(store, *articles):
    with store.writer() as writing:
        writing.upsert([encoded(one) for one in articles])


def earlier(store, name="a0"):
    with store.snapshot() as snapshot:
        now, *before = snapshot.versions(name)
    assert now.replaced_at is None
    return [version.article for version in before]


def numbered(number, count, **fields):
    """Version `count` of an article, as an agency counts."""
    return article(number, count, extras={"guid": f"urn:{number}", "version": count}, **fields)


def raw(root):
    return b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


def test_an_article_keeps_what_it_was_before_newest_first(store):
    put(store, article(0, 0), article(1))
    before = datetime.now(UTC)
    put(store, article(0, 1))
    put(store, article(0, 2), article(0, 3))
    with store.snapshot() as snapshot:
        found = snapshot.versions("a0")
        assert [one.article for one in found] == [article(0, count) for count in (3, 2, 1, 0)]
        times = [one.replaced_at for one in found[1:]]
        assert before <= min(times)
        assert sorted(times, reverse=True) == times
        assert times[0] <= datetime.now(UTC)
        assert snapshot.versions("a1") == (Version(article(1)),)
        with pytest.raises(ArticleNotFound):
            snapshot.versions("a9")
    assert store.check() == []


@pytest.mark.parametrize(
    ("change", "is_kept"),
    [
        ({"title": "Another"}, True),
        ({"source": "BBC"}, True),
        ({"authors": ("Ana Lima",)}, True),
        ({"published": date(2024, 1, 1)}, True),
        ({"updated": True}, True),
        ({"url": URL}, True),
        ({"section": "World"}, True),
        ({"text": article(0).text + "."}, True),
        ({"language": "en"}, False),
        ({"published_from": "url"}, False),
        ({"extras": {"flags": ["guessed"]}}, False),
        ({}, False),
    ],
    ids=str,
)
def test_what_was_published_makes_a_version_and_what_was_found_out_makes_none(
    store, change, is_kept
):
    put(store, article(0))
    put(store, replace(article(0), **change))
    assert earlier(store) == [article(0)] * is_kept
    assert store.check() == []


def test_no_search_finds_an_earlier_version(store):
    put(store, article(0, 0))
    put(store, article(0, 1))
    with store.snapshot() as snapshot:
        assert snapshot.count(Contains("version0")).passages == 0
        assert snapshot.count(EVERYTHING).articles == 1
        assert snapshot.stats().articles == 1
        (only,) = {one.id for one, _ in snapshot.fetch(snapshot.refs_of("a0"))}
        assert only == "a0"


def test_history_goes_over_to_the_article_that_takes_the_url(store):
    put(store, article(0, 0, url=URL))
    put(store, article(0, 1, url=URL), article(1, 0))
    put(store, article(1, 1, url=URL))
    versions = [article(1, 0), article(0, 1, url=URL), article(0, 0, url=URL)]
    assert earlier(store, "a1") == versions
    with store.snapshot() as snapshot, pytest.raises(ArticleNotFound):
        snapshot.versions("a0")
    assert store.check() == []


def test_what_comes_back_is_kept_once(store):
    for count in (0, 1, 0, 2, 0):
        put(store, article(0, count))
    assert earlier(store) == [article(0, 2), article(0, 0), article(0, 1)]
    assert store.check() == []


def test_of_more_versions_than_are_kept_the_oldest_go(store):
    for first in range(0, MOST_KEPT + 10, 10):
        put(store, *(article(0, count) for count in range(first, first + 10)))
    last = MOST_KEPT + 9
    assert earlier(store) == [article(0, last - n) for n in range(1, MOST_KEPT + 1)]
    assert store.check() == []
    with store.writer() as writing:
        assert writing.changes([article(0, 0)]) == ["unchanged"]  # known, though not kept


def test_an_older_version_enters_the_history_where_it_belongs(store):
    put(store, numbered(0, 5))
    put(store, numbered(0, 9))
    late = [numbered(0, 7), numbered(0, 2), numbered(0, 7), numbered(1, 1), article(0, 1)]
    with store.writer() as writing:
        assert writing.changes(late) == ["older", "older", "older", "added", "updated"]
        writing.keep_older(late)
        assert writing.changes(late[:2]) == ["unchanged", "unchanged"]
    with store.snapshot() as snapshot:
        assert snapshot.article("a0") == numbered(0, 9)
        assert [one.article.version for one in snapshot.versions("a0")] == [9, 7, 5, 2]
        with pytest.raises(ArticleNotFound):
            snapshot.article("a1")
    assert store.check() == []


def test_a_number_beyond_all_counting_is_kept_without_order(store):
    put(store, numbered(0, 10**30))
    put(store, numbered(0, 10**30 + 1))
    assert [one.version for one in earlier(store)] == [10**30]
    assert store.check() == []


def test_removing_leaves_nothing_to_an_article_that_comes_again(store):
    put(store, article(0, 0), article(1, 0))
    put(store, article(0, 1), article(1, 1))
    with store.writer() as writing:
        writing.remove(["a0"])
    put(store, article(0, 2))
    assert earlier(store, "a0") == []
    assert earlier(store, "a1") == [article(1, 0)]
    assert store.check() == []


def test_reopening_and_compacting_change_nothing(store):
    held, histories = {}, {}
    for number in range(12):
        step = change(3, number)
        histories = remembered(histories, held, *step)
        held = changed(held, *step)
        with store.writer() as writing:
            getattr(writing, step[0])(step[1])
    assert any(histories.values())
    assert_remembers(store, held, histories)
    before = everything(store, scores=False)
    store.compact()
    for opened in (store, LocalStore(store.root)):
        assert_remembers(opened, held, histories)
        assert everything(opened, scores=False) == before
        assert opened.check() == []


# What is erased

SECRET = (
    "The minister met the owner of the quarry at night, and nobody wrote down what was said "
    "there, nor who had paid for the house by the lake."
)


def test_no_file_holds_a_byte_of_what_an_erased_article_was_before(store):
    put(store, *(article(number) for number in range(12)))
    put(store, article(70, text=SECRET, title="Quarry at night", source="Lakeside Herald"))
    put(store, article(70, text="Nothing of it is true.", title="A correction"))
    put(store, article(70, text="Withdrawn at the wish of the editor.", title="A note"))
    assert [one.title for one in earlier(store, "a70")] == ["A correction", "Quarry at night"]
    assert b"nor who had paid" in raw(store.root)
    found = store.erase(["a70"])
    assert (found.articles, found.traces) == (1, ())
    assert found.pieces >= len(SECRET) // 32
    content = raw(store.root)
    for piece in (
        b"nor who had paid",
        b"Quarry at",
        b"Lakeside",
        b"Nothing of it",
        b"A correction",
    ):
        assert piece not in content
    assert store.check() == []


def test_a_trace_of_an_earlier_version_is_found(store):
    put(store, article(70, text=SECRET), article(71))
    put(store, article(70, text="Nothing of it is true."))
    (store.root / "notes").write_bytes(SECRET.encode()[32:64])
    (trace,) = store.erase(["a70"]).traces
    assert f"notes holds {SECRET[32:64]!r} at byte 0" in trace


def test_of_versions_that_share_most_only_what_is_new_is_looked_for():
    lines = [f"Paragraph {number} of a long report on the quarry." for number in range(100)]
    now = article(70, text="\n\n".join(lines))
    before = article(70, text="\n\n".join(["It began otherwise, at that time.", *lines[1:]]))
    pieces, both = text_pieces([now]), text_pieces([now, before])
    assert both[: len(pieces)] == pieces
    assert both[len(pieces) :] == ["It began otherwise, at that time"[:32], before.text[1:33]]


def test_a_version_left_of_no_article_is_a_trace(store, monkeypatch):
    monkeypatch.setattr("search.store.history.forget", lambda *_: None)
    put(store, article(70, text=SECRET), article(71))
    put(store, article(70, text="Nothing of it is true."))
    assert any(SECRET[32:64] in trace for trace in store.erase(["a70"]).traces)
    assert "meta.db counts 1 earlier versions of nothing where 0 were committed" in store.check()


def test_what_another_article_said_before_is_no_trace(store):
    put(store, article(70, text=SECRET), article(71, text=SECRET))
    put(store, article(71, text="Nothing of it is true."))
    found = store.erase(["a70"])
    assert found.traces == ()
    assert found.shared > 0
    assert earlier(store, "a71")[0].text == SECRET


def test_a_removed_version_is_overwritten_before_any_compaction(store):
    put(store, *(article(number) for number in range(12)), article(70, text=SECRET))
    put(store, article(70, text="Nothing of it is true."))
    with store.writer() as writing:
        writing.remove(["a70"])
    store.close()
    assert b"nor who had paid" not in (store.root / "g0001" / "meta.db").read_bytes()


# Older indexes, damage


def in_database(store, sql):
    (folder,) = store.root.glob("g*")
    with closing(sqlite3.connect(folder / "meta.db")) as database, database:
        database.execute(sql)


def test_an_index_made_before_there_was_a_history(store):
    put(store, article(0, 0))
    store.close()
    in_database(store, "DROP TABLE history")
    old = LocalStore(store.root)
    with old.snapshot() as snapshot:
        assert snapshot.versions("a0") == (Version(article(0, 0)),)
    assert old.check() == []
    put(old, article(0, 1))
    assert earlier(old) == [article(0, 0)]
    assert old.check() == []
    assert old.erase(["a0"]).traces == ()


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        (
            "UPDATE history SET text = replace(text, 'flood', 'blood')",
            "meta.db holds 1 earlier versions that are damaged",
        ),
        (
            "UPDATE history SET record = '{}'",
            "meta.db holds 1 earlier versions that are damaged",
        ),
        (
            "UPDATE history SET id = 'nobody'",
            "meta.db counts 1 earlier versions of nothing where 0 were committed",
        ),
        (
            "DELETE FROM version",
            "meta.db counts 1 earlier versions that are not known where 0 were committed",
        ),
    ],
)
def test_the_doctor_looks_at_earlier_versions_too(store, sql, expected):
    put(store, article(0, 0))
    put(store, article(0, 1))
    assert store.check() == []
    in_database(store, sql)
    assert expected in LocalStore(store.root).check()


def test_a_repair_removes_the_versions_of_nothing_alone(store):
    put(store, article(0, 0), article(1, 0))
    put(store, article(0, 1), article(1, 1))
    in_database(store, "UPDATE history SET id = 'nobody' WHERE id = 'a0'")
    again = LocalStore(store.root)
    again.repair()
    assert again.check() == []
    assert (earlier(again, "a0"), earlier(again, "a1")) == ([], [article(1, 0)])


# Killed


STEPS = [
    ("search.store.history:keep", "before", 1, 0),
    ("search.store.history:keep", "after", 1, 0),
    ("search.store.history:drop_oldest", "after", 1, 0),
    ("search.store.writing:Writing.bury", "after", 1, 0),
    ("search.store.writing:Writing.insert", "after", 1, 0),
    ("search.store.writing:Writing.advance", "after", 1, 0),
    ("search.store.keywords:Keywords.commit", "after", 2, 0),
    ("search.store.writer:LocalWriter._grow_codes", "before", 1, 1),
    ("search.store.history:forget", "after", 1, 1),
    ("search.store.keywords:Keywords.commit", "after", 3, 1),
    ("search.store.writer:LocalWriter.finish", "before", 1, 2),
]


@pytest.mark.parametrize(("target", "when", "call", "committed"), STEPS)
def test_a_crash_leaves_the_old_article_or_the_new_one_with_its_history(
    children, store, target, when, call, committed
):
    held, histories = {}, {}
    first = [encoded(article(number)) for number in range(14)]
    second = [encoded(article(2, version=1))]
    update = [
        encoded(article(0, version=1, url="https://news.example/1")),
        encoded(article(97)),
        encoded(article(98)),
    ]
    steps = [("upsert", first), ("upsert", second), ("upsert", update), ("remove", ["a2", "a98"])]
    for verb, what in steps[: 2 + committed]:
        histories = remembered(histories, held, verb, what)
        held = changed(held, verb, what)
    for _, what in steps[:2]:
        with store.writer() as writing:
            writing.upsert(what)
    store.close()
    crash = (target, when, call)
    assert children.run("update", root=store.root, crash=crash, flat_rows=99) == COMMIT
    for _ in range(2):  # a reader alone, then after the next writer
        after = LocalStore(store.root)
        assert_holds(after, held)
        assert_remembers(after, held, histories)
        with after.writer():
            pass
        assert after.check() == []
        after.close()


def test_killed_again_and_again_what_is_remembered_is_what_was_replaced(children, tmp_path):
    root, report, seed = tmp_path / "index", tmp_path / "done", 11
    new_store(root).close()
    rng = np.random.default_rng(seed)
    held, histories, reached = {}, {}, 0
    for changes in rng.integers(0, 6, 8):
        report.unlink(missing_ok=True)
        pid = children.start("live", root=root, seed=seed, start=reached, report=report)
        while not report.exists() or report.stat().st_size < changes:
            time.sleep(0.001)
        children.kill(pid)
        told = len(report.read_text(encoding="ascii"))
        for number in range(reached, reached + told):
            histories = remembered(histories, held, *change(seed, number))
            held = changed(held, *change(seed, number))
        reached += told
        try:
            assert_holds(LocalStore(root), held)
        except (AssertionError, LookupError, ValueError):
            histories = remembered(histories, held, *change(seed, reached))
            held = changed(held, *change(seed, reached))
            reached += 1
        assert_remembers(LocalStore(root), held, histories)
    assert any(histories.values())
    assert LocalStore(root).check() == []
