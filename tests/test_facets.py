from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.facets import facets, timeline
from search.types import FacetValue, TimeBucket


def day(text):
    return date.fromisoformat(text).toordinal()


def test_values_are_largest_first_then_by_name():
    counted = facets({"source": {"B": 1, "A": 1, "C": 2}}, {day("2020-05-01"): 3}, 4)
    assert counted == {
        "source": (FacetValue("C", 2, 0.5), FacetValue("A", 1, 0.25), FacetValue("B", 1, 0.25)),
        "author": (),
        "section": (),
        "language": (),
        "year": (FacetValue("2020", 3, 0.75),),
    }


def test_no_dates_no_timeline():
    assert timeline({}) == ()


def test_a_month_is_drawn_in_days_without_gaps():
    assert timeline({day("2020-02-28"): 2, day("2020-03-01"): 1}) == (
        TimeBucket(date(2020, 2, 28), date(2020, 2, 29), 2),
        TimeBucket(date(2020, 2, 29), date(2020, 3, 1), 0),
        TimeBucket(date(2020, 3, 1), date(2020, 3, 2), 1),
    )


@pytest.mark.parametrize(
    ("span", "bucket"),
    [
        (59, ("2000-01-05", "2000-01-06")),
        (60, ("2000-01-03", "2000-01-10")),
        (731, ("2000-01-03", "2000-01-10")),
        (732, ("2000-01-01", "2000-02-01")),
        (14_639, ("2000-01-01", "2000-02-01")),
        (14_640, ("2000-01-01", "2001-01-01")),
    ],
)
def test_two_months_in_days_two_years_in_weeks_forty_in_months_then_years(span, bucket):
    first = timeline({day("2000-01-05"): 1, day("2000-01-05") + span: 1})[0]
    assert first == TimeBucket(*map(date.fromisoformat, bucket), 1)


@given(st.dictionaries(st.dates(date(1800, 1, 1), date(2100, 1, 1)), st.integers(1, 9), min_size=1))
def test_every_article_is_in_one_bucket(counts):
    buckets = timeline({when.toordinal(): count for when, count in counts.items()})
    assert sum(bucket.articles for bucket in buckets) == sum(counts.values())
    expected = Counter()
    for when, count in counts.items():
        (bucket,) = [one for one in buckets if one.start <= when < one.end]
        expected[bucket.start] += count
    assert {one.start: one.articles for one in buckets if one.articles} == expected
    for one, after in pairwise(buckets):
        assert one.end == after.start
        assert one.end - one.start >= timedelta(days=1)
