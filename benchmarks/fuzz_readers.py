"""Every reader against damaged files: "Fuzzing" in benchmarks/README.md.

    python benchmarks/fuzz_readers.py samples ../shared/formats --files 200000
    python benchmarks/fuzz_readers.py samples ../shared/formats --only 4711

Each file is made from a number, so `--only` makes it again. It is read as `news-search add` reads
it, in a process that may use so much memory and no more; the file is a finding where

- anything but an `InputError` is raised, or the process dies;
- one record takes a second of CPU time or more, or memory grows by more than 256 MB;
- an article comes out that is not in its final form, or a reject or flag without a name;
- anything is written but temporary files, which must be gone in the end; a process is started, or
  the network asked for;
- the same file read again gives something else.

Figures are kept in results/fuzz_readers.json; another run adds to them and goes on where it ended.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

from mutations import Mutator, seeds_in

from search.errors import InputError
from search.ingest import CODES, FLAGS, prepared, read
from search.types import Article, Reject, Withdrawal

RESULTS = Path(__file__).parent / "results" / "fuzz_readers.json"
CHUNK = 2_000
MAX_SECONDS = 1.0
MAX_GROWTH_KB = 256 * 1024
MAX_ADDRESS_BYTES = 6 * 1024**3
HANGS_AFTER = 120
AGAIN = 20
"""One file in so many is read twice, and its articles prepared again."""

Item = Article | Withdrawal | Reject

_CHANGES = (
    "os.remove",
    "os.rename",
    "os.mkdir",
    "os.rmdir",
    "os.link",
    "os.symlink",
    "os.truncate",
)
_NEVER = (
    "socket.connect",
    "socket.getaddrinfo",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.fork",
)
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


@dataclass
class Figures:
    """What came of the files of one format."""

    files: int = 0
    articles: int = 0
    withdrawals: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    bytes: int = 0
    cpu_seconds: float = 0.0
    slowest_seconds: float = 0.0
    slowest_file: int = -1
    most_growth_kb: int = 0

    def add(self, other: Figures) -> None:
        """Sum with what came of more files."""
        if other.slowest_seconds > self.slowest_seconds:
            self.slowest_seconds, self.slowest_file = other.slowest_seconds, other.slowest_file
        self.files += other.files
        self.articles += other.articles
        self.withdrawals += other.withdrawals
        self.rejects += other.rejects
        self.bytes += other.bytes
        self.cpu_seconds = round(self.cpu_seconds + other.cpu_seconds, 4)
        self.most_growth_kb = max(self.most_growth_kb, other.most_growth_kb)


class Finding(Exception):  # noqa: N818  it reads as a statement
    """A file was not read as it should be."""


class Watch:
    """The folders that must stay empty, and whatever the process does besides reading."""

    def __init__(self, folder: Path) -> None:
        self.temporary = folder / "tmp"
        self.folders = [self.temporary, folder / "home", folder / "here"]
        for one in self.folders:
            one.mkdir(parents=True)
        os.environ |= {"TMPDIR": str(self.temporary), "HOME": str(folder / "home")}
        tempfile.tempdir = None
        os.chdir(folder / "here")
        self.is_on = False
        self.seen: list[str] = []
        sys.addaudithook(self._hear)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hear what happens until this is left, and see what is left behind.

        Raises:
            Finding: something is.
        """
        self.seen, self.is_on = [], True
        try:
            yield
        finally:
            self.is_on = False
        left = [str(path) for folder in self.folders for path in folder.iterdir()]
        if self.seen or left:
            raise Finding(f"wrote or asked: {[*self.seen, *left]}")

    def _hear(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.is_on:
            return
        if event == "open":
            path, _, flags = arguments
            if flags & _WRITING and not str(path).startswith(str(self.temporary)):
                self.seen.append(f"open {path}")
        elif event in _CHANGES:
            if not str(arguments[0]).startswith(str(self.temporary)):
                self.seen.append(f"{event} {arguments}")
        elif event in _NEVER:
            self.seen.append(f"{event} {arguments}")


def main() -> None:
    """Read so many files, in a new process for each chunk of them, and keep the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+", help="files to begin with")
    parser.add_argument("--files", type=int, default=20_000, help="how many to read")
    parser.add_argument("--first", type=int, help="the first number; else where the last run ended")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="read one, and print what comes")
    parser.add_argument("--findings", type=Path, default=Path("build/fuzz"), metavar="FOLDER")
    parser.add_argument("--minutes", type=float, default=1e9, help="stop after so long")
    options = parser.parse_args()
    mutator = Mutator(seeds_in(options.folders))
    if options.only is not None:
        print_one(mutator, options.only)
        return
    run(mutator, options)


def run(mutator: Mutator, options: argparse.Namespace) -> None:
    """Chunk after chunk; a process that dies costs the file it died of."""
    kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {"next": 0, "formats": {}}
    number = kept["next"] if options.first is None else options.first
    last, ends = number + options.files, time.monotonic() + options.minutes * 60
    findings = options.findings.absolute()
    while number < last and time.monotonic() < ends:
        number, figures = chunk(mutator, number, min(last, number + CHUNK), findings)
        for name, new in figures.items():
            old = kept["formats"].get(name, {})
            total = Figures(**{**old, "rejects": Counter(old.get("rejects", {}))})
            total.add(new)
            kept["formats"][name] = vars(total)
        kept["next"] = number
        kept["files"] = sum(one["files"] for one in kept["formats"].values())
        RESULTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
        print(f"{number:,}: {kept['files']:,} files", flush=True)


def chunk(
    mutator: Mutator, first: int, last: int, findings: Path
) -> tuple[int, dict[str, Figures]]:
    """The number to go on with, and the figures of this chunk."""
    context = multiprocessing.get_context("fork")
    at, (ours, theirs) = context.Value("q", first), context.Pipe(duplex=False)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        child = context.Process(
            target=work, args=(mutator, at, last, Path(folder), theirs, findings)
        )
        child.start()
        theirs.close()
        seen, figures = -1, {}
        while True:
            if ours.poll(HANGS_AFTER):
                try:
                    figures = ours.recv()
                except EOFError:
                    break
                continue
            if at.value == seen:
                child.kill()
                break
            seen = at.value
        child.join()
    if at.value < last:
        name, _, content = mutator.mutated(at.value)
        why = "it hangs" if at.value == seen else f"the process ended with {child.exitcode}"
        keep(findings, at.value, name, content, why)
        return at.value + 1, figures
    return last, figures


def work(
    mutator: Mutator,
    at: Synchronized[int],
    last: int,
    folder: Path,
    pipe: Connection,
    findings: Path,
) -> None:
    """Read a chunk in this process; the figures are sent now and then, in case it dies."""
    load_all(mutator, folder)
    resource.setrlimit(resource.RLIMIT_AS, (MAX_ADDRESS_BYTES, MAX_ADDRESS_BYTES))
    watch, figures = Watch(folder / "watched"), dict[str, Figures]()
    while at.value < last:
        name, ending, content = mutator.mutated(at.value)
        path = folder / f"file{ending}"
        path.write_bytes(content)
        try:
            new = look_at(path, watch, at.value)
        except Exception as error:  # whatever it is, it is what we look for
            keep(findings, at.value, name, content, f"{type(error).__name__}: {error}")
            new = Figures(files=1)
        path.unlink()
        new.bytes = len(content)
        figures.setdefault(name, Figures()).add(new)
        at.value += 1
        if at.value % 100 == 0:
            pipe.send(figures)
    pipe.send(figures)


def load_all(mutator: Mutator, folder: Path) -> None:
    """Read some files first, so that the time libraries take to load counts for no record."""
    for number in range(20 * len(mutator.formats)):
        path = folder / "first"
        path.write_bytes(mutator.mutated(number)[2])
        list(read([path]))
        path.unlink()


def look_at(path: Path, watch: Watch, number: int) -> Figures:
    """Read a file and see that it was read as it should be.

    Raises:
        Finding: it was not.
    """
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    figures, items = Figures(files=1), []
    with watch.reading():
        started = time.process_time()
        reading = iter(read_or_refused(path))
        while True:
            before = time.process_time()
            item = next(reading, None)
            seconds = time.process_time() - before
            if seconds > figures.slowest_seconds:
                figures.slowest_seconds, figures.slowest_file = round(seconds, 3), number
            if item is None:
                break
            items.append(item)
        figures.cpu_seconds = time.process_time() - started
    figures.most_growth_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory
    for item in items:
        require_final(item, is_thorough=number % AGAIN == 0)
    if figures.slowest_seconds >= MAX_SECONDS:
        raise Finding(f"{figures.slowest_seconds} s for a record")
    if figures.most_growth_kb > MAX_GROWTH_KB:
        raise Finding(f"memory grew by {figures.most_growth_kb:,} kB")
    if number % AGAIN == 0 and list(map(repr, read_or_refused(path))) != list(map(repr, items)):
        raise Finding("read again, it gives something else")
    figures.articles = sum(isinstance(item, Article) for item in items)
    figures.rejects = Counter(item.code for item in items if isinstance(item, Reject))
    figures.withdrawals = len(items) - figures.articles - figures.rejects.total()
    return figures


def read_or_refused(path: Path) -> Iterator[Item]:
    """What is read; the error that says that there is nothing to read is as good."""
    try:
        yield from read([path])
    except InputError:
        return


def require_final(item: Item, *, is_thorough: bool) -> None:
    """See that the store can keep an item, and that a report can name it.

    Raises:
        Finding: it cannot.
    """
    if isinstance(item, Reject):
        json.dumps(asdict(item), ensure_ascii=False).encode()
        if item.code not in CODES:
            raise Finding(f"a reject without a name: {item.code}")
    elif isinstance(item, Article):
        json.dumps(dict(item.extras), allow_nan=False, ensure_ascii=False).encode()
        "".join([item.id, item.title or "", item.text, item.source, *item.authors]).encode()
        "".join([item.url or "", item.section or "", item.language or ""]).encode()
        if not item.id.isprintable() or not item.text.strip():
            raise Finding("an odd id, or no text")
        if unknown := set(item.extras.get("flags", ())) - FLAGS.keys():
            raise Finding(f"flags without a name: {unknown}")
        if is_thorough and prepared(item) != item:
            raise Finding(f"not in its final form:\n{item}\n{prepared(item)}")
    elif not f"{item.article_id}{item.reason}{item.member}".isprintable():
        raise Finding("an odd id in a notice")


def keep(findings: Path, number: int, name: str, content: bytes, why: str) -> None:
    """A file that was not read as it should be, to look at."""
    findings.mkdir(parents=True, exist_ok=True)
    (findings / f"{number}").write_bytes(content)
    (findings / f"{number}.txt").write_text(f"{name}\n{why}\n", errors="backslashreplace")
    print(f"FINDING {number} {name}: {why[:300]}", flush=True)


def print_one(mutator: Mutator, number: int) -> None:
    """Read one file in this process, with whatever it raises."""
    name, ending, content = mutator.mutated(number)
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        path = Path(folder, f"file{ending}")
        path.write_bytes(content)
        print(f"{number}: {name}, {len(content):,} bytes")
        for item in read([path]):
            print(item)


if __name__ == "__main__":
    main()
