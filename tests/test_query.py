import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.errors import QueryError
from search.query import read_query
from search.types import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Contains,
    Not,
    OneOf,
    Published,
    Query,
    Undated,
    UrlHas,
)

TODAY = date(2026, 11, 23)


def test_bare_words_admit_everything():
    text = "who was killed in the airstrike"
    assert read_query(text, now=TODAY) == Query(
        text=text, words=text, condition=EVERYTHING, canonical=text, today=TODAY
    )


def test_every_operator_at_once():
    query = read_query(
        'airstrike "prisoner affairs" -raid -"oil field" source:CNN outlet:"The Guardian" '
        "lang:en after:2022-09 before:2023"
    )
    assert query.words == "airstrike prisoner affairs"
    assert query.phrases == ("prisoner affairs",)
    assert query.excluded == ("raid", "oil field")
    assert query.condition == AllOf(
        (
            OneOf("source", ("CNN", "The Guardian")),
            OneOf("language", ("en",)),
            Published(date(2022, 9, 1), date(2023, 1, 1)),
            Contains("prisoner affairs"),
            Not(Contains("raid")),
            Not(Contains("oil field")),
        )
    )
    assert query.canonical == (
        'airstrike "prisoner affairs" -raid -"oil field" source:(CNN OR "The Guardian") '
        "lang:en after:2022-09-01 before:2023-01-01"
    )


def test_filters_beside_the_text_narrow_it():
    query = read_query("flood source:CNN", source=["BBC", "CNN"], after=date(2020, 1, 2))
    assert query.condition == AllOf(
        (
            OneOf("source", ("CNN",)),
            OneOf("source", ("BBC", "CNN")),
            Published(date(2020, 1, 2), None),
        )
    )


def test_a_negated_field_admits_the_others():
    assert read_query("-source:CNN").condition == AllOf((Not(OneOf("source", ("CNN",))),))


def test_two_dates_keep_the_stricter():
    assert read_query("after:2020 after:2021-03 before:2024 before:2022-01-05").condition == AllOf(
        (Published(date(2021, 3, 1), date(2022, 1, 5)),)
    )


def test_undated_articles_can_be_let_in():
    query = read_query("flood after:2020", include_undated=True)
    assert query.condition == AllOf((AnyOf((Published(date(2020, 1, 1), None), Undated())),))


def test_smart_quotes_are_quotes():
    assert read_query("“rate cut” „oil price“").phrases == ("rate cut", "oil price")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("at 10:30 sharp", "at 10:30 sharp"),
        ("see https://example.org/a", "see https://example.org/a"),
        ("-5 degrees", "-5 degrees"),
        ("well-known ex-minister", "well-known ex-minister"),
        ("[x]+ C++ a/b", "[x]+ C++ a/b"),
        ("and or not", "and or not"),
        ("wor*d word~", "wor*d word~"),
        ("AT&T $5bn", "AT&T $5bn"),
    ],
)
def test_what_only_looks_like_an_operator_is_text(text, words):
    assert read_query(text, now=TODAY) == Query(
        text=text, words=words, canonical=words, today=TODAY
    )


def test_an_open_quote_is_ignored_and_said():
    query = read_query('flood "old town')
    assert (query.words, query.phrases) == ("flood old town", ())
    assert query.notes == ("the quote at character 7 is not closed; it was ignored",)


def test_a_phrase_without_a_word_is_left_out_and_said():
    query = read_query('flood "?!" -"…"')
    assert (query.words, query.phrases, query.excluded) == ("flood", (), ())
    assert query.notes == (
        "“?!” holds no word and was left out",
        "“…” holds no word and was left out",
    )


def test_signs_alone_are_left_out_and_said():
    assert read_query("🔥 ?! source:CNN").notes == ("“🔥 ?!” holds no word and was left out",)
    assert read_query("rock & roll 🔥").notes == ()


