"""Markdown: front matter becomes fields, the text reads as plain paragraphs."""

import time
from datetime import date

import pytest

from search.ingest import read
from search.ingest.markdown_text import plain
from search.types import Article, Reject

POST = """---
title: "Rain: a chronicle"
date: 2026-02-03
author: [Ada Byrne, Tom Oke]
source: Valley Post
tags: [rain, river]
lang: en
link: https://valley.example/rain
fiction: true
---
# The first heading stays

It *rained*.
"""


def test_front_matter_becomes_fields(read_as):
    [article] = read_as(POST, "post.md")
    assert article == Article(
        id=article.id,
        text="The first heading stays\n\nIt rained.",
        title="Rain: a chronicle",
        source="Valley Post",
        authors=("Ada Byrne", "Tom Oke"),
        published=date(2026, 2, 3),
        published_precision="day",
        published_from="field",
        url="https://valley.example/rain",
        language="en",
        extras={"tags": ["rain", "river"], "fiction": True, "flags": ["stub"]},
    )


def test_toml_front_matter_is_read(read_as):
    toml = '+++\ntitle = "Rain"\ndate = 2026-02-03T04:05:06Z\n[extra]\nx = 1\n+++\nIt rained.\n'
    [article] = read_as(toml)
    assert (article.title, article.text) == ("Rain", "It rained.")
    assert article.published.isoformat() == "2026-02-03T04:05:06+00:00"
    assert article.extras["extra"] == {"x": 1}


def test_it_is_told_by_its_front_matter_or_its_name(read_as):
    for name in ("post", "post.txt", "post.markdown"):
        assert read_as(POST, name)[0].title == "Rain: a chronicle"
    [article] = read_as("It *rained*.", "post.md")
    assert article.text == "It rained."
    [article] = read_as("---\nIt *rained*.\n", "post.txt")
    assert article.text == "---\nIt *rained*."


def test_without_a_title_the_first_heading_is_it(read_as):
    for written in ("# Rain *again* #\n\nIt rained.", "\nRain again\n====\nIt rained."):
        [article] = read_as(written, "post.md")
        assert (article.title, article.text) == ("Rain again", "It rained.")
    [article] = read_as("It rained.\n\n# Later", "post.md")
    assert article.title is None


def test_windows_line_ends_and_a_mark_make_no_difference(read_as):
    [article] = read_as(b"\xef\xbb\xbf" + POST.replace("\n", "\r\n").encode())
    assert article.title == "Rain: a chronicle"


@pytest.mark.parametrize("line", ["draft: true", "published: false"])
def test_drafts_are_skipped(reading_of, line):
    reading = reading_of(f"---\ntitle: Rain\n{line}\n---\nIt rained.", "post.md")
    assert list(reading) == []
    assert reading.skipped[0].endswith("a draft, says its front matter")


@pytest.mark.parametrize(
    ("day", "flag"),
    [("0000-00-00", "bad_date"), ("2022-13-45", "bad_date"), ("06/10/2022", "date")],
)
def test_dates_are_read_by_the_rules_for_all(read_as, day, flag):
    [article] = read_as(f"---\ntitle: Rain\ndate: {day}\n---\nIt rained.", "post.md")
    assert article.published is None
    assert any(one.startswith(flag) for one in article.extras["flags"])
    assert article.extras["raw_date"] == day


LAUGHS = "a: &a [x, x, x]\n" + "".join(
    f"{new}: &{new} [*{old}, *{old}, *{old}]\n"
    for old, new in zip("abcdefghijkl", "bcdefghijklm", strict=True)
)


