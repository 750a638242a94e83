"""Compaction: a new folder without the dead, and nothing else changes for anyone."""

import pathlib
import pkgutil
import re
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from answers import assert_holds, everything
from newsroom import article, change, changed, encoded, new_store

import search.store.codes as codes
import search.store.compaction as compaction
from search.errors import IndexDamaged, StoreError
from search.store import LocalStore
from search.store.keywords import Keywords
from search.types import EVERYTHING, Contains, Count

COMMIT = 9


@pytest.fixture
def held():
    return {f"a{number}": encoded(article(number), number % 4) for number in range(20)}


@pytest.fixture
def store(tmp_path, held):
    opened = new_store(tmp_path / "index")
    with opened.writer() as writing:
        writing.upsert(list(held.values()))
    yield opened
    opened.close()


def folders(root):
    return sorted(path.name for path in root.iterdir() if path.is_dir())


def some_dead(store, held, gone=("a3", "a6")):
    """Less than a quarter; what is held afterwards."""
    with store.writer() as writing:
        writing.remove(list(gone))
    return changed(held, "remove", list(gone))


def test_compacting_changes_no_answer_and_leaves_no_dead(store, held):
    held = some_dead(store, held)
    before, state = everything(store, scores=False), store.state()
    assert state.slots > state.passages
    store.compact()
    assert everything(store, scores=False) == before
    now = store.state()
    assert (now.slots, now.passages, now.articles) == (state.passages, state.passages, 18)
    assert now.generation > state.generation
    assert now.committed == state.committed
    assert folders(store.root) == ["g0002"]
    assert store.check() == []
    assert_holds(LocalStore(store.root), held)


def test_compacting_what_has_nothing_dead_or_nothing_at_all(store, held, tmp_path):
    store.compact()
    assert_holds(store, held)
    empty = new_store(tmp_path / "empty")
    empty.compact()
    assert empty.state().slots == 0
    assert empty.check() == []
    with empty.writer() as writing:
        writing.upsert(list(held.values()))
    assert_holds(empty, held)


def test_writing_goes_on_in_the_same_block_after_compacting(store, held):
    with store.writer() as writing:
        writing.remove(["a3"])
        writing.compact()
        writing.upsert([encoded(article(50))])
        writing.remove(["a7"])
    held = changed(held, "remove", ["a3", "a7"]) | {"a50": encoded(article(50))}
    assert_holds(store, held)
    assert store.check() == []


def test_it_runs_by_itself_when_a_quarter_is_dead(store, held):
    slots = store.state().slots
    gone = 0
    for name, one in held.items():
        with store.writer() as writing:
            writing.remove([name])
        gone += len(one.passages)
        state = store.state()
        if 4 * gone < slots:
            assert state.slots == slots, "too early"
        else:
            assert state.slots == state.passages, "too late"
            break
    assert store.check() == []


def test_wrong_owners_are_not_carried_into_the_new_folder(store, held):
    owners = np.memmap(store.root / "g0001" / "owners.u32", "<u4", "r+")
    owners[4] += 1
    owners.flush()
    assert any("owners.u32 is wrong" in fault for fault in store.check())
    store.compact()
    assert store.check() == []
    assert_holds(LocalStore(store.root), held)


def test_numbers_are_not_given_twice(store, held):
    """Whoever remembers the facts of an article by its number must not meet another under it."""
    with store.snapshot() as snapshot:
        last = snapshot.owner_of("a19")
    with store.writer() as writing:
        writing.remove(["a19"])
        writing.compact()
        writing.upsert([encoded(article(77))])
    with store.snapshot() as snapshot:
        assert snapshot.owner_of("a77") > last


def test_versions_seen_before_are_still_known(store):
    with store.writer() as writing:
        writing.upsert([encoded(article(1, version=1))])
        writing.compact()
        assert writing.changes([article(1), article(1, version=1), article(1, version=2)]) == [
            "unchanged",
            "unchanged",
            "updated",
        ]


def test_codes_are_made_for_the_new_folder(store, held, monkeypatch):
    monkeypatch.setattr(codes, "FLAT_ROWS", 5)
    held = some_dead(store, held)
    store.compact()
    assert [path.suffix for path in store.root.glob("g0002/ann-*")] == [".faiss"]
    assert_holds(store, held)


# Readers


