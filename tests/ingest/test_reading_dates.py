"""A date is read when it has one reading, and refused otherwise."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from search.ingest.dates import Dated, read_date

NOW = datetime(2022, 12, 1, 12, tzinfo=UTC)
BAD = Dated(None, None, ("bad_date",))
AMBIGUOUS = Dated(None, None, ("date_ambiguous",))


def at(*parts, hours=0):
    return datetime(*parts, tzinfo=timezone(timedelta(hours=hours)) if hours else UTC)


def day(year, month, of_month, precision="day"):
    return Dated(date(year, month, of_month), precision)


def second(*parts, hours=0, flags=()):
    return Dated(at(*parts, hours=hours), "second", flags)


NAIVE = ("naive_time",)
READINGS = {
    "2022-10-06": day(2022, 10, 6),
    "20221006": day(2022, 10, 6),
    "2022/10/06": day(2022, 10, 6),
    "2022-10": day(2022, 10, 1, "month"),
    "2022": day(2022, 1, 1, "year"),
    "20221006T182300Z": second(2022, 10, 6, 18, 23),
    "20221006182300": second(2022, 10, 6, 18, 23, flags=NAIVE),
    "202210061823": second(2022, 10, 6, 18, 23, flags=NAIVE),
    "2022-10-06T18:23:00+02:00": second(2022, 10, 6, 18, 23, hours=2),
    "2022-10-06 18:23:00 UTC": second(2022, 10, 6, 18, 23),
    "2022-10-06 18:23": second(2022, 10, 6, 18, 23, flags=NAIVE),
    "2022-10-06T00:00:00": day(2022, 10, 6),
    "2022-10-06T00:00:00Z": second(2022, 10, 6),
    "Thu, 06 Oct 2022 18:23:00 +0000": second(2022, 10, 6, 18, 23),
    "6 Oct 2022 18:23:00 EDT": second(2022, 10, 6, 18, 23, hours=-4),
    "October 6, 2022 1:32 PM ET": second(2022, 10, 6, 13, 32, hours=-4),
    "January 6, 2022 1:32 PM ET": second(2022, 1, 6, 13, 32, hours=-5),
    "6 Oct 2022 13:32 BST": second(2022, 10, 6, 13, 32, hours=1),
    "October 6, 2022 1:32 PM": second(2022, 10, 6, 13, 32, flags=NAIVE),
    "October 6, 2022": day(2022, 10, 6),
    "Thu October 6, 2022": day(2022, 10, 6),
    "25/10/2022": day(2022, 10, 25),
    "10/25/2022 6:23 PM": second(2022, 10, 25, 18, 23, flags=NAIVE),
    "06/06/2022": day(2022, 6, 6),
    "1665080580": second(2022, 10, 6, 18, 23),
    1665080580: second(2022, 10, 6, 18, 23),
    1665080580000: second(2022, 10, 6, 18, 23),
    1665080580.0625: Dated(datetime(2022, 10, 6, 18, 23, 0, 62500, UTC), "second"),
    2022: day(2022, 1, 1, "year"),
    20221006: day(2022, 10, 6),
    date(1963, 1, 4): day(1963, 1, 4),
    datetime(2022, 10, 6, 18): second(2022, 10, 6, 18, flags=NAIVE),
    "2022-12-03": day(2022, 12, 3),
}
REFUSED = {
    **dict.fromkeys(["0000-00-00", "2022-13-45", "2022-02-30", "13/45/2022"], BAD),
    **dict.fromkeys(["1523-04-01", "1799-12-31", "2022-12-04", "9999-12-31"], BAD),
    **dict.fromkeys([0, "0", "1970-01-01T00:00:00Z", "1970-01-01 00:00:00"], BAD),
    **dict.fromkeys([5, -1, 10**30, True, "true", "2022-W40", "x" * 200], BAD),
    **dict.fromkeys(["Oct 6", "yesterday", "May", "12:30", "soon", "202210"], BAD),
    **dict.fromkeys(["06/10/2022", "06.10.2022", "6-10-22", "06/10/2022 18:23 CET"], AMBIGUOUS),
}


@pytest.mark.parametrize("value", READINGS, ids=repr)
def test_dates_with_one_reading_are_read(value):
    assert read_date(value, now=NOW) == READINGS[value]


@pytest.mark.parametrize("value", REFUSED, ids=ascii)
def test_dates_without_one_reading_are_refused(value):
    assert read_date(value, now=NOW) == REFUSED[value]


def test_months_in_the_articles_language_are_read():
    assert read_date("6 octobre 2022", "fr-CA", NOW) == day(2022, 10, 6)
    assert read_date("6. Oktober 2022", "de", NOW) == day(2022, 10, 6)
    assert read_date("6 October 2022", "xx", NOW) == day(2022, 10, 6)
