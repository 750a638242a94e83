"""What a reader reads in each state of the page, drawn without a browser."""

import logging
import re
import sqlite3
from contextlib import closing
from datetime import date
from html import unescape

import pytest
from page_articles import ARTICLES
from reading_the_page import button, cards, html, labels, passage_id, shown

from search import NewsIndex
from search.errors import ModelError, StoreError
from search.query import read_query
from search.types import Article, Progress
from search.underway import Underway
from search.web import archive
from search.web.home import example_queries
from search.web.sidebar import option_label

pytestmark = pytest.mark.model


LONG_NAME = "Lighthouse" * 15


@pytest.fixture(scope="module")
def many_outlets(tmp_path_factory):
    """An index of 60 outlets, and of three with names too long for any line."""
    path = tmp_path_factory.mktemp("many") / "index"
    with NewsIndex.open(path) as index:
        index.add(
            [
                Article(
                    id=name[-9:],
                    title="ميناء " * 80 if name.startswith(LONG_NAME) else f"Council {name}",
                    text=f"The council met again, says {name[-9:]}.",
                    source=name,
                    section="Local",
                    published=date(2022, 5, 1 + (name[-1] == "a")),
                    published_precision="day",
                )
                for name in [
                    *(f"Gull {number}" for number in range(60)),
                    *(f"{LONG_NAME}{end}" for end in ("-a", "-b")),
                ]
            ]
        )
        index.add([Article(id="lamp", text="A new lamp.", source="Lamp", section="Local")])
    return path


def test_long_names_are_shortened_wherever_they_stand(draw, many_outlets):
    page = shown(draw(many_outlets))
    titles = [found.label for found in page.button if found.key.startswith("open-")]
    assert titles[0] == "\u2068" + " ".join(["ميناء"] * 26) + "…\u2069"
    assert f'<bdi class="ns-outlet">{LONG_NAME[:80]}…</bdi>' in html(page)
    page = shown(draw(many_outlets, src=[f"{LONG_NAME}-a"], mode="keywords"))
    assert f'<bdi class="ns-outlet">{LONG_NAME[:80]}…</bdi>' in cards(page)[0]
    page = shown(draw(many_outlets, open=f"{LONG_NAME}-a"[-9:]))
    assert f'<bdi class="ns-outlet">{LONG_NAME[:80]}…</bdi>' in html(page)
    assert LONG_NAME not in html(page)


def test_options_that_would_read_the_same_shortened_are_written_out(draw, many_outlets):
    """A control knows them apart by what is written."""
    page = shown(draw(many_outlets, q="council", mode="keywords"))
    options = page.multiselect(key="facet-source").options
    assert [name for name in options if name.startswith(LONG_NAME[:80])] == [
        option_label(f"{LONG_NAME}-a", 1),
        option_label(f"{LONG_NAME}-b", 1),
    ]
    page = shown(page.multiselect(key="facet-source").set_value([f"{LONG_NAME}-b"]).run())
    assert page.query_params["src"] == f"{LONG_NAME}-b"
    assert len(cards(page)) == 1


def test_an_option_of_a_long_name_is_shortened(draw, tmp_path):
    path = tmp_path / "index"
    with NewsIndex.open(path) as index:
        index.add([Article(id="one", text="The council met.", source=LONG_NAME)])
        index.add([Article(id="two", text="It met again.", source="Gull")])
    pills = shown(draw(path)).button_group(key="facet-source").proto.options
    assert [one.content for one in pills] == ["Gull :gray[1]", f"{LONG_NAME[:80]}… :gray[1]"]


def test_a_first_visit_says_what_there_is_and_what_to_try(draw):
    page = shown(draw())
    assert f"Search {len(ARTICLES)} articles by meaning" in html(page)
    assert "Newest in the archive" in html(page)
    assert len([found for found in page.button if found.key.startswith("open-")]) == 5
    assert len([found for found in page.button if found.key.startswith("example-")]) == 3
    assert page.query_params == {}
    assert "from 4 outlets, 10 Jan 2022 to 19 Jun 2022, 1 of them undated" in html(page)
    assert len(page.get("vega_lite_chart")) == 1


