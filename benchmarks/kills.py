"""Writers killed at random moments, again and again: the table "Kills" of benchmarks/README.md.

    python benchmarks/kills.py [--kills 500] [--seed 1]

A life is one index. Each of its children goes on where the one before was killed: it adds, updates
and removes articles, a new writer for every four changes, which compacts when a quarter is dead, or
it compacts over and over. In every other life the vectors come later, those of a few passages at a
time. After every kill a reader is held against what was committed: every article whole, its
passages, vectors and keywords, nothing else; then the next writer, which makes the vectors that are
awaited, `doctor`, and the earlier versions of every article. A new life begins after every ten
kills, with the making of its index. The harness is that of tests/store.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "store"))

from answers import assert_holds, assert_remembers  # noqa: E402
from conftest import Children  # noqa: E402
from newsroom import catch_up, change, changed, remembered  # noqa: E402

from search.errors import IndexNotFound  # noqa: E402
from search.store import LocalStore  # noqa: E402

KILLS_A_LIFE = 10


def main() -> None:
    """Kill, check, count; figures into results/kills.json."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    children, counts = Children(), Counter[str]()
    started = time.perf_counter()
    for life in range(-(-options.kills // KILLS_A_LIFE)):
        with tempfile.TemporaryDirectory() as folder:
            Life(children, Path(folder), options.seed * 1_000_000 + life, counts).live()
        print(dict(counts), file=sys.stderr, flush=True)
    children.close()
    results = dict(counts) | {"seconds": round(time.perf_counter() - started)}
    (HERE / "results" / "kills.json").write_text(json.dumps(results, indent=1) + "\n")
    print(json.dumps(results, indent=1))


class Life:
    """One index and the children that were killed while they wrote to it."""

    def __init__(self, children: Children, folder: Path, seed: int, counts: Counter[str]) -> None:
        self._children, self._counts, self._seed = children, counts, seed
        self._root, self._report = folder / "index", folder / "done"
        self._rng = np.random.default_rng(seed)
        self._held: dict[str, Any] = {}
        self._histories: dict[str, Any] = {}
        self._reached = 0
        self._do = "live_in_two_lanes" if seed % 2 else "create_and_live"

    def live(self) -> None:
        """The first child makes the index."""
        self._kill("create_and_live", 0)
        for _ in range(KILLS_A_LIFE - 1):
            if self._rng.random() < 0.3 and self._is_there():
                self._kill("compact_forever", 0)
            else:
                self._kill(self._do, int(self._rng.integers(0, 6)))

    def _is_there(self) -> bool:
        try:
            LocalStore(self._root).close()
        except IndexNotFound:
            return False
        return True

    def _kill(self, do: str, changes: int) -> None:
        """Start a child, kill it a little after so many changes, check what it left."""
        self._report.unlink(missing_ok=True)
        own = {} if do == "compact_forever" else {"seed": self._seed, "start": self._reached}
        pid = self._children.start(do, root=self._root, report=self._report, **own)
        while changes and (not self._report.exists() or self._report.stat().st_size < changes):
            time.sleep(0.001)
        time.sleep(self._rng.uniform(0, 0.15))
        self._children.kill(pid)
        self._counts["kills"] += 1
        self._counts[f"kills of {do}"] += 1
        if do != "compact_forever" and self._report.exists():
            for _ in self._report.read_text(encoding="ascii"):
                self._go_on()
        self._check(do)

    def _go_on(self) -> None:
        """The next change is done."""
        step = change(self._seed, self._reached)
        self._histories = remembered(self._histories, self._held, *step)
        self._held = changed(self._held, *step)
        self._reached += 1

    def _check(self, do: str) -> None:
        if not self._is_there():
            if self._held:
                self._violated("the index is gone")
            self._counts["kills before the index was made"] += 1
            return
        was_there = len(list(self._root.glob("g*")))
        self._counts["kills that left half a compaction"] += was_there > 1
        try:
            self._assert_held()
        except (AssertionError, LookupError, ValueError):
            if do == "compact_forever":
                self._violated("a compaction changed what is held")
                return
            self._go_on()
            self._counts["kills after a commit that was not told"] += 1
            try:
                self._assert_held()
            except (AssertionError, LookupError, ValueError) as error:
                self._violated(repr(error))
                return
        with LocalStore(self._root).writer() as writing:
            catch_up(writing)
        store = LocalStore(self._root)
        if faults := store.check():
            self._violated("; ".join(faults))
        assert_holds(store, self._held)
        try:
            assert_remembers(store, self._held, self._histories)
        except AssertionError as error:
            self._violated(f"the history is another: {error!r}")
        store.close()

    def _assert_held(self) -> None:
        assert_holds(LocalStore(self._root), self._held, may_await=True)

    def _violated(self, what: str) -> None:
        self._counts["violations"] += 1
        kept = HERE / "kept" / f"violation-{self._seed}-{self._counts['kills']}"
        shutil.copytree(self._root, kept, dirs_exist_ok=True)
        print(f"VIOLATION: {what}; the index is kept in {kept}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
