"""How fast the page is and what it holds in memory: the table "The page" of benchmarks/README.md.

    python benchmarks/page_speed.py benchmarks/kept/allsides

Serves the index as readers get it and asks in Chromium. A query is the words of an article's
headline; a time runs in the browser, from the key press to the frame after the new first card. One
reader at a time ("alone"); then 20 who think for 5 s between searches ("together"), one of them in
a browser and 19 who are sent the same and draw nothing (page_readers.py), since twenty browsers
would leave the server no core. Last, 1,000 different searches, and the memory of the server after
each hundred, without the index's files, which are mapped and may leave it at any time ("memory").
Figures into results/page_speed.json.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from shutil import which
from statistics import median, quantiles
from typing import Any, NamedTuple

from page_readers import Reader
from playwright.async_api import Browser, Page, async_playwright

from search import NewsIndex

HERE = Path(__file__).parent
THINK_SECONDS = 5.0
WARM_UP = 5
SEED = 7
QUIET = "--no-sandbox --disable-gpu --disable-background-networking --disable-component-update"

WATCH = """() => {
  const first = () => document.querySelector('article.ns-card')?.textContent;
  const app = document.querySelector('[data-testid="stApp"]');
  const before = first();
  window.asked = new Promise((resolve) => {
    let start = 0, seen = false, shown = 0;
    addEventListener('keydown', () => { start = performance.now(); }, {once: true, capture: true});
    const look = new MutationObserver(() => {
      if (start && !seen && first() && first() !== before) {
        seen = true;
        requestAnimationFrame(() => setTimeout(() => { shown = performance.now(); end(); }));
      }
      end();
    });
    const end = () => {
      if (!shown || app.dataset.testScriptState !== 'notRunning') return;
      look.disconnect();
      resolve([shown - start, performance.now() - start]);
    };
    look.observe(document.body,
      {subtree: true, childList: true, characterData: true, attributes: true});
  });
}"""


class Asked(NamedTuple):
    """Milliseconds from the key press to the first card, and until all is drawn."""

    first: float
    whole: float


def main() -> None:
    """Measure what was chosen, keep the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("index", type=Path)
    parser.add_argument("--part", choices=("alone", "together", "memory"), action="append")
    parser.add_argument("--searches", type=int, default=100, help="of one reader alone")
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=4.0, help="that they search together")
    parser.add_argument("--different", type=int, default=1000, help="searches, for the memory")
    options = parser.parse_args()
    parts = options.part or ("alone", "together", "memory")
    kept = HERE / "results" / "page_speed.json"
    figures: dict[str, Any] = json.loads(kept.read_text()) if kept.exists() else {}
    for part in parts:
        figures[part] = asyncio.run(_PARTS[part](options))
        print(part, json.dumps(figures[part]), flush=True)
        kept.write_text(json.dumps(figures, indent=1) + "\n")


async def alone(options: argparse.Namespace) -> dict[str, Any]:
    """One reader, one search after the other."""
    with served(options.index) as (address, process):
        async with browsing() as browser:
            page = await opened(browser, address)
            asked = [await ask(page, query) for query in queries(options.index, options.searches)]
        return summed(asked) | {"server_megabytes": megabytes(process)}


async def together(options: argparse.Namespace) -> dict[str, Any]:
    """Many readers who think between their searches; one of them in a browser."""
    per_person = int(options.minutes * 60 / THINK_SECONDS) + 1
    all_queries = queries(options.index, options.people * per_person)

    async def read(
        ask_one: Callable[[str], Awaitable[tuple[float, float]]], number: int
    ) -> list[Asked]:
        turn, asked = random.Random(number), []
        for query in all_queries[number :: options.people]:
            await asyncio.sleep(THINK_SECONDS * turn.uniform(0.5, 1.5))
            if time.monotonic() > until:
                break
            asked.append(Asked(*await ask_one(query)))
        return asked

    with served(options.index) as (address, process):
        async with browsing() as browser:
            page = await opened(browser, address)
            others = [await Reader.arrived(address) for _ in range(options.people - 1)]
            before, started = cpu_seconds(process), time.monotonic()
            until = started + options.minutes * 60
            seen, *sent = await asyncio.gather(
                read(lambda query: ask(page, query), 0),
                *(read(reader.ask, number) for number, reader in enumerate(others, 1)),
            )
            seconds = time.monotonic() - started
            for reader in others:
                await reader.leave()
        asked = [one for own in sent for one in own]
        return {
            "people": options.people,
            "in_a_browser": summed(seen),
            "without": summed(asked),
            "searches_per_second": round((len(seen) + len(asked)) / seconds, 2),
            "server_cores": round((cpu_seconds(process) - before) / seconds, 2),
            "server_megabytes": megabytes(process),
        }


