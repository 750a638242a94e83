"""A real server on this machine, which answers as a test tells it to."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from search import Fetching, NewsIndex
from tests.words import WordEncoder

QUICK = Fetching(
    allow_private=True,
    connect_seconds=5,
    read_seconds=5,
    total_seconds=10,
    delay_seconds=0,
    max_wait_seconds=2,
)


class Server:
    """Answers by path; `asked` keeps every request as (path, headers)."""

    def __init__(self):
        self.answers = {}
        self.asked = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.asked.append((self.path, dict(self.headers)))
                outer.answer(self)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def on(self, path, content=b"", status=200, **headers):
        """Answer with this; a function is called with the handler instead."""
        self.answers[path] = content if callable(content) else (content, status, headers)

    def answer(self, handler):
        found = self.answers.get(handler.path.partition("?")[0], (b"", 404, {}))
        if callable(found):
            found(handler)
            return
        content, status, headers = found
        if isinstance(content, str):
            content = content.encode()
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        if status != 304:
            handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    @property
    def paths(self):
        return [path for path, _ in self.asked]

    def close(self):
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


@pytest.fixture
def server():
    one = Server()
    yield one
    one.close()


@pytest.fixture
def index(tmp_path):
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as opened:
        yield opened


def page(text, title="The ferry sank", head=""):
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8>{head}<title>{title}</title>"
        f'<meta property="og:type" content="article"><meta property="og:title" content="{title}">'
        f"</head><body><article><h1>{title}</h1><p>{text}</p></article></body></html>"
    )


LONG = (
    "The night ferry sank within sight of the harbour on Tuesday, and the coast guard brought "
    "everybody aboard to land before midnight, a spokeswoman said."
)
FEED = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0"><channel><title>Küstenbote</title><link>/</link><description>News</description>
<item><title>The ferry sank</title><link>/ferry</link><guid>1</guid>
<pubDate>Thu, 06 Oct 2022 13:00:00 GMT</pubDate><description>Everybody is safe.</description></item>
<item><title>The dam broke</title><link>/dam</link><guid>2</guid>
<pubDate>Fri, 07 Oct 2022 13:00:00 GMT</pubDate><description>The river rose.</description></item>
</channel></rss>"""
