"""The words of a text, and which of a query say what it is about."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

# Signs that stand on, under or after a letter belong to its word; \w leaves them out.
_WORD = re.compile(
    r"[\w\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05c1-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
    r"\u06d6-\u06dc\u06df-\u06e8\u06ea-\u06ed\u0900-\u0963\u0966-\u0dff\u0e31-\u0e3a\u0e47-\u0e4e]+"
)
# None that is a word of the news in another language, such as "die", "war", "las" and "son".
_FUNCTION_WORDS = frozenset(
    """
    a about after all also an and any are as at be because been before but by can could did do does
    for from had has have he her his how i if in into is it its me more most my no nor not of on or
    our out over said she should so some such than that the their them then there these they this
    those to up us was we were what when where which while who whom why will with would you your
    der das dem des ein eine einer eines und oder im am zu zum zur von vom für auf nach beim ist
    sind wird werden wurde wurden haben nicht auch sich sie dass wer wie
    del por para que se una et ou dans du au aux ce qui
    """.split()
)


def words_of(text: str) -> Iterator[re.Match[str]]:
    """Every word of a text, in order."""
    return _WORD.finditer(text)


def significant(query: str) -> list[str]:
    """The query's words but the function words; all of them when there are no others.

    One in capitals is a name ("US", "WHO", "IT"), unless the whole query is in capitals. Keywords
    without function words are found in a third of the time, and rank better: benchmarks/README.md.
    """
    words = [match.group() for match in words_of(query)]
    has_case = any(word != word.upper() for word in words)
    kept = [word for word in words if (has_case and _is_name(word)) or not is_function(word)]
    return kept or words


def names_and_numbers(query: str) -> list[str]:
    """The significant words with a capital or a digit; digits alone where all is in capitals."""
    words = significant(query)
    has_case = any(word != word.upper() for word in words)
    return [
        word for word in words if any(map(str.isdigit, word)) or (has_case and word[:1].isupper())
    ]


def _is_name(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def is_function(word: str) -> bool:
    """Whether it joins words and says nothing by itself, in capitals or not."""
    return unicodedata.normalize("NFKC", word).casefold() in _FUNCTION_WORDS
