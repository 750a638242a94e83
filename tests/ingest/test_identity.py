"""Which article is which: own ids, hashed ids, links to the same article."""

import pytest

from search.ingest import prepared
from search.ingest.language import detected, language_tag
from search.links import canonical_url, web_link
from search.types import Article

TEXT = "The river rose in the night, and the lower town woke to water in the streets."


def same(*urls):
    return len({canonical_url(web_link(url)) for url in urls}) == 1


def test_links_to_the_same_article_have_one_canonical_form():
    assert same(
        "https://www.example.org/a/b?id=7&page=2",
        "http://example.org:80/a/b/?page=2&utm_source=x&id=7&fbclid=y#part",
        "https://m.example.org/a/b?id=7&page=2",
        "https://EXAMPLE.org/a/b/amp?id=7&page=2",
        "https://example.org/amp/a/b?page=2&id=7",
    )
    assert same("https://example.org/a.html", "https://amp.example.org/a.amp.html")


@pytest.mark.parametrize("other", ["/a/c", "/a/b?id=8", "/A/b", ":8443/a/b", "/a/amplifier"])
def test_links_to_other_articles_differ(other):
    assert not same("https://example.org/a/b", f"https://example.org{other}")


@pytest.mark.parametrize(
    "url",
    [
        *("javascript:alert(1)", "ftp://example.org/a", "//example.org/a", "/a", "http://", "a b"),
        *("http://[::1", "http://example.org:99999/", "http://example.org/a b", "http://a/\u202e"),
    ],
)
def test_what_is_no_web_link_is_kept_aside(url):
    article = prepared(Article(id="1", text=TEXT, url=url))
    assert article.url is None
    assert article.extras["raw_url"] == url
    assert "bad_url" in article.extras["flags"]


def test_a_front_page_is_no_articles_address():
    assert canonical_url(web_link("https://www.example.org/?utm_source=x")) is None


def an_id(**fields):
    return prepared(Article(**{"id": "", "text": TEXT, **fields})).id


def test_ids_are_made_of_the_link_else_of_what_the_article_says():
    link = "https://example.org/a"
    assert an_id(url=link) == an_id(url=f"{link}?utm_medium=x#y", text="Another text", title="T")
    assert an_id(url=link) != an_id(url=link, source="Another")
    assert an_id() == an_id()
    assert len({an_id(), an_id(text="Other"), an_id(title="T"), an_id(source="S")}) == 4


@pytest.mark.parametrize("odd", ["a\nb", "x" * 201, "a\u202eb", "\x00"])
def test_odd_ids_are_hashed_and_kept(odd):
    article = prepared(Article(id=odd, text=TEXT))
    assert article.id.isalnum()
    assert article.extras["original_id"] == odd
    assert article.id != prepared(Article(id=odd + "2", text=TEXT)).id


@pytest.mark.parametrize(
    ("value", "tag"),
    [
        *(("EN", "en"), ("en_us", "en-US"), ("eng", "en"), ("English", "en"), ("iw", "he")),
        *(("zh-hant-TW", "zh-Hant-TW"), ("pt-br", "pt-BR"), ("es-419", "es-419")),
        *(("en_GB.UTF-8", "en-GB"), ("und", None), ("klingonese", None), ("e", None)),
    ],
)
def test_language_tags(value, tag):
    assert language_tag(value) == tag


def test_languages_are_detected_when_there_is_enough_to_go_by():
    french = "Le fleuve est monté dans la nuit et la ville basse s’est réveillée dans l’eau."
    assert detected(None, TEXT)[0] == detected(None, TEXT.upper())[0] == "en"
    assert detected("Crue", french)[0] == "fr"
    assert detected(None, "Rain. 12, 13, 14, 15, 16, 17, 18, 19") is None


def test_preparing_flags_what_it_changes():
    article = Article(
        id=" 7 ",
        text="Brie\u0301f\r\nnews\x00",
        title="None",
        source=" ",
        authors=("By Ada Byrne",),
        url="https://www.example.org/a",
        language="english",
        extras={"version": 3, "flags": ["stub"]},
    )
    assert prepared(article) == Article(
        id="7",
        text="Briéf\nnews",
        title=None,
        source="example.org",
        authors=("Ada Byrne",),
        url="https://www.example.org/a",
        language="en",
        extras={
            "version": 3,
            "flags": ["stub", "source_from_url", "no_date", "title_inferred"],
        },
    )


@pytest.mark.parametrize(("text", "why"), [(" \n", "empty"), ("\x00" * 9, "control")])
def test_an_article_without_text_is_refused(text, why):
    with pytest.raises(ValueError, match=f"article 'x': .*{why}"):
        prepared(Article(id="x", text=text))
