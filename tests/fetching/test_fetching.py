"""Addresses are read as files are; what goes wrong is a reject with a code."""

import gzip
import shutil
import socket
import ssl
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from search import Fetching
from search.fetching.address import is_public
from search.ingest import CODES
from tests.fetching.conftest import FEED, LONG, QUICK, page

ROOT = Path(__file__).parents[2]


def codes(report):
    assert {one.code for one in report.rejects} <= CODES.keys()
    return [one.code for one in report.rejects]


def test_a_page_is_read_with_its_address(server, index):
    server.on("/ferry", page(LONG), Content_Type="text/html; charset=utf-8")
    report = index.add(f"{server.url}/ferry", fetching=QUICK)
    assert (report.added, report.rejected) == (1, 0)
    (hit,) = index.search("ferry").hits
    assert (hit.article.title, hit.article.url) == ("The ferry sank", f"{server.url}/ferry")
    assert hit.article.text.endswith("a spokeswoman said.")


def test_the_entries_of_a_feed_are_articles_and_their_links_whole(server, index):
    server.on("/feed", FEED, Content_Type="application/rss+xml")
    report = index.add(f"{server.url}/feed", fetching=QUICK)
    assert (report.added, report.rejected) == (2, 0)
    (hit,) = index.search("river").hits[:1]
    assert (hit.article.source, hit.article.url) == ("Küstenbote", f"{server.url}/dam")
    assert server.paths == ["/robots.txt", "/feed"]


def test_addresses_files_and_folders_are_added_together(server, index, tmp_path):
    server.on("/feed", FEED, Content_Type="application/rss+xml")
    (tmp_path / "a.txt").write_text("Rates fell.")
    url = f"{server.url}/feed"
    report = index.add([tmp_path / "a.txt", url, str(tmp_path / "a.txt"), url], fetching=QUICK)
    assert (report.added, report.rejected) == (3, 0)
    assert server.paths.count("/feed") == 1


def test_a_charset_in_the_header_is_believed(server, index):
    markup = page(LONG + " Café fermé.").replace("<meta charset=utf-8>", "")
    server.on("/a", markup.encode("latin-1"), Content_Type="text/html; charset=iso-8859-1")
    report = index.add(f"{server.url}/a", fetching=QUICK)
    assert "Café fermé." in index.search("ferry").hits[0].article.text
    assert "encoding_guessed" not in report.flags


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_a_feed_is_read_in_the_charset_it_is_in(server, index, encoding):
    feed = FEED.replace('encoding="utf-8"', "").encode(encoding)
    server.on("/feed", feed, Content_Type="text/xml; charset=iso-8859-1")
    index.add(f"{server.url}/feed", fetching=QUICK)
    assert index.search("river").hits[0].article.source == "Küstenbote"


def test_other_formats_are_told_by_their_content(server, index):
    lines = '{"id": "a", "text": "Rates fell."}\n{"id": "b", "text": "Rates rose."}\n'
    server.on("/x", gzip.compress(lines.encode()), Content_Type="application/octet-stream")
    assert index.add(f"{server.url}/x", fetching=QUICK).added == 2


def test_a_packed_answer_is_unpacked(server, index):
    content = gzip.compress(page(LONG).encode())
    server.on("/a", content, Content_Type="text/html", Content_Encoding="gzip")
    assert index.add(f"{server.url}/a", fetching=QUICK).added == 1


@pytest.mark.parametrize("content", [gzip.compress(page(LONG).encode())[:-9], b"not gzip at all"])
def test_a_damaged_packed_answer_is_a_reject(server, index, content):
    server.on("/a", content, Content_Type="text/html", Content_Encoding="gzip")
    assert codes(index.add(f"{server.url}/a", fetching=QUICK)) == ["truncated_archive"]


