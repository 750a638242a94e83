from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import written
from search.types import Article, Why
from search.web import labels
from search.web.words import words


def article(**given):
    return Article(**{"id": "a", "text": "First sentence. Second one."} | given)


@given(st.text())
def test_every_punctuation_mark_of_a_label_is_escaped_and_nothing_else_changes(text):
    escaped = labels.md_escape(text)
    punctuation = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
    assert escaped == "".join(
        f"\\{char}" if char in punctuation else char for char in " ".join(text.split())
    )


@pytest.mark.parametrize(
    ("published", "precision", "shown", "machine"),
    [
        (date(2022, 10, 6), "day", "6 Oct 2022", "2022-10-06"),
        (datetime(2022, 10, 6, 23, 59, tzinfo=UTC), "second", "6 Oct 2022", "2022-10-06"),
        (date(2022, 10, 1), "month", "Oct 2022", "2022-10"),
        (date(2022, 1, 1), "year", "2022", "2022"),
        (None, None, None, None),
    ],
)
def test_a_date_is_shown_as_precisely_as_it_is_known(published, precision, shown, machine):
    dated = article(published=published, published_precision=precision)
    assert words.published(dated) == shown
    assert labels.machine_date(dated) == machine


def test_without_a_title_the_first_sentence_is_the_headline():
    assert written.headline(article()) == "First sentence."
    assert written.headline(article(title="Raid foiled")) == "Raid foiled"
    assert written.headline(article(text="word " * 60)) == "word " * 21 + "word…"


def test_a_decimal_point_does_not_end_the_first_sentence():
    assert written.headline(article(text="Prices rose 3.5 percent. Then fell.")) == (
        "Prices rose 3.5 percent."
    )


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "ftp://example.org/a",
        "//example.org/a",
        "http://",
        "http://[broken",
        "java\nscript:alert(1)",
        "",
        None,
    ],
)
def test_only_web_addresses_become_links(url):
    assert labels.web_address(url) is None


def test_web_addresses_stay_as_they_are():
    assert labels.web_address("https://www.cnn.com/a?b=c#d") == "https://www.cnn.com/a?b=c#d"
    assert labels.site("https://www.cnn.com/a") == "cnn.com"


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (22, "22nd"), (113, "113th")],
)
def test_ordinals(number, text):
    assert words.ordinal(number) == text


def test_why_says_what_ranked_a_passage():
    both = Why(cosine=0.5, bm25=3.0, semantic_rank=2, keyword_rank=5)
    assert words.why(both) == "2nd by meaning, 5th by keywords."
    assert words.why(Why(cosine=0.5, bm25=0.0, semantic_rank=1)) == (
        "1st by meaning, none of the words."
    )
    assert words.why(Why(bm25=3.0, keyword_rank=1)) == "1st by keywords."
    assert words.why(Why()) == "Shown by date: the query has no words to rank by."


def test_languages_by_name_where_known():
    assert [words.language(tag) for tag in ("en", "en-GB", "tlh")] == [
        "English",
        "English (GB)",
        "tlh",
    ]


def test_a_filter_says_when_it_lists_only_its_most_frequent_values():
    assert words.any_of(20, 20) == "Any"
    assert words.any_of(300, 1200) == "Any; the 300 most frequent are listed"


def test_a_moment_says_its_time_and_zone_where_they_are_known():
    east = timezone(timedelta(hours=2))
    assert words.moment_in_zone(None) == ""
    assert words.moment_in_zone(date(2024, 3, 1)) == "1 Mar 2024"
    assert words.moment_in_zone(date(2024, 1, 1), "year") == "2024"
    assert words.moment_in_zone(date(2024, 3, 1), "month") == "Mar 2024"
    assert words.moment_in_zone(datetime(2024, 3, 1, 9, 5, tzinfo=UTC)) == "1 Mar 2024, 09:05 UTC"
    assert words.moment_in_zone(datetime(2024, 3, 1, 9, 5, tzinfo=east)) == (
        "1 Mar 2024, 09:05 UTC+02:00"
    )


def test_a_list_of_copies_says_who_carries_a_text_again():
    assert words.also_reported(1, 4) == "Also reported by 1 outlet"
    assert words.also_reported(0, 1) == "Carried 1 more time"
