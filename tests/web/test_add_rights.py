"""What readers may add, as the command line says it."""

from pathlib import Path

import pytest

from search.errors import InputError
from search.web import add_rights
from search.web.add_job import NAME_BYTES, file_name
from search.web.add_rights import AddRefused


@pytest.fixture
def folder(tmp_path):
    """A folder with something to add, something hidden, and links; beside it a secret."""
    folder = tmp_path / "inbox"
    (folder / "today").mkdir(parents=True)
    (folder / "today" / "a.txt").write_text("a")
    (folder / ".hidden").mkdir()
    (folder / ".hidden" / "a.txt").write_text("a")
    (tmp_path / "secret.txt").write_text("a")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "inner.txt").symlink_to(folder / "today" / "a.txt")
    return folder


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("today", "today"),
        (" today/a.txt ", "today/a.txt"),
        ("today/../today/a.txt", "today/a.txt"),
        ("inner.txt", "today/a.txt"),
        (".", "."),
        ("{folder}/today", "today"),
    ],
)
def test_what_lies_below_the_folder_can_be_named(folder, typed, found):
    rights = add_rights.chosen(str(folder), is_local=False)
    assert rights.place(typed.format(folder=folder)) == (folder / found).resolve()


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("../secret.txt", "outside"),
        ("link.txt", "outside"),
        ("/etc/passwd", "outside"),
        ("~", "outside"),
        (".hidden/a.txt", "hidden"),
        ("today/b.txt", "missing"),
        ("~nobody-of-that-name/x", "missing"),
        ("a\0b", "missing"),
        ("x" * 5000, "missing"),
    ],
)
def test_what_does_not_is_refused_with_its_reason(folder, typed, reason):
    rights = add_rights.chosen(str(folder), is_local=True)
    with pytest.raises(AddRefused) as refused:
        rights.place(f" {typed} ")
    assert (refused.value.reason, refused.value.named) == (reason, typed)


def test_without_a_folder_files_of_the_server_are_for_who_sits_at_it(tmp_path):
    assert add_rights.chosen(None, is_local=True) is None
    assert add_rights.chosen("", is_local=True).place(str(tmp_path)) == tmp_path.resolve()
    elsewhere = add_rights.chosen("", is_local=False)
    assert elsewhere.folder is None
    with pytest.raises(AddRefused, match="not_here"):
        elsewhere.place(str(tmp_path))


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(InputError, match="is not a folder"):
        add_rights.chosen(str(tmp_path / "missing"), is_local=True)


@pytest.mark.parametrize(
    ("host", "is_loopback"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("localhost", True),
        ("0.0.0.0", False),
        ("::", False),
        ("10.0.0.1", False),
        ("archive.paper.example", False),
    ],
)
def test_which_hosts_only_this_machine_reaches(host, is_loopback):
    assert add_rights.is_loopback(host) is is_loopback


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("today.jsonl", "today.jsonl"),
        ("Zoë’s file.txt", "Zoë_s file.txt"),
        ("../../etc/passwd", "passwd"),
        ("..", "file"),
        ("", "file"),
        (".env", "env"),
        ("a\0b<c>.html", "a_b_c_.html"),
        ("x" * 300 + ".jsonl.gz", "x" * (NAME_BYTES - 9) + ".jsonl.gz"),
        ("新" * 120 + ".json", "新" * ((NAME_BYTES - 5) // 3) + ".json"),
    ],
)
def test_a_file_that_was_sent_gets_a_name_that_leads_nowhere(sent, kept):
    assert file_name(sent) == kept
    assert Path(kept).name == kept


@pytest.mark.parametrize("letter", ["x", "é", "新", "\U00020000"])
def test_a_file_can_have_the_name_that_it_gets(tmp_path, letter):
    (tmp_path / file_name(letter * 300 + ".json")).write_bytes(b"")
