"""A writer that dies at any moment loses nothing committed and leaves nothing behind."""

import shutil
import time
from pathlib import Path

import numpy as np
import pytest
from answers import assert_holds
from newsroom import article, change, changed, encoded, new_store

from search.errors import IndexLocked, IndexNotFound
from search.store import LocalStore
from search.store.keywords import Keywords, folder_name

KILLS = 16
COMMIT = 9  # the exit status of a child that crashed where it was told to


@pytest.fixture(scope="module")
def before():
    """What the index holds before the change that crashes: so much that no quarter of it dies."""
    return {f"a{number}": encoded(article(number)) for number in range(14)}


@pytest.fixture
def root(tmp_path, before, template):
    shutil.copytree(template, tmp_path / "index")
    return tmp_path / "index"


@pytest.fixture(scope="module")
def template(tmp_path_factory, before):
    root = tmp_path_factory.mktemp("template") / "index"
    store = new_store(root)
    with store.writer() as writing:
        writing.upsert(list(before.values()))
    store.close()
    return root


def after_upsert(held):
    url = "https://news.example/1"
    batch = [encoded(article(0, version=1, url=url)), encoded(article(97)), encoded(article(98))]
    return changed(held, "upsert", batch)


def after_both(held):
    return changed(after_upsert(held), "remove", ["a2", "a98"])


def assert_sound(root, expected):
    """For a reader alone, then for the next writer, who puts in order what is not, and no more."""
    reader = LocalStore(root)
    assert_holds(reader, expected)
    reader.close()
    store = LocalStore(root)
    new = encoded(article(99))
    with store.writer() as writing:
        assert_holds(store, expected)
        assert store._live.files.keywords.reader().passages == store.state().passages
        writing.upsert([new])
    assert_holds(store, changed(expected, "upsert", [new]))
    state = store.state()
    assert store._live.files.keywords.reader().passages == state.passages
    assert store._live.files.vectors.path.stat().st_size == state.slots * 16 * 2
    assert list(root.rglob("*.unfinished")) == []
    assert store.check() == []
    store.close()


WRITE = "search.store.rowfile:RowFile.write"
ADD = "search.store.keywords:Keywords.add"
KEYWORDS = "search.store.keywords:Keywords.commit"
ADVANCE = "search.store.writing:Writing.advance"
CODES = "search.store.codes:write_codes"
# The writer commits keywords when it recovers: call 1. Then come the upsert, the removal, the end.
STEPS = [
    (WRITE, "before", 1, None),
    (WRITE, "half", 1, None),
    (WRITE, "after", 1, None),
    (WRITE, "half", 2, None),
    (WRITE, "after", 2, None),
    (ADD, "after", 2, None),
    (ADVANCE, "after", 1, None),
    (KEYWORDS, "after", 1, None),
    (KEYWORDS, "before", 2, None),
    (KEYWORDS, "after", 2, None),
    ("search.store.writer:LocalWriter._grow_codes", "before", 1, after_upsert),
    (CODES, "before", 1, after_upsert),
    ("faiss:write_index", "after", 1, after_upsert),
    ("search.store.codes:sync_folder", "before", 1, after_upsert),
    (CODES, "after", 1, after_upsert),
    ("search.store.writing:Writing.bury", "after", 3, after_upsert),
    (KEYWORDS, "before", 3, after_upsert),
    (KEYWORDS, "after", 3, after_upsert),
    ("search.store.writer:LocalWriter.finish", "before", 1, after_both),
    (KEYWORDS, "before", 4, after_both),
    (KEYWORDS, "after", 4, after_both),
    ("search.store.writer:LocalWriter.close", "before", 1, after_both),
]


@pytest.mark.parametrize(
    ("target", "when", "call", "held"),
    STEPS,
    ids=[f"{when} {target.partition(':')[2]} {call}" for target, when, call, _ in STEPS],
)
def test_a_crash_between_any_two_steps(children, root, before, target, when, call, held):
    assert children.run("update", root=root, crash=(target, when, call), flat_rows=5) == COMMIT
    keywords = (root / "g0001" / folder_name()).stat().st_ino
    assert_sound(root, held(before) if held else before)
    assert (root / "g0001" / folder_name()).stat().st_ino == keywords, "rebuilt without need"


def test_the_change_itself(children, root, before):
    assert children.run("update", root=root, flat_rows=5) == 0
    assert_sound(root, after_both(before))


LOSSES = {
    "keywords": lambda folder: shutil.rmtree(folder / folder_name()),
    "owners": lambda folder: (folder / "owners.u32").unlink(),
}