@pytest.mark.parametrize("number", [0, 1, 2])
def test_an_example_is_searched_when_chosen_and_finds_what_it_was_made_of(draw, number):
    page = draw()
    query = button(page, f"example-{number}").label.replace("\\", "")
    page = shown(button(page, f"example-{number}").click().run())
    assert page.text_input(key="text").value == query
    assert page.query_params["q"] == query
    topic = re.split(r" source:| date:\d{4}-\d{2}$", query)[0].split()
    headlines = [unescape(card).partition("<h3")[2].partition("</h3>")[0] for card in cards(page)]
    assert any(all(word in headline for word in topic) for headline in headlines)


@pytest.mark.parametrize(
    ("title", "query"),
    [
        ("6. Sitzung des Rats", "6. Sitzung des Rats"),
        ("U.S. troops: 3.5 percent (more)", "U.S. troops 3.5 percent more"),
        ('Rain "AND" storm... or .hidden - NOT', "Rain and storm. or hidden not"),
    ],
)
def test_an_example_is_its_headline_but_for_what_a_query_would_read_otherwise(title, query):
    assert example_queries([Article(id="one", title=title, text="It rained.")]) == [query]
    assert read_query(query).words == query
    assert read_query(query).chips == ()


def test_a_query_gives_ten_cards_with_its_words_bold_and_its_address(draw):
    page = shown(draw().text_input(key="text").set_value("storm harbour wall").run())
    assert len(cards(page)) == 10
    assert any("<b>harbour</b>" in card for card in cards(page))
    assert page.query_params == {"q": "storm harbour wall"}


def test_a_link_sets_every_control(draw):
    page = shown(
        draw(q="harbour", sec=["Local"], mode="keywords", sort="newest", range=["2022-02-01", ""])
    )
    assert page.text_input(key="text").value == "harbour"
    assert page.button_group(key="mode").value == "keyword"
    assert page.button_group(key="sort").value == "newest"
    assert page.button_group(key="facet-section").value == ["Local"]
    assert "1 Feb 2022 – …" in [label.replace("\\", "") for label in labels(page)]
    dates = [card.split('datetime="')[1][:10] for card in cards(page)]
    assert dates == sorted(dates, reverse=True)
    assert min(dates) >= "2022-02-01"


@pytest.mark.parametrize("control", ["mode", "sort", "group", "when"])
def test_a_control_that_comes_empty_from_the_browser_changes_nothing(draw, control):
    asked = {"q": "harbour", "mode": "keywords", "sort": "newest", "group": "none", "when": "year"}
    page = draw(**asked)
    page = shown(page.button_group(key=control).set_value(None).run())
    assert page.query_params == asked
    assert page.button_group(key=control).value is not None


def test_what_a_link_asks_for_in_vain_is_dropped_and_said(draw):
    page = shown(draw(q="harbour", src=["Daily Gull", "No <b>Such</b>"], mode="sideways"))
    assert page.query_params == {"q": "harbour", "src": "Daily Gull"}
    assert "outlet “No &lt;b&gt;Such&lt;/b&gt;”" in html(page)
    assert "ranking “sideways”" in html(page)


def notes(page):
    return [unescape(one) for one in re.findall('<p class="ns-note".*?>(.*?)</p>', html(page))]


def test_many_values_asked_for_in_vain_are_said_in_one_note_and_those_beyond_in_another(draw):
    page = shown(draw(q="harbour", mode="keywords", src=["x" * 900, *map(str, range(900))]))
    assert page.query_params == {"q": "harbour", "mode": "keywords"}
    assert notes(page) == [
        "This link asked for more than 50 values for outlet; only the first 50 were looked at.",
        f"This link asked for outlet “{'x' * 60}…”, “0”, “1” and 47 more, which are not here;"
        " they were left out.",
    ]


def test_a_page_beyond_the_last_becomes_the_first(draw):
    page = shown(draw(q="harbour", page="99"))
    assert page.query_params == {"q": "harbour"}
    assert 'ns-rank">1<' in cards(page)[0]


