"""Files that are not what was committed: named by what notices, mended where they are derived."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from answers import assert_holds, everything
from newsroom import DIM, article, encoded, new_store

import search.store.codes as codes
from search.errors import IndexDamaged, IndexNotFound, IndexRefused
from search.store import LocalStore
from search.store.keywords import Keywords, folder_name

HERE = Path(__file__).parent


@pytest.fixture
def held():
    return {f"a{number}": encoded(article(number)) for number in range(12)}


@pytest.fixture
def store(tmp_path, held, monkeypatch):
    monkeypatch.setattr(codes, "FLAT_ROWS", 20)
    store = new_store(tmp_path / "index")
    batch = list(held.values())
    with store.writer() as writing:
        writing.upsert(batch[:6])
        writing.upsert(batch[6:])
    yield store
    store.close()


@pytest.fixture
def folder(store):
    return store.root / "g0001"


def mended(store, held):
    """After the next writer came and went."""
    again = LocalStore(store.root)
    with again.writer():
        pass
    assert again.check() == []
    assert_holds(again, held)
    again.close()


def keyword_files(folder):
    return folder / folder_name()


# Vectors


@pytest.mark.parametrize("rows", [0, 35, 35.5])
def test_vectors_cut_short_are_refused_by_name(store, folder, rows):
    path = folder / "vectors.f16"
    os.truncate(path, int(rows * DIM * 2))
    again = LocalStore(store.root)
    expected = rf"vectors\.f16 is damaged: {int(rows * DIM * 2)} bytes where {36 * DIM * 2}"
    with pytest.raises(IndexDamaged, match=expected), again.snapshot():
        pytest.fail("half the vectors were accepted")
    with pytest.raises(IndexDamaged, match=expected), again.writer():
        pytest.fail("a writer would append behind the gap")
    assert any("vectors.f16 is damaged" in fault for fault in again.check())


def test_missing_vectors_are_refused_by_name(store, folder):
    (folder / "vectors.f16").unlink()
    with pytest.raises(IndexDamaged, match=r"vectors\.f16"), LocalStore(store.root).snapshot():
        pytest.fail("no vectors were accepted")


def test_rows_beyond_those_committed_are_cut(store, folder, held):
    for name in ("vectors.f16", "owners.u32"):
        with (folder / name).open("ab") as file:
            file.write(b"\xff" * 999)
    assert LocalStore(store.root).check() == []
    assert_holds(LocalStore(store.root), held)
    new = encoded(article(50))
    with store.writer() as writing:
        writing.upsert([new])
    assert (folder / "vectors.f16").stat().st_size == 39 * DIM * 2
    assert (folder / "owners.u32").stat().st_size == 39 * 4
    assert_holds(store, held | {"a50": new})


# Keywords


def emptied(path):
    shutil.rmtree(path)
    path.mkdir()


KEYWORD_DAMAGE = {
    "removed": shutil.rmtree,
    "emptied": emptied,
    "torn meta.json": lambda path: (path / "meta.json").write_text('{"segments": ['),
    "no segments": lambda path: [file.unlink() for file in path.glob("*.term")],
    "cut segments": lambda path: [os.truncate(file, 10) for file in path.glob("*.idx")],
    "another index": lambda path: (emptied(path), path.rmdir(), Keywords(path).create()),
}


@pytest.mark.parametrize("damage", KEYWORD_DAMAGE)
def test_damaged_keywords_are_named_and_made_again(store, folder, held, damage):
    store.close()
    KEYWORD_DAMAGE[damage](keyword_files(folder))
    again = LocalStore(store.root)
    with pytest.raises(IndexDamaged, match=r"lexical-.*news-search doctor --repair"):
        assert_holds(again, held)
    assert any("lexical-" in fault for fault in again.check())
    mended(store, held)


def test_a_reader_that_has_its_keywords_open_does_not_mind(store, folder, held):
    assert_holds(store, held)
    emptied(keyword_files(folder))
    assert_holds(store, held)
    mended(store, held)
    with store.writer() as writing:
        writing.remove(["a0"])
    assert_holds(store, {name: one for name, one in held.items() if name != "a0"})


# Snapshots of codes


@pytest.mark.parametrize("size", [0, 10, 400])
def test_torn_codes_are_ignored_named_and_replaced(store, folder, held, size):
    before = everything(store)
    (newest,) = codes.code_files(folder)[-1:]
    os.truncate(newest, size)
    again = LocalStore(store.root)
    assert everything(again) == before
    assert again.check() == [f"{newest} is damaged"]
    mended(store, held)
    assert len(codes.code_files(folder)) == 1


@pytest.mark.parametrize("claimed", ["000000000040", "000000000030"])
def test_codes_of_other_rows_than_their_name_says_is_not_trusted(store, folder, held, claimed):
    before = everything(store)
    (newest,) = codes.code_files(folder)[-1:]
    newest.rename(newest.with_name(newest.name.replace("000000000036", claimed)))
    assert everything(LocalStore(store.root)) == before
    mended(store, held)
    with store.writer() as writing:
        writing.upsert([encoded(article(number)) for number in range(20, 24)])
    assert all(claimed not in path.name for path in codes.code_files(folder))
    assert store.check() == []


# CURRENT


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"g0002\n", b"../g0001", b"g0001/../g0001", b"\xff\xfe", b"g\0001", b"x" * 99_999],
    ids=lambda content: repr(content[:20]),
)
def test_current_that_names_nothing_is_damage(store, held, content):
    (store.root / "CURRENT").write_bytes(content)
    for use in (LocalStore, new_store):
        with pytest.raises(IndexDamaged, match="CURRENT"):
            use(store.root)
    (store.root / "CURRENT").write_bytes(b"g0001\n")
    assert_holds(LocalStore(store.root), held)


def test_an_index_that_lost_its_current_is_not_made_anew(store, held):
    """The articles are still there: one line brings them back."""
    (store.root / "CURRENT").unlink()
    with pytest.raises(IndexDamaged, match=r"no CURRENT .*write g0001 into it"):
        LocalStore(store.root)
    with pytest.raises(IndexDamaged, match=r"no CURRENT .*write g0001 into it"):
        new_store(store.root)
    (store.root / "CURRENT").write_text("g0001", encoding="ascii")
    assert_holds(LocalStore(store.root), held)


def test_a_folder_without_an_index_has_none(tmp_path):
    (tmp_path / "README.md").touch()
    with pytest.raises(IndexNotFound):
        LocalStore(tmp_path)


# meta.db


@pytest.mark.parametrize(
    "damage",
    [
        lambda path: path.write_bytes(b"not a database at all" * 999),
        lambda path: os.truncate(path, 5000),
        lambda path: path.write_bytes(b""),
    ],
    ids=["garbage", "cut", "empty"],
)
def test_a_damaged_database_is_refused_by_name(store, folder, damage):
    store.close()
    for path in folder.glob("meta.db-*"):
        path.unlink()
    damage(folder / "meta.db")
    with pytest.raises(IndexDamaged, match=r"meta\.db: .*news-search doctor"):
        LocalStore(store.root)


def test_a_newer_format_is_refused_whatever_its_columns(store, folder):
    store.close()
    with sqlite3.connect(folder / "meta.db") as database:
        database.execute("UPDATE state SET format = 4")
        database.execute("ALTER TABLE state RENAME COLUMN slots TO rows")
    database.close()
    with pytest.raises(IndexRefused, match=r"g0001 has index format 4, this program reads 2 to 3"):
        LocalStore(store.root)


# What the doctor says


def in_database(sql):
    def change(folder):
        with sqlite3.connect(folder / "meta.db") as database:
            database.execute(sql)
        database.close()

    return change


def wrong_owner(folder):
    owners = np.memmap(folder / "owners.u32", "<u4", "r+")
    owners[4] += 1
    owners.flush()


def empty_vector(folder):
    vectors = np.memmap(folder / "vectors.f16", "<f2", "r+", shape=(36, DIM))
    vectors[[7, 9]] = 0
    vectors.flush()


def without_a_keyword(folder):
    keywords = Keywords(keyword_files(folder))
    keywords.delete([3])
    keywords.commit()
    keywords.close_writer()


PLANTED = {
    "vectors": (empty_vector, r"vectors\.f16 is damaged: rows 0 to 35 are not what was committed"),
    "owner": (wrong_owner, r"owners\.u32 is wrong for 1 articles"),
    "keyword": (without_a_keyword, r"lexical-\S+ lacks 1 passages"),
    "articles": (
        in_database("UPDATE state SET articles = articles + 1"),
        "meta.db counts 12 articles where 13 were committed",
    ),
    "passages": (
        in_database("DELETE FROM passage WHERE slot = 5"),
        "meta.db counts 35 passages where 36 were committed",
    ),
    "texts": (
        in_database("DELETE FROM body WHERE article = 2"),
        "meta.db counts 11 texts where 12 were committed",
    ),
    "texts of nothing": (
        in_database("INSERT INTO body VALUES (99, '{}', '')"),
        "meta.db counts 13 texts in all where 12 were committed",
    ),
    "labels of nothing": (
        in_database("INSERT INTO label VALUES ('source', 'cnn', 99, 'CNN')"),
        "meta.db counts 1 labels of nothing where 0 were committed",
    ),
    "tombs": (
        in_database("INSERT INTO tomb (slot) VALUES (99)"),
        "meta.db counts 37 live and dead slots where 36 were committed",
    ),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_the_doctor_names_what_was_planted(store, folder, planted):
    plant, expected = PLANTED[planted]
    assert store.check() == []
    plant(folder)
    assert re.search(expected, "\n".join(LocalStore(store.root).check()))


@pytest.mark.parametrize("planted", ["owner", "keyword"])
def test_what_is_derived_can_be_repaired_under_a_reader(store, folder, held, planted):
    assert_holds(store, held)
    PLANTED[planted][0](folder)
    before = codes.code_files(folder)[-1].stat().st_mtime_ns
    store.repair()
    assert store.check() == []
    assert_holds(store, held)
    assert_holds(LocalStore(store.root), held)
    assert len(codes.code_files(folder)) == 1
    assert codes.code_files(folder)[0].stat().st_mtime_ns > before


# A disk that takes no more


def test_a_full_disk_and_a_read_only_one_lose_nothing_and_say_so(tmp_path):
    """What is held is checked by `full_disk.py` itself, at every step."""
    mount = "mount -t tmpfs -o size=8m tmpfs . && cd / && "
    in_its_own = ["unshare", "-rm", "sh", "-c"]
    try:
        subprocess.run([*in_its_own, mount + "true"], cwd=tmp_path, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no small file system can be mounted here")
    ran = subprocess.run(
        [*in_its_own, f'{mount}exec "$0" "$@"', sys.executable, HERE / "full_disk.py", tmp_path],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(HERE.parents[1])},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 0, ran.stderr
    *filling, compacting, full, read_only = [json.loads(line) for line in ran.stdout.splitlines()]
    said = [one["said"] for one in filling]
    assert said[-1] == "stored"
    errors = [text for text in said if text != "stored"]
    assert len(errors) >= 5
    assert compacting["said"][-1] == "compacted"
    assert len(set(compacting["said"])) >= 3, compacting["said"]
    errors += [text for text in compacting["said"] if text != "compacted"]
    for text in [*errors, full["said"], read_only["said"]]:
        assert re.match(r"StoreError: /\S+ ?.*(full|No space).*intact|.*make the folder", text)
    assert {re.search(r"g\d{4}/([a-z]+)", text)[1] for text in errors} == {
        "vectors",
        "lexical",
        "meta",
    }
