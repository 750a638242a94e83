"""docs/query-language.md says what the program does, row by row."""

import re
from datetime import date
from pathlib import Path

import pytest

from search.errors import QueryError
from search.query import read_query

TEXT = (Path(__file__).parents[1] / "docs" / "query-language.md").read_text(encoding="utf-8")
TODAY = date(2026, 11, 23)
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TEXT.splitlines()
    if line.startswith("| `")
]


def test_every_table_is_tried():
    assert len(ROWS) > 70


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_is_what_the_program_says(row):
    assert row == documented(row[0])


@pytest.mark.parametrize("row", [row for row in ROWS if len(row) == 3], ids=lambda row: row[0])
def test_the_canonical_text_means_the_same_on_any_day(row):
    query = read_query(row[0].strip("`"), now=TODAY)
    again = read_query(query.canonical, now=date(1990, 1, 1))
    assert (again.words, again.condition) == (query.words, query.condition)
    assert again.canonical == query.canonical


@pytest.mark.parametrize("row", [row for row in ROWS if len(row) == 3], ids=lambda row: row[0])
def test_a_chip_can_be_taken_away(row):
    query = read_query(row[0].strip("`"), now=TODAY)
    for chip in query.chips:
        without = read_query(chip.without, now=TODAY)
        left = [other.label for other in query.chips if other is not chip]
        if not chip.is_guess and chip.text != "dates:off":
            assert [other.label for other in without.chips] == left
        assert chip.text not in [other.text for other in without.chips]


def documented(cell):
    """The row for a query as the document has it."""
    text = re.fullmatch("`(.*)`", cell)[1]
    try:
        query = read_query(text, now=TODAY)
    except QueryError as error:
        return [cell, told(error)]
    if query.notes:
        return [cell, "; ".join(query.notes)]
    return [cell, query.words, "; ".join(chip.label for chip in query.chips)]


def told(error):
    write = f"; write: {error.suggestion}" if error.suggestion else ""
    return f"character {error.position + 1}: {error.reason}{write}"
