"""The page in a real browser, served as readers get it."""

import csv
import io
import re
import urllib.error
import urllib.request
import zipfile
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from accessibility import serious_faults
from conftest import free_port, serving, settle
from page_articles import ARTICLES, HOSTILE
from playwright.sync_api import expect

from search import NewsIndex
from search.exporting import read_record, replayed
from search.types import Article
from search.web.words.english import English

pytestmark = [pytest.mark.model, pytest.mark.browser, pytest.mark.enable_socket]
CARD = "article.ns-card"
WIDER = """() => [
    ...document.querySelectorAll('.stMain, .ns-meta > *, [role=dialog], .stSidebar button p')
].filter(one => one.scrollWidth > one.clientWidth && one.clientWidth > 0).map(one => one.className)
"""


def params(page):
    return parse_qs(urlsplit(page.url).query)


def expect_params(page, /, **expected):
    expect(page).to_have_url(f"/?{urlencode(expected, doseq=True)}", timeout=20_000)


def search(page, text):
    page.get_by_role("searchbox").fill(text)
    page.get_by_role("searchbox").press("Enter")


def test_a_query_gives_ten_cards_its_words_in_bold_and_a_link(visit):
    page = visit()
    search(page, "harbour council")
    expect(page.locator(CARD)).to_have_count(10)
    expect(page.locator(f"{CARD} b").first).to_have_text(re.compile("harbour|council", re.I))
    expect(page.locator(f"{CARD} mark.best").first).to_be_visible()
    expect_params(page, q=["harbour council"])


def test_back_and_forward_go_through_search_filter_page_and_reader(visit):
    page = visit("?q=harbour")
    page.locator(".st-key-facet-section").get_by_text("Local").click()
    expect_params(page, q=["harbour"], sec=["Local"])
    settle(page)
    expect(page.locator(".st-key-chips")).to_be_visible()
    page.get_by_role("button", name="Read article").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    opened = params(page)
    assert set(opened) == {"q", "sec", "open"}

    page.go_back()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect_params(page, q=["harbour"], sec=["Local"])
    page.go_back()
    expect_params(page, q=["harbour"])
    expect(page.locator(".st-key-chips")).to_be_hidden()
    page.go_forward()
    expect(page.locator(".st-key-chips")).to_be_visible()
    page.go_forward()
    expect(page.get_by_role("dialog")).to_be_visible()
    expect_params(page, **opened)


def test_what_is_chosen_stays_when_its_count_changes(visit):
    page = visit("?q=harbour&mode=keywords")
    field = page.locator(".st-key-facet-author input")
    field.fill("ida")
    field.press("Enter")
    expect_params(page, q=["harbour"], author=["Ida Brandt"], mode=["keywords"])
    settle(page)
    page.locator(".st-key-facet-section").get_by_text("Local").click()
    chosen = {"author": ["Ida Brandt"], "sec": ["Local"], "mode": ["keywords"]}
    expect(page).to_have_url(re.compile("sec=Local"))
    settle(page)
    search(page, "council")
    expect(page).to_have_url(re.compile("q=council"))
    settle(page)
    search(page, "storm")
    expect(page).to_have_url(re.compile("q=storm"))
    settle(page)
    assert params(page) == {"q": ["storm"], **chosen}


def test_paging_goes_on_and_is_a_link(visit):
    page = visit("?q=harbour")
    page.locator(".st-key-page").get_by_role("button", name="Page 2", exact=True).click()
    expect(page.locator(".ns-rank").first).to_have_text("11")
    expect_params(page, q=["harbour"], page=["2"])
    visit("?q=harbour&page=2")
    expect(page.locator(".ns-rank").first).to_have_text("11")


