"""Text to sentences: where a stop ends one, and where it only shortens a word."""

from __future__ import annotations

import re
from collections.abc import Iterator

from search.types import Span

_BREAK = re.compile(
    r"""
      \n\s*\n                                               # an empty line always ends a sentence
    | (?<![.!?…]) (?P<stop>[.!?…]++) (?:[ ]»|['"’”“»«)\]])*+ (?=\s)
    | [。！？｡]++ [」』”’）)]*+                              # no space follows in Chinese, Japanese
    | [؟۔।]++ ["”»)\]]*+ (?=\s)
    """,
    re.VERBOSE,
)
_OPENERS = "\"'“”‘’„«»([{¿¡—–- "
_WORD = re.compile(r"\w+")

# Followed by a name or a number: never the last word of a sentence.
_NEVER_LAST = frozenset(
    """mr mrs ms dr prof gen sen sens rep reps gov lt col sgt capt cmdr maj adm cpl pvt brig hon rev
    fr st mt ft messrs mme mlle pres supt det vs cf e.g i.e viz approx dept est
    hr frl bzw ca nr mio mrd vgl z.b d.h u.a dña dn dra lic ee.uu""".split()
)
# Last or not: only what follows can tell.
_SOMETIMES_LAST = frozenset(
    """inc corp co ltd llc plc jr sr bros assn etc al ed vol ave blvd rd sq
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri sat sun
    a.m p.m ph.d m.d b.a m.a usw evtl tel ariz calif colo conn del fla ga ill ind kan ky la md mass
    mich minn miss mo mont neb nev okla ore pa penn tenn tex va vt wash wis wyo""".split()
)
_BEFORE_NUMBER = frozenset("no nos fig p pp art abs núm pág".split())
# Words that begin sentences far more often than they continue a name.
_STARTERS = frozenset(
    """the a an this that these those he she it they we i you his her its their our my your there
    here in on at as by for from with if when while after before since but and or so then now still
    yet also however meanwhile what who why how where some many most one two no not all both
    mr mrs ms according asked
    der die das ein eine er sie es wir im am und aber
    le les un une il elle ils elles nous mais et dans
    el los las una pero y en se""".split()
)
_MONTHS = frozenset(
    """januar jänner februar märz april mai juni juli august september oktober november dezember
    jahrhundert""".split()
)
_ORDINAL_DOT = ("de", "da", "nb", "nn", "no", "fi", "cs", "sk", "hu", "hr", "sl")


def sentences(text: str, language: str | None = None) -> list[Span]:
    """Spans of the sentences of `text`, in order, without the space around them.

    Every character that is not space lies in exactly one. `language` is a BCP 47 tag; it matters
    only for a stop after a number, which makes an ordinal in German and its neighbours.
    """
    ordinals = (language or "").partition("-")[0].lower() in _ORDINAL_DOT
    spans: list[Span] = []
    start = 0
    for end in _ends(text, ordinals=ordinals):
        inner = text[start:end]
        left = start + len(inner) - len(inner.lstrip())
        right = start + len(inner.rstrip())
        if left < right:
            spans.append((left, right))
        start = end
    return spans


def _ends(text: str, *, ordinals: bool) -> Iterator[int]:
    start = 0
    for match in _BREAK.finditer(text):
        if match["stop"] and not _is_end(text, match, start, ordinals=ordinals):
            continue
        yield match.end()
        start = match.end()
    yield len(text)


def _is_end(text: str, match: re.Match[str], start: int, *, ordinals: bool) -> bool:
    """Whether this stop ends the sentence that began at `start`."""
    following = text[match.end() : match.end() + 40].lstrip()
    opened = following.lstrip(_OPENERS)
    if opened[:1].islower():
        return False
    if match["stop"] != "." or not opened:
        return True
    before = text[max(start, match.start() - 24) : match.start()].split()
    word = before[-1].lstrip(_OPENERS).rstrip("'’)") if before else ""
    is_first = len(before) == 1 and match.start() - start <= 24
    return _ends_with(word, opened, is_first=is_first, ordinals=ordinals)


def _ends_with(word: str, following: str, *, is_first: bool, ordinals: bool) -> bool:
    """Whether a sentence can end in `word` and a stop, with `following` next."""
    folded = word.casefold()
    found = _WORD.match(following)
    next_word = found[0].casefold() if found else ""
    if folded in _NEVER_LAST:
        return False
    if folded in _BEFORE_NUMBER and next_word[:1].isdigit():
        return False
    if word.isdigit() and len(word) <= 2:
        return not (is_first or ordinals or next_word in _MONTHS)
    if folded in _SOMETIMES_LAST or _is_initials(word):
        return next_word in _STARTERS
    return True


def _is_initials(word: str) -> bool:
    """One letter, or letters with stops between: J, U.S, p.m."""
    letters = word.split(".")
    return all(len(letter) == 1 and letter.isalpha() for letter in letters)
