"""The text of a web page: a byte-order mark, else UTF-8, else the charset it is said to be in."""

from __future__ import annotations

import codecs
import re

from search.ingest.encoding import Decoder, mark

DECLARED_WITHIN = 4_096
"""Bytes at the beginning of a page in which it declares its charset; browsers look at 1,024."""

_DECLARED = re.compile(
    rb"<meta\b[^>]*?\bcharset\s*=\s*[\"']?\s*([\w.:+-]+)"
    rb"|<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([\w.:+-]+)",
    re.IGNORECASE,
)
_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_SUPERSETS = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874",
    "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
    "euc_kr": "cp949", "big5": "big5hkscs",
}  # fmt: skip
"""What browsers read under these names, after the WHATWG's Encoding Standard."""
_FEW = 0.01


def decoded(data: bytes, charset: str | None = None) -> tuple[str, bool]:
    """The text without a byte-order mark, and whether its encoding was guessed.

    `charset` is what the page was sent as. UTF-8 goes before what is declared: text in another
    encoding is hardly ever valid UTF-8 by accident, and pages often declare the wrong one.
    """
    size, encoding = mark(data)
    if encoding:
        return data[size:].decode(encoding, "replace"), False
    try:
        return data.decode("utf-8"), False
    except UnicodeDecodeError:
        return _not_all_utf_8(data, charset)


def _not_all_utf_8(data: bytes, charset: str | None) -> tuple[str, bool]:
    for encoding in filter(None, (_codec(charset), _codec(_declared(data)), "utf-8")):
        text = data.decode(encoding, "replace")
        wrong = text.count("\ufffd")
        if wrong == 0:
            return text, False
        if wrong <= 1 + _FEW * sum(byte >= 0x80 for byte in data):
            return text, True
    return Decoder(lambda: data).decode(data)


def _declared(data: bytes) -> str | None:
    found = _DECLARED.search(_COMMENT.sub(b"", data[:DECLARED_WITHIN]))
    return (found[1] or found[2]).decode("ascii", "replace") if found else None


def _codec(name: str | None) -> str | None:
    """Python's codec for a charset; none for UTF-16, which no page without a mark can be in."""
    try:
        codec = codecs.lookup((name or "").strip().removeprefix("x-")).name
        "".encode(codec)
    except (LookupError, ValueError):  # unknown, or no text encoding such as base64
        return None
    return None if codec.startswith(("utf-16", "utf-32")) else _SUPERSETS.get(codec, codec)