def test_the_second_page_goes_on_where_the_first_ended_and_a_change_leads_back(draw):
    page = shown(draw(q="harbour", page="2"))
    assert 'ns-rank">11<' in cards(page)[0]
    page = shown(page.button_group(key="sort").set_value("newest").run())
    assert page.query_params == {"q": "harbour", "sort": "newest"}
    assert 'ns-rank">1<' in cards(page)[0]


def test_a_range_takes_in_its_first_and_its_last_day(draw):
    page = shown(draw(q="storm", range=["2022-03-04", "2022-03-04"]))
    assert {card.split('datetime="')[1][:10] for card in cards(page)} == {"2022-03-04"}
    assert button(page, "chip-dates").label == "4 Mar 2022 – 4 Mar 2022"


@pytest.mark.parametrize("day", ["0001-01-01", "2000-01-01", "2035-01-01", "9999-12-30"])
@pytest.mark.parametrize("ends", [(True, False), (False, True), (True, True)])
def test_a_range_away_from_every_article_is_answered(draw, day, ends):
    asked = [day if is_named else "" for is_named in ends]
    page = shown(draw(range=asked))
    assert page.query_params == {"range": asked}
    after, before = (not is_named or (day > "2022") == is_last
                     for is_named, is_last in zip(ends, (False, True), strict=True))  # fmt: skip
    assert bool(cards(page)) == (after and before)


@pytest.mark.parametrize(("first", "found"), [("", 10), ("2022-06-01", 2), ("9999-12-31", 0)])
def test_a_range_up_to_the_last_day_there_is_has_no_end(draw, first, found):
    page = shown(draw(q="harbour", range=[first, "9999-12-31"]))
    assert page.query_params == {"q": "harbour"} | ({"range": [first, ""]} if first else {})
    assert len(cards(page)) == found


def test_a_chip_takes_its_filter_back_and_clear_all_takes_all(draw):
    page = draw(q="harbour", src=["Daily Gull"], sec=["Local"])
    page = shown(button(page, "chip-source").click().run())
    assert page.query_params == {"q": "harbour", "sec": "Local"}
    page = shown(button(page, "clear-all").click().run())
    assert page.query_params == {"q": "harbour"}
    assert page.button_group(key="facet-section").value == []


def test_a_facet_counts_under_the_other_filters_so_that_it_can_be_widened(draw):
    page = draw(q="harbour", sec=["Local"])
    options = page.button_group(key="facet-section").options
    assert len(options) > 1
    sources = [
        option.content.split(" :gray")[0].replace("\\", "")
        for option in page.button_group(key="facet-source").proto.options
    ]
    assert sorted(sources) == ["Daily Gull", "Northern Echo & Post"]


def test_labels_made_of_news_are_escaped(draw):
    contents = [o.content for o in draw().button_group(key="facet-section").proto.options]
    assert any(content.startswith(r"\`code\` \$a\$ \-\- :gray") for content in contents)


def test_undated_articles_that_a_date_leaves_out_can_be_included(draw):
    page = shown(draw(q="ferry", when="year"))
    assert button(page, "undated").label == "1 undated left out: include"
    page = shown(button(page, "undated").click().run())
    assert page.query_params == {"q": "ferry", "when": "year", "undated": "1"}
    assert any("Ferry timetable" in card for card in cards(page))


def test_nothing_found_offers_to_drop_what_was_typed(draw):
    page = draw(q='harbour source:"Daily Gull" section:World')
    offered = {
        found.key: found.label for found in page.button if found.key.startswith("without-read-")
    }
    assert list(offered.values()) == [
        r"Without source\:\"Daily Gull\"\: 10",
        r"Without section\:World\: 6",
    ]
    assert "Nothing in the archive is what the filters ask for" in page.main.caption[-1].value
    page = shown(button(page, next(iter(offered))).click().run())
    assert cards(page)


def test_nothing_found_names_what_each_filter_keeps_away(draw):
    page = shown(draw(q="lighthouse", mode="keywords", src=["Daily Gull"]))
    assert "Nothing matched" in html(page)
    assert button(page, "without-source").label == r"Without Daily Gull\: 1"
    page = shown(button(page, "without-source").click().run())
    assert len(cards(page)) == 1


