import time
from calendar import month_name, monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.query.periods import read_period
from search.query.plain_dates import DatePhrase, date_phrases, read_dates

TODAY = date(2024, 5, 15)  # a Wednesday
LONG_AFTER = date(2300, 1, 1)
DAY = timedelta(days=1)


def day(written: str) -> date | None:
    return date.fromisoformat(written) if written else None


def days(written: str) -> tuple[date | None, date | None]:
    """What "2024-05-06..2024-05-13" says; a side left empty is open."""
    first, _, end = written.partition("..")
    return day(first), day(end)


def expected(marked: str, written: str) -> tuple[str, tuple[DatePhrase, ...]]:
    """A text with its phrases in [brackets], and their days in order, to the text and answer."""
    text, spans = "", []
    for piece in marked.split("["):
        phrase, bracket, rest = piece.partition("]")
        if bracket:
            spans.append((len(text), len(text) + len(phrase)))
        text += phrase + rest
    read = map(days, written.split())
    return text, tuple(DatePhrase(span, *one) for span, one in zip(spans, read, strict=True))


def check(marked: str, written: str, today: date = TODAY) -> None:
    text, phrases = expected(marked, written)
    assert date_phrases(text, today) == phrases


@pytest.mark.parametrize(
    ("marked", "written"),
    [
        ("what happened [today]?", "2024-05-15..2024-05-16"),
        ("[yesterday] in Gaza", "2024-05-14..2024-05-15"),
        ("strikes on Kyiv [the day before yesterday]", "2024-05-13..2024-05-14"),
        ("what happened [last week] in Gaza", "2024-05-06..2024-05-13"),
        ("strikes [this week]", "2024-05-13..2024-05-20"),
        ("prices [as of this week]", "2024-05-13..2024-05-20"),
        ("strikes [This Month]", "2024-05-01..2024-06-01"),
        ("inflation [last month]", "2024-04-01..2024-05-01"),
        ("inflation [this year]", "2024-01-01..2025-01-01"),
        ("wildfires [last year]", "2023-01-01..2024-01-01"),
        ("profits [this quarter]", "2024-04-01..2024-07-01"),
        ("profits [last quarter]", "2024-01-01..2024-04-01"),
        ("wildfires [last summer]", "2023-06-01..2023-09-01"),
        ("energy prices [last winter]", "2023-12-01..2024-03-01"),
        ("frost [last spring]", "2023-03-01..2023-06-01"),
        ("storms [last autumn]", "2023-09-01..2023-12-01"),
        ("[last fall’s] debates", "2023-09-01..2023-12-01"),
        ("who spoke [last Monday]", "2024-05-13..2024-05-14"),
        ("who spoke [last Wednesday]", "2024-05-08..2024-05-09"),
        ("who spoke [on last Sunday]", "2024-05-12..2024-05-13"),
        ("[earlier this month] in Rome", "2024-05-01..2024-06-01"),
        ("floods [late last year]", "2023-09-01..2024-01-01"),
        ("arrests [last March]", "2024-03-01..2024-04-01"),
        ("storms [last November]", "2023-11-01..2023-12-01"),
        ("storms [this March]", "2024-03-01..2024-04-01"),
        ("arrests [last night] in Lagos", "2024-05-14..2024-05-16"),
        ("[last night's] debate", "2024-05-14..2024-05-16"),
        ("arrests [this morning]", "2024-05-15..2024-05-16"),
        ("arrests [as of this evening]", "2024-05-15..2024-05-16"),
        ("who plays [tonight]?", "2024-05-15..2024-05-16"),
        ("protests [last weekend]", "2024-05-11..2024-05-13"),
        ("protests [over the past weekend]", "2024-05-11..2024-05-13"),
        ("profits [previous month]", "2024-04-01..2024-05-01"),
        ("profits [in the previous quarter]", "2024-01-01..2024-04-01"),
        ("profits [previous year]", "2023-01-01..2024-01-01"),
        ("storms [this spring]", "2024-03-01..2024-06-01"),
        ("fires [late September]", "2023-09-21..2023-10-01"),
        ("fires [in late September]?", "2023-09-21..2023-10-01"),
        ("fires [since mid-April]", "2024-04-11.."),
        ("fires [in early May]", "2024-05-01..2024-05-11"),
    ],
)
def test_a_period_counted_from_today_is_read(marked, written):
    check(marked, written)


