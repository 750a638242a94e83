from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.types import GROUPS, MODES, SORTS
from search.web import urlstate
from search.web.urlstate import Dropped
from search.web.view import MAX_TEXT_CHARS, MAX_VALUES, View, read_text

names = st.text(min_size=1, max_size=20)
several = st.lists(names, max_size=3, unique=True).map(tuple)
day = st.dates(date(1900, 1, 1), date(2099, 12, 31))
ranges = st.tuples(st.none() | day, st.none() | day).map(
    lambda ends: tuple(sorted(ends)) if None not in ends else ends
)


@st.composite
def views(draw):
    first, last = draw(ranges)
    open_range = first is None and last is None
    return View(
        text=read_text(draw(st.text(max_size=600)))[0],
        like=draw(st.none() | names),
        source=draw(several),
        section=draw(several),
        author=draw(several),
        language=draw(several),
        when=draw(st.sampled_from(["any", "7d", "30d", "year"])) if open_range else "any",
        first=first,
        last=last,
        undated=draw(st.booleans()),
        mode=draw(st.sampled_from(MODES)),
        sort=draw(st.sampled_from(SORTS)),
        group=draw(st.sampled_from(GROUPS)),
        page=draw(st.integers(1, urlstate.MAX_PAGE)),
        open=draw(st.none() | names),
    )


@given(views())
def test_the_address_of_a_view_reads_as_that_view(view):
    assert urlstate.read(urlstate.write(view)) == (view, ())


@given(st.dictionaries(st.sampled_from(list(urlstate._READERS)), st.lists(st.text(), max_size=3)))
def test_any_address_reads_as_a_view_that_can_be_written(params):
    view, _ = urlstate.read(params)
    assert urlstate.read(urlstate.write(view)) == (view, ())


def test_a_first_visit_has_no_parameters():
    assert urlstate.write(View()) == {}
    assert urlstate.read({}) == (View(), ())


def test_words_in_the_address_are_fixed():
    view = View(
        text="raid",
        source=("CNN", "AP"),
        mode="semantic",
        sort="newest",
        group="story",
        first=date(2022, 4, 1),
        page=2,
        open="p1",
    )
    assert urlstate.write(view) == {
        "q": ["raid"],
        "src": ["CNN", "AP"],
        "range": ["2022-04-01", ""],
        "mode": ["meaning"],
        "sort": ["newest"],
        "group": ["story"],
        "page": ["2"],
        "open": ["p1"],
    }


@pytest.mark.parametrize(
    ("param", "values"),
    [
        ("when", ["decade"]),
        ("range", ["2022-04-01"]),
        ("range", ["2022-04-01", "yesterday"]),
        ("range", ["2022-04-02", "2022-04-01"]),
        ("undated", ["yes"]),
        ("mode", ["semantic"]),
        ("sort", ["random"]),
        ("page", ["0"]),
        ("page", ["-1"]),
        ("page", ["1" * 5000]),
        ("page", ["²"]),
        ("like", ["x" * 201]),
        ("open", ["x" * 201]),
    ],
)
def test_a_bad_parameter_is_dropped_and_named(param, values):
    assert urlstate.read({param: values, "q": ["raid"]}) == (
        View(text="raid"),
        (Dropped(param, (" ".join(values),)),),
    )


def test_of_a_field_the_first_values_are_taken_and_the_rest_is_named_as_surplus():
    names = [str(number) for number in range(MAX_VALUES)]
    full = View(source=tuple(names))
    assert urlstate.read({"src": [*names, *names]}) == (full, ())
    assert urlstate.read({"src": [*names, "one", "more"]}) == (
        full,
        (Dropped("src", ("one", "more"), is_surplus=True),),
    )


@pytest.mark.parametrize("first", [None, date.min, date.max])
def test_a_range_up_to_the_last_day_there_is_has_no_end(first):
    written = first.isoformat() if first else ""
    assert urlstate.read({"range": [written, "9999-12-31"]}) == (View(first=first), ())


def test_parameters_of_others_and_empty_ones_are_passed_over():
    assert urlstate.read({"utm_source": ["x"], "q": [""], "page": [], "range": ["", ""]}) == (
        View(),
        (),
    )


def test_values_that_the_index_lacks_are_dropped_and_the_rest_spelled_as_it_does():
    known = {"source": ["CNN", "AP"], "section": [], "author": [], "language": ["en"]}
    view = View(source=("cnn", "Nope", "CNN", "Never"), section=("World",), language=("EN",))
    assert urlstate.keep_known(view, known) == (
        View(source=("CNN",), language=("en",)),
        (Dropped("src", ("Nope", "Never")), Dropped("sec", ("World",))),
    )


def test_a_long_text_is_cut_and_said_so():
    assert read_text("  raid ") == ("raid", False)
    assert read_text("a" * MAX_TEXT_CHARS) == ("a" * MAX_TEXT_CHARS, False)
    assert read_text("a" * (MAX_TEXT_CHARS + 1)) == ("a" * MAX_TEXT_CHARS, True)


def test_spans_count_back_from_the_newest_article_including_its_day():
    newest = date(2022, 12, 31)
    assert View(when="7d").days(newest) == (date(2022, 12, 25), None)
    assert View(when="year").days(newest) == (newest - timedelta(days=364), None)
    assert View(first=date(2022, 1, 1), last=newest).days(newest) == (date(2022, 1, 1), newest)
    assert View(when="7d").days(None) == (None, None)
    assert View(when="7d").days(date(1, 1, 3)) == (date.min, None)


def test_home_is_where_nothing_is_asked():
    assert View().is_home
    assert View(open="p1", mode="keyword").is_home
    assert not View(text="raid").is_home
    assert not View(sort="newest").is_home
    assert not View(source=("CNN",)).is_home
    assert View(source=("CNN",), when="7d", text="x").without_filters() == View(text="x")