def test_a_reader_keeps_its_state_until_it_lets_go_then_follows(store, held):
    reader = LocalStore(store.root)
    with reader.snapshot() as old:
        before = old.count(EVERYTHING)
        after = some_dead(store, held)
        store.compact()
        assert folders(store.root) == ["g0002"]
        assert old.count(EVERYTHING) == before
        assert old.article("a3") == held["a3"].article
        assert old.count(Contains("number3")) == Count(3, 1)
        with reader.snapshot() as new:
            assert new.generation > old.generation
            assert new.count(Contains("number3")) == Count()
            assert old.fetch(old.refs_of("a3"))[0][0] == held["a3"].article
    assert_holds(reader, after)
    reader.close()


def test_a_reader_that_was_about_to_open_the_old_folder_follows(store, held, monkeypatch):
    reader = LocalStore(store.root)
    after = some_dead(store, held)
    calls, read = [], Keywords.reader

    def overtaken(self):
        if not calls:
            calls.append(1)
            store.compact()
        return read(self)

    monkeypatch.setattr(Keywords, "reader", overtaken)
    assert_holds(reader, after)
    assert calls


@pytest.mark.parametrize(
    "step",
    [
        "pathlib.Path.is_file",
        "search.store.connections.Connections._taken",
        "search.store.rowfile.RowFile.view",
        "search.store.checksums.check",
        "search.store.codes.loaded",
    ],
)
def test_a_compaction_at_any_moment_of_opening_stops_no_reader(store, held, monkeypatch, step):
    after = some_dead(store, held)
    writer, calls = LocalStore(store.root), []
    *path, name = step.split(".")
    owner = pathlib.Path if path == ["pathlib", "Path"] else pkgutil.resolve_name(".".join(path))
    original = getattr(owner, name)

    def overtaken(*given, **options):
        if not calls:
            calls.append(1)
            writer.compact()
        return original(*given, **options)

    monkeypatch.setattr(owner, name, overtaken)
    reader = LocalStore(store.root)
    assert_holds(reader, after)
    assert calls
    assert reader.check() == []


# Crashes


CREATE = "search.store.files:Files.create"
WRITE = "search.store.rowfile:RowFile.write"
COPY = "search.store.writing:Writing.copy_live"
SUMS = "search.store.writing:Writing.set_checksums"
KEYWORDS = "search.store.keywords:Keywords.commit"
CURRENT = "search.store.layout:set_live_folder"
STEPS = [
    ("search.store.layout:empty_next_folder", "before", 1),
    ("search.store.layout:empty_next_folder", "after", 1),
    (CREATE, "after", 1),
    (WRITE, "half", 1),
    (WRITE, "after", 1),
    (COPY, "after", 1),
    (SUMS, "after", 1),
    ("search.store.rowfile:RowFile.replace", "before", 1),
    (WRITE, "half", 2),
    ("search.store.rowfile:RowFile.replace", "after", 1),
    (KEYWORDS, "before", 2),  # the writer commits keywords when it recovers: call 1
    (KEYWORDS, "after", 2),
    ("search.store.codes:write_codes", "before", 1),
    ("search.store.codes:write_codes", "after", 1),
    (CURRENT, "before", 1),
    (CURRENT, "after", 1),
    ("search.store.files:Files.close", "before", 1),
    ("search.store.layout:remove_dead_folders", "before", 2),
    ("pathlib:Path.rename", "after", 1),
    ("shutil:rmtree", "before", 1),
    ("shutil:rmtree", "after", 1),
    ("search.store.writer:LocalWriter.finish", "before", 1),
]


@pytest.mark.parametrize(
    ("target", "when", "call"),
    STEPS,
    ids=[f"{when} {target.partition(':')[2]} {call}" for target, when, call in STEPS],
)
def test_a_crash_between_any_two_steps_of_it(children, store, held, target, when, call):
    held = some_dead(store, held)
    root = store.root
    assert children.run("compact", root=root, crash=(target, when, call), flat_rows=5) == COMMIT
    reader = LocalStore(root)
    assert_holds(reader, held)
    again = LocalStore(root)
    new = encoded(article(99))
    with again.writer() as writing:
        assert_holds(again, held)
        writing.upsert([new])
    for opened in (again, reader, store):
        assert_holds(opened, held | {"a99": new})
    assert len(folders(root)) == 1
    assert again.check() == []
    reader.close()
    again.close()


def test_killed_while_compacting_at_random_moments(children, store, held):
    rng = np.random.default_rng(11)
    held = some_dead(store, held)
    root, report = store.root, store.root.parent / "done"
    for number in range(8):
        pid = children.start("compact_forever", root=root, report=report)
        while not report.exists():
            time.sleep(0.001)
        time.sleep(rng.uniform(0, 0.2))
        children.kill(pid)
        report.unlink()
        reader = LocalStore(root)
        assert_holds(reader, held)
        with reader.writer() as writing:
            writing.upsert([one := encoded(article(100 + number))])
        held = held | {one.article.id: one}
        assert_holds(reader, held)
        assert reader.check() == []
        reader.close()


