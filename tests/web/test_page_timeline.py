"""Dragging over the timeline: which days are meant."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from search.facets import timeline
from search.web.timeline import days_under


def ms(*when):
    return datetime(*when, tzinfo=UTC).timestamp() * 1000


WEEKS = timeline({date(2022, 1, 3).toordinal(): 1, date(2022, 6, 20).toordinal(): 2})


def test_the_days_are_those_of_the_bars_that_are_touched():
    assert WEEKS[1].start - WEEKS[0].start == timedelta(days=7)
    assert days_under(WEEKS, ms(2022, 1, 12), ms(2022, 1, 18)) == (
        date(2022, 1, 10), date(2022, 1, 23),
    )  # fmt: skip


def test_a_click_on_a_bar_means_its_days_and_one_beside_all_bars_nothing():
    assert days_under(WEEKS, ms(2022, 1, 12), ms(2022, 1, 12)) == (
        date(2022, 1, 10), date(2022, 1, 16),
    )  # fmt: skip
    assert days_under(WEEKS, ms(2021, 1, 12), ms(2021, 1, 12)) is None
    assert days_under(WEEKS, ms(2022, 1, 9, 23), ms(2022, 1, 9, 23)) is None


@given(st.floats(-1e15, 1e15), st.floats(-1e15, 1e15))
def test_any_brush_means_days_of_the_timeline_in_order(left, right):
    found = days_under(WEEKS, left, right)
    assert found == days_under(WEEKS, right, left)
    if found is not None:
        assert WEEKS[0].start <= found[0] <= found[1] < WEEKS[-1].end
