"""What an article said before: kept by adding, shown by the API and the command."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from search import Article, ArticleNotFound, NewsIndex, difference
from search.cli import main
from search.output import copies_json, difference_json, versions_json
from search.types import Copies, Copy
from tests.ingest.wire_items import TEXT, ninjs_1
from tests.words import WordEncoder

BODY = " ".join(f"story{number}" for number in range(80))
FIRST = Article(
    "dam",
    f"The dam broke on Tuesday.\n\n{BODY}\n\nNobody was to blame, the operator said.",
    title="Dam breaks",
    source="Tidewire",
    published=date(2026, 2, 3),
)
SECOND = replace(
    FIRST,
    title="Operator blamed for dam",
    text=f"The dam broke on Tuesday.\n\n{BODY}\n\nThe operator was to blame, a judge said.",
    authors=("Ann Lee",),
)


@pytest.fixture
def index(tmp_path, monkeypatch):
    monkeypatch.setenv("NEWS_SEARCH_INDEX", str(tmp_path / "index"))
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as opened:
        yield opened


@pytest.fixture
def add(index, tmp_path):
    """Adds ninjs items, one JSON line each."""

    def add(*items):
        path = tmp_path / "wire.jsonl"
        path.write_text("".join(json.dumps(item) + "\n" for item in items))
        return index.add(path)

    return add


def wire(number, uri="urn:a", **changes):
    hour = f"2026-02-12T{number % 24:02}:00:00Z"
    text = f"{TEXT} Version {number}."
    return ninjs_1(
        uri=uri, version=str(number), versioncreated=hour, **{"body_text": text, **changes}
    )


def numbers(index, article_id="urn:a"):
    return [one.article.version for one in index.versions(article_id)]


def kept(index):
    """As kept, without what reading adds."""
    return [(one.article.title, one.article.text) for one in index.versions("dam")]


def test_a_newer_version_replaces_the_older_and_keeps_it(index):
    before = datetime.now(UTC)
    index.add([FIRST])
    report = index.add([SECOND])
    assert (report.updated, report.unchanged) == (1, 0)
    assert index.article("dam").text == SECOND.text
    assert kept(index) == [(one.title, one.text) for one in (SECOND, FIRST)]
    now, was = index.versions("dam")
    assert now.replaced_at is None
    assert before <= was.replaced_at <= datetime.now(UTC)
    assert index.search('"Nobody was to blame"').total == 0
    assert index.search('"a judge said"').total == 1


def test_the_same_again_and_what_was_there_before_make_no_version(index):
    index.add([FIRST])
    index.add([SECOND])
    report = index.add([SECOND, FIRST, SECOND, replace(SECOND, extras={"flags": ["stub"]})])
    assert (report.updated, report.unchanged) == (0, 4)
    assert len(index.versions("dam")) == 2


def test_without_numbers_what_is_added_later_is_newer_also_in_one_run(index):
    third = replace(SECOND, title="Judge speaks")
    index.add([SECOND, FIRST, third])
    assert kept(index) == [(one.title, one.text) for one in (third, FIRST, SECOND)]


def test_an_article_that_is_not_there_has_no_versions(index):
    index.add([FIRST])
    for ask in (index.versions, index.copies):
        with pytest.raises(ArticleNotFound):
            ask("nobody")


def test_removed_articles_have_no_past(index):
    index.add([FIRST])
    index.add([SECOND])
    assert index.remove("dam") == 1
    with pytest.raises(ArticleNotFound):
        index.versions("dam")
    index.add([FIRST])
    assert len(index.versions("dam")) == 1
    assert index.doctor() == []


def test_erasing_leaves_no_version_in_any_file(index):
    index.add([FIRST])
    index.add([SECOND])
    assert index.erase("dam").traces == ()
    content = b"".join(path.read_bytes() for path in index.path.rglob("*") if path.is_file())
    for piece in (b"Nobody was", b"Dam breaks", b"a judge said", b"Operator blamed"):
        assert piece not in content


def test_a_reopened_index_has_the_same_versions(index):
    index.add([FIRST])
    index.add([SECOND])
    before = index.versions("dam")
    index.compact()
    with NewsIndex.open(index.path) as again:
        assert again.versions("dam") == before
        assert again.doctor() == []


# As agencies count


def test_versions_have_the_order_of_their_numbers_however_they_come(index, add):
    add(wire(4), wire(2), wire(9))
    report = add(wire(7), wire(1), wire(4), wire(12))
    assert (report.added, report.updated, report.unchanged) == (0, 1, 3)
    assert numbers(index) == [12, 9, 7, 4, 2, 1]
    assert index.search("version", group="none").matched.articles == 1
    assert index.doctor() == []


def test_an_older_version_in_the_same_run_enters_the_history(index, add):
    report = add(wire(5), wire(3), wire(3), wire(4), wire(1, "urn:b"))
    assert (report.added, report.unchanged) == (2, 3)
    assert numbers(index) == [5, 4, 3]
    assert numbers(index, "urn:b") == [1]
    add(wire(5), wire(3), wire(4))
    assert numbers(index) == [5, 4, 3]


def test_many_older_versions_among_many_articles(index, add):
    items = [wire(9, f"urn:{number}") for number in range(300)]
    items += [wire(2, f"urn:{number}") for number in range(300)]
    report = add(*items, *(wire(5, f"urn:{number}") for number in range(150)))
    assert (report.added, report.unchanged) == (300, 450)
    assert {tuple(numbers(index, f"urn:{n}")) for n in range(150)} == {(9, 5, 2)}
    assert {tuple(numbers(index, f"urn:{n}")) for n in range(150, 300)} == {(9, 2)}
    assert index.doctor() == []


def test_a_kill_takes_the_history_with_it(index, add):
    add(wire(1), wire(2), wire(1, "urn:b"))
    add(wire(3), wire(2, body_text=f"{TEXT} Late."), wire(4, pubstatus="canceled", body_text=None))
    with pytest.raises(ArticleNotFound):
        index.versions("urn:a")
    add(wire(5))
    assert numbers(index) == [5]
    assert numbers(index, "urn:b") == [1]


# Copies


def copy(name, source, day=None, chars=100):
    return Copy(name, source, name, None if day is None else date(2026, 2, day), None, chars)


def test_of_copies_the_first_the_longest_and_the_newest():
    one, two, three, four = (
        copy("one", "A", 1, 90),
        copy("two", "B", 2, 120),
        copy("three", "A", 3, 120),
        copy("four", "C"),
    )
    copies = Copies((one, two, three, four))
    assert (copies.first, copies.longest, copies.newest) == (one, two, three)
    assert copies.by_outlet == (Copies((one, three)), Copies((two,)), Copies((four,)))
    assert copies.by_outlet[0].newest_first == (three, one)
    undated = Copies((copy("x", "A"), copy("y", "A")))
    assert (undated.first.article_id, undated.newest.article_id) == ("x", "y")


@pytest.fixture
def carried(index):
    """One text, carried by two outlets, and updated by the first under another id."""
    index.add(
        [
            replace(FIRST, id="early"),
            replace(FIRST, id="other", source="Meridian Post", published=date(2026, 2, 4)),
            replace(SECOND, id="late", published=date(2026, 2, 5)),
            replace(FIRST, id="alone", text="Quite another story, of no dam at all."),
        ]
    )


def test_the_newest_of_an_outlet_stands_for_its_older_copies(index, carried):
    copies = index.copies("other")
    assert [one.article_id for one in copies.articles] == ["early", "other", "late"]
    assert {name: index.copies(name) for name in ("early", "late")} == dict.fromkeys(
        ("early", "late"), copies
    )
    assert [[one.article_id for one in outlet.newest_first] for outlet in copies.by_outlet] == [
        ["late", "early"],
        ["other"],
    ]
    found = copies_json(copies)
    assert json.loads(json.dumps(found)) == found
    assert found["outlets"] == {"Tidewire": ["late", "early"], "Meridian Post": ["other"]}
    assert (found["first"], found["newest"]) == ("early", "late")
    (alone,) = index.copies("alone").articles
    assert (alone.article_id, alone.chars) == ("alone", 38)


# The command


def printed(capsys, *arguments):
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_the_command_lists_versions_and_what_they_changed(index, capsys):
    index.add([FIRST])
    index.add([SECOND])
    out = printed(capsys, "versions", "dam", "--diff")
    told = re.sub(r"until \d+ \w+ \d{4}, \d\d:\d\d UTC", "until THEN", out)
    rest = BODY[-(60 - len("\n\n")) :]
    assert told.splitlines() == [
        "1. now: Operator blamed for dam",
        "   Tidewire · 3 Feb 2026 · Ann Lee",
        "   - title: Dam breaks",
        "   + title: Operator blamed for dam",
        "   - authors: (none)",
        "   + authors: Ann Lee",
        f"      … {rest}",
        "",
        "     [-Nobody-]{+The operator+} was to blame, [-the operator-]{+a judge+} said.",
        "2. until THEN: Dam breaks",
        "   Tidewire · 3 Feb 2026",
    ]
    without = printed(capsys, "versions", "dam")
    assert len(without.splitlines()) == 4
    assert main(["versions", "nobody"]) == 2


def test_versions_as_json(index, capsys):
    index.add([FIRST])
    index.add([SECOND])
    found = json.loads(printed(capsys, "versions", "dam", "--json", "--diff"))
    versions = index.versions("dam")
    assert found == json.loads(json.dumps(versions_json(versions, with_differences=True)))
    assert [one["replaced_at"] is None for one in found] == [True, False]
    assert [one["article"]["title"] for one in found] == [SECOND.title, FIRST.title]
    change = found[0]["difference"]
    assert change["fields"][0] == {"field": "title", "old": FIRST.title, "new": SECOND.title}
    assert change["fields"][1] == {"field": "authors", "old": [], "new": ["Ann Lee"]}
    new, old = (one.article for one in versions)
    assert change == json.loads(json.dumps(difference_json(difference(old, new))))
    assert found[1]["difference"] is None
    assert "difference" not in json.loads(printed(capsys, "versions", "dam", "--json"))[0]


def test_what_is_printed_of_versions_cannot_steer_a_terminal(index, capsys):
    evil = "The dam\u202e broke \x1b[31mred\x1b[0m."
    encoded = [replace(FIRST, extras={}), replace(FIRST, title="Dam \x1b[2J", text=evil)]
    for one in encoded:
        index.add([one])
    out = printed(capsys, "versions", "dam", "--diff") + printed(capsys, "copies", "dam")
    assert not set("\x1b\u202e") & set(out)


def test_the_command_lists_copies(index, carried, capsys):
    assert printed(capsys, "copies", "early").splitlines() == [
        "3 articles of 2 outlets",
        f"Tidewire · 5 Feb 2026 · Operator blamed for dam · {len(SECOND.text)} characters"
        " (longest, newest)  [late]",
        f"   earlier: Tidewire · 3 Feb 2026 · Dam breaks · {len(FIRST.text)} characters"
        " (first)  [early]",
        f"Meridian Post · 4 Feb 2026 · Dam breaks · {len(FIRST.text)} characters  [other]",
    ]
    assert json.loads(printed(capsys, "copies", "alone", "--json"))["first"] == "alone"


def test_help_of_the_commands_needs_no_index():
    for command in ("versions", "copies"):
        run = [sys.executable, "-m", "search.cli", command, "--help"]
        done = subprocess.run(run, capture_output=True, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, "")
