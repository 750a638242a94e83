"""Run in a mount namespace of its own with a small file system: writing there as it fills up.

Writes one JSON line a round: how much room was left, what the writer said, what was in the end.
"""

import gc
import json
import os
import subprocess
import sys
from pathlib import Path

from answers import assert_holds
from newsroom import article, encoded, new_store

import search.store.codes as codes
from search.errors import SearchError
from search.store import LocalStore

ROOMS = [0, 4, 8, 16, 32, 64, 96, 128, 192, 256, 384]  # KiB
DIM = 64


def main(place: Path) -> None:
    codes.FLAT_ROWS = 60
    store = new_store(place / "index", DIM)
    held = {"a0": encoded(article(0), dim=DIM)}
    with store.writer() as writing:
        writing.upsert(list(held.values()))
    for number, room in enumerate(ROOMS, 1):
        batch = [encoded(article(100 * number + one), dim=DIM) for one in range(40)]
        bystander = encoded(article(number), dim=DIM)
        with_batch = held | {one.article.id: one for one in batch}
        said, held = write(store, batch, (place, room), held, with_batch)
        with store.writer() as writing:
            writing.upsert([bystander])
        held[bystander.article.id] = bystander
        assert_holds(LocalStore(store.root), held)
        assert store.check() == []
        sys.stdout.write(json.dumps({"room": room, "said": said}) + "\n")
    said = [compact_one(store, place, room, held) for room in [*ROOMS, 4096]]
    sys.stdout.write(json.dumps({"said": said}) + "\n")
    fill(place, 0)
    sys.stdout.write(json.dumps({"full": True, "said": write_one(store)}) + "\n")
    assert_holds(LocalStore(store.root), held)
    (place / "filler").unlink()
    store.close()
    gc.collect()
    subprocess.run(["mount", "-o", "remount,ro", place], check=True)
    sys.stdout.write(json.dumps({"read only": True, "said": open_one(store.root)}) + "\n")
    subprocess.run(["mount", "-o", "remount,rw", place], check=True)
    assert_holds(LocalStore(store.root), held)


def fill(place: Path, room: int) -> None:
    """Leave `room` KiB."""
    free = os.statvfs(place).f_bavail * os.statvfs(place).f_frsize
    with (place / "filler").open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(1, free - room * 1024))


def write(store, batch, left, held, with_batch):
    """What the writer said, and what is held; the same writer goes on when there is room."""
    last, (place, _) = encoded(article(99), dim=DIM), left
    with store.writer() as writing:
        fill(*left)
        try:
            writing.upsert(batch)
            said = "stored"
        except SearchError as error:
            said = f"{type(error).__name__}: {error}"
        is_stored = store.state().articles == len(with_batch)
        held = with_batch if is_stored else held
        assert_holds(store, held)
        (place / "filler").unlink()
        writing.upsert([last])
        assert_holds(store, held | {"a99": last})
        writing.remove(["a99"])
    return said, held


def compact_one(store, place, room, held):
    """With so much room; whether it worked or not, nothing is lost and nothing is left over."""
    fill(place, room)
    try:
        store.compact()
        said = "compacted"
    except SearchError as error:
        said = f"{type(error).__name__}: {error}"
    assert_holds(store, held)
    assert len([path for path in store.root.iterdir() if path.is_dir()]) == 1
    (place / "filler").unlink()
    assert store.check() == []
    return said


def write_one(store):
    try:
        with store.writer() as writing:
            writing.remove(["a99"])
    except SearchError as error:
        return f"{type(error).__name__}: {error}"
    return "stored"


def open_one(root):
    try:
        with LocalStore(root).snapshot() as snapshot:
            return f"{snapshot.stats().articles} articles"
    except SearchError as error:
        return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    main(Path(sys.argv[1]))
