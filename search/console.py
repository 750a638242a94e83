"""What the command prints, on whatever streams there are."""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def make_printable() -> None:
    """Streams that take every text, also where a shell closed them."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            nowhere = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  to the end
            setattr(sys, name, nowhere)
    if isinstance(sys.stdout, TextIOWrapper):  # a locale may lack the letters of the news
        sys.stdout.reconfigure(errors="backslashreplace")


def drop_output() -> None:
    """Send what is still to be printed nowhere, so that Python does not fail on it at the end."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def plain(text: str) -> str:
    """Text safe to print on a terminal: no control characters, no escapes, no bidi overrides."""
    return _CONTROLS.sub("", text)


def print_lines(lines: Iterable[str], file: TextIO | None = None) -> None:
    """Print lines made safe, by default on standard output."""
    for line in lines:
        print(plain(line), file=file)


def print_json(value: Any) -> None:  # noqa: ANN401  anything that JSON can hold
    """Print one line of JSON."""
    print(json.dumps(value))  # ASCII, which every locale can print