@pytest.mark.parametrize(
    ("marked", "written"),
    [
        ("[the past 30 days]", "2024-04-16..2024-05-16"),
        ("protests [in the last 30 days]", "2024-04-16..2024-05-16"),
        ("protests [last 7 days]", "2024-05-09..2024-05-16"),
        ("protests [over the past two weeks]", "2024-05-02..2024-05-16"),
        ("deals [during the last 6 months]", "2023-11-16..2024-05-16"),
        ("deals [within the past five years]", "2019-05-16..2024-05-16"),
        ("[past month]", "2024-04-16..2024-05-16"),
        ("[the last week]", "2024-05-09..2024-05-16"),
        ("[for the past year], who led?", "2023-05-16..2024-05-16"),
        ("[this past week] in politics", "2024-05-09..2024-05-16"),
        ("[the last couple of weeks]", "2024-05-02..2024-05-16"),
        ("the strike began [3 days ago]", "2024-05-12..2024-05-13"),
        ("the strike began [two weeks ago]", "2024-04-29..2024-05-06"),
        ("the strike began [a month ago]", "2024-04-01..2024-05-01"),
        ("the strike began [a couple of months ago]", "2024-03-01..2024-04-01"),
        ("the strike began [ten years ago]", "2014-01-01..2015-01-01"),
        ("the strike began [a year ago today]", "2023-01-01..2024-01-01"),
        ("nothing [since two weeks ago]", "2024-04-29.."),
        ("arrests [in the last 24 hours]", "2024-05-14..2024-05-16"),
        ("arrests [past 24 hours]", "2024-05-14..2024-05-16"),
        ("arrests [over the past 36 hours]", "2024-05-13..2024-05-16"),
        ("arrests [a few days ago]", "2024-05-10..2024-05-16"),
        ("arrests [past few days]", "2024-05-11..2024-05-16"),
        ("arrests [over the last few weeks]", "2024-04-18..2024-05-16"),
        ("arrests [a few months ago]", "2024-01-15..2024-05-16"),
        ("arrests [a fortnight ago]", "2024-04-29..2024-05-06"),
        ("arrests [the past fortnight]", "2024-05-02..2024-05-16"),
        ("growth [over the last decade]", "2014-05-16..2024-05-16"),
        ("growth [past two decades]", "2004-05-16..2024-05-16"),
    ],
)
def test_a_count_of_days_weeks_months_or_years_is_read(marked, written):
    check(marked, written)


@pytest.mark.parametrize(
    ("marked", "written"),
    [
        ("floods [in October 2022]", "2022-10-01..2022-11-01"),
        ("[October 2022] floods", "2022-10-01..2022-11-01"),
        ("[OCTOBER  2022] FLOODS", "2022-10-01..2022-11-01"),
        ("floods [in Oct. 2022]", "2022-10-01..2022-11-01"),
        ("floods [Sept 2022]", "2022-09-01..2022-10-01"),
        ("floods [in October of 2022]", "2022-10-01..2022-11-01"),
        ("floods [in December, 2022].", "2022-12-01..2023-01-01"),
        ("floods [in may 2020]", "2020-05-01..2020-06-01"),
        ("[May 2020] lockdown", "2020-05-01..2020-06-01"),
        ("lockdown [may 2020]", "2020-05-01..2020-06-01"),
        ("[march 2020] lockdown", "2020-03-01..2020-04-01"),
        ("the floods [of October 2022]", "2022-10-01..2022-11-01"),
        ("[October 2022's] floods", "2022-10-01..2022-11-01"),
        ("the speech [on 6 October 2022]", "2022-10-06..2022-10-07"),
        ("[6 Oct 2022]", "2022-10-06..2022-10-07"),
        ("source:(CNN OR BBC) [6 Oct 2022]", "2022-10-06..2022-10-07"),
        ('"rate cut" [2022-10-06]?', "2022-10-06..2022-10-07"),
        ("speech [on the 6th of October 2022]", "2022-10-06..2022-10-07"),
        ("speech [on Thursday, 6 October 2022]", "2022-10-06..2022-10-07"),
        ("[on October 6, 2022] speech", "2022-10-06..2022-10-07"),
        ("[October 6th, 2022]", "2022-10-06..2022-10-07"),
        ("[since Oct. 6, 2022]: the speech", "2022-10-06.."),
        ("[on may 6 2022] speech", "2022-05-06..2022-05-07"),
        ("who spoke [on May 6]", "2024-05-06..2024-05-07"),
        ("who spoke [on the 6th of January]?", "2024-01-06..2024-01-07"),
        ("who spoke [on Oct 7]", "2023-10-07..2023-10-08"),
        ("[29 February 2024]", "2024-02-29..2024-03-01"),
        ("([2022-10-06])", "2022-10-06..2022-10-07"),
        ("speech [2022-10]", "2022-10-01..2022-11-01"),
        ("strikes [in 2021]", "2021-01-01..2022-01-01"),
        ("strikes [in 2021's] heat", "2021-01-01..2022-01-01"),
        ("strikes [during 2021]?", "2021-01-01..2022-01-01"),
        ("strikes [throughout 2021]", "2021-01-01..2022-01-01"),
        ("who won [in 2020] election", "2020-01-01..2021-01-01"),
        ("strikes [in the year 2000]", "2000-01-01..2001-01-01"),
        ("computers [in the 1990s]", "1990-01-01..2000-01-01"),
        ("computers [in the 1990's]", "1990-01-01..2000-01-01"),
        ("computers [since the 1990s]", "1990-01-01.."),
        ("letters [in 1800]", "1800-01-01..1801-01-01"),
    ],
)
def test_a_year_month_or_day_is_read(marked, written):
    check(marked, written)


