import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Article, InputError
from search.ingest import prepared
from search.outlet_names import Outlets, default_outlets

DATA = Path(__file__).parents[1] / "search" / "outlets.toml"
KNOWN = Outlets.of()


@pytest.mark.parametrize(
    ("outlet", "names"),
    [
        ("CNN", ["www.cnn.com", "CNN", "CNN.com", "Cable News Network", "cnn (online)"]),
        ("CNN", ["m.cnn.com", "edition.cnn.com"]),
        ("CNN", ["CNN (Web News)", "https://www.cnn.com/", "CNN.com - RSS Channel", "  cnn "]),
        ("Fox News", ["Fox Online News", "Fox News (Online)", "FOX NEWS", "Fox News Digital"]),
        ("New York Times", ["The New York Times", "NYT", "nytimes.com", "NYT > World News"]),
        ("The Guardian", ["guardian", "theguardian.com", "The Guardian | World | News"]),
        ("BBC", ["BBC News", "BBC News - Home", "BBC News (World)", "bbc.co.uk"]),
        ("Associated Press", ["AP", "The Associated Press", "apnews.com"]),
        ("dpa", ["Deutsche Presse-Agentur", "DPA"]),
        ("USA Today", ["USA TODAY", "usatoday.com", "USA TODAY.com"]),
        ("Valley Gazette", ["Valley Gazette (Online)", "Valley Gazette - Online"]),
        ("valley.example", ["www.valley.example", "valley.example"]),
    ],
)  # fmt: skip
def test_names_of_one_outlet_are_one(outlet, names):
    assert {KNOWN.unified(name) for name in names} == {outlet}


@pytest.mark.parametrize(
    "names",
    [
        ("The Times", "The Times of India", "New York Times", "Times", "The Irish Times"),
        ("Daily Mail", "Mail & Guardian", "The Guardian", "Guardian Nigeria"),
        ("BBC", "BBC Sport", "BBC - Sport", "BBC Radio 4"),
        ("CNN", "CNN - Editorial", "CNN en Español", "CNN Philippines"),
        ("Fox News", "Fox News Opinion", "Fox News Latino", "Fox"),
        ("ABC News", "ABC News (Australia)", "ABC"),
        ("Associated Press", "AP Fact Check"),
        ("New York Times", "New York Times - Opinion", "New York Post", "New York Magazine"),
        ("The Week", "The Weekly Standard", "Week"),
        ("Washington Post", "Washington Times", "Huffington Post", "The Post"),
    ],
)
def test_what_differs_in_substance_stays_apart(names):
    assert len({KNOWN.unified(name) for name in names}) == len(names)


@given(st.text() | st.from_regex(r"[\w .(|:–-]{0,40}"))
def test_any_name_can_be_unified_and_stays_so(name):
    once = KNOWN.unified(name)
    assert KNOWN.unified(once) == once


def test_the_list_is_short_and_in_order_and_every_name_leads_to_its_outlet():
    tables = tomllib.loads(DATA.read_text(encoding="utf-8"))
    assert sum(map(len, tables.values())) <= 150
    for outlets in tables.values():
        for outlet, names in outlets.items():
            assert {KNOWN.unified(name) for name in (outlet, *names)} == {outlet}


def test_the_name_as_given_is_kept_and_flagged():
    article = prepared(Article(id="a", text="Rain. " * 80, source="cnn (online)"))
    assert article.source == "CNN"
    assert article.extras["raw_source"] == "cnn (online)"
    assert "source_unified" in article.extras["flags"]
    assert prepared(article) == article
    untouched = prepared(Article(id="a", text="Rain. " * 80, source="CNN"))
    assert "raw_source" not in untouched.extras


@pytest.fixture
def own(tmp_path):
    def write(text):
        path = tmp_path / "outlets.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_users_file_comes_first(own):
    known = Outlets.of(
        own('[outlets]\n"Valley Gazette" = ["VG", "valley.example"]\n"The Beeb" = ["BBC"]\n')
    )
    assert known.unified("vg") == known.unified("www.valley.example") == "Valley Gazette"
    assert known.unified("bbc.co.uk") == known.unified("BBC") == "The Beeb"
    assert known.unified("CNN.com") == "CNN"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[outlets", "not TOML"),
        ("[papers]\n", "none of the tables outlets, agencies"),
        ("outlets = 1\n", "none of the tables outlets, agencies"),
        ('[outlets]\n"VG" = "Valley"\n', 'write "VG" = ["another name"'),
        ('[outlets]\nA = ["X"]\nB = ["x"]\n', "'x' is given to 'A' and 'B'"),
    ],
)
def test_a_file_that_cannot_be_meant_is_refused(own, text, message):
    path = own(text)
    with pytest.raises(InputError, match=re.escape(f"{path}: ") + ".*" + re.escape(message)):
        Outlets.of(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"none\.toml: No such file"):
        Outlets.of(tmp_path / "none.toml")


def test_the_setting_names_a_file_for_every_search(own, monkeypatch):
    path = own('[outlets]\n"Valley Gazette" = ["VG"]\n')
    monkeypatch.setenv("NEWS_SEARCH_OUTLETS", str(path))
    assert default_outlets().unified("VG") == "Valley Gazette"
