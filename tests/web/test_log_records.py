"""Nothing that a request says reaches the terminal of whoever reads the log as a command."""

import logging

import pytest
from asking_a_server import status
from conftest import started
from provider_secrets_file import write_secrets

from search.web.log_records import PrintableRecord


def record(message, *arguments, exc_info=None):
    return PrintableRecord("name", logging.ERROR, "file.py", 1, message, arguments, exc_info)


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("plain, größer, 東京", "plain, größer, 東京"),
        ("two\nlines", "two\nlines"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("\x9b31m \r \x07 \x7f", r"\x9b31m \r \x07 \x7f"),
        ("\u202ereversed", r"\u202ereversed"),
    ],
)
def test_a_message_shows_what_cannot_be_printed(said, logged):
    assert record(said).getMessage() == logged
    assert logging.Formatter().format(record("said: %s", said)) == f"said: {logged}"


def test_so_does_a_traceback():
    error = ValueError("\x1b[31mred")
    shown = logging.Formatter().format(record("failed", exc_info=(ValueError, error, None)))
    assert shown == "failed\nValueError: \\x1b[31mred"


@pytest.mark.enable_socket
def test_what_a_request_says_is_printable_in_the_servers_log(tmp_path):
    log, options = tmp_path / "log", ["--sign-in", "oidc"]
    write_secrets(tmp_path, "https://id.example")
    with (
        log.open("w") as file,
        started(tmp_path / "index", *options, folder=tmp_path, log=file) as (_, address),
    ):
        status(f"{address}/oauth2callback?state=s&error=x%1b[31m")
    assert r"x\x1b[31m" in log.read_text()
    assert "\x1b" not in log.read_text()