def test_a_chip_and_clear_all_undo_filters(visit):
    page = visit("?q=harbour&src=Daily+Gull&sec=Local&sort=newest")
    chips = page.locator(".st-key-chips")
    chips.get_by_role("button", name="Daily Gull").click()
    expect_params(page, q=["harbour"], sec=["Local"], sort=["newest"])
    expect(chips.get_by_role("button", name="Daily Gull")).to_have_count(0)
    chips.get_by_role("button", name="Clear all").click()
    expect_params(page, q=["harbour"], sort=["newest"])
    expect(chips).to_have_count(0)


def test_news_stays_text_wherever_it_stands(visit):
    page = visit("?q=lighthouse+keeper&mode=keywords&src=:red[Evil]+**Times**+<i>")
    card = page.locator(CARD)
    expect(card).to_have_count(1)
    assert card.locator("script, img, a, i, u, code").count() == 0
    assert card.locator("h3").inner_text() == HOSTILE.title
    assert HOSTILE.text in card.inner_text()
    assert HOSTILE.source in card.inner_text()
    assert page.locator(".st-key-chips button").first.inner_text().startswith(HOSTILE.source)
    assert page.title() == "news-search"

    visit()
    pill = page.locator(".st-key-facet-section button").filter(has_text="$a$")
    assert pill.inner_text().startswith("`code` $a$")
    assert page.title() == "news-search"


def test_the_reader_opens_at_the_passage_and_escape_closes_it(visit, index_path):
    with NewsIndex.open(index_path) as index:
        passage = index.passages("long")[4]
    page = visit(f"?q=storm&open={passage.id}")
    marked = page.locator(".ns-body #hit")
    expect(marked).to_be_in_viewport()
    box, mark = page.locator(".ns-body").bounding_box(), marked.bounding_box()
    assert box["y"] <= mark["y"] <= box["y"] + box["height"]
    expect(page.get_by_role("link", name="Original at northern.example")).to_have_attribute(
        "rel", "noopener noreferrer"
    )
    page.get_by_role("button", name="Next passage").click()
    expect(page).not_to_have_url(re.compile(passage.id))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect_params(page, q=["storm"])


def test_why_and_similar_explain_and_lead_on(visit):
    page = visit("?q=harbour+council")
    page.get_by_role("button", name="Why this result").first.click()
    expect(page.locator(".ns-why")).to_contain_text("Cosine (meaning)")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Similar").first.click()
    expect(page.locator(".st-key-chips")).to_contain_text("Similar to:")
    assert set(params(page)) == {"like"}


@pytest.mark.parametrize("address", ["?q=harbour+council&mode=keywords", "?like={passage}"])
def test_why_is_told_where_no_words_carried_meaning(visit, index_path, address):
    with NewsIndex.open(index_path) as index:
        passage = index.passages("long")[0]
    page = visit(address.format(passage=passage.id))
    page.get_by_role("button", name="Why this result").first.click()
    expect(page.locator(".ns-why")).to_be_visible()
    expect(page.get_by_text("Something went wrong")).to_have_count(0)


def test_the_page_goes_on_by_itself_once_there_is_an_index(page, tmp_path):
    path = tmp_path / "later"
    with serving(path) as address:
        page.goto(address)
        expect(page.get_by_text("There is no index yet")).to_be_visible(timeout=20_000)
        expect(page.get_by_text(f"--index {path}")).to_be_visible()
        with NewsIndex.open(path) as index:
            index.add(ARTICLES[:2])
        expect(page.get_by_text("Search 2 articles by meaning")).to_be_visible(timeout=20_000)


def test_answers_carry_the_headers_and_strange_hosts_get_none(base_url):
    with urllib.request.urlopen(base_url) as answer:
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert f"connect-src 'self' ws://{urlsplit(base_url).netloc}" in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
    strange = urllib.request.Request(base_url, headers={"Host": "rebound.example"})
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(strange)
    with refused.value as answer:
        assert answer.code == 400


