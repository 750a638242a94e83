"""What a page of another site is refused, before Streamlit is asked."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from search.web.gates import OriginGate

ARCHIVE = "archive.paper.example"
REFUSED = [{"type": "websocket.close", "code": 1008}]


def asked(host, *origins, kind="websocket"):
    """The Host that Streamlit is asked for, None where it is not asked; and what the gate sends."""
    sent, hosts = [], []

    async def page(scope, _receive, _send):
        hosts.append(dict(scope["headers"])[b"host"].decode())

    async def receive():
        return {"type": f"{kind}.connect"}

    async def send(message):
        sent.append(message)

    headers = [(b"host", host.encode()), *((b"origin", one.encode()) for one in origins)]
    scope = {"type": kind, "path": "/_stcore/stream", "headers": headers, "method": "GET"}
    # In a thread of its own, since a browser's tests leave a loop running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(lambda: asyncio.run(OriginGate(page)(scope, receive, send))).result()
    return (hosts[0] if hosts else None), sent


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        (ARCHIVE, f"https://{ARCHIVE}"),
        (ARCHIVE, f"http://{ARCHIVE}"),
        (f"{ARCHIVE}:8443", f"https://{ARCHIVE}:8443"),
        ("127.0.0.1:8501", "http://127.0.0.1:8501"),
        ("[::1]:8501", "http://[::1]:8501"),
    ],
)
def test_a_page_of_the_archive_is_passed_on(host, origin):
    assert asked(host, origin) == (host, [])


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        (f"{ARCHIVE}:443", f"https://{ARCHIVE}"),
        (f"{ARCHIVE}:80", f"http://{ARCHIVE}"),
        (ARCHIVE, f"https://{ARCHIVE}:443"),
        (ARCHIVE.upper(), f"https://{ARCHIVE}"),
    ],
)
def test_streamlit_is_asked_for_the_host_as_the_origin_writes_it(host, origin):
    assert asked(host, origin) == (origin.removeprefix("https://").removeprefix("http://"), [])


@pytest.mark.parametrize(
    ("host", "origins"),
    [
        (ARCHIVE, ["https://evil.example"]),
        (ARCHIVE, [f"https://{ARCHIVE}:8443"]),
        (f"{ARCHIVE}:443", [f"http://{ARCHIVE}"]),
        (ARCHIVE, [f"https://{ARCHIVE}.evil.example"]),
        (ARCHIVE, [f"https://ada@{ARCHIVE}"]),
        (ARCHIVE, [f"https://{ARCHIVE}", "https://evil.example"]),
        ("127.0.0.1:8501", ["http://127.0.0.1:9999"]),
        ("127.0.0.1:8501", ["http://localhost:8501"]),
        (ARCHIVE, ["null"]),
        (ARCHIVE, [""]),
        ("", ["null"]),
        (ARCHIVE, ["http://[::1"]),
    ],
)
def test_a_page_of_another_site_is_refused_and_streamlit_not_asked(host, origins, caplog):
    assert asked(host, *origins) == (None, REFUSED)
    assert caplog.messages == [f"refused a websocket for {host!r} to a page of {origins!r}"]


def test_what_no_page_of_another_site_can_open_is_passed_on():
    assert asked(ARCHIVE) == (ARCHIVE, [])
    assert asked(ARCHIVE, "https://evil.example", kind="http") == (ARCHIVE, [])
