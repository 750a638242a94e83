"""Other processes for these tests: a parent that forks one per order, ready to be killed.

Reads orders as JSON lines from stdin. {"do": NAME, "root": …, …} forks, and is answered with the
pid; {"wait": PID} with the exit status, negative for a signal. Forking here, where no store was
ever opened, spares every child the second that imports take.
"""

import importlib
import json
import os
import sys
import time
import traceback
from pathlib import Path

from newsroom import article, awaiting, catch_up, change, encoded, new_store
from watching import watch

import search.store.codes as codes
from search.store import LocalStore


def live(root, seed, start, report):
    """Change after change until killed, a writer for every few; `report` counts those done."""
    store = LocalStore(root)
    parent = os.getppid()
    with report.open("w", encoding="ascii") as done:
        while os.getppid() == parent:  # a killed test run leaves nobody to kill this one
            with store.writer() as writing:
                for number in range(start, start + 4):
                    verb, what = change(seed, number)
                    getattr(writing, verb)(what)
                    done.write("x")
                    done.flush()
            start += 4


def create_and_live(root, seed, start, report):
    """The same, in an index that may not be there yet."""
    new_store(root).close()
    live(root, seed, start, report)


def update(root):
    """Add, update and replace by URL in one commit, then remove in another."""
    with LocalStore(root).writer() as writing:
        writing.upsert(
            [
                encoded(article(0, version=1, url="https://news.example/1")),
                encoded(article(97)),
                encoded(article(98)),
            ]
        )
        if writing._growing is not None:
            writing._growing.finish()  # a crash in its thread comes here, not a change later
        writing.remove(["a2", "a98"])


def live_in_two_lanes(root, seed, start, report):
    """As `create_and_live`, where vectors come later: the frontier moves when it happens to."""
    new_store(root).close()
    store, parent = LocalStore(root), os.getppid()
    with report.open("w", encoding="ascii") as done:
        while os.getppid() == parent:
            with store.writer() as writing:
                for number in range(start, start + 4):
                    verb, what = change(seed, number)
                    if verb == "upsert":
                        what = list(map(awaiting, what))
                    getattr(writing, verb)(what)
                    done.write("x")
                    done.flush()
                    catch_up(writing, number % 5 * 3)
            start += 4


def catch_up_all(root):
    """Store two articles, then the vectors of all that await them, in two commits."""
    with LocalStore(root).writer() as writing:
        writing.upsert([awaiting(encoded(article(97))), awaiting(encoded(article(98)))])
        catch_up(writing, 4)
        catch_up(writing)


def compact(root):
    """Everything dead out, on command."""
    LocalStore(root).compact()


def compact_forever(root, report):
    """Compaction after compaction until killed; the dead are those it began with."""
    store, parent = LocalStore(root), os.getppid()
    report.touch()
    while os.getppid() == parent:
        store.compact()


def recover(root):
    """Nothing but what every writer does first and last."""
    with LocalStore(root).writer():
        pass


def create(root):
    """A new index."""
    new_store(root)


def hold(root, report):
    """Keep the lock until killed."""
    with LocalStore(root).writer():
        report.touch()
        time.sleep(600)


def read(root, report, until):
    """Watch every generation until that version; report how many were seen."""
    seen = watch(LocalStore(root), until)
    report.write_text(str(len(seen)), encoding="ascii")


def crash_at(target, when, call):
    """End the process at the `call`-th call of "module:Class.function": before, after or half."""
    module, _, path = target.partition(":")
    *owners, name = path.split(".")
    owner = importlib.import_module(module)
    for part in owners:
        owner = getattr(owner, part)
    original, calls = getattr(owner, name), []

    def replaced(*arguments, **options):
        calls.append(1)
        if len(calls) < call:
            return original(*arguments, **options)
        if when == "half":
            *first, rows = arguments
            original(*first, rows[: len(rows) // 2], **options)
        if when == "after":
            original(*arguments, **options)
        os._exit(9)

    setattr(owner, name, replaced)


def main():
    """Serve orders until stdin ends."""
    for line in sys.stdin:
        order = json.loads(line)
        order |= {name: Path(order[name]) for name in ("root", "report") if name in order}
        if "wait" in order:
            _, status = os.waitpid(order["wait"], 0)
            answer(os.waitstatus_to_exitcode(status))
            continue
        pid = os.fork()
        if pid == 0:
            obey(order)
        answer(pid)


def answer(number):
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def obey(order):
    try:
        codes.FLAT_ROWS = order.pop("flat_rows", 20)
        crash = order.pop("crash", None)
        if crash:
            crash_at(*crash)
        globals()[order.pop("do")](**order)
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    main()