@pytest.mark.parametrize(("scheme", "width"), [("light", 1366), ("dark", 1366), ("light", 400)])
def test_nothing_is_wider_than_the_window(visit, page, scheme, width, output_path):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme)
    visit("?q=storm+harbour")
    expect(page.locator(CARD).first).to_be_visible()
    assert page.evaluate("document.scrollingElement.scrollWidth") <= width
    page.screenshot(path=Path(output_path) / f"{scheme}-{width}.png")


@pytest.mark.parametrize("width", [1366, 390])
def test_a_long_name_without_spaces_makes_nothing_wider(page, width, tmp_path, output_path):
    name = "Lighthouse" * 300
    article = Article(id="one", title=name, text=f"{name} met.", source=name, section=name)
    with NewsIndex.open(tmp_path / "index") as index:
        index.add([article, replace(article, id="two", source="Gull", section="Local")])
    page.set_viewport_size({"width": width, "height": 900})
    with serving(tmp_path / "index") as address:
        for number, path in enumerate(["", "?sort=newest", "?sort=newest&open=one"]):
            page.goto(f"{address}/{path}")
            expect(page.locator(".ns-outlet").first).to_be_visible(timeout=20_000)
            settle(page)
            page.screenshot(path=Path(output_path) / f"long-{width}-{number}.png")
            assert page.evaluate(WIDER) == [], path


@pytest.mark.parametrize("name", ["CSV (spreadsheet)", "RIS (Zotero, EndNote)"])
def test_hits_are_taken_away_with_a_record_that_can_be_replayed(visit, index_path, tmp_path, name):
    page = visit("?q=harbour+council&src=Daily+Gull")
    page.get_by_role("button", name="Export").click()
    page.get_by_role("combobox", name="Format").click()
    page.get_by_role("option", name=name).click()
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name=f"Download {name.partition(' (')[0]}", exact=True).click()
    packed = tmp_path / "hits.zip"
    download.value.save_as(packed)
    record = read_record(packed)
    assert record.asked.source == ("Daily Gull",)
    assert record.is_all
    with NewsIndex.open(index_path) as index:
        assert replayed(index, record).is_same
        hits = index.search("harbour council", source="Daily Gull", k=1000).hits
    assert [hit.passage for hit in record.hits] == [hit.passage.id for hit in hits]
    with zipfile.ZipFile(packed) as files:
        content = files.read(record.file).decode("utf-8-sig")
    if name.startswith("CSV"):
        rows = list(csv.DictReader(io.StringIO(content, newline=""), strict=True))
        assert [row["passage_id"] for row in rows] == [hit.passage for hit in record.hits]
    else:
        assert content.count("TY  - NEWS") == len({hit.article for hit in record.hits})


def test_chosen_hits_alone_are_taken_away(visit, tmp_path):
    page = visit("?q=harbour+council")
    page.get_by_role("button", name="Export").click()
    page.get_by_text("Some of this page").click()
    settle(page)
    expect(page.get_by_role("button", name="Download CSV", exact=True)).to_be_disabled()
    page.get_by_role("combobox", name="Choose hits").click()
    page.get_by_role("option", name=re.compile(r"^2\. ")).click()
    page.keyboard.press("Escape")
    settle(page)
    expect(page.get_by_role("button", name="Download CSV", exact=True)).to_be_enabled()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV", exact=True).click()
    packed = tmp_path / "hits.zip"
    download.value.save_as(packed)
    record = read_record(packed)
    assert record.is_choice
    assert [hit.rank for hit in record.hits] == [2]


def test_strong_and_likely_matches_alone_are_taken_away(visit, tmp_path, index_path):
    page = visit("?q=harbour+council")
    page.get_by_role("button", name="Export").click()
    page.get_by_text("Strong and likely matches").click()
    page.wait_for_timeout(500)  # nothing that is seen changes with the choice
    settle(page)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV", exact=True).click()
    packed = tmp_path / "hits.zip"
    download.value.save_as(packed)
    with NewsIndex.open(index_path) as index:
        hits = index.search("harbour council", k=1000).hits
    good = [hit.passage.id for hit in hits if hit.strength in ("strong", "likely")]
    assert 0 < len(good) < len(hits)
    record = read_record(packed)
    assert record.is_choice
    assert [hit.passage for hit in record.hits] == good


