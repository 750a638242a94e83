"""What came of an adding, as the page says it."""

import re

import pytest

from search.ingest import FLAGS
from search.types import AddReport, Reject
from search.web.added_view import MOST_LISTED, told


def lists(report):
    """Titles, items and endings of the lists in a report."""
    return [
        (title, re.findall(r'<li dir="auto">(.*?)</li>', items), re.findall("<p>(.*?)</p>", items))
        for title, items in re.findall(r'<h4 class="ns-part">(.*?)</h4>(.*?)</div>', told(report))
    ]


def test_an_adding_without_a_fault_is_one_line():
    assert told(AddReport(added=2)) == (
        '<p class="ns-strong" role="status">2 added, 0 updated, 0 there already.</p>'
    )


def test_every_list_has_its_title_and_says_what_the_library_says_in_english():
    report = AddReport(
        rejected=2,
        rejects=(
            Reject("a.jsonl", "no_text", "no <text>", line=3),
            Reject("<i>.zip", "binary", "binary", member="b & c"),
        ),
        skipped=("week.zip: a member that is about the folder",),
        flags={"no_date": 1312, "<new>": 1},
    )
    assert lists(report) == [
        (
            "2 records could not be read",
            [
                '<b>a.jsonl, line 3</b>: <span lang="en">no &lt;text&gt;</span>',
                '<b>&lt;i&gt;.zip, b &amp; c</b>: <span lang="en">binary</span>',
            ],
            [],
        ),
        ("Left out", ['<span lang="en">week.zip: a member that is about the folder</span>'], []),
        (
            "Guessed or missing",
            [
                '1 × <span lang="en"><b>&lt;new&gt;</b>: </span>',
                f'1,312 × <span lang="en"><b>no_date</b>: {FLAGS["no_date"]}</span>',
            ],
            [],
        ),
    ]


@pytest.mark.parametrize(
    ("rejected", "kept", "ending"),
    [
        (MOST_LISTED, MOST_LISTED, []),
        (MOST_LISTED + 1, MOST_LISTED + 1, ["and 1 more"]),
        (25_050, 10_000, ["and 25,000 more"]),
    ],
)
def test_a_long_list_is_cut_and_says_how_much_of_all_is_not_shown(rejected, kept, ending):
    rejects = tuple(Reject("a.jsonl", "no_text", "no text", line=n) for n in range(kept))
    ((_, items, endings),) = lists(AddReport(rejected=rejected, rejects=rejects))
    assert items == [
        f'<b>a.jsonl, line {n}</b>: <span lang="en">no text</span>' for n in range(MOST_LISTED)
    ]
    assert endings == ending


def test_what_was_left_out_is_cut_too():
    ((_, items, endings),) = lists(AddReport(skipped=tuple(map(str, range(60)))))
    assert (len(items), endings) == (50, ["and 10 more"])


def test_in_german_all_but_the_librarys_own_words_are_german(monkeypatch):
    monkeypatch.setenv("NEWS_SEARCH_LANGUAGE", "de")
    ((title, items, _),) = lists(
        AddReport(rejected=1, rejects=(Reject("a.jsonl", "no_text", "no text", line=3),))
    )
    assert title == "1 Eintrag ließ sich nicht lesen"
    assert items == ['<b>a.jsonl, Zeile 3</b>: <span lang="en">no text</span>']
