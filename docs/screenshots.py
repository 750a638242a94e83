"""Makes the pictures of docs/page.md anew: `make screenshots`.

They show what `news-search serve` serves over a fresh index of samples/, in Chromium.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import which
from socket import create_server
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from urllib.parse import urlencode

from playwright.sync_api import Browser, Page, expect, sync_playwright

from search import NewsIndex

DOCS = Path(__file__).parent
SAMPLES = DOCS.parent / "samples"
QUESTION = "who was blamed for the dam collapse"
DESK: dict[str, Any] = {"viewport": {"width": 1366, "height": 900}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True}
DRAWN = '[data-testid="stApp"][data-test-script-state="notRunning"]'
CHART = ".st-key-timeline .marks"


class Picture(NamedTuple):
    """One picture: what is asked, how it is looked at, and what is done before."""

    name: str
    asked: dict[str, str]
    context: dict[str, Any] = DESK
    before: Callable[[Page], None] = lambda page: expect(page.locator(CHART).first).to_be_visible()


def read_article(page: Page) -> None:
    """Open the first hit's article."""
    page.get_by_role("button", name="Read article").first.click()
    expect(page.locator(".ns-body mark").first).to_be_visible()


def choose_export(page: Page) -> None:
    """Open what takes hits away."""
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("button", name="Download CSV", exact=True)).to_be_visible()


def add_articles(page: Page) -> None:
    """Open what adds articles."""
    page.get_by_role("button", name="Add articles").click()
    expect(page.get_by_label("Text of one article")).to_be_visible()


def nothing(page: Page) -> None:
    """Wait for the way out of having found nothing."""
    expect(page.get_by_role("button", name="Without").first).to_be_visible()


PICTURES = [
    Picture("results", {"q": QUESTION}),
    Picture("results-dark", {"q": QUESTION}, DESK | {"color_scheme": "dark"}),
    Picture("home", {}),
    Picture("reader", {"q": QUESTION}, before=read_article),
    Picture("export", {"q": QUESTION}, before=choose_export),
    Picture("nothing", {"q": '"earth dam"', "src": "Tidewire", "mode": "keywords"}, before=nothing),
    Picture("adding", {}, before=add_articles),
    Picture("german", {"q": "Wer ist schuld am Bruch des Staudamms?"}, DESK | {"locale": "de-DE"}),
    Picture("phone", {"q": QUESTION}, PHONE),
]


def main() -> None:
    """Make every picture."""
    with TemporaryDirectory() as folder, sync_playwright() as playwright:
        with NewsIndex.open(folder) as index:
            index.add(SAMPLES)
        with served(Path(folder)) as address:
            browser = playwright.chromium.launch(
                executable_path=which("chromium"), args=["--no-sandbox", "--disable-gpu"]
            )
            for picture in PICTURES:
                take(browser, address, picture)
            browser.close()


def take(browser: Browser, address: str, picture: Picture) -> None:
    """Look at the page as the picture says, once all is drawn."""
    with browser.new_context(**picture.context) as context:
        page = context.new_page()
        page.set_default_timeout(30_000)
        expect.set_options(timeout=30_000)
        page.goto(f"{address}/?{urlencode(picture.asked)}")
        page.wait_for_selector(DRAWN)
        picture.before(page)
        page.wait_for_selector(DRAWN)
        page.mouse.move(0, 0)
        page.wait_for_timeout(1_000)  # what is faded in tells nobody when it is done
        page.screenshot(path=DOCS / "images" / f"{picture.name}.png")


@contextmanager
def served(index: Path) -> Iterator[str]:
    """The address of the page over an index, on which one may add."""
    with create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "search.cli", "serve", "--allow-add"]
    command += ["--index", str(index), "--port", port]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server.stdout.readline().strip() if server.stdout else ""
        finally:
            server.terminate()


if __name__ == "__main__":
    main()
