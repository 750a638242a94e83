"""The dialog in which articles are added, drawn without a browser: what it refuses, and says."""

import logging
from pathlib import Path

import pytest
from reading_the_page import button, html, shown
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

from search import NewsIndex
from search.types import AddReport
from search.web import add_rights, add_view
from search.web.add_rights import AddRights

pytestmark = pytest.mark.model


@pytest.fixture
def inbox(tmp_path):
    """The folder from which readers of the page may add."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / ".hidden").mkdir()
    add_rights.use(AddRights(inbox))
    yield inbox
    add_rights.use(None)


@pytest.fixture
def opened(draw, inbox):
    """Opens the dialog at a way of adding."""

    def open_at(way):
        page = button(draw(), "add").click().run()
        return shown(page.button_group(key="add-way").set_value(way).run())

    return open_at


@pytest.fixture
def added(monkeypatch):
    """In place of adding to the index: what came to be added, by name."""
    added = {}

    def add(_index, places, **_):
        added.update({place.name: place.read_bytes() for place in places})
        return AddReport(added=len(added))

    monkeypatch.setattr(NewsIndex, "add", add)
    return added


def add(page):
    return button(page, "FormSubmitter:add-form").click().run()


def warnings(page):
    return [warning.value.replace("\\", "") for warning in page.warning]


def test_nothing_is_begun_without_something_to_add(opened):
    page = shown(add(opened("text")))
    assert warnings(page) == ["There is no text to add."]
    page = shown(add(page.button_group(key="add-way").set_value("files").run()))
    assert warnings(page) == ["Choose files to add first."]
    page = shown(add(page.button_group(key="add-way").set_value("place").run()))
    assert warnings(page) == ["Name a file or folder to add."]


@pytest.mark.parametrize(
    "typed", ["06/10/2022", "31 March 2022", "2022-3-1", "2022-13", "2022-02-30"]
)
def test_a_date_that_could_be_another_is_refused_and_nothing_is_lost(opened, added, typed):
    page = opened("text")
    page.text_area(key="add-text").set_value("The ferry is late.")
    page.text_input(key="add-published").set_value(typed)
    page = shown(add(page))
    assert warnings(page) == [f"{typed}: write the date as 2026-03-31, 2026-03 or 2026."]
    assert page.text_area(key="add-text").value == "The ferry is late."
    assert added == {}


@pytest.mark.parametrize(
    "typed", ["2022", "2022-03", "2022-02-28", "2022-02-28T09:30Z", "2022-02-28 09:30:00+01:00"]
)
def test_a_date_that_can_be_no_other_is_one(typed):
    assert add_view.is_date(typed)


@pytest.mark.parametrize(
    ("typed", "english", "german"),
    [
        (
            "../index",
            "not below the folder from which articles may be added",
            "nicht in dem Ordner, aus dem Artikel hinzugefügt werden dürfen",
        ),
        ("b", "there is no such file or folder", "diese Datei oder diesen Ordner gibt es nicht"),
        (".hidden", "hidden, and left out", "verborgen, wird ausgelassen"),
    ],
)
def test_what_may_not_be_added_is_refused_in_the_readers_language(
    opened, monkeypatch, typed, english, german
):
    page = opened("place")
    page.text_input(key="add-place").set_value(typed)
    page = shown(add(page))
    assert warnings(page) == [f"{typed}: {english}."]
    monkeypatch.setenv("NEWS_SEARCH_LANGUAGE", "de")
    assert warnings(shown(add(page))) == [f"{typed}: {german}."]


def send(page, *files):
    page.file_uploader(key="add-files").set_value([(*file, "") for file in files])
    return add(page)


def test_files_that_are_too_much_together_are_refused_and_can_be_sent_in_parts(
    opened, added, monkeypatch
):
    monkeypatch.setattr(add_view, "MOST_MB", 1)
    half, rest = b"x" * 2**19, b"x" * (2**19 + 1)
    page = shown(send(opened("files"), ("a.txt", half), ("b.txt", rest)))
    assert warnings(page) == ["These files have more than 200 MB; add some of them first."]
    assert added == {}
    page = send(page, ("a.txt", half), ("b.txt", half))
    page.session_state["add-job"].ended.wait(60)
    page = shown(page.run())
    assert warnings(page) == []
    assert '<p class="ns-strong" role="status">2 added' in html(page)
    assert added == {"a.txt": half, "b.txt": half}


def test_files_that_were_taken_are_no_longer_held_in_memory(opened, added, monkeypatch):
    held = {}
    remove = MemoryUploadedFileManager.remove_file

    def noted(manager, session_id, file_id):
        remove(manager, session_id, file_id)
        held[file_id] = manager.get_files(session_id, [file_id])

    monkeypatch.setattr(MemoryUploadedFileManager, "remove_file", noted)
    page = shown(send(opened("files"), ("a.txt", b"a"), ("b.txt", b"b")))
    page.session_state["add-job"].ended.wait(60)
    assert added == {"a.txt": b"a", "b.txt": b"b"}
    assert list(held.values()) == [[], []]


def test_a_full_disk_is_said_and_the_log_has_the_details(opened, monkeypatch, caplog):
    page = opened("text")
    page.text_area(key="add-text").set_value("Rain fell on the town.")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with caplog.at_level(logging.ERROR):
        page = shown(add(page))
    assert warnings(page) == [
        "Adding failed; the log has the details. What was committed before is kept."
    ]
    assert "No space left on device" in caplog.text


def test_a_failure_while_the_dialog_is_drawn_is_told_with_a_reference(opened, monkeypatch, caplog):
    page = opened("text")
    monkeypatch.setattr(add_view, "_text_fields", lambda: 1 / 0)
    with caplog.at_level(logging.ERROR):
        page = page.run()
    assert not page.exception
    assert "The log has the details under reference" in page.error[0].value
    assert "ZeroDivisionError" in caplog.text
