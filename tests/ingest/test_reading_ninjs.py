"""ninjs in its three shapes, one item or many, among JSON of any other kind."""

import json
from datetime import UTC, datetime

import pytest

from search.types import Article, Withdrawal
from tests.ingest.wire_items import TEXT, ninjs_1, ninjs_3

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
FIRST, SECOND = ninjs_1(uri="urn:1"), ninjs_3(uri="urn:2")


@pytest.fixture(autouse=True)
def _today(monkeypatch):
    monkeypatch.setattr("search.ingest.wire.now", lambda: NOW)


@pytest.mark.parametrize("item", [ninjs_1(), ninjs_3()])
def test_both_shapes_say_the_same(read_as, item):
    [article] = read_as(json.dumps(item))
    assert (article.id, article.title, article.text) == ("urn:tidewire:dam", "Dam breaks", TEXT)
    assert (article.source, article.authors) == ("Tidewire", ("Ada Byrne",))
    assert article.published == datetime(2026, 2, 12, 4, tzinfo=UTC)
    assert article.updated == datetime(2026, 2, 12, 6, 30, tzinfo=UTC)
    assert (article.language, article.version) == ("en-GB", 3)
    assert article.extras["status"] == "usable"
    assert article.extras["guid"] == article.id


@pytest.mark.parametrize(
    "content",
    [
        json.dumps([FIRST, SECOND]),
        json.dumps({"items": [FIRST, SECOND]}),
        json.dumps({"data": {"total": 2, "items": [FIRST, SECOND]}}),
        f"{json.dumps(FIRST)}\n{json.dumps(SECOND)}\n",
    ],
)
def test_items_are_found_in_arrays_wrappers_and_lines(read_as, content):
    assert [article.id for article in read_as(content)] == ["urn:1", "urn:2"]


def test_items_and_other_articles_mix(read_as):
    lines = [json.dumps(item) for item in (FIRST, {"id": "7", "text": TEXT}, SECOND)]
    assert [article.id for article in read_as("\n".join(lines))] == ["urn:1", "7", "urn:2"]


def test_a_mapping_overrules(read_as):
    [article] = read_as(json.dumps(ninjs_1(summary_x="Mapped")), mapping={"text": "summary_x"})
    assert article.text == "Mapped"


@pytest.mark.parametrize(
    "headline", ["Dam breaks", ["Dam breaks", "Dam gone"], [{"role": "main", "value": "x"}]]
)
def test_a_headline_is_a_text_or_a_list(read_as, headline):
    item = ninjs_1(headline=headline, headlines=[{"value": "Dam breaks"}])
    assert read_as(json.dumps(item))[0].title == "Dam breaks"


@pytest.mark.parametrize(
    ("bodies", "text"),
    [
        ({"body_text": "", "body_xhtml": "<p>A &amp; B</p><p>C<br/>D"}, "A & B\n\nC\nD"),
        ({"body_text": None, "body_html": "No tag,\n  two lines"}, "No tag, two lines"),
        ({"body_text": "Dam breaks\nIt broke."}, "It broke."),
        ({"body_text": "A" * 130 + "\n" + "B" * 130}, "A" * 130 + "\n\n" + "B" * 130),
        ({"body_text": "Wrapped\nlines."}, "Wrapped\nlines."),
    ],
)
def test_bodies_become_paragraphs(read_as, bodies, text):
    assert read_as(json.dumps(ninjs_1(**bodies)))[0].text == text


def test_a_first_paragraph_kept_apart_comes_first(read_as):
    lead = [{"role": "lead", "value": "Forty are dead."}]
    assert read_as(json.dumps(ninjs_3(descriptions=lead)))[0].text == f"Forty are dead.\n\n{TEXT}"
    again = [{"role": "lead", "value": TEXT.split("\n")[0]}]
    assert read_as(json.dumps(ninjs_3(descriptions=again)))[0].text == TEXT


def test_a_description_alone_is_a_stub(read_as):
    item = ninjs_1(body_text=None, description_text="The dam is gone.")
    [article] = read_as(json.dumps(item))
    assert article.text == "The dam is gone."
    assert "stub" in article.extras["flags"]


@pytest.mark.parametrize("associated", [list, lambda found: {"mainpic": found[0]}])
def test_associated_pictures_leave_their_captions(read_as, associated):
    picture = {"uri": "urn:p", "type": "picture", "description_text": "A gate, broken."}
    [article] = read_as(json.dumps(ninjs_1(associations=associated([picture]))))
    assert article.extras["captions"] == ["A gate, broken."]
    assert article.extras["associated"] == ["urn:p"]


@pytest.mark.parametrize("kind", ["picture", "graphic", "event", "planning", "audio", "video"])
def test_other_kinds_are_skipped(reading_of, kind):
    item = ninjs_1(type=kind, body_text=None, description_text="A caption.")
    reading = reading_of(json.dumps([item, FIRST]))
    assert [article.id for article in reading] == ["urn:1"]
    assert f": a ninjs {kind}" in reading.skipped[0]


def test_a_film_with_its_script_is_an_article(read_as):
    assert isinstance(read_as(json.dumps(ninjs_1(type="video")))[0], Article)


def test_a_text_without_text_is_rejected(read_as):
    [reject] = read_as(json.dumps(ninjs_1(body_text=" ")))
    assert reject.code == "no_text"


@pytest.mark.parametrize("status", ["canceled", "withheld", "Canceled"])
@pytest.mark.parametrize("item", [ninjs_1, ninjs_3])
def test_a_kill_is_a_withdrawal(read_as, item, status):
    key = "pubstatus" if item is ninjs_1 else "pubStatus"
    for changes in ({}, {"body_text": None, "bodies": []}):
        [notice] = read_as(json.dumps(item(**{key: status}, **changes)))
        assert isinstance(notice, Withdrawal)
        assert (notice.article_id, notice.reason, notice.version) == (
            "urn:tidewire:dam",
            status.lower(),
            3,
        )


def test_an_embargoed_item_is_held(read_as):
    [reject] = read_as(json.dumps(ninjs_1(embargoed="2026-03-01T13:00:00Z")))
    assert (reject.code, "2026-03-01T13:00:00" in reject.message) == ("embargoed", True)
    assert isinstance(read_as(json.dumps(ninjs_1(embargoed="2026-03-01T11:00:00Z")))[0], Article)


@pytest.mark.parametrize(
    "changes",
    [
        {"headline": 7},
        {"headlines": {"a": 1}, "bodies": "x"},
        {"bodies": [None, 7, {"value": [TEXT, None]}, {"role": None, "value": 3}]},
        {"associations": {"a": None, "b": [1]}, "subject": [None, {"name": 3}, 7]},
        {"version": 10**30, "pubstatus": ["canceled"], "byline": {"x": 1}, "language": []},
        {"version": True, "firstcreated": {}, "copyrightholder": [], "infosource": 4},
        {"type": ["text"], "standard": "ninjs", "embargoed": None},
    ],
)
def test_wrong_types_are_survived(read_as, changes):
    [item] = read_as(json.dumps(ninjs_1(**changes)))
    assert item.text == TEXT