@pytest.mark.parametrize(
    ("marked", "written"),
    [
        ("[Q3 2023] earnings", "2023-07-01..2023-10-01"),
        ("earnings [in 2023-Q4]", "2023-10-01..2024-01-01"),
        ("[third quarter of 2023] earnings", "2023-07-01..2023-10-01"),
        ("earnings [in the last quarter of 2023]", "2023-10-01..2024-01-01"),
        ("growth [in the first half of 2020]", "2020-01-01..2020-07-01"),
        ("growth [second half of 2020]", "2020-07-01..2021-01-01"),
        ("[summer 2019] heatwave", "2019-06-01..2019-09-01"),
        ("heat [in the summer of 2019]", "2019-06-01..2019-09-01"),
        ("snow [winter 2019]", "2019-12-01..2020-03-01"),
        ("[Spring of 2020] lockdowns", "2020-03-01..2020-06-01"),
        ("[early 2021]", "2021-01-01..2021-05-01"),
        ("vaccines [in mid-2021]", "2021-05-01..2021-09-01"),
        ("vaccines [in late 2021]", "2021-09-01..2022-01-01"),
        ("vaccines [since early 2021]", "2021-01-01.."),
        ("vaccines [in late October 2021]", "2021-10-21..2021-11-01"),
        ("vaccines [mid February 2021]", "2021-02-11..2021-02-21"),
        ("profits [H1 2021]", "2021-01-01..2021-07-01"),
        ("profits [in 2021 H2]", "2021-07-01..2022-01-01"),
        ("profits [3rd quarter 2021]", "2021-07-01..2021-10-01"),
        ("[at the end of 2020]", "2020-10-01..2021-01-01"),
        ("[beginning of 2020] shortages", "2020-01-01..2020-04-01"),
        ("growth [until the end of 2020]", "..2021-01-01"),
        ("growth [since the start of 2020]", "2020-01-01.."),
        ("floods [in the last week of October 2021]", "2021-10-25..2021-11-01"),
        ("floods [first week of March 2020]", "2020-03-01..2020-03-08"),
        ("floods [second week in March 2020]", "2020-03-08..2020-03-15"),
        ("floods [in the third week of March 2020]", "2020-03-15..2020-03-22"),
        ("floods [4th week of March 2020]", "2020-03-22..2020-03-29"),
        ("[week of 3 October 2022]", "2022-10-03..2022-10-10"),
        ("vote [in the week of October 3, 2022]", "2022-10-03..2022-10-10"),
        ("vote [the week of 2022-10-03]", "2022-10-03..2022-10-10"),
    ],
)
def test_a_part_of_a_year_is_read(marked, written):
    check(marked, written)


