r"""Files of any size in bounded memory: the table "Streaming" of benchmarks/README.md.

    python benchmarks/streaming.py ../shared/corpora/allsides.jsonl.gz \
        ../shared/formats/html-publishers

Makes a JSON Lines file of real articles and a web archive of real pages, each repeated under new
ids and addresses, and a folder of small files; reads each in a process of its own as `news-search
add` does, without encoding. Memory is the process's peak, taken after a tenth of the bytes and at
the end: what does not grow between them does not grow with the file. Figures into
results/streaming.json.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def main() -> None:
    """Make each file, read it in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", type=Path, help="JSON Lines, gzipped")
    parser.add_argument("pages", type=Path, help="a folder of HTML pages")
    parser.add_argument("--megabytes", type=int, default=300)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        print(json.dumps(read(options.read)))
        return
    results = {}
    makers = {
        "articles.jsonl": lambda path: fill(path, lines(options.articles), options.megabytes),
        "pages.warc": lambda path: fill(path, responses(options.pages), options.megabytes),
        "folder": lambda path: fill_folder(path, options.files),
    }
    for name, make in makers.items():
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / name
            make(path)
            command = [sys.executable, __file__, options.articles, options.pages, "--read", path]
            done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
        results[name] = json.loads(done.stdout)
        print(name, results[name], file=sys.stderr)
    kept = HERE / "results" / "streaming.json"
    kept.write_text(json.dumps(results, indent=1) + "\n")


def read(path: Path) -> dict[str, Any]:
    """Read all of it; megabytes of memory, the counts, and the speed."""
    from search import Article, ingest

    list(ingest.read([HERE.parent / "samples"]))  # what is loaded once
    loaded = peak_megabytes()
    reading = ingest.read([path])
    listed = peak_megabytes()
    articles = rejects = 0
    at_tenth = None
    started = time.perf_counter()
    for item in reading:
        is_article = isinstance(item, Article)
        articles, rejects = articles + is_article, rejects + (not is_article)
        if at_tenth is None and reading.bytes_read >= reading.bytes_total / 10:
            at_tenth = peak_megabytes()
    seconds = time.perf_counter() - started
    return {
        "megabytes": round(reading.bytes_total / 1e6),
        "articles": articles,
        "rejects": rejects,
        "articles_per_second": round(articles / seconds),
        "peak_loaded": loaded,
        "peak_listed": listed,
        "peak_at_tenth": at_tenth,
        "peak_at_end": peak_megabytes(),
    }


def peak_megabytes() -> int:
    """The most that this process ever held."""
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6)


def fill(path: Path, pieces: Iterator[bytes], megabytes: int) -> None:
    """Write pieces until the file is so large."""
    with path.open("wb") as file:
        while file.tell() < megabytes * 1e6:
            file.write(next(pieces))


def fill_folder(path: Path, files: int) -> None:
    """Write so many small files."""
    for number in range(files):
        if number % 1_000 == 0:
            folder = path / f"{number // 1_000:04d}"
            folder.mkdir(parents=True)
        (folder / f"article-{number:07d}.txt").write_text(f"Rates fell {number} times.")


def lines(corpus: Path) -> Iterator[bytes]:
    """The articles of a corpus, again and again, each time under other ids."""
    for turn in count():
        with gzip.open(corpus) as file:
            for number, line in enumerate(file):
                article = json.loads(line)
                article["id"] = f"{number}-{turn}"
                article["url"] = f"{article.get('url') or 'https://paper.example/'}?turn={turn}"
                yield json.dumps(article).encode() + b"\n"


def responses(folder: Path) -> Iterator[bytes]:
    """The pages of a folder as a crawler keeps them, again and again, each time from elsewhere."""
    pages = [path.read_bytes() for path in sorted(folder.glob("*.htm*"))]
    for turn in count():
        for number, page in enumerate(pages):
            answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
            url = f"https://paper.example/{turn}/{number}"
            yield (
                f"WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:x:{turn}-{number}>\r\n"
                f"WARC-Date: 2026-11-23T00:00:00Z\r\nWARC-Target-URI: {url}\r\n"
                f"Content-Type: application/http; msgtype=response\r\n"
                f"Content-Length: {len(answer)}\r\n\r\n"
            ).encode() + answer + b"\r\n\r\n"  # fmt: skip


if __name__ == "__main__":
    main()
