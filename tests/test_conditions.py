from datetime import date

import pytest

from search.conditions import (
    contained,
    has_date_filter,
    has_words,
    names_sources,
    without_dates,
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
    ("condition", "leaves_out", "asked_of_the_undated"),
    [
        (SINCE, True, Undated()),
        (AllOf((SOURCE, SINCE)), True, AllOf((SOURCE, Undated()))),
        (AnyOf((SINCE, SINCE)), True, AnyOf((Undated(), Undated()))),
        (AnyOf((SINCE, Undated())), False, AnyOf((Undated(), Undated()))),
        (Not(SINCE), False, Not(SINCE)),
        (SOURCE, False, SOURCE),
        (EVERYTHING, False, EVERYTHING),
        (AnyOf(), False, AnyOf()),
    ],
)
def test_a_date_filter_leaves_the_undated_out_and_can_be_asked_of_them(
    condition, leaves_out, asked_of_the_undated
):
    assert has_date_filter(condition) is leaves_out
    assert without_dates(condition) == asked_of_the_undated


def test_no_missing_date_leaves_out_what_is_let_in():
    beside = read_query("source:CNN after:2020", before="2023", include_undated=True)
    assert not has_date_filter(beside.condition)
