import pytest

from search.update_note import update_note

BODY = "One. Two.\n\nThree."


@pytest.mark.parametrize(
    "note",
    [
        "This story has been updated.",
        "THIS ARTICLE HAS BEEN UPDATED to add a quote.",
        "This story has been updated".ljust(300, "!"),
    ],
)
def test_a_note_begins_where_the_last_paragraph_does(note):
    assert update_note(f"{BODY}\n\n{note}") == len(BODY) + 2


@pytest.mark.parametrize(
    "text",
    [
        BODY,
        "This story has been updated.",
        f"This story has been updated.\n\n{BODY}",
        f"{BODY} This story has been updated.",
        f"{BODY}\n\nThis story has been updatedly told.",
        BODY + "\n\n" + "This story has been updated".ljust(301, "!"),
        "",
    ],
)
def test_anything_else_is_no_note(text):
    assert update_note(text) == len(text)
