import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.outlets import named_outlets

OUTLETS = (
    "Reuters", "CNN (Web News)", "CNN - Editorial", "Fox News", "BBC News", "New York Times - News",
    "The Hill", "Time Magazine", "Reason", "Wall Street Journal", "Associated Press",
    "TheBlaze.com",
)  # fmt: skip


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("what did Reuters report about the dam", ["Reuters"]),
        ("according to the BBC, who resigned", ["BBC News"]),
        ("BBC News on floods", ["BBC News"]),
        ("how CNN covered it", ["CNN (Web News)", "CNN - Editorial"]),
        ("nyt and NYT on Gaza", ["New York Times - News"]),
        ("the new york times on Gaza", ["New York Times - News"]),
        ("what the WSJ and AP say", ["Wall Street Journal", "Associated Press"]),
        ("fox news ratings", ["Fox News"]),
        ("as reported by Time in May", ["Time Magazine"]),
        ("floods in TheBlaze", ["TheBlaze.com"]),
        ("Time is running out", []),
        ("the reason for the hill fire", []),
        ("A fox in the time of cholera", []),
        ("TIME TO ACT", []),
        ("CNNs", []),
        ("BBC, AP, Fox News, Reuters, CNN", ["BBC News", "Associated Press", "Fox News"]),
        ("", []),
    ],
)
def test_an_outlet_that_is_named_is_found(query, named):
    assert named_outlets(query, OUTLETS) == named


def test_no_outlets_are_found_where_there_are_none():
    assert named_outlets("what did Reuters report", []) == []


@given(st.text(), st.lists(st.text()))
def test_any_text_and_any_outlets_can_be_read(query, outlets):
    assert set(named_outlets(query, outlets)) <= set(outlets)
