"""Text as it is stored: one form for everything that looks alike, before any offset exists."""

from __future__ import annotations

import re
import unicodedata

from search.ingest.extras import has_half_characters
from search.ingest.record import Rejected

MAX_TEXT_CHARS = 2_000_000
MISSING = frozenset(
    {"", "null", "NULL", "none", "None", "NONE", "nan", "NaN", "NAN", "NaT", "<NA>"}
    | {"n/a", "N/A", "undefined"}
)
"""How exports write that a value is missing."""

_SPECIAL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\xa0\xad]|\u2028|\u2029|\ufeff|[\ud800-\udfff]"  # fast: no big class
)
_SPECIAL_FORMS: dict[int, str | None] = {
    **dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0xAD, 0xFEFF]),
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
    **dict.fromkeys([0x0A, 0x0B, 0x0C, 0x85, 0x2028], "\n"),
    **dict.fromkeys([0x09, 0xA0], " "),
    0x2029: "\n\n",
}
_LINE_ENDS = re.compile(r"\r\n?")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_BLANK_LINES = re.compile(r"\n{3,}")
_LINE_END_SPACE = re.compile(r" +(?=\n)")
_BIDI_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])

_LONGEST_CHARACTER = 64
_JOINER = "\u200d"
_CONTINUES = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u093c\u0941-\u094d\u1ab0-\u1aff"
    "\u1dc0-\u1dff\u200d\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]"
)
"""What belongs to the character before it: accents, variation selectors, skin tones, joiners."""

_HARMLESS = r"\x00-\x7f‘’“”–—…•"
_UNUSUAL = re.compile(r"[^\n\x20-\x7e‘’“”–—…•]")
"""Text without any of these is NFC, has no control character, and cannot be mojibake."""
_SUSPICIOUS = re.compile(rf"[^{_HARMLESS}]")
_CONTEXT_CHARS = 8
_RUN = re.compile(r"([^\x00-\x7f]{1,8}?)\1{15,}")
"""ftfy peels such a run from its end, one character a look: 16 kB of it takes 20 s."""


def is_missing(value: object) -> bool:
    """Whether an export's value says nothing: null, empty, or a word for it."""
    if isinstance(value, str):
        return value in MISSING or value.strip() in MISSING
    return value is None or value == [] or value == {}


def normalised(text: str) -> tuple[str, tuple[str, ...]]:
    """The text as it is stored, and the flags of what that took.

    NFC; LF only; no control character, soft hyphen or byte-order mark; no-break spaces are spaces;
    paragraphs are separated by one empty line, and no line ends in a space. Mojibake is repaired.
    Normalising twice changes nothing more.

    Raises:
        Rejected: binary, more than 1 % (and more than three) of the characters are controls.
    """
    flags: tuple[str, ...] = ()
    if _UNUSUAL.search(text):
        _refuse_binary(text)
        repaired, was_repaired = _repaired(text)
        flags = ("fixed_encoding",) if was_repaired or has_half_characters(text) else ()
        text = repaired
    else:
        text = _spaced(text)
    if len(text) > MAX_TEXT_CHARS:
        text, flags = _cut(text, MAX_TEXT_CHARS), (*flags, "truncated")
    return text, flags


def one_line(value: str) -> str | None:
    """A title or a name: on one line, without direction controls; None when it says nothing."""
    for _ in range(8):
        if not _UNUSUAL.search(value):
            break
        # what a line end or a direction control kept apart may turn out to be mojibake
        before, value = value, " ".join(_repaired(value)[0].translate(_BIDI_CONTROLS).split())
        if value == before:
            break
    value = " ".join(value.split())
    return None if value in MISSING else value


def canonical(text: str) -> str:
    """One code point sequence for what looks alike; repairs nothing, cuts nothing."""
    if "\r" in text:
        text = _LINE_ENDS.sub("\n", text)
    if _SPECIAL.search(text):
        text = text.translate(_SPECIAL_FORMS)
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return _spaced(text)


def _spaced(text: str) -> str:
    if " \n" in text:
        text = _LINE_END_SPACE.sub("", text)
    if "\n\n\n" in text:
        text = _BLANK_LINES.sub("\n\n", text)
    return text.strip()


def _refuse_binary(text: str) -> None:
    controls = len(_CONTROL.findall(text))
    if controls > max(3, len(text) // 100):
        raise Rejected("binary", f"{controls:,} of {len(text):,} characters are control characters")


def _repaired(text: str) -> tuple[str, bool]:
    """The text in canonical form without mojibake, and whether it had any.

    Mojibake of mojibake happens, so it is repaired until nothing is left to do. Repair comes first
    because it reads the C1 controls that the canonical form drops.
    """
    was_repaired = False
    for _ in range(8):
        repaired = _without_mojibake(text)
        was_repaired |= repaired != text
        before, text = text, canonical(repaired)
        if text == before:
            break
    return text, was_repaired


def _without_mojibake(text: str) -> str:
    """Text in a wrong encoding put right, other text as it is."""
    if text.isascii() or not _SUSPICIOUS.search(text):
        return text
    import ftfy
    from ftfy.badness import is_bad

    if not is_bad(_suspicious_parts(text)):
        return text
    repaired, end = list[str](), 0
    for run in _RUN.finditer(text):
        times = len(run[0]) // len(run[1])
        repaired += ftfy.fix_encoding(text[end : run.start()]), ftfy.fix_encoding(run[1]) * times
        end = run.end()
    # unlike fix_text, it leaves curly quotes curly
    return "".join([*repaired, ftfy.fix_encoding(text[end:])])


def _suspicious_parts(text: str) -> str:
    """What stands around characters that are neither ASCII nor everyday punctuation.

    ftfy needs a millisecond to judge 6 kB, most of it on characters that cannot be mojibake.
    """
    at = [found.start() for found in _SUSPICIOUS.finditer(text)]
    if len(at) * 2 * _CONTEXT_CHARS > len(text):
        return text
    return "\n".join(text[max(0, i - _CONTEXT_CHARS) : i + _CONTEXT_CHARS] for i in at)


def shortened(text: str, max_chars: int) -> str:
    """The beginning of a text, ending between two characters as a reader sees them.

    An accent that stands after its letter, and the parts of one emoji, are not taken apart.
    """
    for end in range(max_chars, max(0, max_chars - _LONGEST_CHARACTER), -1):
        if end >= len(text) or not (_CONTINUES.match(text, end) or text[end - 1] == _JOINER):
            return text[:end]
    return text[:max_chars]


def _cut(text: str, max_chars: int) -> str:
    """The beginning of the text, ending between two words where there is one near the limit."""
    end = text.rfind(" ", max_chars - 1_000, max_chars)
    return shortened(text, end if end > 0 else max_chars).rstrip()