@pytest.mark.parametrize(
    ("marked", "written"),
    [
        ("sanctions [since March]", "2024-03-01.."),
        ("sanctions [since June], by whom?", "2023-06-01.."),
        ("sanctions [since March 2021]", "2021-03-01.."),
        ("sanctions [since 2019]", "2019-01-01.."),
        ("sanctions [since yesterday]", "2024-05-14.."),
        ("sanctions [since last Monday]", "2024-05-13.."),
        ("sanctions [after 6 October 2022]", "2022-10-07.."),
        ("sanctions [after 2020]", "2021-01-01.."),
        ("sanctions [before June 2020]", "..2020-06-01"),
        ("sanctions [before 2020]", "..2020-01-01"),
        ("sanctions [before March]", "..2024-03-01"),
        ("sanctions [since Jan]", "2024-01-01.."),
        ("sanctions [in Dec]?", "2023-12-01..2024-01-01"),
        ("sanctions [until Sept] protests", "..2023-10-01"),
        ("sanctions [since Mar]", "2024-03-01.."),
        ("sanctions [prior to 2020]", "..2020-01-01"),
        ("sanctions [until June 2020]", "..2020-07-01"),
        ("sanctions [till June 2020]", "..2020-07-01"),
        ("sanctions [up  to June 2020]", "..2020-07-01"),
        ("sanctions [from 2020 onwards]", "2020-01-01.."),
        ("sanctions [from 2020 on].", "2020-01-01.."),
        ("sanctions [from last week]", "2024-05-06..2024-05-13"),
        ("the war [in March]?", "2024-03-01..2024-04-01"),
        ("the war [in June]", "2023-06-01..2023-07-01"),
        ("the war [in April] and after", "2024-04-01..2024-05-01"),
        ("What may Biden do [in May]?", "2024-05-01..2024-06-01"),
        ("a march [in March]", "2024-03-01..2024-04-01"),
        ("[since May], who resigned?", "2024-05-01.."),
    ],
)
def test_the_word_before_a_period_says_which_side_is_admitted(marked, written):
    check(marked, written)


@pytest.mark.parametrize(
    ("marked", "written"),
    [
        ("riots [from May to June 2021]", "2021-05-01..2021-07-01"),
        ("riots [between May and June 2021]", "2021-05-01..2021-07-01"),
        ("riots [May–June 2021]", "2021-05-01..2021-07-01"),
        ("[January 2020 - March 2020] riots", "2020-01-01..2020-04-01"),
        ("[January 2020 – March 2020] riots", "2020-01-01..2020-04-01"),
        ("[31 Dec 2019 - 2 Jan 2020] fireworks", "2019-12-31..2020-01-03"),
        ("[31 Dec 2019 – 2 Jan 2020] fireworks", "2019-12-31..2020-01-03"),
        ("riots [since March 2020 and before June 2020]", "2020-03-01..2020-06-01"),
        ("riots [before June 2020 but after 2018]", "2019-01-01..2020-06-01"),
        ("riots [from November to January 2021]", "2020-11-01..2021-02-01"),
        ("riots [between November and January]", "2023-11-01..2024-02-01"),
        ("riots [between March and April]?", "2024-03-01..2024-05-01"),
        ("riots [between 2018 and 2020]", "2018-01-01..2021-01-01"),
        ("riots [between 2020 and 2018]", "2018-01-01..2021-01-01"),
        ("riots [from 2018 to 2020]", "2018-01-01..2021-01-01"),
        ("riots [from 2018 until 2020]", "2018-01-01..2021-01-01"),
        ("riots [in 2018–2020]", "2018-01-01..2021-01-01"),
        ("riots [from 2020 to now]", "2020-01-01..2024-05-16"),
        ("riots [from March to today]", "2024-03-01..2024-05-16"),
        ("riots [between 2020 and the present]", "2020-01-01..2024-05-16"),
        ("riots [from 3 to 7 October 2022]", "2022-10-03..2022-10-08"),
        ("riots [between the 3rd and the 7th of October 2022]", "2022-10-03..2022-10-08"),
        ("riots [October 3-7, 2022]", "2022-10-03..2022-10-08"),
        ("riots [from 30 December to 2 January 2021]", "2020-12-30..2021-01-03"),
        ("riots [between October 30 and November 2, 2022]", "2022-10-30..2022-11-03"),
        ("riots [from 6 October 2022 to 7 November 2022]", "2022-10-06..2022-11-08"),
        ("riots [between summer 2019 and spring 2020]", "2019-06-01..2020-06-01"),
        ("riots [from last Monday to yesterday]", "2024-05-13..2024-05-15"),
        ("riots [in 2016 and 2020]", "2016-01-01..2021-01-01"),
        ("riots [in 2018, 2019 and 2020]", "2018-01-01..2021-01-01"),
        ("riots [in the 1970s or 1980s]", "1970-01-01..1990-01-01"),
    ],
)
def test_several_periods_are_one_from_the_first_to_the_last(marked, written):
    check(marked, written)