@pytest.mark.parametrize(
    "lines",
    [
        "title: [open",
        "a: 1\na: {b\n",
        LAUGHS,
        "title: &a [*a]",
        "title: !!python/object/apply:os.system ['true']",
        "title: !!python/name:os.system",
        "- a\n- b",
        "n: " + "9" * 5_000,
        "x: " + "[" * 30_000,
        "x: " + "y" * 40_000,
        "{a: 1}: 2",
    ],
)
def test_front_matter_that_cannot_be_read_is_rejected_at_once(read_as, lines):
    started = time.perf_counter()
    [reject] = read_as(f"---\n{lines}\n---\nIt rained.", "post.md")
    assert isinstance(reject, Reject)
    assert reject.code == "bad_front_matter"
    assert time.perf_counter() - started < 1


def test_notes_about_a_folder_are_told_from_articles(tmp_path):
    for name in ("README.md", "notes.md", "CHANGELOG.md", "post.md", "a/readme.markdown"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(POST if name == "post.md" else "Some notes.")
    (tmp_path / "a/README.md").write_text(POST)
    reading = read([tmp_path])
    assert [article.title for article in reading] == ["Rain: a chronicle"]
    assert sorted(line.rpartition("/")[2] for line in reading.skipped) == [
        "CHANGELOG.md: about the folder; name the file itself to read it",
        "README.md: about the folder; name the file itself to read it",
        "README.md: about the folder; name the file itself to read it",
        "notes.md: Markdown without front matter; name the file itself to read it",
        "readme.markdown: about the folder; name the file itself to read it",
    ]
    assert len(list(read([tmp_path / "a/README.md", tmp_path / "notes.md"]))) == 2


@pytest.mark.parametrize(
    ("written", "text"),
    [
        ("One\ntwo.\n\nThree.", "One two.\n\nThree."),
        ("One  \ntwo\\\nthree", "One\ntwo\nthree"),
        ("**Bold**, __bold__, *it*, _it_, ***both***, ~~not~~", "Bold, bold, it, it, both, not"),
        ("snake_case_name and 2 * 3 * 4", "snake_case_name and 2 * 3 * 4"),
        ('A [link](https://a.example/x_(y) "t"), [one][1], [two][].', "A link, one, two."),
        ("Text[^1].\n\n[1]: https://a.example\n[^1]: A note.", "Text."),
        ("<https://a.example/x>", "https://a.example/x"),
        ("One ![a picture](x.jpg) two.", "One two."),
        ("[![badge](x.svg)](https://a.example)", "https"),
        ("## Two ##\nText", "Two\n\nText"),
        ("Two\n---\nText", "Two\n\nText"),
        ("- one\n- two\n  more\n* three", "one\n\ntwo more\n\nthree"),
        ("1. one\n2) two", "1. one\n\n2. two"),
        ("- [x] done", "done"),
        ("> Quoted\n> twice.\n>> More.", "Quoted twice. More."),
        ("| a | b |\n|---|:-:|\n| 1 | 2 |", "a b\n\n1 2"),
        ("```python\nx = 1\n\n  y = *2*\n```\nText", "x = 1\n\n  y = *2*\n\nText"),
        ("`c*od*e` and ``co`de``", "c*od*e and co`de"),
        ("<div>One <b>two</b></div><br>", "One two"),
        ("One <!-- a\nb --> two {{< figure src=x >}}{% raw %}.", "One two ."),
        ("AT&amp;T &lt;x&gt; \\*not\\* \\_this\\_", "AT&T <x> *not* _this_"),
        ("3 < 4 and 5 > 4", "3 < 4 and 5 > 4"),
        ("***\n\n- - -\n\n___", ""),
    ],
)
def test_marks_go_and_words_stay(written, text):
    if text == "https":  # a badge is no text
        assert "badge" not in plain(written)
        return
    assert plain(written) == text


@pytest.mark.parametrize(
    "piece",
    ["[", "![", "*", "**a", "_a", "`", "<", "<a", "{{<", "|", "> ", "- ", "#", "\\", "&a", "a\n="],
)
def test_no_text_takes_long(piece):
    started = time.perf_counter()
    plain(piece * (200_000 // len(piece)))
    assert time.perf_counter() - started < 1