def test_no_good_match_names_the_filter_without_which_there_is_one(draw):
    page = shown(draw(q="seals in the bay", src=["Daily Gull"], sec=["Local"]))
    assert "No good match" in html(page)
    offered = [found.label for found in page.button if found.key.startswith("without-")]
    assert offered == [r"Without Local\: 1"]
    page = shown(button(page, "without-section").click().run())
    assert "No good match" not in html(page)
    assert "Children counted eleven" in cards(page)[0]


def test_of_many_filters_all_of_a_field_are_tried_as_one(draw, many_outlets, monkeypatch):
    names = [f"Gull {number}" for number in range(60)]
    whole, asked = NewsIndex.search, []
    monkeypatch.setattr(
        NewsIndex,
        "search",
        lambda index, *given, **how: asked.append(how) or whole(index, *given, **how),
    )
    page = shown(draw(many_outlets, q="lamp", mode="keywords", src=names, sec=["Local"]))
    offered = [found.label for found in page.button if found.key.startswith("without-")]
    assert offered == [r"Without Outlet \(50 chosen\)\: 1"]
    assert (
        len([how for how in asked if how.get("k") == 1 and not how.get("with_facets", True)]) == 2
    )
    assert len([found for found in page.button if found.key.startswith("chip-")]) == 51
    page = shown(button(page, "without-source").click().run())
    assert page.query_params == {"q": "lamp", "mode": "keywords", "sec": "Local"}
    assert len(cards(page)) == 1


def test_a_filter_takes_no_more_values_than_a_link(draw, many_outlets):
    page = shown(draw(many_outlets, q="council"))
    assert page.multiselect(key="facet-source").proto.max_selections == 50


def test_hits_are_drawn_before_what_is_searched_beside_them(draw, monkeypatch):
    whole = NewsIndex.search

    def search_for_hits_alone(index, *args, **asked):
        return whole(index, *args, **asked) if asked.get("with_evidence") else 1 / 0

    page = draw(q="seals in the bay", src=["Daily Gull"])
    monkeypatch.setattr(NewsIndex, "search", search_for_hits_alone)
    page.query_params["sec"] = ["Local"]
    page = page.run()
    assert len(page.error) == 1
    assert "No good match" in html(page)
    assert len(cards(page)) == 5


def test_a_page_drawn_again_searches_nothing_again(draw, monkeypatch):
    asked = {"q": "seals in the bay", "src": ["Daily Gull"], "sec": ["Local"]}
    page = draw(**asked)
    offered = [found.label for found in page.button if found.key.startswith("without-")]
    monkeypatch.setattr(NewsIndex, "search", lambda *_, **__: 1 / 0)
    page = shown(page.run())
    assert [found.label for found in page.button if found.key.startswith("without-")] == offered
    assert offered != []


def test_an_archive_that_is_being_built_says_so_and_shows_what_there_is(draw, tmp_path):
    path = tmp_path / "growing"
    with NewsIndex.open(path) as index:
        index.add(ARTICLES[:1])
        index.remove(ARTICLES[0].id)
        with Underway(path):
            page = shown(draw(path))
            assert "This archive is being built" in html(page)
            assert "Articles are being added: 0 so far.</p>" in html(page)
        index.add(ARTICLES[:1])
        with Underway(path) as adding:
            adding.note(Progress(1, 2, 1, 3, 0.5))
            page = shown(page.run())
            assert "This archive is being built" not in html(page)
            assert "Search 1 article by meaning" in html(page)
            assert (
                "Articles are being added: 1 so far (50%). What is there can be searched.</p>"
            ) in html(page)
    page = shown(page.run())
    assert "Search 1 article by meaning" in html(page)
    assert "being added" not in html(page)


def test_a_query_that_cannot_be_read_is_explained(draw):
    page = draw(q="harbour before:yesteryear")
    assert not page.exception
    assert "The query could not be read" in page.warning[0].value
    assert page.code[0].value.startswith("harbour before:yesteryear\n")
    assert page.text_input(key="text").value == "harbour before:yesteryear"