@pytest.mark.parametrize(
    ("marked", "written"),
    [
        ("[since 2019] and [before 2017]", "2019-01-01.. ..2017-01-01"),
        ("last weekend [in August]", "2023-08-01..2023-09-01"),
        ("[since 2019], say, [before 2021]", "2019-01-01.. ..2021-01-01"),
        (
            "Theresa May [in June 2019], [last week's] polls",
            "2019-06-01..2019-07-01 2024-05-06..2024-05-13",
        ),
        ("“rate cut” [last week] source:today", "2024-05-06..2024-05-13"),
        ("[last week] after:2020-01 -yesterday", "2024-05-06..2024-05-13"),
        ('"unclosed [last week]', "2024-05-06..2024-05-13"),
        ("İstanbul 😀 [in 2021]", "2021-01-01..2022-01-01"),
        ("Gaza—[last week]—what", "2024-05-06..2024-05-13"),
        ("[today's] vote, not yesterday’s", "2024-05-15..2024-05-16"),
        ("[today] and 2020", "2024-05-15..2024-05-16"),
        ("[since 2019] and 2021", "2019-01-01.."),
        ("5,6 [October 2022]", "2022-10-01..2022-11-01"),
        ("[the past 30 days'] news", "2024-04-16..2024-05-16"),
    ],
)
def test_phrases_are_found_wherever_they_stand(marked, written):
    check(marked, written)


@pytest.mark.parametrize(
    "text",
    [
        # may and march, the verbs; names of people and of protests
        "the minister may resign",
        "What May do next",
        "may resigns",
        "May resigns",
        "before May?",
        "after May resigned",
        "a statement from May",
        "Boris Johnson and Theresa May",
        "women's march on Washington",
        "women's march 2017",
        "nurses’ march 2017",
        "hunger march 2017",
        "in Mar del Plata",
        "in Jan Smith's house",
        "before Jan resigned",
        "the March for Our Lives",
        "in march on Washington",
        "the last march",
        "this may be the end",
        "who last may have seen him",
        "can this march on",
        "what may 2020 bring",
        "may or may not",
        "April O'Neil",
        "in April O'Neil's van",
        "in August Wilson's plays",
        "June Carter and August Landmesser",
        "March Madness 2023",
        "mark in 2 weeks",
        "Mar del Plata in the sun",
        # years in the names of events, and other numbers
        "the 2020 election",
        "in the 2020 election",
        "since the 2008 crisis",
        "after the October 2022 election",
        "the January 6, 2021 attack",
        "2012 Olympics",
        "the winter Olympics 2022",
        "Summer 2024 Olympics",
        "summer 2012 olympics",
        "Euro 2024",
        "COVID-19",
        "the 1980s music",
        "Blade Runner 2049",
        "events of 2020",
        "flight MH370 and Catch-22",
        "9/11 and 24/7",
        "in 2000 words",
        "up to 2000 people",
        "between 1800 and 2000 people",
        "after 2000 more troops",
        "in 2000 BC",
        "one in 2000 babies",
        "from 5000 to 2000 points",
        "in 1066",
        "in 2200",
        "in 2,020 towns",
        "$2020 and in $2020",
        "in 2020-based prices",
        "the 2011-12 season",
        "season 2011-12",
        "in 2018-20",
        "winter of 2019-20",
        "in the 90s",
        "by 2020",
        "H2O in Q5 2023",
        # parts, comparisons and deadlines
        "the last two years of the war",
        "the last week of campaigning",
        "last Monday of March",
        "by October 2022",
        "by the end of 2020",
        "before the end of October 2022",
        "hotter than October 2022",
        "more deaths than in 2020",
        "more than 3 years ago",
        "at least 3 years ago",
        "over two years ago",
        "two and a half years ago",
        "an hour ago",
        "the last few days of the war",
        "his last few weeks",
        "the last night of the Proms",
        "Last Night in Soho",
        "the Tonight Show",
        "last week tonight with john oliver",
        "This Morning presenters",
        "the last weekend of August",
        "the previous year",
        "compared with the previous year",
        "will this fall apart",
        "this fall of Kabul",
        "could this spring back",
        "before the end of 2020",
        "the end of 2020 season",
        "not in 2020 trump",
        "not since 2008",
        "except in 2020",
        "two weeks of October 2022",
        "the fifth week of March 2020",
        "on January 6 committee",
        "on January 6 and 7",
        "the January 6 riot",
        "it will last two weeks",
        "it won't last two weeks",
        "until now",
        "two days before the vote",
        "between 2020 conventions",
        "between May and Corbyn",
        "from 2020 to the election",
        "from April to 6 June 2021",
        "from March 2021 to June",
        "since October 7",
        "on Tuesday",
        "this Monday",
        "in weeks",
        # names of papers and programmes
        "today show host",
        "USA Today poll",
        "usa today poll",
        "India Today",
        "the Today show",
        "Last Week Tonight with John Oliver",
        # the future
        "tomorrow",
        "next week",
        "later this week",
        "this November",
        "after today",
        "in 2030",
        "net zero before 2050",
        # impossible dates
        "31 June 2022",
        "29 February 2023",
        "2022-13",
        "2022-10-32",
        "0 October 2022",
        "the third half of 2022",
        "from 7 to 3 October 2022",
        "the past 0 days",
        # quotes, operators, links, hyphens
        '"in 2020" riots',
        "“last week”",
        "«last week»",
        'last "week"',
        "after:2020",
        "date:2024-03..2024-06",
        "source:today",
        'source:"last week"',
        "-source:today",
        "-yesterday",
        "https://example.com/2022-10-06/today",
        "example.com/2022-10-06",
        "#today @today today@example.com today.com",
        "last week-long strike",
        "post-October 2022",
        "build v.2022-10",
        "2022/10/06",
        "10/06/2022",
        "٢٠٢٢-١٠ in ٢٠٢٢",
        "ſummer 2019 and thıs week",
        "",
    ],
)
def test_what_may_be_no_date_is_left_to_meaning(text):
    assert date_phrases(text, TODAY) == ()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("September 11, 2001 attacks", "September 11, 2001 on:2001-09-11"),
        ("Benghazi attack September 11 2012", "September 11 2012 on:2012-09-11"),
        ("the January 6, 2021 attack", "January 6, 2021 on:2021-01-06"),
        ("the attacks of 11 September 2001", "11 September 2001 on:2001-09-11"),
        ("speech 2022-10-06", "2022-10-06 on:2022-10-06"),
        ("in the days after January 6 2021", "January 6 2021 on:2021-01-06"),
        ("the week before 6 May 2010", "6 May 2010 on:2010-05-06"),
        ("months after May 2010", "May 2010 date:2010-05-01..2010-05-31"),
        ("at this time last year", "last year date:2023-01-01..2023-12-31"),
    ],
)
def test_what_may_be_an_event_is_offered_and_not_applied(text, left):
    typed, _, field = left.rpartition(" ")
    time = "day" if field.startswith("on:") else "time"
    phrases, (unapplied,) = read_dates(text, TODAY)
    assert phrases == ()
    assert (
        unapplied.note == f"“{typed}” is left to meaning; write {field} for articles of that {time}"
    )
    assert text[slice(*unapplied.span)] == typed


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Feb 29, 2021", "Feb 29, 2021"),
        ("vote on 31 April 2022", "31 April 2022"),
        ("2022-10-32 vote", "2022-10-32"),
        ("vote on April 31", "April 31"),
    ],
)
def test_a_day_that_no_calendar_has_is_said_to_be_none(text, typed):
    phrases, (unapplied,) = read_dates(text, TODAY)
    assert phrases == ()
    assert unapplied.note == f"“{typed}” is no day of the calendar; it is left to meaning"