@pytest.mark.parametrize(
    ("text", "position", "suggestion", "reason"),
    [
        ("flood sorce:CNN", 6, "source:CNN", "there is no field 'sorce'"),
        ("flood Covid:19", 6, '"Covid:19"', "there is no field 'Covid'"),
        ("flood before:yesteryear", 6, None, "before: 'yesteryear' is no date"),
        ("after:2022-13", 0, None, "after: '2022-13' is no date"),
        ("flood source:", 6, None, "source: needs a value"),
        ("x -after:2020", 2, "before:2020", "-after: cannot be read"),
        ("date:..", 0, None, "date: '..' is no date"),
        ("x after:10:30", 2, None, "after: '10:30' is no date"),
        ("after:(2020 OR 2021)", 15, None, "after: takes one value"),
        ("sort:(newest OR oldest)", 16, None, "sort: takes one value"),
        ("sort:first", 0, None, "sort: is one of relevance, newest, oldest, not 'first'"),
        ("recency:0d", 0, "recency:30d", "recency: '0d' is no half-life"),
        ('author:"J Roe"~3', 7, None, "author: takes whole values"),
        ("flood " + "(" * 21, 26, None, "parentheses stand more than 20 deep here"),
        ("elec* " * 11, 60, None, "more than 10 words with a star"),
    ],
)
def test_what_cannot_be_read_is_pointed_at(text, position, suggestion, reason):
    with pytest.raises(QueryError) as caught:
        read_query(text)
    error = caught.value
    assert (error.position, error.suggestion) == (position, suggestion)
    assert error.reason.startswith(reason)
    assert "\n  " + " " * position + "^" in str(error)


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("sorce:CNN flood", "source:CNN flood"),
        ("sorce:(CNN OR BBC) flood", "source:(CNN OR BBC) flood"),
        ("old town Covid:19 sort:newest", 'old town "Covid:19" sort:newest'),
        ('flood kovid:"a b"', 'flood "kovid:a b"'),
        ("sort:newst flood in texas", "sort:newest flood in texas"),
        ("a -after:2020 b", "a before:2020 b"),
        ("recency:0d floods", "recency:30d floods"),
    ],
)
def test_a_suggestion_takes_the_place_of_the_part_at_fault_alone(text, corrected):
    with pytest.raises(QueryError) as caught:
        read_query(text)
    assert caught.value.corrected == corrected
    read_query(corrected)


def test_without_a_suggestion_nothing_is_corrected():
    with pytest.raises(QueryError) as caught:
        read_query("flood before:yesteryear")
    assert caught.value.corrected is None


def test_the_caret_stands_below_the_fault_in_a_text_of_several_lines():
    with pytest.raises(QueryError) as caught:
        read_query("old\n\ttown sorce:CNN")
    assert caught.value.where == "old  town sorce:CNN\n          ^"
    assert str(caught.value).splitlines()[1:] == [
        "  old  town sorce:CNN",
        "            ^",
        "  write: source:CNN",
    ]


@pytest.mark.parametrize(("half_life", "days"), [("30d", 30), ("2W", 14), ("6m", 180), ("1y", 365)])
def test_a_half_life_is_counted_in_days(half_life, days):
    assert read_query(f"flood recency:{half_life}").half_life == days


@pytest.mark.parametrize("text", ["date:2022-05..2022-04", "before:0001", "before:0001-01-01"])
def test_a_range_of_no_days_is_said_to_be_one(text):
    query = read_query(f"flood OR {text}", now=TODAY)
    assert [chip.label for chip in query.chips] == ["“flood” or no day"]
    assert read_query(query.canonical).canonical == query.canonical
    assert [chip.label for chip in read_query("before:0001").chips] == ["no day"]


NO_DAY = "no day is on or after the one date and before the other"


@pytest.mark.parametrize(
    ("text", "after", "before"),
    [
        ("trump", "2020", "2019"),
        ("x before:2019", "2020", None),
        ("x after:2019", None, "2018"),
        ("x last week", None, "2018"),
        ("x after:2020 before:2019", None, None),
    ],
)
def test_dates_that_leave_no_day_are_said_wherever_they_are_given(text, after, before):
    assert read_query(text, after=after, before=before, now=TODAY).notes == (NO_DAY,)


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("sort:newest sort:oldest", ["sort: takes one value; oldest, the last, was used"]),
        ("mode:keyword x mode:Semantic", ["mode: takes one value; semantic, the last, was used"]),
        ("recency:3d recency:30d", ["recency: takes one value; 30d, the last, was used"]),
        ('like:a like:"b c"', ['like: takes one value; "b c", the last, was used']),
        ("undated:yes undated:no", ["undated: takes one value; no, the last, was used"]),
        ("sort:newest sort:NEWEST", []),
    ],
)
def test_of_a_setting_given_twice_the_last_is_used_and_said(text, notes):
    assert list(read_query(text).notes) == notes


def labels_and_texts(text):
    return {chip.label: chip.without for chip in read_query(text, now=TODAY).chips}


def test_hundreds_of_chips_take_no_longer_than_one():
    start = time.perf_counter()
    fields = " ".join(f"url:a{number}" for number in range(450))
    assert len(read_query(f"floods in 2020 {fields}").chips) == 451
    assert time.perf_counter() - start < 0.5


def test_a_chip_taken_away_leaves_a_date_in_words():
    assert labels_and_texts("floods last week -raid source:CNN") == {
        "without “raid”": "floods last week source:CNN",
        "source CNN": "floods last week -raid",
        "16–22 Nov 2026 (“last week”)": "floods last week -raid source:CNN dates:off",
    }
    assert labels_and_texts("in 2020 and in 2021 -raid") == {
        "without “raid”": "in 2020 and in 2021"
    }