@pytest.mark.parametrize(
    ("lost", "target", "when"),
    [
        ("keywords", "search.store.compaction:remove_folder", "after"),
        ("keywords", ADD, "before"),
        ("keywords", ADD, "after"),
        ("owners", WRITE, "before"),
        ("owners", WRITE, "half"),
        ("owners", WRITE, "after"),
    ],
)
def test_a_crash_while_rebuilding(children, root, before, lost, target, when):
    LOSSES[lost](root / "g0001")
    assert children.run("recover", root=root, crash=(target, when, 1)) == COMMIT
    with LocalStore(root).writer():
        pass
    assert_sound(root, before)


@pytest.mark.parametrize(
    ("target", "when", "call"),
    [
        ("search.store.layout:empty_first_folder", "after", 1),
        ("search.store.connections:Connections._opened", "after", 1),
        ("search.store.database:Database.create", "after", 1),
        ("search.store.rowfile:RowFile.create", "after", 1),
        ("search.store.rowfile:RowFile.create", "after", 2),
        ("search.store.layout:set_live_folder", "before", 1),
        ("os:fsync", "before", 4),
    ],
)
def test_a_crash_while_creating(children, tmp_path, target, when, call):
    root = tmp_path / "index"
    assert children.run("create", root=root, crash=(target, when, call)) == COMMIT
    with pytest.raises(IndexNotFound):
        LocalStore(root)
    new_store(root).close()
    assert_sound(root, {})


def test_killed_at_random_moments_again_and_again(children, tmp_path):
    """Each child goes on where the killed one was; what it was doing may be committed or not."""
    root, report, seed = tmp_path / "index", tmp_path / "done", 7
    new_store(root).close()
    rng = np.random.default_rng(seed)
    held, reached = {}, 0
    for changes in rng.integers(0, 6, KILLS):
        life = {"root": root, "seed": seed, "start": reached, "report": report}
        done = children.killed_after(changes, rng.uniform(0, 0.03), "live", **life)
        for _ in range(done):
            held = changed(held, *change(seed, reached))
            reached += 1
        try:
            assert_holds(LocalStore(root), held)
        except (AssertionError, LookupError, ValueError):
            held = changed(held, *change(seed, reached))
            assert_holds(LocalStore(root), held)
            reached += 1
    assert_sound(root, held)


# The lock


def test_a_second_writer_is_refused_at_once(tmp_path):
    store = new_store(tmp_path / "index")
    other = LocalStore(store.root)
    with store.writer() as writing:
        for second in (store, other):
            with (
                pytest.raises(IndexLocked, match=r"another process is writing to .*index; wait"),
                second.writer(),
            ):
                pytest.fail("two writers at once")
        with pytest.raises(IndexLocked):
            new_store(store.root)
        writing.upsert([encoded(article(0))])
    with other.writer() as writing:
        writing.upsert([encoded(article(1))])
    assert_holds(store, {f"a{number}": encoded(article(number)) for number in range(2)})


def test_the_lock_is_freed_when_its_holder_dies(children, tmp_path):
    store, report = new_store(tmp_path / "index"), tmp_path / "held"
    pid = children.start("hold", root=store.root, report=report)
    while not Path(report).exists():
        time.sleep(0.001)
    with pytest.raises(IndexLocked), store.writer():
        pytest.fail("the child does not hold the lock")
    children.kill(pid)
    with store.writer() as writing:
        writing.upsert([encoded(article(0))])
    assert store.check() == []


def test_a_file_of_a_killed_commit_does_not_stop_the_next(children, root, before, tmp_path):
    """tantivy names a list of deletions by a number that the next commit counts up to again."""
    unpurged = ("search.store.writer:LocalWriter.finish", "before", 1)
    assert children.run("update", root=root, crash=unpurged) == COMMIT
    folder = root / "g0001" / folder_name()
    shutil.copytree(folder, tmp_path / "old", ignore=shutil.ignore_patterns(".managed.json"))
    with LocalStore(root)._live.files.database.reading() as reading:
        slots, tombs = reading.state().slots, reading.tombs(unpurged_only=True)
    killed = Keywords(folder)  # as a writer does when it recovers
    killed.delete_from(slots)
    killed.delete(tombs)
    killed.commit()
    killed.close_writer()
    assert list(folder.glob("*.del"))
    shutil.copytree(tmp_path / "old", folder, dirs_exist_ok=True)
    same = folder.stat().st_ino
    with LocalStore(root).writer():
        pass
    assert folder.stat().st_ino == same, "rebuilt where nothing was wrong"
    assert_sound(root, after_both(before))