def test_a_day_to_come_needs_no_note():
    assert read_dates("vote on 6 October 2040", TODAY) == ((), ())


@pytest.mark.parametrize(
    ("today", "marked", "written"),
    [
        (date(2024, 1, 31), "[last winter]", "2022-12-01..2023-03-01"),
        (date(2024, 3, 1), "[last winter]", "2023-12-01..2024-03-01"),
        (date(2024, 8, 31), "[last summer]", "2023-06-01..2023-09-01"),
        (date(2024, 9, 1), "[last summer]", "2024-06-01..2024-09-01"),
        (date(2024, 1, 1), "[last week]", "2023-12-25..2024-01-01"),
        (date(2024, 1, 1), "[last month]", "2023-12-01..2024-01-01"),
        (date(2024, 1, 1), "[last quarter]", "2023-10-01..2024-01-01"),
        (date(2024, 1, 1), "[last Monday]", "2023-12-25..2023-12-26"),
        (date(2024, 3, 31), "[a month ago]", "2024-02-01..2024-03-01"),
        (date(2024, 3, 30), "[past month]", "2024-02-29..2024-03-31"),
        (date(2024, 2, 28), "[past year]", "2023-02-28..2024-02-29"),
        (date(2024, 3, 1), "[since March]", "2024-03-01.."),
        (date(2024, 5, 13), "[this weekend]", "2024-05-11..2024-05-13"),
        (date(2024, 5, 14), "[this weekend]", "2024-05-11..2024-05-13"),
        (date(2024, 5, 15), "this weekend", ""),
        (date(2024, 5, 18), "[this weekend]", "2024-05-18..2024-05-20"),
        (date(2024, 5, 19), "[this weekend]", "2024-05-18..2024-05-20"),
        (date(2024, 5, 19), "[last weekend]", "2024-05-11..2024-05-13"),
        (date(2024, 5, 20), "[last weekend]", "2024-05-18..2024-05-20"),
        (date(2024, 2, 1), "[this winter]", "2023-12-01..2024-03-01"),
        (date(2024, 11, 30), "this winter", ""),
        (date(2024, 12, 1), "[this winter]", "2024-12-01..2025-03-01"),
        (date(2024, 11, 5), "[late November]", "2023-11-21..2023-12-01"),
        (date(2024, 11, 5), "[on November 5]", "2024-11-05..2024-11-06"),
        (date(2024, 11, 5), "[on November 6]", "2023-11-06..2023-11-07"),
        (date(2023, 11, 5), "[on 29 February]", "2020-02-29..2020-03-01"),
        (date(2024, 2, 29), "[since March]", "2023-03-01.."),
        (date(2022, 10, 6), "[6 October 2022]", "2022-10-06..2022-10-07"),
        (date(2022, 10, 5), "6 October 2022", ""),
        (date(2022, 10, 5), "[October 2022]", "2022-10-01..2022-11-01"),
        (date(9999, 12, 31), "[yesterday]", "9999-12-30..9999-12-31"),
        (date(1, 1, 1), "[today] or last week or 3 years ago", "0001-01-01..0001-01-02"),
    ],
)
def test_a_period_follows_from_today(today, marked, written):
    check(marked, written, today)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("2022", "2022-01-01..2023-01-01"),
        ("2022-09", "2022-09-01..2022-10-01"),
        ("2022-9", "2022-09-01..2022-10-01"),
        ("2022-09-30", "2022-09-30..2022-10-01"),
        ("2022-9-3", "2022-09-03..2022-09-04"),
        ("2011-12", "2011-12-01..2012-01-01"),
        ("1066", "1066-01-01..1067-01-01"),
        ("2050", "2050-01-01..2051-01-01"),
        ("today", "2024-05-15..2024-05-16"),
        (" Yesterday ", "2024-05-14..2024-05-15"),
        ("last week", "2024-05-06..2024-05-13"),
        ("last\tmonth", "2024-04-01..2024-05-01"),
        ("last year", "2023-01-01..2024-01-01"),
        ("this week", "2024-05-13..2024-05-20"),
        ("this month", "2024-05-01..2024-06-01"),
        ("this year", "2024-01-01..2025-01-01"),
        ("2023-Q3", "2023-07-01..2023-10-01"),
        ("Q3 2023", "2023-07-01..2023-10-01"),
        ("Q3-2023", "2023-07-01..2023-10-01"),
        ("summer 2019", "2019-06-01..2019-09-01"),
        ("October 2022", "2022-10-01..2022-11-01"),
        ("Oct 2022", "2022-10-01..2022-11-01"),
        ("May 2022", "2022-05-01..2022-06-01"),
        ("6 October 2022", "2022-10-06..2022-10-07"),
        ("October 6, 2022", "2022-10-06..2022-10-07"),
        ("30d", "2024-04-16..2024-05-16"),
        ("2w", "2024-05-02..2024-05-16"),
        ("6M", "2023-11-16..2024-05-16"),
        ("1y", "2023-05-16..2024-05-16"),
        ("the past 30 days", "2024-04-16..2024-05-16"),
    ],
)
def test_the_value_of_an_operator_is_read(text, written):
    assert read_period(text, TODAY) == days(written)


