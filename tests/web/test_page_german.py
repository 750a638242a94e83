"""The page in German, over a German archive, in each of its states: nothing of it is English."""

import json
import re
from html import unescape

import pytest
from google.protobuf.message import Message
from page_german import ARTIKEL
from reading_the_page import html, passage_id, shown
from test_page_translation import ENGLISH, sayings

from search import NewsIndex
from search.web.words import LANGUAGES

pytestmark = pytest.mark.model
ASKED = "Wer hat die Hafenmauer vernachlässigt?"
SHOWN = {"alt", "body", "content", "help", "label", "options", "placeholder", "text"}
MARKED = re.compile(r'<(\w+)[^<>]* lang="en".*?</\1>', re.DOTALL)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("german") / "index"
    with NewsIndex.open(path) as index:
        for article in ARTIKEL:  # one after the other, so that the later is the newer version
            index.add([article])
    return path


@pytest.fixture
def zeigen(draw, path, monkeypatch):
    """Draws the page in German at an address."""
    monkeypatch.setenv("NEWS_SEARCH_LANGUAGE", "de")
    return lambda path=path, **params: draw(path, **params)


def words_of(text):
    return {word.casefold() for word in re.findall(r"[^\W\d_]{2,}", text)}


def vocabulary(language):
    return words_of(" ".join(said for _, said in sayings(language)))


QUERY = "source date mode keyword"
"""What examples and chips say in the query language, which is the same for all readers."""
MODEL = "all-MiniLM-L6-v2"
ONLY_ENGLISH = vocabulary(ENGLISH) - vocabulary(LANGUAGES["de"])
ONLY_ENGLISH -= words_of(f"{QUERY} {MODEL} {ARTIKEL}")


def strings(message):
    """Every string that an element or a block of the page shows."""
    for field, value in message.ListFields():
        for one in value if hasattr(value, "append") else [value]:  # repeated fields are lists
            if isinstance(one, Message):
                yield from strings(one)
            elif isinstance(one, str) and field.name in SHOWN:
                yield one


def said(page):
    """All text of the page, without what is marked as English and without style sheets."""
    everything = "\n".join(text for element in every(page._tree) for text in strings(element.proto))
    everything = re.sub(r"<style>.*?</style>", "", MARKED.sub("", everything), flags=re.DOTALL)
    return unescape(re.sub(r"<[^<>]*>|:\w+\[|:material/\w+:", " ", everything))


def every(block):
    """All elements in a block, and the blocks that show something themselves."""
    if getattr(block, "proto", None):
        yield block
    for child in getattr(block, "children", {}).values():
        yield from every(child)


def english_on(page):
    return words_of(said(shown(page))) & ONLY_ENGLISH


@pytest.mark.parametrize(
    ("asked", "german"),
    [
        ({}, f"{len({one.id for one in ARTIKEL})} Artikel nach Bedeutung durchsuchen"),
        ({"q": ASKED}, "Die besten aus"),
        ({"q": ASKED, "src": ["Küstenbote"], "when": "7d", "group": "story"}, "geordnet"),
        ({"q": "Hafen", "src": ["Leuchtfeuer"], "mode": "keywords"}, "Medium „Leuchtfeuer“"),
        ({"q": "Fähre", "when": "year", "sort": "newest"}, "undatierter ausgelassen"),
        ({"q": "Fähre", "sec": ["Politik"], "mode": "keywords"}, "Ohne Politik"),
        ({"q": "Wetter auf dem Mars", "sec": ["Politik"]}, "Kein guter Treffer"),
        ({"q": "Hafen", "open": "nowhere"}, "nicht mehr im Archiv"),
        ({"like": "nowhere"}, "nicht mehr im Archiv"),
    ],
)
def test_search_and_results_are_german(zeigen, asked, german):
    page = zeigen(**asked)
    assert english_on(page) == set()
    assert german in said(page)


@pytest.mark.parametrize(
    ("part", "german"),
    [
        ("text", "Original bei"),
        ("copies", "zuerst erschienen"),
        ("versions", "Von Fassung"),
        ("story", "Hintergrund: früher"),
        ("cite", "Wörtliches Zitat"),
    ],
)
def test_every_part_of_the_reader_is_german(zeigen, path, part, german):
    page = zeigen(q=ASKED, open=passage_id(path, "mauer"))
    page = page.button_group(key="reader-part").set_value(part).run()
    assert english_on(page) == set()
    assert german in said(page)


def test_without_an_index_the_page_is_german_too(zeigen, tmp_path):
    page = zeigen(tmp_path / "none")
    assert english_on(page) == set()
    assert "Dieser Befehl legt ihn aus Artikeln an." in said(page)


def test_the_timeline_writes_its_days_as_german_does(zeigen):
    spec = json.loads(zeigen(q=ASKED).get("vega_lite_chart")[0].proto.spec)
    assert spec["encoding"]["x"]["axis"]["format"]["week"] == "%-d. %b"
    assert spec["config"]["locale"]["time"]["shortMonths"][4] == "Mai"


def test_a_note_of_the_library_is_marked_as_english(zeigen):
    page = zeigen(q="mode:keyword", sec=["Politik"])
    assert english_on(page) == set()
    assert ' lang="en">mode:keyword has no effect' in html(page)


def test_english_words_would_be_seen(draw, path):
    assert english_on(draw(path, q=ASKED)) >= {"passages", "outlet", "read", "similar"}