def test_a_download_that_cannot_be_made_says_so_in_its_file(page, tmp_path, capfd):
    path = tmp_path / "index"
    with NewsIndex.open(path) as index:
        index.add(ARTICLES[:5])
        liked = index.passages("long")[0].id
    with serving(path) as address:
        page.goto(f"{address}/?like={liked}")
        page.get_by_role("button", name="Export").click(timeout=20_000)
        button = page.get_by_role("button", name="Download CSV", exact=True)
        expect(button).to_be_visible()
        settle(page)
        with NewsIndex.open(path) as index:
            index.remove("long")
        with page.expect_download() as download:
            button.click()
        download.value.save_as(tmp_path / "hits.zip")
    with zipfile.ZipFile(tmp_path / "hits.zip") as files:
        assert files.namelist() == ["not-made.txt"]
        said, reference = files.read("not-made.txt").decode().splitlines()
    assert said == English.NOT_MADE
    code = re.fullmatch(English().reference("([0-9a-f]{8})"), reference)[1]
    log = capfd.readouterr().err
    assert f"a download failed, reference {code}" in log
    assert "ArticleNotFound" in log


def test_dragging_over_the_timeline_narrows_the_dates_and_back_widens_them(visit):
    page = visit("?q=harbour")
    box = page.locator(".st-key-timeline .marks").first.bounding_box()
    middle = box["y"] + box["height"] / 3
    page.mouse.move(box["x"] + box["width"] * 0.2, middle)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, middle, steps=8)
    page.mouse.up()
    expect(page).to_have_url(re.compile("range="))
    first, last = params(page)["range"]
    assert "2022-01-10" < first < last < "2022-06-20"
    expect(page.locator(".st-key-chip-dates")).to_be_visible()  # the answer to these days has begun
    settle(page)
    expect(page.locator(".ns-card time").first).to_be_visible()  # which may follow a moment later
    dates = page.locator(".ns-card time").evaluate_all("all => all.map(one => one.dateTime)")
    assert first <= min(dates) <= max(dates) <= last
    page.go_back()
    expect(page).not_to_have_url(re.compile("range="))


@pytest.mark.parametrize(("scheme", "size"), [("light", (1366, 900)), ("dark", (390, 844))])
def test_axe_finds_nothing_serious(visit, index_path, scheme, size):
    with NewsIndex.open(index_path) as index:
        opened = index.passages("long")[4].id
    page = visit()
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": size[0], "height": size[1]})
    for path in (
        "",
        "?q=harbour+council",
        f"?q=storm&open={opened}",
        "?q=zzz&mode=keywords",
        "?q=(a",
    ):
        visit(path)
        assert serious_faults(page) == [], path


def test_a_server_that_is_gone_is_told_of_and_the_page_goes_on_when_it_is_back(page, index_path):
    port = free_port()
    with serving(index_path, port=port) as address:
        page.goto(f"{address}/?q=harbour")
        expect(page.locator(CARD)).to_have_count(10, timeout=20_000)
    told = page.get_by_role("dialog")
    expect(told).to_be_visible(timeout=20_000)
    said = "element => getComputedStyle(element, '::after').content"
    assert told.get_by_role("heading").evaluate(said) == f'"{English.LOST}"'
    assert told.locator("> div").evaluate(said) == f'"{English.LOST_HINT}"'
    assert told.get_by_role("heading").evaluate("e => getComputedStyle(e).fontSize") == "0px"
    with serving(index_path, port=port):
        expect(told).to_be_hidden(timeout=40_000)
        expect(page.locator(CARD)).to_have_count(10)
        assert params(page) == {"q": ["harbour"]}