@pytest.mark.parametrize(
    "text",
    """|yesteryear|tomorrow|next week|in 2022|since March|October|march|22|20222|2022-13|2022-0
    |2022-02-30|2022-10-06T12|0000|9999|9999-12-31|31 June 2022|Q5 2023|0d|5h|2022..2023|last
    |now|٢٠٢٢|2022 words|the 1990s""".split("|"),
)
def test_a_value_that_names_no_period_is_refused_in_its_own_words(text):
    with pytest.raises(ValueError, match="names no day, month, year") as error:
        read_period(text, TODAY)

    assert repr(text) in str(error.value)


@given(st.dates(date(1800, 1, 1), date(2199, 12, 31)))
def test_every_day_is_read_in_every_way_of_writing_it(one):
    month = month_name[one.month]
    for written in (
        f"{one}",
        f"{one.day} {month} {one.year}",
        f"{one.day} {month[:3]}. {one.year}",
        f"{month} {one.day}, {one.year}",
        f"the {one.day}th of {month}, {one.year}",
        f"{one:%A}, {month} {one.day} {one.year}",
    ):
        phrase = DatePhrase((0, len(written)), one, one + DAY)
        assert date_phrases(written, LONG_AFTER) == (phrase,), written
        assert read_period(written, LONG_AFTER) == (one, one + DAY)


