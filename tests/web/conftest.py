import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest
from page_articles import ARTICLES

from search import NewsIndex

ROOT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def index_path(tmp_path_factory):
    """An index of the page's articles, made with the real encoder, for all tests."""
    path = tmp_path_factory.mktemp("page") / "index"
    with NewsIndex.open(path) as index:
        index.add(ARTICLES)
    return path


@contextmanager
def serving(index_path):
    """The page served over an index by `news-search serve`; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "search.cli", "serve"]
    command += ["--index", str(index_path), "--port", str(port)]
    environment = {**os.environ, "HF_HUB_OFFLINE": "1"}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE) as server:
        try:
            address = server.stdout.readline().decode().strip()  # printed once it listens
            assert address == f"http://127.0.0.1:{port}"
            yield address
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
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(missing)
        pytest.skip(missing)
    quiet = "--disable-gpu --disable-quic --no-first-run --disable-background-networking"
    quieter = "--disable-component-update --disable-sync --no-sandbox"
    return {"executable_path": CHROMIUM, "args": [*quiet.split(), *quieter.split()]}