def test_what_is_too_large_is_not_read_to_its_end(server, index):
    few = replace(QUICK, max_bytes=100_000)
    server.on("/sent", b"x" * 100_001, Content_Type="text/plain")
    bomb = gzip.compress(bytes(50_000_000))
    assert len(bomb) < few.max_bytes
    server.on("/bomb", bomb, Content_Type="text/html", Content_Encoding="gzip")

    def endless(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/plain")
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 10_000)
        except OSError:
            pass
        handler.close_connection = True

    server.on("/endless", endless)
    urls = [f"{server.url}/{name}" for name in ("sent", "bomb", "endless")]
    assert codes(index.add(urls, fetching=few)) == ["too_large"] * 3


def test_robots_txt_is_obeyed(server, index):
    server.on(
        "/robots.txt",
        "User-agent: *\nDisallow: /private\n\nUser-agent: news-search\nDisallow: /ours\n",
    )
    server.on("/ours", page(LONG), Content_Type="text/html")
    server.on("/open", page(LONG), Content_Type="text/html")
    report = index.add([f"{server.url}/ours", f"{server.url}/open"], fetching=QUICK)
    assert (report.added, codes(report)) == (1, ["refused_by_robots"])
    assert server.paths == ["/robots.txt", "/open"]
    assert server.asked[0][1]["User-Agent"].startswith("news-search/")


def test_a_robots_txt_that_cannot_be_read_allows_nothing(server, index):
    server.on("/robots.txt", status=503)
    server.on("/a", page(LONG), Content_Type="text/html")
    report = index.add(f"{server.url}/a", fetching=QUICK)
    assert codes(report) == ["refused_by_robots"]
    assert server.paths == ["/robots.txt"]


def test_robots_txt_holds_for_where_a_redirect_leads(server, index):
    server.on("/robots.txt", "User-agent: *\nDisallow: /b\n")
    server.on("/a", status=301, Location="/b")
    server.on("/b", page(LONG), Content_Type="text/html")
    assert codes(index.add(f"{server.url}/a", fetching=QUICK)) == ["refused_by_robots"]
    assert "/b" not in server.paths


def test_crawl_delay_is_waited_for(server, index):
    server.on("/robots.txt", "User-agent: *\nCrawl-delay: 1\n")
    server.on("/a", page(LONG), Content_Type="text/html")
    asked = []
    server.on("/b", lambda handler: (asked.append(time.monotonic()), handler.send_error(404)))
    started = time.monotonic()
    index.add([f"{server.url}/a", f"{server.url}/b"], fetching=QUICK)
    assert asked[0] - started >= 2  # once after robots.txt, once after the page


def test_a_crawl_delay_beyond_patience_is_a_reject(server, index):
    server.on("/robots.txt", "User-agent: *\nCrawl-delay: 3600\n")
    server.on("/a", page(LONG), Content_Type="text/html")
    report = index.add(f"{server.url}/a", fetching=QUICK)
    assert codes(report) == ["refused_by_robots"]
    assert "3,600 s" in report.rejects[0].message


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:{port}/a",
        "http://localhost:{port}/a",
        "http://[::1]:{port}/a",
        "http://[::ffff:127.0.0.1]:{port}/a",
        "http://2130706433:{port}/a",
        "http://0x7f.1:{port}/a",
        "http://0.0.0.0:{port}/a",
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.1/",
        "http://100.64.0.1/",
        "http://[fe80::1]/",
        "http://[64:ff9b::7f00:1]/",
    ],
)
def test_private_addresses_are_not_asked_unless_allowed(server, index, url):
    server.on("/a", page(LONG), Content_Type="text/html")
    report = index.add(url.format(port=server.port), fetching=Fetching(delay_seconds=0))
    assert codes(report) == ["private_address"]
    assert server.asked == []


@pytest.mark.parametrize(
    ("number", "public"),
    [
        ("1.1.1.1", True), ("2606:4700:4700::1111", True), ("64:ff9b::1.1.1.1", True),
        ("192.168.1.1", False), ("172.16.0.1", False), ("224.0.0.1", False), ("240.0.0.1", False),
        ("255.255.255.255", False), ("::", False), ("fc00::1", False), ("fe80::1%eth0", False),
        ("2002:7f00:1::", False), ("ff02::1", False), ("::ffff:10.0.0.1", False),
        ("192.0.2.1", False), ("198.18.0.1", False), ("2001:db8::1", False),
    ],
)  # fmt: skip
def test_which_ip_addresses_are_public(number, public):
    assert is_public(number) is public


