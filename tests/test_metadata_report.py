import json
from collections import Counter
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Article, NewsIndex, SharedParagraph, Spike
from search.cli import main
from search.console import plain
from search.metadata_report import alike, report_of, spikes
from search.output import metadata_json
from search.printed_metadata import metadata_lines
from tests.words import WordEncoder

NOW = datetime(2026, 7, 1, 12, tzinfo=UTC)
FULL = Article(
    id="full",
    title="The dam held",
    text="The dam held through the night.\n\nSign up for our newsletter.",
    source="Gazette",
    authors=("Ada Byrne",),
    published=datetime(2026, 6, 30, 8, tzinfo=UTC),
    published_precision="second",
    url="https://gazette.example/dam",
    language="en",
)
BARE = Article(id="bare", text="Rain.", source="Gazette")


def of(articles):
    return report_of(articles, NOW)


def test_what_is_missing_is_counted_by_outlet():
    (gazette, other) = of([FULL, BARE, Article(id="c", text="Snow.", source="A Daily")]).outlets
    assert (gazette.outlet, gazette.articles, other.outlet) == ("Gazette", 2, "A Daily")
    assert (gazette.without_date, gazette.without_title, gazette.without_author) == (1, 1, 1)
    assert (gazette.without_url, gazette.without_language) == (1, 1)
    assert (gazette.precisions, gazette.languages) == ({"second": 1}, {"en": 1})


@pytest.mark.parametrize(
    ("published", "odd"),
    [
        (NOW + timedelta(minutes=1), (1, 0)),
        (NOW, (0, 0)),
        (NOW.date(), (0, 0)),
        (NOW.date() + timedelta(days=1), (1, 0)),
        (date(1989, 12, 31), (0, 1)),
        (date(1990, 1, 1), (0, 0)),
        (None, (0, 0)),
    ],
)
def test_odd_dates_are_counted(published, odd):
    (outlet,) = of([Article(id="a", text="Rain.", source="Gazette", published=published)]).outlets
    assert (outlet.future_dates, outlet.dates_before_1990) == odd


def test_flags_and_conflicts_are_counted():
    flagged = Article(
        id="a", text="Rain.", source="Gazette", extras={"flags": ["date_conflict", "stub"]}
    )
    (outlet,) = of(
        [flagged, Article(id="b", text="Rain.", source="Gazette", extras={"flags": 7})]
    ).outlets
    assert outlet.flags == {"date_conflict": 1, "stub": 1}
    assert outlet.conflicting_dates == 1


def test_a_link_that_another_article_has_is_repeated():
    urls = (
        "https://a.example/1",
        "http://www.a.example/1?utm_source=x",
        "https://a.example/2",
        None,
    )
    articles = [
        Article(id=str(n), text="Rain.", source="Gazette", url=url) for n, url in enumerate(urls)
    ]
    (outlet,) = of(articles).outlets
    assert outlet.repeated == 1


def test_paragraphs_of_many_articles_are_named_by_their_first_80_characters():
    note = "Sign up for our newsletter and never miss a story from the valley, or from the hills."
    articles = [
        Article(id=str(n), text=f"Story {n} begins.\n\n{note}\n\n{note}", source="Gazette")
        for n in range(6)
    ]
    few = [Article(id=f"f{n}", text=f"Tale {n}.\n\n{note}", source="Herald") for n in range(4)]
    gazette, herald = of([*articles, *few]).outlets
    assert gazette.shared_paragraphs == (SharedParagraph(note[:80], 6),)
    assert herald.shared_paragraphs == ()


def test_a_paragraph_in_fewer_than_one_of_a_hundred_articles_is_not_shared():
    articles = [
        Article(id=str(n), text="An old note." if n < 5 else f"Story {n} begins.", source="Gazette")
        for n in range(501)
    ]
    assert of(articles).outlets[0].shared_paragraphs == ()
    assert len(of(articles[:500]).outlets[0].shared_paragraphs) == 1


def test_a_day_that_stands_out_is_a_spike():
    usual = {date(2026, 1, day): 3 + day % 2 for day in range(1, 20)}
    found = spikes(Counter(usual) + Counter({date(2026, 2, 1): 40, date(2026, 2, 2): 12}))
    assert found == (Spike(date(2026, 2, 1), 40),)
    assert spikes(Counter({date(2026, 2, 1): 40})) == ()
    assert spikes(Counter({date(2026, 1, day): 400 for day in range(1, 20)})) == ()


@given(st.dictionaries(st.dates(), st.integers(1, 1000)))
def test_any_days_can_be_looked_at_and_half_of_them_at_most_stand_out(days):
    assert 2 * len(spikes(Counter(days))) <= len(days)


def test_names_that_differ_in_spelling_look_alike():
    names = [
        "Des Moines Register",
        "DesMoines Register",
        "Valley.example",
        "The Valley",
        "Valley",
        "Hill",
    ]
    assert alike(names) == (
        ("Des Moines Register", "DesMoines Register"),
        ("The Valley", "Valley", "Valley.example"),
    )
    assert alike(["The Times", "Times of India", "BBC Sport", "BBC"]) == ()


@pytest.fixture
def index(tmp_path):
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as opened:
        opened.add([FULL, BARE, Article(id="c", text="Sleet.", source="Odd\u202e\x1b[31m Daily")])
        yield opened


def test_an_index_tells_of_every_article_and_stays_as_it_was(index):
    before = index.stats()
    told = index.metadata_report()
    assert (told.articles, told.outlets[0].outlet) == (3, "Gazette")
    assert index.stats() == before


def test_the_report_is_json_and_lines_that_are_safe_to_print(index):
    told = index.metadata_report()
    assert json.loads(json.dumps(metadata_json(told)))["outlets"][0] == {
        **asdict(told.outlets[0]),
        "spikes": [],
        "shared_paragraphs": [],
    }
    lines = [plain(line) for line in metadata_lines(told)]
    assert lines[0].startswith("3 articles of 2 outlets in ")
    assert any(line.split()[:3] == ["Gazette", "2", "50%"] for line in lines)
    assert not any("\x1b" in line or "\u202e" in line for line in lines)


def test_an_empty_index_has_nothing_to_tell():
    assert [plain(line) for line in metadata_lines(of([]))] == ["0 articles of 0 outlets in 0.0 s"]


def test_the_command_prints_it(index, capsys):
    assert main(["doctor", "--metadata", "--index", str(index.path)]) == 0
    assert "3 articles of 2 outlets" in capsys.readouterr().out
    assert main(["doctor", "--metadata", "--json", "--index", str(index.path)]) == 0
    assert json.loads(capsys.readouterr().out)["articles"] == 3
    with pytest.raises(SystemExit):
        main(["doctor", "--metadata", "--repair", "--index", str(index.path)])
