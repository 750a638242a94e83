"""Markdown without its marks: the text as it reads, in paragraphs.

Every pattern is bounded, so that no text takes longer than in proportion to its length.
"""

from __future__ import annotations

import html
import re

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_SHORTCODE = re.compile(r"\{\{[<%].{0,300}?[>%]\}\}|\{%.{0,300}?%\}", re.DOTALL)
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_RULE = re.compile(r"\s{0,3}(?:(?:-\s*){3,}|(?:\*\s*){3,}|(?:_\s*){3,}|=+\s*)$")
_DEFINITION = re.compile(r"\s{0,3}\[[^\]\n]{1,200}\]:\s")
_TABLE_RULE = " |:+-"
_HEADING = re.compile(r"\s{0,3}#{1,6}\s+")
_ITEM = re.compile(r"\s*(?:[-*+]|(\d{1,9})[.)])\s+(?:\[[ xX]\]\s+)?")
_QUOTE = re.compile(r"(?:\s{0,3}>\s?)+")

_IMAGE = re.compile(r"!\[[^\[\]\n]{0,1000}\](?:\([^()\n]{0,2000}\)|\[[^\]\n]{0,200}\])?")
_TARGET = r"\([^()\n]{0,1000}(?:\([^()\n]{0,500}\)[^()\n]{0,500})?\)|\[[^\]\n]{0,200}\]"
_LINK = re.compile(rf"\[([^\[\]\n]{{1,1000}})\](?:{_TARGET})")
_FOOTNOTE = re.compile(r"\[\^[^\]\n]{1,100}\]:?")
_ADDRESS = re.compile(r"<((?:https?://|mailto:)[^<>\s]{1,2000})>")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,1000}>")
_CODE = re.compile(r"(?<!`)(`{1,3})(?!`)((?:[^`\n]|(?!\1)`){1,1000}?)\1(?!`)")
_STRONG = re.compile(r"(\*{1,3})(?=[^\s*])([^*\n]{1,2000})(?<=[^\s*])\1")
_UNDER = re.compile(r"(?<!\w)(_{1,3})(?=[^\s_])([^_\n]{1,2000})(?<=[^\s_])\1(?!\w)")
_STRUCK = re.compile(r"~~([^~\n]{1,2000})~~")
_SPACES = re.compile(" {2,}")

_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_SIGN = re.compile(r"[ !-/:-@\[-`{-~]")
_PARK_AT = 0xE000
_PARKED = re.compile("[\ue020-\ue07e]")
"""Signs that mean themselves wait among the private characters until all others are read."""


def plain(text: str) -> str:
    """Paragraphs separated by an empty line, headings and items of lists among them.

    Of links their text stays; pictures, rules, comments and footnotes' marks go.
    """
    text = _SHORTCODE.sub("", _COMMENT.sub("", text))
    paragraphs: list[list[str]] = [[]]
    is_code = False
    for line in text.split("\n"):
        if _FENCE.match(line):
            is_code = not is_code
            paragraphs.append([])
        elif is_code:
            paragraphs[-1].append(_parked(line.rstrip()) + "\n")
        else:
            _add_line(paragraphs, line)
    read = (_inline("".join(paragraph)).strip("\n ") for paragraph in paragraphs)
    return "\n\n".join(paragraph for paragraph in read if paragraph)


def _add_line(paragraphs: list[list[str]], line: str) -> None:
    line = line[found.end() :] if (found := _QUOTE.match(line)) else line
    if not line.strip(_TABLE_RULE) or _RULE.match(line) or _DEFINITION.match(line):
        paragraphs.append([])
        return
    if heading := _HEADING.match(line):
        paragraphs += [[line[heading.end() :].rstrip("# ")], []]
        return
    if item := _ITEM.match(line):
        paragraphs.append([f"{item[1]}. " if item[1] else ""])
        line = line[item.end() :]
    if line.lstrip().startswith("|"):
        paragraphs.append([])
        line = " ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    is_broken = line.endswith(("  ", "\\"))
    paragraphs[-1].append(line.strip().removesuffix("\\") + ("\n" if is_broken else " "))


def _inline(text: str) -> str:
    text = _ESCAPED.sub(lambda found: _parked(found[1]), text)
    text = _CODE.sub(lambda found: _parked(found[2].strip()), text)
    text = _IMAGE.sub("", text)
    text = _FOOTNOTE.sub("", text)
    text = _LINK.sub(r"\1", text)
    text = _ADDRESS.sub(r"\1", text)
    text = _TAG.sub("", text)
    for marked in (_STRONG, _UNDER):
        for _ in range(2):  # strong within emphasis
            text = marked.sub(r"\2", text)
    text = _SPACES.sub(" ", html.unescape(_STRUCK.sub(r"\1", text)))
    return _PARKED.sub(lambda found: chr(ord(found[0]) - _PARK_AT), text)


def _parked(text: str) -> str:
    return _SIGN.sub(lambda found: chr(ord(found[0]) + _PARK_AT), text)
