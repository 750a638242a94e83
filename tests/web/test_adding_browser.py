"""Adding articles in a real browser: pasted, uploaded, from a folder; and being told of it."""

import json

import pytest
from accessibility import serious_faults
from conftest import serving, settle
from playwright.sync_api import expect

from search import NewsIndex
from search.types import Article, Progress
from search.underway import Underway
from tests.unencoded import encode_awaiting, store_unencoded

pytestmark = [pytest.mark.model, pytest.mark.browser, pytest.mark.enable_socket]
CARD = "article.ns-card"
RIVER = "Rain fell on the town for three days, and the river rose above the old bridge."
HARBOUR = "The mayor closed the harbour after a storm broke the wall <img src=x onerror=alert(1)>."


@pytest.fixture
def inbox(tmp_path):
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.json").write_text(json.dumps({"title": "The ferry is late", "text": RIVER}))
    return inbox


@pytest.fixture
def opened(page, tmp_path, inbox):
    """The page over no index yet, on which one may add, with its dialog open."""
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("dialog", lambda dialog: errors.append(dialog.message))
    page.set_default_timeout(20_000)
    with serving(tmp_path / "index", "--allow-add", str(inbox)) as address:
        page.goto(address)
        page.get_by_role("button", name="Add articles").click()
        yield page
    assert errors == []


def add(page):
    page.get_by_role("button", name="Add", exact=True).click()


def told(page):
    return page.get_by_role("dialog").get_by_role("status")


def test_the_first_article_is_pasted_and_found(opened):
    add(opened)
    expect(opened.get_by_text("There is no text to add.")).to_be_visible()
    opened.get_by_label("Text of one article").fill(HARBOUR)
    opened.get_by_label("Headline").fill("Harbour *closed*")
    opened.get_by_label("Outlet").fill("Daily Gull")
    opened.get_by_label("Date of publication").fill("2026-03-31")
    assert serious_faults(opened) == []
    add(opened)
    expect(told(opened)).to_have_text("1 added, 0 updated, 0 there already.", timeout=40_000)
    opened.get_by_role("button", name="Show the newest articles").click()
    expect(opened.get_by_role("dialog")).to_have_count(0)
    card = opened.locator(CARD)
    expect(card.locator("h3")).to_have_text("Harbour *closed*")
    expect(card).to_contain_text("Daily Gull")
    expect(card).to_contain_text("31 Mar 2026")
    expect(card).to_contain_text("<img src=x onerror=alert(1)>")


def test_what_cannot_be_read_of_an_upload_is_told_with_its_reason(opened):
    opened.get_by_text("Upload files").click()
    add(opened)
    expect(opened.get_by_text("Choose files to add first.")).to_be_visible()
    lines = [json.dumps({"title": "The ferry is late", "text": RIVER}), '{"title": "<b>x"}', "{"]
    files = [("a.jsonl", "\n".join(lines)), ("<i>.png", "\x89PNG\r\n\x1a\n\0\0\0")]
    opened.locator("input[type=file]").set_input_files(
        [
            {"name": name, "mimeType": "", "buffer": content.encode("latin-1")}
            for name, content in files
        ]
    )
    for name, _ in files:
        expect(opened.get_by_text(name)).to_be_visible()
    add(opened)
    expect(told(opened)).to_have_text("1 added, 0 updated, 0 there already.", timeout=40_000)
    lists = opened.get_by_role("dialog").locator(".ns-told")
    expect(lists.first).to_contain_text("3 records could not be read")
    expect(lists.first.locator("li")).to_have_count(3)
    expect(lists.first).to_contain_text("a.jsonl, line 2: no field 'text'")
    expect(lists.first).to_contain_text("_i_.png")
    expect(lists.nth(1)).to_contain_text("1 × no_date: no date of publication")


def test_a_file_of_more_than_what_readers_need_to_send_is_taken(opened):
    articles = {"title": "The ferry is late", "text": RIVER, "padding": "x" * 6 * 2**20}
    opened.get_by_text("Upload files").click()
    opened.locator("input[type=file]").set_input_files(
        [{"name": "a.json", "mimeType": "", "buffer": json.dumps(articles).encode()}]
    )
    expect(opened.get_by_text("a.json")).to_be_visible()
    add(opened)
    expect(told(opened)).to_have_text("1 added, 0 updated, 0 there already.", timeout=40_000)


def test_only_what_lies_in_the_folder_can_be_named(opened, inbox):
    opened.get_by_text("From a folder").click()
    path = opened.get_by_label("Path of a file or folder on the server")
    for typed, reason in [("", "Name a file"), ("../index", "not below"), ("b", "no such file")]:
        path.fill(typed)
        add(opened)
        expect(opened.get_by_role("alert")).to_contain_text(reason)
    path.fill(str(inbox))
    add(opened)
    expect(told(opened)).to_have_text("1 added, 0 updated, 0 there already.", timeout=40_000)
    opened.keyboard.press("Escape")
    expect(opened.get_by_text("The ferry is late").first).to_be_visible()


def test_who_may_only_read_is_offered_nothing(visit):
    expect(visit().get_by_role("button", name="Add articles")).to_have_count(0)


def test_readers_see_meaning_catch_up(page, tmp_path):
    index = tmp_path / "index"
    with NewsIndex.open(index) as made:
        made.add([Article(id="a", title="The ferry is late", text=RIVER)])
        store_unencoded(made, [Article(id="b", title="Rates fall", text="The bank cut rates.")])
        with serving(index) as address:
            with Underway(index) as adding:
                adding.note(Progress(50, 100, 2, 1, 1.0, awaiting=1, bytes_awaiting=25))
                page.goto(f"{address}/?q=ferry")
                line = page.get_by_text("passages so far. Words cover all of them.")
                expect(line).to_have_text(
                    "Meaning covers 1 of 2 matched passages so far. Words cover all of them.",
                    timeout=20_000,
                )
                expect(page.get_by_text("1 passage by words alone so far.")).to_be_visible()
                encode_awaiting(made)
                expect(line).to_have_count(1)  # the hits are as they were
            expect(line).to_have_count(0)
            settle(page)


def test_readers_are_told_how_far_another_process_is(page, tmp_path):
    index = tmp_path / "index"
    with NewsIndex.open(index) as made:
        made.add([Article(id="a", title="The ferry is late", text=RIVER)])
    with serving(index) as address:
        with Underway(index) as adding:
            adding.note(Progress(43, 100, 1312, 5000, 9.0))
            page.goto(f"{address}/?q=ferry")
            note = page.get_by_text("Articles are being added: 1,312 so far (43%).")
            expect(note).to_be_visible(timeout=20_000)
            expect(page.locator(CARD)).to_have_count(1)
            adding.note(Progress(50, 100, 1400, 5500, 9.5))
            expect(page.get_by_text("1,400 so far (50%)")).to_be_visible()
        expect(page.get_by_text("Articles are being added")).to_have_count(0)
        settle(page)
