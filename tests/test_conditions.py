from datetime import date

import pytest

from search.conditions import (
    contained,
    has_words,
    letting_in_undated,
    names_sources,
    rules_out_undated,
)
from search.query import read_query
from search.types import EVERYTHING, AllOf, AnyOf, Contains, Not, OneOf, Published, Undated, UrlHas

SOURCE, AUTHOR, URL = OneOf("source", ("CNN",)), OneOf("author", ("Jane Roe",)), UrlHas("cnn.com")
FLOOD, DAM = Contains("flood"), Contains("dam", within=3)
SINCE = Published(date(2020, 1, 1), None)


def nested(condition):
    """The condition in every place where one can stand among others."""
    return [
        condition,
        Not(condition),
        AllOf((AUTHOR, condition)),
        AnyOf((AUTHOR, AllOf((URL, Not(condition))))),
    ]


def test_all_that_is_asked_of_words_is_told_in_order():
    condition = AllOf((Not(DAM), SOURCE, AnyOf((FLOOD, SINCE, Not(DAM)))))
    assert list(contained(condition)) == [DAM, FLOOD, DAM]


@pytest.mark.parametrize("condition", nested(FLOOD))
def test_words_are_found_wherever_they_stand(condition):
    assert has_words(condition)
    assert not names_sources(condition)


@pytest.mark.parametrize("condition", nested(SOURCE))
def test_sources_are_found_wherever_they_stand(condition):
    assert names_sources(condition)
    assert not has_words(condition)


@pytest.mark.parametrize("condition", [EVERYTHING, AnyOf(), AUTHOR, URL, SINCE, Undated()])
def test_what_is_not_there_is_not_found(condition):
    assert not has_words(condition)
    assert not names_sources(condition)


@pytest.mark.parametrize(
    ("condition", "let_in"),
    [
        (SINCE, Undated()),
        (AllOf((SOURCE, SINCE)), AllOf((SOURCE, Undated()))),
        (AnyOf((AllOf((SOURCE, SINCE)), DAM)), AnyOf((AllOf((SOURCE, Undated())), DAM))),
        (Not(AllOf((Not(SINCE), FLOOD))), Not(AllOf((Not(Undated()), FLOOD)))),
        (Not(AnyOf((Not(SINCE), FLOOD))), Not(AnyOf((Not(Undated()), FLOOD)))),
    ],
)
def test_undated_articles_are_let_past_every_date_that_leaves_them_out(condition, let_in):
    assert letting_in_undated(condition) == let_in


@pytest.mark.parametrize(
    "condition",
    [
        SOURCE,
        EVERYTHING,
        AnyOf(),
        Not(SINCE),
        Not(AllOf((DAM, SINCE))),
        Not(AnyOf((DAM, SINCE))),
        AnyOf((SINCE, Undated())),
        read_query("source:CNN after:2020", before="2023", include_undated=True).condition,
    ],
)
def test_what_leaves_no_undated_article_out_stays(condition):
    assert letting_in_undated(condition) == condition


@pytest.mark.parametrize(
    ("condition", "is_ruled_out"),
    [
        (SINCE, True),
        (AllOf((SOURCE, SINCE)), True),
        (AnyOf((SINCE, SINCE)), True),
        (AnyOf((SINCE, SOURCE)), False),
        (Not(SINCE), False),
        (EVERYTHING, False),
        (AnyOf(), False),
    ],
)
def test_a_form_that_admits_no_undated_article_is_known(condition, is_ruled_out):
    assert rules_out_undated(condition) is is_ruled_out
