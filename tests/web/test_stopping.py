"""A server that ends while it adds: the index is whole, and nothing is left of what was sent."""

import json
import re
import signal

import pytest
from conftest import started
from playwright.sync_api import expect

from search import NewsIndex

pytestmark = [pytest.mark.model, pytest.mark.browser, pytest.mark.enable_socket]
MORE_THAN_IS_ADDED = 20_000
TEXT = (
    "The ferry number {0} was late on Thursday, since a storm had broken the harbour wall. "
    "Captain {0} said that she had waited for the tide, and for the mayor, for {0} minutes."
)


@pytest.fixture
def inbox(tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    lines = [json.dumps({"text": TEXT.format(number)}) for number in range(MORE_THAN_IS_ADDED)]
    (inbox / "many.jsonl").write_text("\n".join(lines))
    return inbox


@pytest.fixture
def kept(tmp_path):
    """Where the server's temporary files are."""
    kept = tmp_path / "kept"
    kept.mkdir()
    return kept


def send(page, address, inbox):
    """Upload the file, and see that some of it is in."""
    page.goto(address)
    page.get_by_role("button", name="Add articles").click()
    page.get_by_text("Upload files").click()
    page.locator("input[type=file]").set_input_files(inbox / "many.jsonl")
    expect(page.get_by_text("many.jsonl")).to_be_visible()
    page.get_by_role("button", name="Add", exact=True).click()
    some = page.get_by_role("dialog").get_by_text(re.compile(r"\b[1-9][\d,]* so far"))
    expect(some).to_be_visible(timeout=60_000)


def sent(kept):
    return list(kept.rglob("many.jsonl"))


@pytest.mark.parametrize(
    ("ended_by", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, -signal.SIGTERM)]
)
def test_what_was_committed_stays_and_what_was_sent_does_not(
    page, tmp_path, inbox, kept, ended_by, status
):
    index = tmp_path / "index"
    with (
        (tmp_path / "log").open("w") as log,
        started(index, "--allow-add", "", TMPDIR=str(kept), log=log) as (server, address),
    ):
        send(page, address, inbox)
        assert len(sent(kept)) == 1
        server.send_signal(ended_by)
        assert server.wait(60) == status
    assert list(kept.iterdir()) == []
    assert "adding from the page was ended" in (tmp_path / "log").read_text()
    with NewsIndex.open(index) as opened:
        assert 0 < opened.stats().articles < MORE_THAN_IS_ADDED
        assert opened.doctor() == []


def test_what_a_killed_server_left_is_removed_by_the_next(page, tmp_path, inbox, kept):
    index = tmp_path / "index"
    with started(index, "--allow-add", "", TMPDIR=str(kept)) as (server, address):
        send(page, address, inbox)
        server.kill()
        server.wait(60)
    assert len(sent(kept)) == 1
    with started(index, TMPDIR=str(kept)):
        assert sent(kept) == []