def test_a_name_is_looked_up_once_and_leads_nowhere_else(server, index, monkeypatch):
    """A name that is public when it is checked and private when it is connected to."""
    real, asked = socket.getaddrinfo, []

    def rebinding(host, port, *rest, **options):
        if host != "rebound.example":
            return real(host, port, *rest, **options)
        asked.append(host)
        number = "192.0.2.1" if len(asked) == 1 else "127.0.0.1"
        return real(number, port, *rest, **options)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    monkeypatch.setattr("search.fetching.address.is_public", lambda number: number != "127.0.0.1")
    url = f"http://rebound.example:{server.port}/a"
    soon = replace(QUICK, allow_private=False, connect_seconds=0.2, total_seconds=1)
    report = index.add(url, fetching=soon)
    assert codes(report) == ["refused_by_robots"]  # its robots.txt could not be read
    assert (asked, server.asked) == (["rebound.example"], [])


def test_a_redirect_to_a_private_address_is_refused(server, index, monkeypatch):
    """The first server passes for a public one; what it leads to is checked again."""
    monkeypatch.setattr("search.fetching.address.is_public", lambda number: number == "127.0.0.1")
    server.on("/a", status=302, Location="http://169.254.169.254/latest/meta-data/")
    report = index.add(f"{server.url}/a", fetching=replace(QUICK, allow_private=False))
    assert codes(report) == ["private_address"]
    assert "169.254.169.254" in report.rejects[0].message


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/", "http://a:b@127.0.0.1/"]
)
def test_a_redirect_out_of_the_web_is_refused(server, index, target):
    server.on("/a", status=302, Location=target)
    assert codes(index.add(f"{server.url}/a", fetching=QUICK)) == ["bad_address"]


def test_redirects_are_followed_but_not_for_ever(server, index):
    server.on("/a", status=301, Location="/b?c=1")
    server.on("/b", page(LONG), Content_Type="text/html")
    server.on("/round", status=302, Location="/round")
    report = index.add([f"{server.url}/a", f"{server.url}/round"], fetching=QUICK)
    assert (report.added, codes(report)) == (1, ["bad_address"])
    assert index.search("ferry").hits[0].article.url == f"{server.url}/b?c=1"
    assert server.paths.count("/round") == 1 + QUICK.max_redirects


def test_a_password_in_an_address_is_not_sent(server, index):
    url = f"http://someone:secret@127.0.0.1:{server.port}/a"
    report = index.add(url, fetching=QUICK)
    assert codes(report) == ["bad_address"]
    assert server.asked == []


def test_a_server_that_stays_silent_is_given_up(server, index):
    server.on("/a", lambda handler: time.sleep(3))
    report = index.add(f"{server.url}/a", fetching=replace(QUICK, read_seconds=0.2))
    assert codes(report) == ["unreachable"]


@pytest.mark.parametrize("part", ["header", "body"])
def test_a_server_that_drips_is_given_up(server, index, part):
    def drip(handler):
        if part == "body":
            handler.send_response(200)
            handler.send_header("Content-Type", "text/html")
            handler.end_headers()
        try:
            for _ in range(200):
                handler.wfile.write(b"x")
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass
        handler.close_connection = True

    server.on("/a", drip)
    started = time.monotonic()
    report = index.add(f"{server.url}/a", fetching=replace(QUICK, total_seconds=0.5))
    assert codes(report) == ["unreachable"]
    assert time.monotonic() - started < 8  # 200 drops would take ten


def test_an_answer_that_breaks_off_is_no_article(server, index):
    def break_off(handler):
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Content-Length", "100000")
        handler.end_headers()
        handler.wfile.write(page(LONG).encode())
        handler.close_connection = True

    server.on("/a", break_off)
    assert codes(index.add(f"{server.url}/a", fetching=QUICK)) == ["unreachable"]