# Damage


def flip(path, byte):
    content = bytearray(path.read_bytes())
    content[byte] ^= 0x10
    path.write_bytes(content)


@pytest.mark.parametrize("byte", [0, 333, -1])
def test_a_flipped_byte_in_the_vectors_is_refused_by_all(store, byte):
    path = store.root / "g0001" / "vectors.f16"
    flip(path, byte)
    told = rf"{re.escape(str(path))} is damaged: rows 0 to \d+ are not .*restore it from a backup"
    opened = LocalStore(store.root)
    with pytest.raises(IndexDamaged, match=told), opened.snapshot():
        pytest.fail("searched")
    with pytest.raises(IndexDamaged, match=told), opened.writer():
        pytest.fail("written")
    with pytest.raises(IndexDamaged, match=told):
        opened.compact()
    assert re.search(told, "\n".join(opened.check()))
    flip(path, byte)
    assert opened.check() == []


def test_checksums_cover_blocks_of_any_fill(tmp_path, monkeypatch):
    monkeypatch.setattr("search.store.checksums.BLOCK_ROWS", 7)
    store, held = new_store(tmp_path / "index"), {}
    for number in range(12):
        verb, what = change(3, number)
        held = changed(held, verb, what)
        with store.writer() as writing:
            getattr(writing, verb)(what)
        assert LocalStore(store.root).check() == []
    assert_holds(store, held)
    (folder,) = folders(store.root)
    rows = store.state().slots
    for row in range(0, rows, 3):
        path = store.root / folder / "vectors.f16"
        flip(path, row * 32 + 5)
        (fault,) = LocalStore(store.root).check()
        first, last = map(int, re.search(r"rows (\d+) to (\d+) are", fault).groups())
        assert first <= row <= last
        assert last - first < 7
        flip(path, row * 32 + 5)


def test_when_there_is_no_room_the_old_folder_stays(store, held, monkeypatch):
    held = some_dead(store, held)

    def full(*_):
        raise StoreError("the disk is full")

    monkeypatch.setattr(compaction, "_fill_keywords", full)
    with pytest.raises(StoreError, match="full"):
        store.compact()
    assert folders(store.root) == ["g0001"]
    monkeypatch.undo()
    assert_holds(store, held)


def test_when_it_fails_by_itself_what_was_asked_for_is_done(store, held, monkeypatch, caplog):
    def full(*_):
        raise StoreError("the disk is full")

    monkeypatch.setattr(compaction, "_fill_keywords", full)
    gone = [f"a{number}" for number in range(10)]
    with store.writer() as writing:
        writing.remove(gone)
    assert "not compacted: the disk is full" in caplog.text
    assert_holds(store, changed(held, "remove", gone))


# Taking articles down


SECRET = "The ministry never said that the orchard belonged to it, nor who had paid for the wells."


def raw(root):
    return b"".join(path.read_bytes() for path in root.rglob("*") if path.is_file())


def test_what_is_erased_is_in_no_file(store, held):
    secret = article(70, text=SECRET, title="Wells of the orchard", url="https://news.example/w")
    with store.writer() as writing:
        writing.upsert([encoded(secret)])
    assert b"nor who had paid" in raw(store.root)
    found = store.erase(["a70"])
    assert (found.articles, found.traces) == (1, ())
    assert found.pieces >= len(SECRET) // 32
    assert found.bytes >= 1000
    content = raw(store.root)
    for piece in (b"nor who had paid", b"orchard", b"Wells of", b"news.example/w"):
        assert piece not in content
    for row in encoded(secret).vectors.astype("<f2"):
        assert row.tobytes() not in content
    assert_holds(store, held)


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "山里的小镇在雨中沉默了三天三夜，没有人知道桥是谁炸毁的" * 3},
        {"text": "x" * 5_000 + " and the end of it, which lies on another page of the file"},
        {"title": 'The "orchard" of \\ wells, or: who paid for it', "text": "short"},
        {"text": "Onewordofmanyletterswithoutanyspaceatall" * 3},
    ],
    ids=["no spaces", "pages", "escapes", "one word"],
)
def test_whatever_it_is_written_in_it_is_looked_for(store, held, fields):
    secret = article(70, **fields)
    with store.writer() as writing:
        writing.upsert([encoded(secret)])
    copy = store.root / "copy"
    copy.write_bytes((store.root / "g0001" / "meta.db-wal").read_bytes())
    assert any("copy holds '" in trace for trace in store.erase(["a70"]).traces)
    copy.unlink()
    with store.writer() as writing:
        writing.upsert([encoded(secret)])
    assert store.erase(["a70"]).traces == ()
    assert_holds(store, held)


