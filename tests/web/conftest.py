import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from page_articles import ARTICLES
from page_stories import STORIES
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from search import NewsIndex
from search.web import archive
from search.web.words import LANGUAGE_VARIABLE

ROOT = Path(__file__).parents[2]
APP = ROOT / "app.py"
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")

BLOCKED_INLINE_SCRIPT = "Executing inline script violates"  # the one thing the policy refuses


@pytest.fixture(scope="session", autouse=True)
def no_language_set_for_all():
    """A browser's language decides, in this process and in servers, whoever runs the tests."""
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv(LANGUAGE_VARIABLE, raising=False)
        yield


@pytest.fixture(scope="session")
def index_path(tmp_path_factory):
    """An index of the page's articles, made with the real encoder, for all tests."""
    path = tmp_path_factory.mktemp("page") / "index"
    with NewsIndex.open(path) as index:
        index.add(ARTICLES)
    return path


@pytest.fixture(scope="session")
def stories_path(tmp_path_factory):
    """The same with copies, versions and a story."""
    path = tmp_path_factory.mktemp("stories") / "index"
    with NewsIndex.open(path) as index:
        index.add(ARTICLES)
        for article in STORIES:
            index.add([article])
    return path


@pytest.fixture
def draw(index_path, monkeypatch):
    """Draws the page at an address, over the shared index or another path."""

    def draw_at(path=index_path, **params):
        monkeypatch.setenv(archive.PATH_VARIABLE, str(path))
        page = AppTest.from_file(str(APP), default_timeout=30)
        for name, values in params.items():
            page.query_params[name] = values
        return page.run()

    yield draw_at
    archive.close()


def free_port():
    """A port at which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        return free.getsockname()[1]


@contextmanager
def serving(index_path, *options, **how):
    """The page served over an index by `news-search serve`; gives its address."""
    with started(index_path, *options, **how) as (_, address):
        yield address


@contextmanager
def started(index_path, *options, folder=ROOT, port=None, log=None, **environment):
    """As `serving`, with the process before the address; it may end before this does.

    It runs in `folder`, where Streamlit looks for secrets, and writes to the file `log`.
    """
    port = port or free_port()
    command = [sys.executable, "-m", "search.cli", "serve"]
    command += ["--index", str(index_path), "--port", str(port), *options]
    python_path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "PYTHONPATH": python_path} | environment
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=log
    ) as server:
        try:
            address = server.stdout.readline().decode().strip()  # printed once it listens
            assert address == f"http://127.0.0.1:{port}"
            yield server, address
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="session")
def base_url(index_path):
    """The address of the page; the browser's addresses are relative to it."""
    with serving(index_path) as address:
        yield address


@pytest.fixture(scope="session")
def browser_type_launch_args():
    if CHROMIUM is None:
        missing = "Chromium is not installed"
        if os.environ.get("REQUIRE_BROWSER") or os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    quiet = "--disable-gpu --disable-quic --no-first-run --disable-background-networking"
    quieter = "--disable-component-update --disable-sync --no-sandbox"
    return {"executable_path": CHROMIUM, "args": [*quiet.split(), *quieter.split()]}


@pytest.fixture
def visit(page, base_url):
    """Opens the page at an address; in the end nothing went outside or into the error log."""
    errors, outside = [], []

    def note(message):
        if message.type == "error" and not message.text.startswith(BLOCKED_INLINE_SCRIPT):
            errors.append(message.text)

    def watch(request):
        if urlsplit(request.url).hostname not in ("127.0.0.1", None):
            outside.append(request.url)

    page.set_default_timeout(20_000)
    page.on("console", note)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", watch)

    def open_at(path=""):
        page.goto(f"{base_url}/{path}")  # a browser keeps the first base_url of a whole run
        expect(page.get_by_role("searchbox")).to_be_visible(timeout=20_000)
        settle(page)
        return page

    yield open_at
    assert errors == []
    assert outside == []


def settle(page):
    """Wait until the page is drawn."""
    page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]')
