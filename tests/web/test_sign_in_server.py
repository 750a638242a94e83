"""Gates before a page that is really served: what is asked without a browser is refused too."""

import json

import pytest
from asking_a_server import status, websocket_status
from conftest import serving
from provider_secrets_file import COOKIE_SECRET, write_secrets
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

pytestmark = pytest.mark.enable_socket
HEALTH = "/_stcore/health"
ARCHIVES = ("/media/0123.zip", "/_stcore/metrics", "/_stcore/agent/openapi.json", "/api/v1/search")
SECRET = "s" * 32
NAMED, KNOWN = ("X-Forwarded-User", "ada"), ("X-Proxy-Secret", SECRET)


@pytest.fixture(scope="module")
def behind_a_proxy(tmp_path_factory):
    options = ["--sign-in", "header", "--trusted-proxy", "127.0.0.1"]
    path = tmp_path_factory.mktemp("proxy") / "index"
    with serving(path, *options, NEWS_SEARCH_PROXY_SECRET=SECRET) as address:
        yield address


@pytest.mark.parametrize(
    ("headers", "is_let_in"),
    [
        ([NAMED, KNOWN], True),
        ([], False),
        ([NAMED], False),
        ([KNOWN], False),
        ([NAMED, NAMED, KNOWN], False),
        ([NAMED, KNOWN, KNOWN], False),
        ([NAMED, ("X-Proxy-Secret", "guess")], False),
    ],
)
def test_without_the_proxy_neither_page_nor_websocket_answers(behind_a_proxy, headers, is_let_in):
    assert status(behind_a_proxy, headers) == (200 if is_let_in else 403)
    assert status(behind_a_proxy + ARCHIVES[0], headers) == (404 if is_let_in else 403)
    assert websocket_status(behind_a_proxy, headers) == (101 if is_let_in else 403)


def test_another_address_is_refused_whatever_it_says(tmp_path):
    options = ["--sign-in", "header", "--trusted-proxy", "10.0.0.1"]
    claimed = [NAMED, ("X-Forwarded-For", "10.0.0.1"), ("X-Real-IP", "10.0.0.1")]
    with serving(tmp_path / "index", *options) as address:
        assert status(address, claimed) == 403
        assert websocket_status(address, claimed) == 403
        assert status(address + HEALTH) == 200


@pytest.fixture(scope="module")
def with_a_provider(tmp_path_factory):
    folder = tmp_path_factory.mktemp("provider")
    write_secrets(folder, "https://id.example")
    options = ["--sign-in", "oidc", "--allow-people", "paper.example"]
    with serving(folder / "index", *options, folder=folder) as address:
        yield address


def cookie(address, secret=COOKIE_SECRET, **changed):
    """The cookie of somebody who signed in, as the server itself would set it."""
    claims = {
        "origin": address,
        "is_logged_in": True,
        "provider": "default",
        "email": "ada@paper.example",
        "email_verified": True,
    }
    value = create_signed_value(secret, "_streamlit_user", json.dumps(claims | changed)).decode()
    return [("Cookie", f"_streamlit_user={value}")]


@pytest.mark.parametrize("path", ARCHIVES)
def test_without_signing_in_nothing_but_the_door_answers(with_a_provider, path):
    assert status(with_a_provider) == 200
    assert status(with_a_provider + HEALTH) == 200
    assert status(with_a_provider + path) == 403
    assert status(with_a_provider + path, cookie(with_a_provider)) != 403


@pytest.mark.parametrize(
    "changed",
    [
        {"secret": "d" * 40},
        {"origin": "http://127.0.0.1:1"},
        {"is_logged_in": False},
        {"email": "eve@elsewhere.example"},
        {"email_verified": False},
    ],
)
def test_a_cookie_opens_only_if_it_is_ours_and_of_somebody_who_may_read(with_a_provider, changed):
    path = with_a_provider + ARCHIVES[0]
    assert status(path, cookie(with_a_provider)) == 404
    assert status(path, cookie(with_a_provider, **changed)) == 403
    assert status(path, [("Cookie", "_streamlit_user=x")]) == 403


def test_a_host_that_was_not_named_is_refused_and_one_that_was_is_not(tmp_path):
    with serving(tmp_path / "index", "--allow-host", "archive.paper.example") as address:
        assert status(address, host="archive.paper.example") == 200
        assert status(address, host="paper.example") == 400
        assert websocket_status(address, host="archive.paper.example") == 101
        assert websocket_status(address, host="paper.example") == 400


@pytest.fixture(scope="module")
def archive_served(tmp_path_factory):
    path = tmp_path_factory.mktemp("origins") / "index"
    with serving(path, "--allow-host", "archive.paper.example") as address:
        yield address


@pytest.mark.parametrize(
    ("host", "origin", "is_answered"),
    [
        (None, None, True),
        (None, "{address}", True),
        (None, "http://evil.example", False),
        (None, "http://127.0.0.1:9", False),
        (None, "http://localhost:{port}", False),
        (None, "null", False),
        ("archive.paper.example", "https://archive.paper.example", True),
        ("archive.paper.example:443", "https://archive.paper.example", True),
        ("archive.paper.example", "https://archive.paper.example:8443", False),
        ("archive.paper.example", "https://paper.example", False),
    ],
)
def test_the_websocket_is_for_the_page_alone(archive_served, host, origin, is_answered):
    port = archive_served.rpartition(":")[2]
    written = origin and origin.format(address=archive_served, port=port)
    headers = [("Origin", written)] if written else []
    assert websocket_status(archive_served, headers, host) == (101 if is_answered else 403)