def test_what_cannot_be_reached_is_said(index):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    report = index.add(f"http://127.0.0.1:{port}/a", fetching=QUICK)
    assert codes(report) == ["refused_by_robots"]
    assert "connection refused" in report.rejects[0].message


@pytest.mark.parametrize(
    ("status", "kind", "code"),
    [(404, "text/html", "bad_status"), (500, "text/html", "bad_status"),
     (200, "image/png", "wrong_type"), (200, "application/pdf", "wrong_type"),
     (200, "text/css", "wrong_type"), (200, "nonsense", "no_text")],
)  # fmt: skip
def test_what_is_no_article_is_a_reject(server, index, status, kind, code):
    server.on("/a", "<html><p>Not here.</p></html>", status=status, Content_Type=kind)
    assert codes(index.add(f"{server.url}/a", fetching=QUICK)) == [code]


@pytest.mark.parametrize("status", [429, 503])
def test_asked_to_come_back_it_does(server, index, status):
    def busy_once(handler):
        if server.paths.count("/a") == 1:
            handler.send_response(status)
            handler.send_header("Retry-After", "1")
            handler.send_header("Content-Length", "0")
            handler.end_headers()
        else:
            server.on("/a", page(LONG), Content_Type="text/html")
            server.answer(handler)

    server.on("/a", busy_once)
    started = time.monotonic()
    assert index.add(f"{server.url}/a", fetching=QUICK).added == 1
    assert time.monotonic() - started >= 1


def test_asked_to_come_back_tomorrow_it_does_not_wait(server, index):
    server.on("/a", status=503, Retry_After="86400")
    report = index.add(f"{server.url}/a", fetching=QUICK)
    assert codes(report) == ["bad_status"]
    assert "86,400 s" in report.rejects[0].message
    assert server.paths.count("/a") == 1


def test_other_errors_are_not_tried_again(server, index):
    server.on("/a", status=500)
    index.add(f"{server.url}/a", fetching=QUICK)
    assert server.paths.count("/a") == 1


def test_the_feed_of_a_hostile_server_reads_no_file(server, index):
    feed = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + FEED.partition("?>")[2]
    server.on("/feed", feed, Content_Type="application/rss+xml")
    assert codes(index.add(f"{server.url}/feed", fetching=QUICK)) == ["unsafe_xml"]


def test_nothing_asks_the_network_unless_an_address_was_given(tmp_path):
    """Every socket and look-up of a process that adds every sample and searches is refused."""
    program = (
        "import sys\n"
        "def refuse(event, arguments):\n"
        "    if event in ('socket.connect', 'socket.getaddrinfo', 'socket.gethostbyname',\n"
        "                 'socket.sendto'):\n"
        "        raise RuntimeError(f'{event} {arguments}')\n"
        "sys.addaudithook(refuse)\n"
        "from search import NewsIndex\n"
        "from tests.words import WordEncoder\n"
        "with NewsIndex.open(sys.argv[1], encoder=WordEncoder()) as index:\n"
        "    report = index.add('samples')\n"
        "    index.search('ferry')\n"
        "    print(report.added > 50, report.rejected)\n"
        "    print(index.add('http://127.0.0.1:9/').rejected)\n"
    )
    command = [sys.executable, "-c", program, tmp_path / "index"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.stdout == "True 0\n", done.stderr
    assert "RuntimeError: socket.getaddrinfo" in done.stderr  # the hook does see what is asked


def test_tls_is_checked(server, index, tmp_path):
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
            "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", key, "-out", certificate]  # fmt: skip
    subprocess.run(make, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server._server.socket = context.wrap_socket(server._server.socket, server_side=True)
    report = index.add(f"https://localhost:{server.port}/a", fetching=QUICK)
    assert codes(report) == ["refused_by_robots"]
    assert "certificate" in report.rejects[0].message
    server.on("/a", page(LONG), Content_Type="text/html")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(certificate))
        assert index.add(f"https://localhost:{server.port}/a", fetching=QUICK).added == 1
        report = index.add(f"https://127.0.0.1:{server.port}/a", fetching=QUICK)
    assert "certificate" in report.rejects[0].message  # it is for another name
