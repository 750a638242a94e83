"""Signing in and out in a real browser, with a provider and behind a proxy."""

import pytest
from accessibility import serious_faults
from conftest import serving, settle
from openid_provider import provider
from page_articles import ARTICLES
from playwright.sync_api import expect
from provider_secrets_file import write_secrets
from signing_proxy import signing_proxy

from search.web.words.english import English

pytestmark = [pytest.mark.model, pytest.mark.browser, pytest.mark.enable_socket]
SIGN_IN_FIRST = English.SIGN_IN_FIRST
CARD = "article.ns-card"
NEWS = {article.source.encode() for article in ARTICLES} | {b"harbour"}


@pytest.fixture(scope="module")
def openid():
    with provider() as one:
        yield one


@pytest.fixture(scope="module")
def address(openid, index_path, tmp_path_factory):
    """The page that only people of paper.example may read."""
    folder = tmp_path_factory.mktemp("signed-in")
    write_secrets(folder, openid.address)
    options = ["--sign-in", "oidc", "--allow-people", "paper.example"]
    with serving(index_path, *options, folder=folder) as served:
        yield served


@pytest.fixture
def received(page):
    """Every byte that the page's websockets brought."""
    frames = bytearray()

    def note(payload):
        frames.extend(payload if isinstance(payload, bytes) else payload.encode())

    page.on("websocket", lambda websocket: websocket.on("framereceived", note))
    return frames


def sign_in(page, name):
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=20_000)
    settle(page)


def news_in(received):
    return {word for word in NEWS if word in received}


def test_a_reader_signs_in_reads_and_signs_out_again(page, address, openid, received):
    page.goto(f"{address}/?q=harbour")
    drawn = page.get_by_test_id("stMain")
    expect(drawn.get_by_role("button")).to_have_text(["Sign in"], timeout=20_000)
    assert drawn.inner_text().split("\n")[:2] == ["news-search", SIGN_IN_FIRST]
    settle(page)
    assert received
    assert news_in(received) == set()

    sign_in(page, "Ada")
    expect(page.get_by_text("Signed in as ada@paper.example")).to_be_visible()
    page.goto(f"{address}/?q=harbour")
    expect(page.locator(CARD)).to_have_count(10, timeout=20_000)
    assert news_in(received) >= {b"harbour", b"Daily Gull"}

    ended = openid.signed_out
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=20_000)
    assert openid.signed_out == ended + 1
    received.clear()
    page.goto(f"{address}/?q=harbour")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=20_000)
    settle(page)
    assert news_in(received) == set()


@pytest.mark.parametrize(
    ("name", "told"), [("Eve", "eve@elsewhere.example"), ("Mallory", "ada@paper.example")]
)
def test_a_stranger_and_an_address_nobody_checked_see_nothing(page, address, received, name, told):
    page.goto(address)
    sign_in(page, name)
    expect(page.get_by_text(f"You are signed in as {told}, who may not read")).to_be_visible()
    page.goto(f"{address}/?q=harbour")
    expect(page.get_by_role("button", name="Sign out")).to_be_visible(timeout=20_000)
    settle(page)
    assert page.locator(CARD).count() == 0
    assert news_in(received) == set()


def test_what_is_downloaded_needs_the_reader_s_cookie(page, address):
    page.goto(address)
    sign_in(page, "Ada")
    page.goto(f"{address}/?q=harbour")
    page.get_by_role("button", name="Export").click()
    with page.expect_request(f"{address}/media/**") as asked, page.expect_download():
        page.get_by_role("button", name="Download CSV", exact=True).click()
    link = asked.value.url
    assert page.request.get(link).status == 200
    page.context.clear_cookies()
    assert page.request.get(link).status == 403


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_door_opens_without_errors_and_to_everybody(page, address, scheme):
    errors = []
    page.on("response", lambda answer: errors.append(answer) if answer.status >= 400 else None)
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    expect(page.get_by_role("button", name="Sign in")).to_be_visible(timeout=20_000)
    settle(page)
    assert errors == []
    assert serious_faults(page) == []
    sign_in(page, "Ada")
    assert serious_faults(page) == []


def test_a_proxy_names_its_readers_and_they_cannot_name_themselves(page, index_path):
    secret = "s" * 32
    options = ["--sign-in", "header", "--trusted-proxy", "127.0.0.1"]
    headers = [("X-Forwarded-User", "Zoë"), ("X-Proxy-Secret", secret)]
    page.set_extra_http_headers({"X-Forwarded-User": "Eve"})
    with (
        serving(index_path, *options, NEWS_SEARCH_PROXY_SECRET=secret) as served,
        signing_proxy(served, headers, drops=["X-Forwarded-User"]) as proxied,
    ):
        page.goto(f"{proxied}/?q=harbour")
        expect(page.locator(CARD)).to_have_count(10, timeout=20_000)
        expect(page.get_by_text("Signed in as Zoë")).to_be_visible()
        expect(page.get_by_role("button", name="Sign out")).to_have_count(0)
        assert page.goto(served).status == 403
        page.goto("about:blank")
