"""What goes into the log, with nothing in it that a terminal would obey."""

from __future__ import annotations

import logging
from typing import Any


class PrintableRecord(logging.LogRecord):
    """A log record whose message and traceback show what cannot be printed by its number.

    Texts of requests get into messages, Streamlit's too, whose loggers and handlers come and go:
    the record is the one place that all of them pass. Line ends stay.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401  logging's own
        super().__init__(*args, **kwargs)
        if self.exc_info:
            self.exc_text = printable(logging.Formatter().formatException(self.exc_info))

    def getMessage(self) -> str:  # noqa: N802  logging's name
        """The message with its arguments."""
        return printable(super().getMessage())


def printable(text: str) -> str:
    r"""The text with `\x1b` in place of an escape, and so on."""
    return "".join(
        one if one.isprintable() or one == "\n" else one.encode("unicode_escape").decode()
        for one in text
    )
