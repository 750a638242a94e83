"""Two processes serve one index while a third adds to it."""

import json
import os
import subprocess
import sys

import pytest
from conftest import ROOT, serving, settle
from page_articles import ARTICLES
from playwright.sync_api import expect

from search import NewsIndex

pytestmark = [pytest.mark.model, pytest.mark.browser, pytest.mark.enable_socket]
CARD = "article.ns-card"
NEW = {
    "id": "bridge",
    "title": "Quillfeather opens a bridge",
    "text": "Mayor Quillfeather opened the bridge over the harbour on Thursday. Hundreds came.",
    "source": "Daily Gull",
}


def search(page, text):
    page.get_by_role("searchbox").fill(text)
    page.get_by_role("searchbox").press("Enter")


def headlines(page):
    return page.locator(f"{CARD} h3")


def test_pages_of_both_show_what_a_third_adds_at_the_next_search(context, tmp_path):
    index = tmp_path / "index"
    with NewsIndex.open(index) as made:
        made.add(ARTICLES)
    articles = tmp_path / "new.jsonl"
    articles.write_text(json.dumps(NEW))

    with serving(index) as first, serving(index) as second:
        pages = [context.new_page(), context.new_page()]
        for page, address in zip(pages, (first, second), strict=True):
            page.goto(f"{address}/?q=Quillfeather+bridge")
            expect(page.locator(CARD)).to_have_count(10, timeout=20_000)
            settle(page)
            assert NEW["title"] not in headlines(page).all_inner_texts()

        command = [sys.executable, "-m", "search.cli", "add", articles, "--index", index]
        subprocess.run(command, cwd=ROOT, env={**os.environ, "HF_HUB_OFFLINE": "1"}, check=True)

        for page in pages:
            search(page, "bridge of mayor Quillfeather")
            expect(headlines(page).first).to_have_text(NEW["title"], timeout=20_000)