def test_removed_but_not_erased_is_said(store, held, monkeypatch):
    def full(*_):
        raise StoreError("the disk is full")

    monkeypatch.setattr(compaction, "_fill_keywords", full)
    told = "removed, but not erased yet: the disk is full; then: news-search compact"
    with pytest.raises(StoreError, match=told):
        store.erase(["a3"])
    assert_holds(store, changed(held, "remove", ["a3"]))


def test_what_others_print_too_is_no_trace(store):
    copies = [encoded(article(number, text=SECRET)) for number in (70, 71)]
    with store.writer() as writing:
        writing.upsert(copies)
    found = store.erase(["a70"])
    assert (found.articles, found.traces) == (1, ())
    assert found.shared > 0
    with store.snapshot() as snapshot:
        assert snapshot.article("a71").text == SECRET


def test_a_trace_is_found_wherever_it_is(store):
    with store.writer() as writing:
        writing.upsert([secret := encoded(article(70, text=SECRET))])
    notes = store.root / "notes"
    notes.write_bytes(b"\0\0" + SECRET.encode()[32:64] + secret.vectors.astype("<f2")[1].tobytes())
    found = store.erase(["a70"])
    assert [re.search(r"notes holds (.*) at byte", trace)[1] for trace in found.traces] == [
        repr(SECRET[32:64]),
        "a vector",
    ]


def test_what_was_removed_before_is_erased_with_the_next(store, held):
    with store.writer() as writing:
        writing.remove(["a3"])
    vectors = held["a3"].vectors.astype("<f2")
    assert vectors[0].tobytes() in raw(store.root)
    assert store.erase(["a3"]).articles == 0
    assert vectors[0].tobytes() not in raw(store.root)


def test_leftovers_that_cannot_be_removed_stop_no_writer(store, held, tmp_path, monkeypatch):
    (store.root / "gallery.gone").mkdir()
    (store.root / "g0007").write_text("no folder")
    (store.root / "g0008").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "secret").write_text(SECRET)
    (store.root / "g0001" / "ann-old-1-1.15.1.faiss").write_text("not ours")
    store.compact()
    assert folders(store.root) == ["g0002", "gallery.gone"]
    assert not (tmp_path / "elsewhere").exists()

    def refused(*_):
        raise OSError(39, "Directory not empty")

    (store.root / "g0009").mkdir()
    monkeypatch.setattr("shutil.rmtree", refused)
    held = some_dead(store, held)
    assert_holds(store, held)
    monkeypatch.undo()
    with store.writer():
        pass
    assert folders(store.root) == ["g0002", "gallery.gone"]


@pytest.mark.parametrize("name", ["a b?c#d%20e", "file:rel", "café"])
def test_paths_of_every_kind(tmp_path, monkeypatch, held, name):
    monkeypatch.chdir(tmp_path)
    store = new_store(pathlib.Path(name))
    with store.writer() as writing:
        writing.upsert(list(held.values()))
    monkeypatch.chdir("/")  # an index that is open does not move with the program
    assert_holds(store, held)
    store.compact()
    assert_holds(store, held)
    assert_holds(LocalStore(pathlib.Path(f"/{tmp_path}") / name), held)


def test_a_path_that_is_no_text_is_refused(tmp_path):
    with pytest.raises(StoreError, match=r"caf\\udce9': the name is not UTF-8"):
        new_store(tmp_path / "caf\udce9")


def test_threads_that_check_and_read_at_once(store, held):
    def both(_):
        assert store.check() == []
        assert_holds(store, held)

    with ThreadPoolExecutor(8) as pool:
        done = pool.map(both, range(40))
        for _ in range(3):
            store.compact()
        assert len(list(done)) == 40


def test_erasing_nothing_does_nothing(store, held):
    generation = store.state().generation
    assert store.erase(["nobody"]).articles == 0
    assert store.state().generation == generation
    assert_holds(store, held)


def test_a_deleted_text_is_overwritten_before_any_compaction(store):
    """In the database's own file, once its log is written back; the rest waits for a compaction."""
    with store.writer() as writing:
        writing.upsert([encoded(article(70, text=SECRET))])
    store.close()
    opened = LocalStore(store.root)
    with opened.writer() as writing:
        writing.remove(["a70"])
    opened.close()
    assert b"nor who had paid" not in (store.root / "g0001" / "meta.db").read_bytes()
