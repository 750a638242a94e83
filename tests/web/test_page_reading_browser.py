"""The reader in a real browser: passages come into view, parts and lists open, links hold."""

import re
from pathlib import Path

import pytest
from conftest import serving, settle
from page_articles import LONG
from page_stories import COPIES, EVIL, WALL
from playwright.sync_api import expect

pytestmark = [pytest.mark.model, pytest.mark.browser, pytest.mark.enable_socket]
ROOFS = "?q=harbour+roofs&mode=keywords"


@pytest.fixture(scope="session")
def base_url(stories_path):
    """The address of a page over the index with copies, versions and a story."""
    with serving(stories_path) as address:
        yield address


def part(page, name):
    page.get_by_role("dialog").get_by_role("radio", name=name).click()
    settle(page)


def in_box(page, marked):
    """Whether a mark is to be seen in the box of the text."""
    box, mark = page.locator(".ns-body").bounding_box(), marked.bounding_box()
    return box["y"] <= mark["y"] <= mark["y"] + mark["height"] <= box["y"] + box["height"] + 1


def test_next_and_previous_bring_each_passage_into_view_and_into_the_link(visit):
    page = visit(f"{ROOFS}&open=long")
    steps = page.locator(".st-key-steps")
    expect(steps).to_contain_text("matching passages")
    expect(page.locator("#hit")).to_have_count(0)
    seen = []
    for place in (1, 2, 3):
        page.get_by_role("button", name="Next passage").click()
        expect(steps).to_contain_text(f"{place} of ")
        settle(page)
        assert in_box(page, page.locator("#hit"))
        seen.append(page.url)
    assert len(set(seen)) == 3

    page.get_by_role("button", name="Previous passage").click()
    expect(page).to_have_url(seen[1])
    page.go_back()
    expect(page).to_have_url(seen[2])
    expect(steps).to_contain_text("3 of ")
    page.reload()
    expect(steps).to_contain_text("3 of ")
    assert in_box(page, page.locator("#hit"))


def test_the_link_of_the_count_leads_back_to_the_passage_and_keeps_the_reader(visit):
    page = visit(f"{ROOFS}&open=long")
    page.get_by_role("button", name="Next passage").click()
    expect(page.locator("#hit")).to_be_visible()
    page.locator(".ns-body").evaluate("box => box.scrollTop = box.scrollHeight")
    assert not in_box(page, page.locator("#hit"))
    page.locator(".ns-place a").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.wait_for_timeout(300)
    assert in_box(page, page.locator("#hit"))


def test_copies_open_from_the_card_and_from_the_reader(visit):
    page = visit("?q=wall+gave+way+at+Westerness")
    page.get_by_role("button", name=re.compile("Also reported by")).first.click()
    page.get_by_role("button", name=COPIES[0].title).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name=COPIES[0].title)).to_be_visible()
    expect(page).to_have_url(re.compile("open=wall-gull"))
    part(page, "Copies")
    expect(dialog).to_contain_text("first published")
    page.get_by_role("button", name=WALL.title).click()
    expect(dialog.get_by_role("heading", name=WALL.title)).to_be_visible()
    expect(page.locator(".ns-body")).to_be_visible()
    page.go_back()
    expect(dialog.get_by_role("heading", name=COPIES[0].title)).to_be_visible()
    page.go_back()
    expect(dialog).to_be_hidden()


def test_hostile_copies_and_versions_stay_text(visit):
    page = visit("?open=wall")
    dialog = page.get_by_role("dialog")
    part(page, "Copies")
    expect(dialog).to_contain_text(f"Wall breaks {EVIL}")
    page = visit("?open=hostile")
    for name in ("Text", "Versions", "Story", "Cite"):
        part(page, name)
        assert dialog.locator("script, img, u, i, iframe, [onerror]").count() == 0
    part(page, "Versions")
    expect(dialog.locator("del, ins").first).to_be_visible()
    expect(dialog.locator("ins", has_text=EVIL)).to_be_visible()
    assert page.title() == "news-search"


def test_what_came_before_opens_and_back_returns(visit):
    page = visit("?open=wall")
    part(page, "Story")
    page.get_by_role("button", name="Council puts off repairs of the harbour wall").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Council puts off")).to_be_visible()
    expect(page).to_have_url(re.compile("open=before"))
    page.go_back()
    expect(dialog.get_by_role("heading", name=WALL.title)).to_be_visible()


def test_a_link_to_an_article_opens_it_at_its_beginning(visit):
    page = visit("?open=long")
    expect(page.get_by_role("dialog").get_by_role("heading", name=LONG.title)).to_be_visible()
    assert page.locator(".ns-body").evaluate("box => box.scrollTop") == 0
    page.keyboard.press("Escape")
    expect(page).to_have_url(re.compile(r"/$"))


@pytest.mark.parametrize(("scheme", "width"), [("light", 1366), ("dark", 1366), ("light", 390)])
def test_the_reader_is_no_wider_than_the_window_and_the_text_no_wider_than_46_rem(
    visit, page, scheme, width, output_path
):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    visit(f"{ROOFS}&open=long")
    for name in ("Text", "Copies", "Versions", "Story", "Cite"):
        part(page, name)
        assert page.evaluate("document.scrollingElement.scrollWidth") <= width
        page.screenshot(path=Path(output_path) / f"{name}-{scheme}-{width}.png")
    part(page, "Text")
    assert page.locator(".ns-body").bounding_box()["width"] <= 46 * 16
