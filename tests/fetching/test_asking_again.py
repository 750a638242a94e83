"""Feeds that are watched: sent only when they changed."""

import json
from dataclasses import replace

import pytest

from search import IndexLocked, NewsIndex
from search.fetching import Remembered, Seen
from search.store import LocalStore
from tests.fetching.conftest import FEED, QUICK
from tests.words import WordEncoder

OFTEN = replace(QUICK, again_seconds=0)
LONGER = FEED.replace("</channel>", "<item><title>New</title><guid>3</guid>"
                      "<description>The bridge fell.</description></item></channel>")  # fmt: skip


class Feed:
    """A feed whose tag changes with its content."""

    def __init__(self, server):
        self.content, self.tag = FEED, '"1"'
        server.on("/feed", self.answer)

    def change(self, content):
        self.content, self.tag = content, f'"{len(content)}"'

    def answer(self, handler):
        is_old = handler.headers["If-None-Match"] == self.tag
        handler.send_response(304 if is_old else 200)
        content = b"" if is_old else self.content.encode()
        handler.send_header("ETag", self.tag)
        handler.send_header("Last-Modified", "Thu, 06 Oct 2022 13:00:00 GMT")
        handler.send_header("Content-Type", "application/rss+xml")
        handler.send_header("Content-Length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content)


@pytest.fixture
def feed(server):
    return Feed(server)


def watch(server, index):
    return index.watch(f"{server.url}/feed", interval=0.05, fetching=OFTEN)


def test_a_feed_is_sent_again_only_when_it_changed(server, feed, index):
    rounds = watch(server, index)
    assert next(rounds).added == 2
    again = next(rounds)
    assert (again.added, again.unchanged, again.rejected) == (0, 0, 0)
    assert again.skipped == (f"{server.url}/feed: not modified since it was read",)
    asked = server.asked[-1][1]
    assert asked["If-None-Match"] == '"1"'
    assert asked["If-Modified-Since"] == "Thu, 06 Oct 2022 13:00:00 GMT"
    feed.change(LONGER)
    assert [(one.added, one.unchanged) for one in (next(rounds), next(rounds))] == [(1, 2), (0, 0)]
    assert server.paths.count("/robots.txt") == 1


def test_another_process_remembers_what_was_read(server, feed, index):
    next(watch(server, index))
    kept = json.loads((index.path / "fetched.json").read_text())
    assert kept[f"{server.url}/feed"]["etag"] == '"1"'
    with NewsIndex.open(index.path, encoder=WordEncoder()) as other:
        assert next(watch(server, other)).added == 0
    assert index.doctor() == []


def test_add_asks_for_the_whole_of_it(server, feed, index):
    url = f"{server.url}/feed"
    assert index.add(url, fetching=QUICK).added == 2
    assert index.add(url, fetching=QUICK).unchanged == 2
    index.compact()
    assert Remembered(index.path).seen(url).etag == '"1"'


def test_what_was_not_committed_is_not_remembered(server, feed, index):
    rounds = watch(server, index)
    other = LocalStore(index.path)
    with other.writer():
        assert isinstance(next(rounds), IndexLocked)
    other.close()
    assert next(rounds).added == 2


def test_an_address_is_not_asked_more_often_than_it_should(server, feed, index, tmp_path):
    places = [f"{server.url}/feed", tmp_path / "news"]
    places[1].mkdir()
    rounds = index.watch(places, interval=0.05, fetching=QUICK)
    assert next(rounds).added == 2
    for name in "abc":
        (places[1] / f"{name}.txt").write_text(f"Rates fell {name}.")
        assert next(rounds).added == 1
    assert server.paths.count("/feed") == 1


def test_a_server_that_fails_ends_nothing(server, feed, index):
    rounds = watch(server, index)
    next(rounds)
    server.on("/feed", status=500)
    assert [one.code for one in next(rounds).rejects] == ["bad_status"]
    feed.change(LONGER)
    server.on("/feed", feed.answer)
    assert next(rounds).added == 1


@pytest.mark.parametrize(
    "content", ["", "[]", "{", '{"http://a/": {}}', '{"http://a/": {"url": "a\\r\\nb"}}', "ü"]
)
def test_a_spoilt_memory_is_none(tmp_path, content):
    (tmp_path / "fetched.json").write_text(content)
    remembered = Remembered(tmp_path)
    assert remembered.seen("http://a/") is None
    remembered.note({"http://a/": Seen("http://a/", "x", None)})
    assert Remembered(tmp_path).seen("http://a/") == Seen("http://a/", "x", None)