def test_a_query_that_is_too_long_is_cut_and_said(draw):
    page = shown(draw().text_input(key="text").set_value("harbour " * 100).run())
    assert len(page.query_params["q"]) <= 512
    assert "only its beginning was searched" in html(page)


def test_an_address_that_is_no_web_address_is_no_link(draw, index_path):
    page = shown(draw(open=passage_id(index_path, "hostile")))
    assert "Original at" not in html(page)
    assert "javascript" not in html(page)


def test_an_article_that_is_gone_is_said_to_be(draw):
    page = shown(draw(q="harbour", open="nowhere"))
    assert page.info[0].value == "This article is no longer in the archive."
    assert len(cards(page)) == 10


def test_similar_passages_take_the_place_of_the_query(draw, index_path):
    page = draw(q="storm", sec=["World"])
    page = shown(button(page, "similar-").click().run())
    assert set(page.query_params) == {"like", "sec"}
    assert page.text_input(key="text").value == ""
    assert button(page, "chip-like").label.startswith(r"Similar to\: ")
    page = shown(page.text_input(key="text").set_value("ferry").run())
    assert page.query_params == {"q": "ferry", "sec": "World"}


def test_without_a_title_the_first_sentence_stands_in_italics_and_is_called_so(draw):
    page = shown(draw(q="seals in the bay"))
    assert (
        '<span class="ns-hidden">untitled: </span>'
        "<em>Harbour seals came back to the bay this week.</em>"
    ) in cards(page)[0]
    assert '<time datetime="2022-05">May 2022</time>' in cards(page)[0]


def test_without_an_index_the_page_names_the_command_and_goes_on_once_there_is_one(draw, tmp_path):
    path = tmp_path / "later"
    page = shown(draw(path))
    assert "There is no index yet" in html(page)
    assert page.code[0].value == f"news-search add ARTICLES/ --index {path}"
    with NewsIndex.open(path) as index:
        index.add(ARTICLES[:2])
    page = shown(page.run())
    assert "Search 2 articles by meaning" in html(page)


def test_a_reader_who_clicks_the_name_before_there_is_an_index_goes_on_too(draw, tmp_path):
    path = tmp_path / "later"
    page = shown(draw(path))
    page = shown(button(page, "home").click().run())
    assert "There is no index yet" in html(page)
    with NewsIndex.open(path) as index:
        index.add(ARTICLES[:2])
    page = shown(page.run())
    assert "Search 2 articles by meaning" in html(page)


def test_an_index_of_another_format_is_refused_with_the_way_out(draw, tmp_path):
    path = tmp_path / "old"
    with NewsIndex.open(path) as index:
        index.add(ARTICLES[:2])
    with closing(sqlite3.connect(next(path.glob("*/meta.db")))) as database, database:
        database.execute("UPDATE state SET format = 99")
    page = shown(draw(path))
    assert "cannot be read by this version or model" in html(page)
    assert f"news-search doctor --index {path}" in page.code[-1].value


def test_a_failure_is_told_in_a_sentence_with_a_reference_to_the_log(draw, monkeypatch, caplog):
    page = draw()
    monkeypatch.setattr(NewsIndex, "search", lambda *_, **__: 1 / 0)
    with caplog.at_level(logging.ERROR):
        page.text_input(key="text").set_value("harbour").run()
    assert not page.exception
    reference = page.error[0].value.split("reference ")[1].rstrip(".")
    assert reference in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert "ZeroDivisionError" not in page.error[0].value


@pytest.mark.parametrize(
    ("error", "is_opened_anew"),
    [
        (StoreError("no room"), True),
        (OSError("disk gone"), True),
        (ZeroDivisionError(), False),
        (ModelError("no model"), False),
    ],
)
def test_the_archive_is_opened_anew_only_where_it_may_be_what_failed(
    draw, monkeypatch, error, is_opened_anew
):
    def fail(*_, **__):
        raise error

    page = draw()
    before = archive.open_archive()
    monkeypatch.setattr(NewsIndex, "search", fail)
    page = page.text_input(key="text").set_value("harbour").run()
    assert "The log has the details under reference" in page.error[0].value
    assert (archive.open_archive() is not before) is is_opened_anew
    before.settled.wait()
    before.index.close()
