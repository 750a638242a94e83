"""Dates of one article that cannot all be true are flagged, and all are kept."""

from datetime import UTC, date, datetime

import pytest

from search import Article
from search.ingest import prepared
from search.ingest.article import article_of
from search.ingest.html import record_of_page

TEXT = "The river rose in the night, and the lower town woke to water in the streets. " * 8
MORNING = datetime(2026, 2, 10, 8, tzinfo=UTC)


def conflicts(**fields):
    article = prepared(Article(id="a", text=TEXT, source="Gazette", **fields))
    flags = article.extras.get("flags", ())
    assert ("date_conflict" in flags) == ("conflicting_dates" in article.extras)
    assert article.published == fields["published"]
    assert prepared(article) == article
    return article.extras.get("conflicting_dates")


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://a.example/2026/02/10/dam", None),
        ("https://a.example/2026/02/08/dam", None),
        ("https://a.example/2026/feb/12/dam", None),
        ("https://a.example/2026/02/07/dam", {"url": "2026-02-07"}),
        ("https://a.example/20250210-dam", {"url": "2025-02-10"}),
        ("https://a.example/dam-2026", None),
        (None, None),
    ],
)
def test_the_day_in_the_link_may_differ_by_two_days(url, found):
    assert conflicts(published=date(2026, 2, 10), url=url) == found
    assert conflicts(published=MORNING, url=url) == found


@pytest.mark.parametrize(
    ("updated", "found"),
    [
        (datetime(2026, 2, 10, 7, 30, tzinfo=UTC), None),
        (datetime(2026, 2, 10, 6, tzinfo=UTC), {"updated": "2026-02-10T06:00:00+00:00"}),
        (date(2026, 2, 10), None),
        (date(2026, 2, 9), {"updated": "2026-02-09"}),
        (datetime(2027, 2, 10, tzinfo=UTC), None),
        (True, None),
    ],
)
def test_an_update_does_not_come_before_publication(updated, found):
    assert conflicts(published=MORNING, updated=updated) == found


def test_what_is_known_of_the_month_alone_is_not_held_against_a_day():
    link = "https://a.example/2026/02/20/dam"
    assert conflicts(published=date(2026, 2, 1), published_precision="month", url=link) is None


def page(json_ld, meta):
    return (
        "<html><head><title>The dam held</title>"
        f'<meta property="article:published_time" content="{meta}">'
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "The dam held",'
        f' "datePublished": "{json_ld}"}}</script></head>'
        f"<body><article><p>{TEXT}</p></article></body></html>"
    ).encode()


def test_a_page_that_gives_two_dates_keeps_both():
    article = article_of(record_of_page(page("2026-02-10", "2026-01-03T08:00:00Z")))
    assert article.published == date(2026, 2, 10)
    assert article.extras["conflicting_dates"] == {
        "json-ld": "2026-02-10",
        "opengraph": "2026-01-03T08:00:00Z",
    }
    assert "date_conflict" in article.extras["flags"]


def test_a_page_whose_dates_agree_has_no_conflict():
    article = article_of(record_of_page(page("2026-02-10", "2026-02-11T02:00:00Z")))
    assert "conflicting_dates" not in article.extras
    assert "date_conflict" not in article.extras.get("flags", ())


@pytest.mark.parametrize(
    "odd", ["0", "1970-01-01T00:00:00Z", "1523-01-01", "2999-01-01", "06/10/2022"]
)
def test_implausible_and_ambiguous_dates_are_refused_with_a_flag(odd):
    article = prepared(Article(id="a", text=TEXT, published=odd))
    assert article.published is None
    assert {"bad_date", "date_ambiguous"} & set(article.extras["flags"])
    assert article.extras["raw_date"] == odd
