"""Real files of agencies, feeds and crawlers, where they lie beside the checkout."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from search.ingest import prepared, read
from search.types import Article

SHARED = Path(__file__).parents[3] / "shared" / "formats"


def reading_of(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"no formats/{name} in shared beside the checkout")
    return read([path])


def outcomes(reading):
    """What came of every file, in the files' order; the skipped last."""
    read = [
        (name(item), "read" if isinstance(item, Article) else item.code)
        for item in map(one, reading)
    ]
    return Counter(read), Counter(line.partition(": ")[2] for line in reading.skipped)


def one(item):
    if isinstance(item, Article):
        assert prepared(item) == item
    return item


def name(item):
    return "article" if isinstance(item, Article) else item.path.rpartition("/")[2]


def test_newsml_g2():
    read, skipped = outcomes(reading_of("newsml-g2"))
    assert read == {
        ("article", "read"): 4,
        ("LISTING_1_A_NewsML-G2_News_Item.xml", "no_text"): 1,
        ("LISTING_24_News_Message_conveying_a_complete_News_Package.xml", "no_text"): 4,
        ("LISTING_28_Illustrating_Located_Subject_and_Dateline.xml", "unknown_format"): 1,
        ("LISTING_29_Hop_History.xml", "no_text"): 1,
    }
    assert skipped == {
        "a conceptItem, which holds no article": 2,
        "a knowledgeItem, which holds no article": 1,
        "a packageItem, which holds no article": 2,
        "a composite item without text": 1,
        "a picture item without text": 1,
        "a video item without text": 1,
    }


def test_a_newsml_g2_item_with_nitf():
    article, bare = reading_of("nitf-in-newsml-g2")
    assert article.id == "tag:xmlteam.com,2016:xt.5932656-preview"
    assert article.title == (
        "Preview: Arizona Diamondbacks (29-23) at Philadelphia Phillies (26-24), 7:05 p.m."
    )
    assert article.source == "xmlteam.com"
    assert article.authors == ()
    assert article.extras["byline_credits"] == ["The Sports Network"]
    assert article.published == datetime.fromisoformat("2018-10-19T11:45:00-04:00")
    assert (article.language, article.section, article.version) == ("en-US", "sport", 11)
    assert article.extras["status"] == "usable"
    paragraphs = article.text.split("\n\n")
    assert len(paragraphs) == 6
    assert paragraphs[1] == (
        "The Phillies picked up some momentum with a three-game sweep of the Atlanta Braves, while "
        "the Diamondbacks captured all four of their games against the Houston Astros."
    )
    assert bare.text.endswith("looks set to be a clash of the Titans.")


def test_ninjs():
    reading = reading_of("ninjs")
    articles = [item for item in reading if isinstance(item, Article)]
    assert len(articles) == 21
    for article in articles:
        assert article.title
        assert article.published
        assert article.language
        assert article.source != "Unknown"
        assert article.extras["status"] == "usable"
    by_source = Counter(article.source for article in articles)
    assert by_source == {
        "Business Wire": 8,
        "ninjs.example.com": 6,
        "dpa": 2,
        "NTB": 2,
        "TT": 2,
        "antidopingdatabase.com": 1,
    }
    read, skipped = outcomes(reading_of("ninjs"))
    assert read == {("article", "read"): 21, ("1.4_ninjs-1-4-examples.json", "no_text"): 1}
    assert skipped == {
        "a ninjs picture, not an article": 9,
        "a ninjs event, not an article": 5,
        "a ninjs audio without text": 2,
        "a ninjs video without text": 2,
    }
    norwegian = next(article for article in articles if article.source == "NTB")
    assert norwegian.published == datetime(2019, 8, 9, 9, 30, 4, tzinfo=UTC)
    assert norwegian.updated == datetime(2019, 8, 9, 9, 46, 53, tzinfo=UTC)
    assert (norwegian.language, norwegian.version) == ("nb-NO", 6)


def test_both_versions_of_a_ninjs_item_say_the_same():
    by_id = {}
    for item in reading_of("ninjs"):
        if isinstance(item, Article):
            by_id.setdefault(item.id, set()).add((item.title, item.text, item.published))
    assert max(map(len, by_id.values())) == 1


def test_feeds():
    read, skipped = outcomes(reading_of("rss-atom"))
    assert read["article", "read"] == 11
    assert {code for _, code in read} == {"read", "empty_body"}
    assert skipped == {"a feed without entries": 1}


def test_ill_formed_feeds_in_other_encodings():
    reading = reading_of("rss-atom-illformed")
    articles = [item for item in reading if isinstance(item, Article)]
    assert [(article.language, article.title) for article in articles] == [
        ("ja", "ゲーム三昧な正月"),
        ("ko", "EUC-KR 에서 TypeKey 한글닉네임 표시하기"),
        ("ru", "Как пережить новогоднюю ночь"),
        ("ja", "DrecomRSSに記事投稿が反映されない…"),
    ]
    assert all("encoding_guessed" in article.extras["flags"] for article in articles)


def test_web_archives():
    reading = reading_of("warc")
    items = list(reading)
    titles = Counter(item.title for item in items if isinstance(item, Article))
    assert titles == {"Example Domain": 7, "Internet Assigned Numbers Authority": 1}
    rejects = {name(item): item.code for item in items if not isinstance(item, Article)}
    assert rejects == {
        "bad.arc": "unknown_format",
        "example-space-in-url.arc": "unknown_format",
        "example.arc": "unknown_format",
        "example.arc.gz": "unknown_format",
        "example-trunc.warc": "truncated_archive",
    }
