from datetime import UTC, date, datetime

import pytest

from search.types import Article
from search.web.citation import citation

TODAY = date(2026, 11, 24)
STYLES = ("plain", "quote", "chicago", "markdown")


def article(**given):
    full = {
        "id": "a",
        "text": "First sentence. Second one.",
        "title": "Raid foiled",
        "source": "CNN",
        "authors": ("A. Writer", "B. Writer"),
        "published": date(2022, 10, 6),
        "published_precision": "day",
        "url": "https://cnn.com/a",
    }
    return Article(**full | given)


def cited(style, quoted=None, **given):
    return citation(article(**given), style, TODAY, quoted)


@pytest.mark.parametrize(
    ("style", "line"),
    [
        (
            "plain",
            "A. Writer, B. Writer, “Raid foiled”, CNN, 6 Oct 2022, "
            "https://cnn.com/a (accessed 24 Nov 2026)",
        ),
        (
            "quote",
            "“Two ‘guards’ fled.” — A. Writer, B. Writer, “Raid foiled”, CNN, 6 Oct 2022, "
            "https://cnn.com/a (accessed 24 Nov 2026)",
        ),
        (
            "chicago",
            "A. Writer and B. Writer, “Raid foiled,” CNN, October 6, 2022, "
            "accessed November 24, 2026, https://cnn.com/a.",
        ),
        ("markdown", "[Raid foiled](<https://cnn.com/a>), CNN, 6 Oct 2022"),
    ],
)
def test_a_citation_says_who_what_where_and_when(style, line):
    assert cited(style, "Two “guards”\nfled.") == line


@pytest.mark.parametrize(
    ("style", "line"),
    [
        ("plain", "[“First sentence.”]"),
        ("quote", "[“First sentence.”]"),
        ("chicago", "[“First sentence.,”]"),
        ("markdown", "First sentence."),
    ],
)
def test_what_is_not_known_is_left_out(style, line):
    unknown = Article(id="a", text="First sentence. Second one.", url="javascript:alert(1)")
    assert citation(unknown, style, TODAY) == line


@pytest.mark.parametrize(
    ("published", "precision", "short", "long"),
    [
        (date(2022, 10, 1), "month", "Oct 2022", "October 2022"),
        (date(2022, 1, 1), "year", "2022", "2022"),
        (datetime(2022, 10, 6, 23, 59, tzinfo=UTC), "second", "6 Oct 2022", "October 6, 2022"),
    ],
)
def test_a_date_is_as_precise_as_it_is_known(published, precision, short, long):
    dated = {"published": published, "published_precision": precision}
    assert f", CNN, {short}, https" in cited("plain", **dated)
    assert f" CNN, {long}, accessed" in cited("chicago", **dated)
    assert cited("markdown", **dated).endswith(f", CNN, {short}")


@pytest.mark.parametrize(
    ("authors", "named"),
    [
        ((), "“Raid foiled,”"),
        (("A",), "A, “Raid"),
        (("A", "B", "C"), "A, B, and C, “Raid"),
        (("A", "B", "C", "D"), "A et al., “Raid"),
    ],
)
def test_a_note_names_up_to_three_authors(authors, named):
    assert cited("chicago", authors=authors).startswith(named)


@pytest.mark.parametrize("style", STYLES)
def test_hostile_metadata_stays_one_line_of_text(style):
    line = cited(
        style,
        "quoted\n\ntext \u202eevil",
        title="Line\nbreak \u202e](https://evil.example) <b>`x`</b>",
        source="\u2066Out\nlet",
        authors=("A.\n\nWriter\u202e",),
    )
    assert line.isprintable()
    assert "\n" not in line


def test_a_headline_cannot_end_its_markdown_link():
    line = cited("markdown", title="a](https://evil.example) [b")
    assert line.startswith(r"[a\](https://evil.example) \[b](<https://cnn.com/a>), ")


def test_an_address_cannot_end_its_markdown_link():
    assert "(<https://cnn.com/a%3E%3Cb>)" in cited("markdown", url="https://cnn.com/a><b")
