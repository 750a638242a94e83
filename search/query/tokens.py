"""From characters to tokens: words, phrases, fields, operators, parentheses."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

Kind = Literal["word", "phrase", "field", "minus", "and", "or", "not", "(", ")"]

QUOTES = str.maketrans(dict.fromkeys("“”„‟«»〝〞＂", '"'))
OPERATORS: dict[str, Kind] = {"AND": "and", "OR": "or", "NOT": "not"}
_TOKEN = re.compile(
    r"""\s*(?:
          (?P<opening>\() | (?P<closing>\))
        | (?P<minus>-)(?=["(]|[^\W\d_])                 # "-5 degrees" is a number
        | (?P<name>[A-Za-z]+):(?!//)
        | "(?P<phrase>[^"]*)"(?:~(?P<within>\d{1,9}))?
        | (?P<quote>")
        | (?P<word>[^\s"()]+)
        )""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A token and its place in the text, `end` exclusive.

    `text` is a word, the words of a phrase, or the name of a field. `is_attached`: nothing stands
    between it and the token before it. `within` is the N of "a b"~N.
    """

    kind: Kind
    text: str
    start: int
    end: int
    is_attached: bool
    within: int | None = None


def tokens(text: str, notes: list[str]) -> Iterator[Token]:
    """The tokens of a text; a quote that is not closed is left out, with a note."""
    folded, at, is_parted = text.translate(QUOTES), 0, False
    while match := _TOKEN.match(folded, at):
        start = match.end() - len(match[0].lstrip())
        is_attached, at = start == at and not is_parted, match.end()
        group = match.lastgroup or ""
        if group == "quote":
            notes.append(f"the quote at character {start + 1} is not closed; it was ignored")
            is_parted = True
            continue
        is_parted = False
        value = match["phrase"] if group in ("phrase", "within") else match[group]
        yield Token(
            _kind(group, value),
            " ".join(value.split()),
            start,
            at,
            is_attached,
            int(match["within"]) if match["within"] else None,
        )


def _kind(group: str, value: str) -> Kind:
    match group:
        case "opening":
            return "("
        case "closing":
            return ")"
        case "minus":
            return "minus"
        case "name":
            return "field"
        case "phrase" | "within":
            return "phrase"
        case _:
            return OPERATORS.get(value, "word")


def holds_word(text: str) -> bool:
    """Whether it is more than signs: a letter or digit stands in it."""
    return any(map(str.isalnum, text))