@pytest.mark.parametrize("year", [1800, 1900, 2000, 2023, 2024, 2199])
@pytest.mark.parametrize("month", range(1, 13))
def test_every_month_is_as_long_as_in_the_calendar(year, month):
    first = date(year, month, 1)
    period = (first, first + monthrange(year, month)[1] * DAY)

    assert read_period(f"{month_name[month]} {year}", TODAY) == period
    assert read_period(f"{year}-{month}", TODAY) == period
    assert date_phrases(f"in {month_name[month]}", first) == (
        DatePhrase((0, 3 + len(month_name[month])), *period),
    )


@given(st.dates(date(1000, 1, 1), date(3000, 1, 1)), st.integers(1, 99))
def test_counts_of_days_and_weeks_add_up(today, count):
    week = today - today.weekday() * DAY
    earlier = today - count * DAY

    assert read_period("this week", today) == (week, week + 7 * DAY)
    assert read_period("last week", today) == (week - 7 * DAY, week)
    assert read_period(f"{count}d", today) == (earlier + DAY, today + DAY)
    assert read_period(f"{count} days ago", today) == (earlier, earlier + DAY)
    assert read_period(f"{count} weeks ago", today)[0] == week - 7 * count * DAY
    assert read_period(f"last {earlier:%A}", today)[0] in {today - n * DAY for n in range(1, 8)}
    assert read_period(f"last {earlier:%A}", today)[0].weekday() == earlier.weekday()


WORDS = """in on of from between and to until since after before up the last past this early late
    day before yesterday today's few fortnight hours decade night weekend previous end H1 not
    week weeks month year ago quarter half first may March April June
    October sept. 3 31 6th 1999 2020 2022-10 2022-10-06 1990s Q3 summer winter people , . - – " ”
    source: after:2020 now onwards a couple of ten Friday _ ' é 🙂""".split()
TEXTS = st.text() | st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join)


@given(TEXTS, st.dates())
def test_any_text_on_any_day_gives_phrases_in_order_that_can_be_cut(text, today):
    phrases = date_phrases(text, today)
    edges = [edge for phrase in phrases for edge in phrase.span]

    assert edges == sorted(edges)
    assert all(0 <= edge <= len(text) for edge in edges)
    for phrase in phrases:
        words = text[slice(*phrase.span)]
        assert words
        assert words == words.strip()
        assert not set('"”') & set(words)
        assert phrase.after or phrase.before
        assert phrase.after is None or phrase.after <= today
        assert not (phrase.after and phrase.before) or phrase.after < phrase.before


@given(TEXTS, st.dates())
def test_a_phrase_alone_says_what_it_says_in_its_text(text, today):
    for phrase in date_phrases(text, today):
        words = text[slice(*phrase.span)]
        alone = DatePhrase((0, len(words)), phrase.after, phrase.before)
        assert date_phrases(words, today) == (alone,)


@given(TEXTS, st.dates())
def test_any_value_is_a_period_or_refused(text, today):
    try:
        first, end = read_period(text, today)
    except ValueError:
        return
    assert first < end


@pytest.mark.parametrize(
    "piece",
    [
        *(
            "in ",
            "between ",
            "1 ",
            "2020 ",
            "2020, ",
            "in 2020 and ",
            "in may ",
            "up to ",
            " ",
            "a",
        ),
        *("the ", "last ", "past ", "January to ", "6 October ", "6 October 2022 ", "2020-", "- "),
        *('"', 'a:"', "a:", "a: ", "’s ", "a couple of ", "the day before ", "early ", "é ", "٣ "),
        *("in" + " " * 3_900, "in 2020" + " " * 3_900 + "and", "in 2020" + " -" * 1_900),
    ],
)
def test_a_long_text_takes_no_longer_than_its_length_asks(piece):
    text = (piece * 4_000)[:4_000]
    seconds = []
    for _ in range(5):
        start = time.perf_counter()
        date_phrases(text, TODAY)
        seconds.append(time.perf_counter() - start)

    assert min(seconds) < 0.05
