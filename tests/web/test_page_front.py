"""The one HTML file of the page says what language the page is in."""

import re
import urllib.request
from pathlib import Path

import pytest
from conftest import serving
from streamlit import file_util

pytestmark = pytest.mark.enable_socket


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The page served without an index, which its file does not wait for."""
    with serving(tmp_path_factory.mktemp("front") / "index") as address:
        yield address


def asked(address, **headers):
    """The language that the file is said to be in, for a browser that sends `headers`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with urllib.request.urlopen(urllib.request.Request(address, headers=named)) as answer:
        assert answer.headers["Vary"] == "Accept-Language"
        return re.findall(r"<html[^>]*>", answer.read().decode())


@pytest.mark.parametrize(
    ("preferred", "language"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("de;q=0.9", "de"),
        ("de", "de"),
        ("en-GB,de;q=0.9", "en"),
        ("en;q=0.1,de", "de"),
        ("en;q=0.8, de-AT ; Q = 0.9", "de"),
        ("de;q=0.5,en;q=0.5", "de"),
        ("de;q=0", "en"),
        ("de;q=0,en;q=0", "en"),
        ("de;q=0.000,de-AT;q=0.001", "de"),
        ("de;q=often,de;q=-1,de;q=2", "en"),
        ("tlh,de;q=0.9", "en"),
        ("tlh", "en"),
        ("*", "en"),
        ("", "en"),
        ('"><script>', "en"),
    ],
)
def test_the_file_is_in_the_language_that_a_browser_would_have_most(address, preferred, language):
    assert asked(address, Accept_Language=preferred) == [f'<html lang="{language}">']


def test_without_a_wish_the_file_is_english(address):
    assert asked(address) == ['<html lang="en">']


def test_what_is_set_for_all_comes_before_what_a_browser_asks_for(tmp_path):
    with serving(tmp_path / "index", NEWS_SEARCH_LANGUAGE="de_DE") as address:
        assert asked(address, Accept_Language="en") == ['<html lang="de">']


def test_streamlits_file_says_once_that_it_is_english():
    file = Path(file_util.get_static_dir()) / "index.html"
    assert file.read_text(encoding="utf-8").count('<html lang="en">') == 1
