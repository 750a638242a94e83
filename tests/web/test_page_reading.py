"""What a reader reads in an open article, part by part, drawn without a browser."""

import re

import pytest
from page_articles import HOSTILE, LONG
from page_stories import COPIES, EVIL, WALL
from reading_the_page import button, html, passage_id, shown

from search import NewsIndex

pytestmark = pytest.mark.model
PARTS = ("text", "copies", "versions", "story", "cite")
ESCAPED = "&lt;img src=x onerror=alert(1)&gt;"


@pytest.fixture
def path(stories_path):
    return stories_path


@pytest.fixture
def read(draw, path):
    """Opens an article in one of its parts."""

    def read_part(part, **params):
        page = shown(draw(path, **params))
        return shown(page.button_group(key="reader-part").set_value(part).run())

    return read_part


def rows(page):
    """The articles that a list shows: what is said of each, and its headline."""
    said = re.findall(r'<p class="ns-meta">(.*?)</p>', html(page))
    return [re.sub("<.*?>", "", one).replace("·", " · ") for one in said]


def opening(page):
    return [one.label.replace("\\", "") for one in page.button if one.key.startswith("row-open")]


def body(page):
    return html(page).split('class="ns-body')[1].split(">", 1)[1]


def test_an_article_opens_at_its_passage_with_all_that_is_known_of_it(draw, path):
    with NewsIndex.open(path) as index:
        passage = index.passages("long")[2]
    page = shown(draw(path, open=passage.id))
    assert len(page.get("dialog")) == 1
    assert LONG.title in html(page)
    assert "Ida Brandt, Jon Vik" in html(page)
    assert "English" in html(page)
    assert f"{len(LONG.text.split()):,} words" in html(page)
    assert 'href="https://www.northern.example/storm?a=1&amp;b=2"' in html(page)
    assert 'rel="noopener noreferrer"' in html(page)
    marked = re.findall("<mark.*?>(.*?)</mark>", body(page))
    assert "".join("".join(marked).split()) == "".join(passage.text.split())
    assert "matching passage" not in html(page)


def test_a_date_says_how_much_of_it_is_known(draw, path):
    assert "May 2022 (day not known)" in html(draw(path, open=passage_id(path, "untitled")))
    assert "4 Mar 2022, 09:00 UTC" in html(draw(path, open="wall"))
    assert "undated" in html(draw(path, open="undated"))


def test_every_passage_that_matches_is_marked_and_steps_lead_through_them(draw, path):
    query, mode = "harbour roofs", "keywords"
    with NewsIndex.open(path) as index:
        matching = [
            one
            for one in index.marked("long", query, mode="keyword")
            if one.strength in ("strong", "likely")
        ]
    assert len(matching) > 1
    page = shown(draw(path, q=query, mode=mode, open="long"))
    assert f"{len(matching)} matching passage" in html(page)
    assert "<b>harbour</b>" in body(page)
    assert body(page).count('<mark class="best"') == len(matching)
    assert 'id="hit"' not in body(page)
    page = shown(button(page, "step-arrow_downward").click().run())
    assert page.query_params["open"] == matching[0].passage.id
    assert f"1 of {len(matching)} matching passage" in html(page)
    assert '<mark class="best" id="hit">' in body(page)
    assert button(page, "step-arrow_upward").disabled


def test_boilerplate_is_readable_but_quiet(draw, path):
    quiet = re.findall('<span class="ns-boilerplate">(.*?)</span>', body(draw(path, open="wall")))
    assert [one.strip() for one in quiet if one.strip()] == [
        "Sign up for our newsletter to get the news delivered to your inbox."
    ]


def test_copies_are_listed_by_time_with_the_first_the_longest_and_the_newest_named(read):
    page = read("copies", open="wall")
    listed = rows(page)[-4:]
    assert listed == [
        "Gull · 4 Mar 2022, 08:00 UTC · first published",
        "Tidewire · 4 Mar 2022, 09:00 UTC · this article",
        "Post · 4 Mar 2022, 12:00 UTC",
        "Echo · 5 Mar 2022, 15:00 UTC · newest · longest",
    ]
    first_sentence = WALL.text.split(" at their")[0]  # of the copy without a headline
    assert opening(page) == [COPIES[0].title, f"{first_sentence} at their…", COPIES[2].title]


def test_a_copy_opens_in_the_reader_at_its_text(read):
    page = shown(button(read("copies", open="wall"), "row-open-copies-wall-gull").click().run())
    assert page.query_params["open"] == "wall-gull"
    assert COPIES[0].title in html(page)
    assert page.button_group(key="reader-part").value == "text"


