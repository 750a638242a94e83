"""What the page says while meaning has not seen all that words find."""

import pytest
from page_articles import ARTICLES
from reading_the_page import cards, html, shown

from search import NewsIndex
from search.types import Progress
from search.underway import Underway
from tests.unencoded import store_unencoded

pytestmark = pytest.mark.model

HALF = len(ARTICLES) // 2


@pytest.fixture
def half(tmp_path):
    """The first half of the page's articles has vectors; returns its folder and the line."""
    path = tmp_path / "half"
    with NewsIndex.open(path) as index:
        index.add(ARTICLES[:HALF])
        store_unencoded(index, ARTICLES[HALF:])
        encoded, passages = index.coverage()
    assert 0 < encoded < passages
    return path, f"Meaning covers {encoded} of {passages} matched passages so far."


def test_the_results_say_how_far_meaning_is(draw, half):
    path, line = half
    page = shown(draw(path, q="dam"))
    assert f"{line} Words cover all of them." in html(page)
    assert len(cards(page)) > 0
    by_meaning = html(shown(draw(path, q="dam", mode="meaning")))
    assert f"{line} Hybrid and keywords search the rest too." in by_meaning
    like = html(shown(draw(path, like=ARTICLES[0].id)))
    assert "Meaning covers" in like
    assert "Words cover" not in like
    assert "search the rest" not in like
    assert line not in html(shown(draw(path, q="dam", mode="keywords")))
    assert line not in html(shown(draw(path)))


def test_a_hit_without_a_vector_is_shown_with_its_words(draw, half):
    path, _ = half
    title = ARTICLES[-1].title
    page = shown(draw(path, q=title))
    assert any(ARTICLES[-1].title.split()[0] in card for card in cards(page))
    assert "nan" not in html(page).casefold().split()


def test_an_adding_tells_both_and_the_line_goes_when_meaning_has_caught_up(draw, half):
    path, line = half
    with Underway(path) as adding:
        adding.note(Progress(2, 2, 8, 10, 0.5, awaiting=30, bytes_awaiting=1))
        page = shown(draw(path, q="dam"))
        assert line in html(page)
        assert (
            "Articles are being added: 8 so far (50%). "
            "What is there can be searched, 30 passages by words alone so far."
        ) in html(page)
    with NewsIndex.open(path) as index:
        index.add([])
    page = shown(draw(path, q="dam"))
    assert "Meaning covers" not in html(page)
    assert "being added" not in html(page)