@pytest.mark.parametrize(
    ("text", "label", "without"),
    [
        (
            'to -"a b" last week before:2023 on:2022-10-06',
            "6 Oct 2022",
            'to -"a b" last week dates:off',
        ),
        (
            "-5 from in October 2021 AND “x y” 24/7",
            "must contain “2021”",
            '-5 from in October "x y" 24/7 dates:off',
        ),
        (
            "floods in October -raid 2022",
            "without “raid”",
            "floods 2022 after:2026-10-01 before:2026-11-01",
        ),
    ],
)
def test_a_chip_taken_away_adds_no_date(text, label, without):
    assert labels_and_texts(text)[label] == without


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ('title:"a b"~3', "title “a b” within 3 words"),
        ('title:("a b"~3 OR dam)', "title “a b” within 3 words or dam"),
        ('-title:"a b"~3', "not title “a b” within 3 words"),
    ],
)
def test_a_distance_in_a_title_is_said(text, label):
    assert list(labels_and_texts(text)) == [label]


def test_what_is_joined_to_the_value_of_a_field_belongs_to_it():
    assert read_query("url:-a:b").condition == AllOf((UrlHas("-a:b"),))


def test_a_bad_date_beside_the_text_is_an_error_too():
    with pytest.raises(QueryError, match="after: 'soon' is no date"):
        read_query("flood", after="soon")


@pytest.mark.parametrize("values", ["", " ", ["CNN", ""]])
def test_an_empty_filter_beside_the_text_is_an_error_too(values):
    with pytest.raises(QueryError, match="source: an empty value"):
        read_query("flood", source=values)


def test_too_long_a_query_is_refused():
    with pytest.raises(QueryError, match="4001 characters"):
        read_query("x" * 4001)


def read_or_error(text, **options):
    try:
        return read_query(text, **options)
    except QueryError as error:
        return error


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_with_a_reason(text):
    outcome = read_or_error(text)
    if isinstance(outcome, QueryError):
        assert 0 <= outcome.position <= len(text)
        assert outcome.reason
    else:
        assert outcome.text == text
        assert read_or_error(outcome.canonical).words == outcome.words


_PIECES = st.sampled_from(
    """flood|dam|"rate cut"|-raid|-"oil field"|-"a:b"|-"5x"|-"-x"|source:CNN|source:"A B"
    |source:"//x"|-author:x|lang:de|after:2020|before:2021-02-03|ex-minister|AND|OR|NOT|(|)|-(|"
    |"a b"~3|elec*|title:x|-title:"x y"|title:(a OR b*)|url:x.org/a|-date:2020|on:yesterday
    |last week|in March 2020|since 2021|in October
    |2022|to|6 October 2021|and before 2026|this weekend|dates:off|undated:yes|sort:newest
    |mode:keyword|like:x-1
    |recency:2w|source:(A B OR "C D")|Brexit:|*|~4|"|5""".split("|")
)


@settings(max_examples=500)
@given(st.lists(_PIECES, max_size=9))
def test_the_canonical_text_means_the_same_on_any_day(pieces):
    query = read_or_error(" ".join(pieces), now=TODAY)
    if isinstance(query, QueryError):
        return
    again = read_query(query.canonical, now=date(1999, 1, 1))
    assert (again.words, again.condition) == (query.words, query.condition)
    assert again.canonical == query.canonical
    settings_read = ("like", "mode", "sort", "half_life")
    assert all(getattr(again, name) == getattr(query, name) for name in settings_read)
    for chip in query.chips:
        left = read_query(chip.without, now=TODAY)
        if chip.text != "dates:off":
            assert set(days_of(left)) <= set(days_of(query))


def days_of(query):
    """What it says of the day of publication, beside its choices."""
    for condition in query.condition.conditions:
        match condition:
            case Published() | AnyOf((Published(), Undated())):
                yield condition if isinstance(condition, Published) else condition.conditions[0]


@given(st.lists(_PIECES, min_size=200, max_size=400), st.integers(1, 40))
@settings(max_examples=30, deadline=1_000)
def test_a_long_query_is_read_at_once(pieces, repeated):
    read_or_error(" ".join(pieces * repeated)[:4_000])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (" OR ".join(["flood"] * 101), "101 words must or must not stand"),
        ('"' + "flood " * 101 + '"', "101 words must or must not stand"),
        (" ".join(["-flood"] * 101), "101 words must or must not stand"),
        ('"a b c d e f"~3 "g h i j k"~2', "11 words are to stand near one another"),
    ],
)
def test_more_than_a_search_can_look_for_is_refused(text, reason):
    with pytest.raises(QueryError, match=reason):
        read_query(text)
    read_query("flood " * 600)