def test_a_copy_can_be_compared_with_the_article(read):
    page = read("copies", open="wall")
    assert "<ins" not in html(page)
    page = shown(page.selectbox(key="compare-wall").set_value(2).run())
    assert "<ins>Our reporter adds that the lamp was out too.</ins>" in html(page)
    assert f"<ins>Wall breaks {ESCAPED} :red[x]</ins>" in html(page)


def test_versions_show_what_changed_and_any_two_can_be_compared(read):
    page = read("versions", open="wall")
    assert "<del>one</del><ins>two</ins>" in html(page) or "one boat" in html(page)
    assert "<del>Harbour wall breaks</del>" in html(page)
    assert f"<ins>{WALL.title}</ins>" in html(page)
    newer = page.selectbox(key="newer-wall")
    assert newer.options[0] == "2 · now"
    page = shown(newer.set_value(1).run())
    assert "These two versions say the same." in html(page)


def test_one_version_alone_is_said_to_be(read):
    assert "one version" in read("versions", open="long").caption[-1].value


def test_the_story_is_what_came_before_and_after(read):
    page = read("story", open="wall")
    assert html(page).index("Background: earlier") < html(page).index("Follow-ups: later")
    assert "Council puts off repairs of the harbour wall" in opening(page)
    assert "Engineers blame mayor for broken harbour wall" in opening(page)
    assert not {COPIES[0].title, WALL.title} & set(opening(page))  # copies have their own list


def test_an_undated_article_has_no_before_and_after(read):
    page = read("story", open="undated")
    assert "no date" in page.caption[-1].value


def test_a_citation_is_there_to_copy_and_a_quotation_where_a_sentence_is_marked(read, path):
    assert (
        read("cite", open="wall")
        .code[0]
        .value.startswith(
            "Jon Vik, “Harbour wall gives way at Westerness”, Tidewire, 4 Mar 2022, "
            "https://tidewire.example/wall (accessed "
        )
    )
    assert len(read("cite", open="wall").code) == 3
    with_query = read("cite", q="wall gave way before dawn", open=passage_id(path, "wall"))
    assert with_query.code[1].value.startswith("“The harbour wall of Westerness gave way before")


@pytest.mark.parametrize("part", PARTS)
def test_hostile_news_is_text_in_every_part(read, part):
    for opened in ("hostile", "wall"):
        page = read(part, q="lighthouse keeper wall", open=opened)
        tags = set(re.findall(r"<(\w+)", html(page)))
        assert not tags & {"script", "img", "u", "i", "svg", "iframe", "object"}
        assert "javascript" not in html(page)
        assert 'href="https://evil' not in html(page)
        for one in page.button:
            assert ":red[" not in one.label


def test_hostile_versions_are_shown_as_they_were(read):
    page = read("versions", open="hostile")
    assert f"Later {ESCAPED}" in html(page)
    assert "<ins>&lt;u&gt;</ins>others<ins>&lt;/u&gt;</ins>" in html(page)


def test_hostile_copies_are_listed_as_they_were(read):
    assert f"Wall breaks {EVIL}" in opening(read("copies", open="wall"))


@pytest.mark.parametrize("part", PARTS)
def test_of_the_parts_that_are_closed_nothing_is_worked_out(draw, path, part, monkeypatch):
    """Each part asks the index for its own alone; a card asks for its copies once opened."""
    asked = set()
    for name in ("marked", "copies", "versions", "story", "background", "follow_ups"):
        method = getattr(NewsIndex, name)

        def noted(self, *given, _name=name, _method=method, **options):
            asked.add(_name)
            return _method(self, *given, **options)

        monkeypatch.setattr(NewsIndex, name, noted)
    page = draw(path, q="harbour wall Westerness")
    assert any("Also reported by" in one.proto.popover.label for one in page.get("popover"))
    assert asked == set()
    page = draw(path, q="harbour wall Westerness", open="wall")
    asked.clear()
    shown(page.button_group(key="reader-part").set_value(part).run())
    assert asked == {
        "text": {"marked"},
        "copies": {"copies"},
        "versions": {"versions"},
        "story": {"copies", "story", "background", "follow_ups"},
        "cite": {"marked"},
    }[part] | ({"marked"} if part == "text" else set())


def test_an_address_that_is_no_web_address_is_no_link(draw, path):
    page = shown(draw(path, open=passage_id(path, HOSTILE.id)))
    assert "Original at" not in html(page)
