"""Differences cover both texts, say what a reader would, and never take long to find."""

from dataclasses import replace
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Article, Difference, FieldChange, Piece, difference

SIGNS = {"kept": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


def marked(old, new, language=None):
    """The difference of two texts as Git writes those of words; checked to be whole."""
    pieces = checked(old, new, language).pieces
    return "".join(
        SIGNS[piece.kind].format(
            old[slice(*piece.old)] if piece.kind == "removed" else new[slice(*piece.new)]
        )
        for piece in pieces
    )


def checked(old, new, language=None):
    found = difference(Article("a", old, language=language), Article("a", new, language=language))
    for text, span, left_out in ((old, "old", "added"), (new, "new", "removed")):
        at = 0
        for piece in found.pieces:
            start, end = getattr(piece, span)
            assert start == at
            assert (start == end) == (piece.kind == left_out)
            at = end
        assert at == len(text)
    for piece in found.pieces:
        if piece.kind == "kept":
            assert old[slice(*piece.old)] == new[slice(*piece.new)]
    kinds = [piece.kind for piece in found.pieces]
    assert all(kind != following for kind, following in pairwise(kinds))
    assert ("added", "removed") not in pairwise(kinds)
    assert found.is_empty == (old == new)
    return found


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", ""),
        ("Same.", "Same.", "Same."),
        ("", "All new.", "{+All new.+}"),
        ("All gone.", "", "[-All gone.-]"),
        (
            "The dam broke on Tuesday night. It killed 40.",
            "The dam broke on Wednesday night. It killed 43.",
            "The dam broke on [-Tuesday-]{+Wednesday+} night. It killed [-40-]{+43+}.",
        ),
        (
            "First.\n\nSecond.\n\nThird.",
            "First.\n\nA new one.\n\nSecond.\n\nThird.",
            "First.\n\n{+A new one.\n\n+}Second.\n\nThird.",
        ),
        ("One. Two.", "One.\n\nTwo.", "One.[- -]{+\n\n+}Two."),
        (
            "Storms sank ferries near the harbour entrance.",
            "Ministers resigned over the public budgets.",
            "[-Storms sank ferries near the harbour entrance-]"
            "{+Ministers resigned over the public budgets+}.",
        ),
        (
            "堤防が決壊した。火曜日。",
            "堤防が決壊した。水曜日。",
            "堤防が決壊した。[-火-]{+水+}曜日。",
        ),
        ("बाढ़ में दस लोग", "बाढ़ में बीस लोग", "बाढ़ में [-दस-]{+बीस+} लोग"),
    ],
)
def test_a_difference_reads_as_a_person_would_mark_it(old, new, expected):
    assert marked(old, new) == expected


def test_what_moved_is_removed_and_added():
    paragraphs = [f"Paragraph {name} has words of its own." for name in ("one", "two", "three")]
    moved = [paragraphs[1], paragraphs[2], paragraphs[0]]
    kinds = [piece.kind for piece in checked("\n\n".join(paragraphs), "\n\n".join(moved)).pieces]
    assert kinds == ["removed", "kept", "added"]


def test_every_field_that_is_published_is_compared():
    old = Article("a", "Text.", title="Old", source="CNN", published=date(2024, 1, 1))
    new = replace(
        old,
        title="New",
        source="BBC",
        authors=("Ann Lee",),
        published=date(2024, 1, 2),
        updated=True,
        url="https://news.example/a",
        section="World",
        language="en",
        extras={"flags": ["no_date"]},
    )
    assert difference(old, new) == Difference(
        (
            FieldChange("title", "Old", "New"),
            FieldChange("source", "CNN", "BBC"),
            FieldChange("authors", (), ("Ann Lee",)),
            FieldChange("published", date(2024, 1, 1), date(2024, 1, 2)),
            FieldChange("updated", None, True),
            FieldChange("url", None, "https://news.example/a"),
            FieldChange("section", None, "World"),
        ),
        (Piece("kept", (0, 5), (0, 5)),),
    )
    assert difference(old, replace(old, language="de")).is_empty


TEXTS = st.lists(
    st.sampled_from(
        ["a", "b", "the", "dam", "洪", "水", ".", "”", " ", " ", "\n", "\n\n", "é", "\u0301"]
    )
).map("".join)


@given(TEXTS, TEXTS)
def test_any_two_texts_are_covered(old, new):
    checked(old, new)


@given(st.text(), st.text())
def test_any_characters_are_covered(old, new):
    checked(old, new)


@given(st.lists(st.integers(0, 40), max_size=60), st.lists(st.integers(0, 40), max_size=60))
def test_long_texts_are_covered_where_single_words_lead(old, new):
    """So long that difflib is not asked for the whole."""
    rest = [f"rest{n}" for n in range(600)]
    first, second = (" ".join([*(f"w{n}" for n in some), *rest, "end"]) for some in (old, new))
    found = checked(f"{first} {first}", f"{second} {first}")
    kept = sum(piece.old[1] - piece.old[0] for piece in found.pieces if piece.kind == "kept")
    assert kept >= len(first)


# Each would take difflib alone minutes, or hours.
HOSTILE = {
    "one word": ("x " * 100_000, ("x " * 9 + "y ") * 10_000),
    "one word around another": (
        "x " * 50_000 + "y " + "x " * 50_000,
        "x " * 50_000 + "z " + "x " * 50_000,
    ),
    "two words": ("a b b a " * 50_000, "a b a a b " * 40_000),
    "lines": ("a\n" * 300_000, "b\na\n" * 150_000),
    "stops": ("a. " * 200_000, "b. a. " * 100_000),
    "signs": ("." * 1_000_000, "." * 500_000 + "!" + "." * 499_999),
    "spaces": ("a" + " " * 1_000_000 + "b", "a" + " " * 500_000 + "c"),
    "backwards": (
        " ".join(f"w{n}" for n in range(100_000)),
        " ".join(f"w{n}" for n in range(100_000, 0, -1)),
    ),
    "many short lines of two words": ("a b b a b\n" * 20_000, "b a b a a\n" * 20_000),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_texts_come_to_an_end(name):
    old, new = HOSTILE[name]
    assert not checked(old, new).is_empty


def test_a_word_in_a_long_text_of_one_word_is_found():
    old, new = HOSTILE["one word around another"]
    assert marked(old, new) == old.replace("y", "[-y-]{+z+}")