async def memory(options: argparse.Namespace) -> dict[str, Any]:
    """What the server holds as one search after the other is new to it."""
    held: dict[str, int] = {}
    with served(options.index) as (address, process):
        async with browsing() as browser:
            page = await opened(browser, address)
            for number, query in enumerate(queries(options.index, options.different), 1):
                await ask(page, query)
                if number == 1 or number % 100 == 0:
                    held[str(number)] = megabytes(process)
    return {"server_megabytes": held}


_PARTS = {"alone": alone, "together": together, "memory": memory}


def queries(path: Path, wanted: int) -> list[str]:
    """The words of headlines of random days; each finds another first than the one before."""
    turn, found, last = random.Random(SEED), dict[str, None](), None
    with NewsIndex.open(path) as index:
        stats = index.stats()
        if stats.first is None or stats.last is None:
            raise SystemExit("the index has no dated articles")
        span = (stats.last - stats.first).days
        while len(found) < wanted:
            day = stats.first + timedelta(days=turn.randint(0, span))
            near = index.search(before=day, k=5, with_facets=False, with_evidence=False).hits
            for headline in dict.fromkeys(hit.article.title or "" for hit in near):
                query = " ".join(re.findall(r"\w+", headline)).lower()
                if query in found or not query:
                    continue
                best = index.search(query, k=1, with_facets=False).hits
                if best and best[0].passage.id != last:
                    found[query], last = None, best[0].passage.id
    return list(found)[:wanted]


async def opened(browser: Browser, address: str) -> Page:
    """A reader's page, after some searches that nobody times."""
    context = await browser.new_context(viewport={"width": 1366, "height": 900})
    page = await context.new_page()
    page.set_default_timeout(120_000)
    await page.goto(address)
    for number in range(WARM_UP):
        await ask(page, f"storm number {number} over the coast")
    return page


async def ask(page: Page, query: str) -> Asked:
    """Type a query, press Enter, and time what comes."""
    box = page.get_by_role("searchbox")
    await box.fill(query)
    await page.evaluate(WATCH)
    await box.press("Enter")
    return Asked(*await page.evaluate("() => window.asked"))


class browsing:  # noqa: N801  read as a statement
    """A Chromium of our own."""

    async def __aenter__(self) -> Browser:
        """Start it."""
        self._driver = await async_playwright().start()
        return await self._driver.chromium.launch(
            executable_path=which("chromium"), args=QUIET.split()
        )

    async def __aexit__(self, *_: object) -> None:
        """Stop it, with every page."""
        await self._driver.stop()


@contextmanager
def served(index: Path) -> Iterator[tuple[str, int]]:
    """The page over an index: its address, and the number of its process."""
    command = [sys.executable, "-m", "search.cli", "serve", "--index", str(index), "--port"]
    with subprocess.Popen([*command, str(free_port())], stdout=subprocess.PIPE) as server:
        assert server.stdout is not None
        try:
            yield server.stdout.readline().decode().strip(), server.pid
        finally:
            server.terminate()


def free_port() -> int:
    """A port at which nothing listens."""
    import socket

    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def megabytes(process: int) -> int:
    """Memory of a process that is its own, without mapped files."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    (line,) = [line for line in lines if line.startswith("RssAnon")]
    return int(line.split()[1]) // 1024


def cpu_seconds(process: int) -> float:
    """Time that a process has computed for, on all cores."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def summed(asked: Sequence[Asked]) -> dict[str, Any]:
    """Milliseconds in a few figures."""
    figures: dict[str, Any] = {"searches": len(asked)}
    for name, values in (
        ("first_card", [one.first for one in asked]),
        ("all_drawn", [one.whole for one in asked]),
    ):
        cuts = quantiles(values, n=20)
        figures[f"{name}_ms"] = {
            "p50": round(median(values)),
            "p95": round(cuts[-1]),
            "max": round(max(values)),
        }
    return figures


if __name__ == "__main__":
    main()
