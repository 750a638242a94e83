"""WARC: the pages in it, decoded; what else is in it said; damage noticed where it is."""

import gzip
import zlib

import pytest

from search.types import Article, Reject

WORDS = "The gate at Tarrowdale failed at ten past three, and the dam went with it. " * 3
PAGE = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Dam breaks</title>'
    '<meta property="og:type" content="article">'
    '<meta property="article:published_time" content="2026-02-12T04:00:00Z"></head>'
    f"<body><article><h1>Dam breaks</h1><p>{WORDS}</p><p>Café: {WORDS}</p></article></body></html>"
)


def http(body, status="200 OK", kind="text/html; charset=utf-8", headers=""):
    body = body.encode() if isinstance(body, str) else body
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{headers}\r\n"
    return head.encode() + body


def record(content, kind="response", url="https://tidewire.example/dam", length=None):
    mime = "application/http" if kind in ("response", "request") else "text/plain"
    address = f"WARC-Target-URI: {url}\r\n" if url else ""
    head = (
        f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Date: 2026-02-12T08:00:00Z\r\n{address}"
        f"WARC-Record-ID: <urn:uuid:00000000-0000-0000-0000-000000000001>\r\n"
        f"Content-Type: {mime}; msgtype={kind}\r\n"
        f"Content-Length: {len(content) if length is None else length}\r\n\r\n"
    )
    return head.encode() + content + b"\r\n\r\n"


def chunked(body):
    parts = [body[i : i + 700] for i in range(0, len(body), 700)]
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


INFO = record(b"software: x\r\n", "warcinfo", None)
REQUEST = record(b"GET / HTTP/1.1\r\n\r\n", "request")
GOOD = record(http(PAGE))


def test_a_page_is_read_with_its_address(read_as):
    [article] = read_as(INFO + REQUEST + GOOD)
    assert (article.title, article.source) == ("Dam breaks", "tidewire.example")
    assert article.url == "https://tidewire.example/dam"
    assert article.published.isoformat() == "2026-02-12T04:00:00+00:00"
    assert "Café: The gate" in article.text
    assert article.extras["crawled"] == "2026-02-12T08:00:00Z"


DEFLATED = zlib.compress(PAGE.encode())
LATIN = PAGE.replace("utf-8", "x").encode("cp1252")


@pytest.mark.parametrize(
    "response",
    [
        http(gzip.compress(PAGE.encode()), headers="Content-Encoding: gzip\r\n"),
        http(DEFLATED, headers="Content-Encoding: deflate\r\n"),
        http(chunked(PAGE.encode()), headers="Transfer-Encoding: chunked\r\n"),
        http(
            chunked(gzip.compress(PAGE.encode())),
            headers="Transfer-Encoding: chunked\r\nContent-Encoding: gzip\r\n",
        ),
        http(PAGE, headers="Transfer-Encoding: chunked\r\n"),
        http(LATIN, kind="text/html; charset=windows-1252"),
        http(PAGE, kind="application/xhtml+xml"),
    ],
)
def test_responses_are_decoded(read_as, response):
    [article] = read_as(record(response))
    assert "Café: The gate" in article.text


@pytest.mark.parametrize("pack", [lambda one: one, gzip.compress])
def test_every_record_is_read_in_order(read_as, pack):
    pages = [record(http(PAGE), url=f"https://tidewire.example/{i}") for i in range(30)]
    items = read_as(b"".join(map(pack, [INFO, *pages])), "a.warc.gz")
    assert [item.url.rpartition("/")[2] for item in items] == [str(i) for i in range(30)]


def test_what_is_no_page_is_skipped_and_counted(reading_of):
    reading = reading_of(
        INFO
        + record(http(PAGE, "404 Not Found"))
        + record(http(PAGE, "301 Moved", headers="Location: /x\r\n"))
        + record(http(b"\x89PNG", kind="image/png"))
        + record(PAGE.encode(), "resource")
        + GOOD
    )
    assert len(list(reading)) == 1
    assert [line.rpartition("articles: ")[2] for line in reading.skipped] == [
        "2 times a response with a status other than 200",
        "a response that is not HTML",
        "a resource record, not a response",
    ]


def test_a_page_without_an_article_costs_itself(read_as):
    empty = record(http("<html><body><nav>Home</nav></body></html>"), url="https://a.example/x")
    reject, article = read_as(empty + GOOD)
    assert (reject.code, reject.member) == ("no_text", "https://a.example/x")
    assert article.title == "Dam breaks"


@pytest.mark.parametrize("cut", [1, 3, 10, 200, len(GOOD) - 20])
def test_a_cut_archive_is_read_up_to_the_cut_and_says_so(read_as, cut):
    whole = GOOD + record(http(PAGE.replace("Dam", "Second")))
    items = read_as(whole[: len(whole) - cut])
    assert items[0].title == "Dam breaks"
    rejects = [item for item in items if isinstance(item, Reject)]
    if cut > 4:  # the line ends after a record may be missing
        assert [reject.code for reject in rejects] == ["truncated_archive"]
        assert "damaged at byte" in rejects[0].message
    else:
        assert [item.title for item in items] == ["Dam breaks", "Second breaks"]


def test_a_cut_gzip_archive_is_read_up_to_the_cut(read_as):
    whole = gzip.compress(GOOD) + gzip.compress(GOOD) + gzip.compress(GOOD)
    items = read_as(whole[: len(whole) - 200], "a.warc.gz")
    assert [type(item) for item in items] == [Article, Article, Reject]
    assert items[2].code == "truncated_archive"


@pytest.mark.parametrize(
    "damage",
    [
        b"nonsense" * 99,
        b"WARC/1.0\r\nnonsense\r\n\r\n",
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: -7\r\n\r\n",
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Length: 99999999999\r\n\r\n",
        record(http(PAGE), length=50),
    ],
)
def test_damage_in_the_middle_costs_what_follows_and_is_said(read_as, damage):
    items = read_as(GOOD + damage + GOOD)
    assert items[0].title == "Dam breaks"
    assert "truncated_archive" in [item.code for item in items if isinstance(item, Reject)]


def test_the_format_before_warc_is_named(read_as):
    [reject] = read_as("filedesc://a.arc 127.0.0.1 20140216050221 text/plain 75\n1 0 Live\n")
    assert (reject.code, "ARC" in reject.message) == ("unknown_format", True)


def test_a_response_that_unpacks_without_end_is_refused(read_as, monkeypatch):
    monkeypatch.setattr("search.ingest.warc.MAX_PAGE_BYTES", 1_000_000)
    bomb = gzip.compress(b"<p>" + b"a" * 30_000_000)
    headers = "Content-Encoding: gzip\r\n"
    reject, article = read_as(record(http(bomb, headers=headers)) + GOOD)
    assert (reject.code, article.title) == ("too_large", "Dam breaks")
