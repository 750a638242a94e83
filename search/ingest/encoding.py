"""Bytes into text: a byte-order mark, else strict UTF-8, else a guess from the whole file."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable

ENOUGH_TO_GUESS = 200
"""Bytes under which chardet takes cp1252 for Greek."""

MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins this one
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_LATIN = re.compile(
    r"(?:windows-|cp)125[0247]|iso-?8859-(?:1|2|3|4|9|10|13|14|15|16)$|mac-?(?:roman|latin2)",
    re.IGNORECASE,
)


class Decoder:
    """The encoding of one file: UTF-8 while that works, then one guess for all that is not.

    `sample` reads the file, or the beginning of a large one; it is called once at most, and not
    at all where `told` names an encoding.
    """

    def __init__(self, sample: Callable[[], bytes], told: str | None = None) -> None:
        self._sample = sample
        self._told = told if told and _is_for_text(told) else None
        self._guess: str | None = None

    def decode(self, data: bytes) -> tuple[str, bool]:
        """The text, and whether its encoding was guessed."""
        try:
            return data.decode("utf-8"), False
        except UnicodeDecodeError:
            if self._told:
                return data.decode(self._told, "replace"), False
            return data.decode(self.guess(), "replace"), True

    def guess(self) -> str:
        """The encoding of what is not UTF-8."""
        self._guess = self._guess or guessed_encoding(self._sample())
        return self._guess


def mark(data: bytes) -> tuple[int, str]:
    """The length of a byte-order mark and the encoding it names; (0, "") when there is none."""
    return next(((len(m), name) for m, name in MARKS if data.startswith(m)), (0, ""))


def guessed_encoding(data: bytes) -> str:
    """The Python codec that fits bytes that are not UTF-8."""
    if len(data) < ENOUGH_TO_GUESS:
        return "cp1252"
    import chardet

    guess = chardet.detect(data, max_bytes=len(data), prefer_superset=True)["encoding"]
    if guess is None or not _is_known(guess) or _is_latin_after_all(data, guess):
        return "cp1252"
    return guess


def _is_latin_after_all(data: bytes, guess: str) -> bool:
    """Text in another script has more of its own letters than of ours.

    chardet takes short French for Cyrillic; fewer than one high byte in five letters says no.
    """
    if _LATIN.match(guess):
        return False
    high = len(_HIGH_BYTE.findall(data))
    return high * 5 < len(_ASCII_LETTER.findall(data))


def _is_for_text(name: str) -> bool:
    try:
        "".encode(name)
    except (LookupError, ValueError):  # unknown, or no text encoding such as base64
        return False
    return True


def _is_known(name: str) -> bool:
    try:
        codecs.lookup(name)
    except LookupError:
        return False
    return True
