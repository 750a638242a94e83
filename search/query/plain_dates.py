"""Dates in plain words: "what happened last week", "floods since March 2021", "Q3 2023".

A phrase is the name of a period ("October 2022"), or several, with the word that governs them
("since October 2022"). What may be no date is left to meaning: a year in the name of an event ("the
2020 election"), `may` the verb, `march` the protest. So is the future, of which no article tells.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from search.query.periods import CLAUSE_END, FOLD, FORMS, GOVERNED, NAMED, Period, read_form
from search.types import Span

_IN_TEXT = "|".join(
    f"(?P<{name}>{re.sub('[?]P<[a-z_]+>', '?:', FORMS[name][1].pattern)})"
    for name in (*NAMED, *GOVERNED)
)
_DATE = re.compile(
    r"\b(?<![/$#@&'+-])(?<!\w\.)(?<![0-9],)"
    r"(?:(?P<lead>in|on|of|as\s++of|for|from|over|within|during|throughout|between|since|after|before"
    r"|prior\s++to|until|till|up\s++to)\s++)?"
    rf"(?:{_IN_TEXT})(?:'s|(?<=s)')?(?![\w/@%]|[.:',-]\w)"
)
_OPEN = {"since", "after", "before", "prior to", "until", "till", "up to"}
_GOVERNORS = {"in", "from", "during", "throughout", "between", *_OPEN}
_BEFORE_MAY = {"in", "since", "until", "till", "during", "throughout"}
_RANGES = {"days", "days_us", "months", "only_months", "years"}
_RELATIVE = {"now", "near", "this", "last", "ago"}

_LITERAL = re.compile(r"""(?<!\w)[a-z]+:(?:"[^"]*"|[^\s"]+)|"[^"]*\"""")
# Between these words and these dates (after the bar, "<" where no preposition governs) the date
# tells something else than when articles appeared.
_BARS = re.compile(
    r"""\b(?: than\s+\|
      | (?:the|an?|his|her|its|their|our|my|your|that|these|those|every|each|next|by|to|later
        |least|under|top|usa)\s+\|<
      | (?:will|would|can|could|may|might|must|should|not|only|t)\s+\|<last_few
      | (?:ahead|instead|start|beginning|middle|end|eve|anniversary)\s+\|of\b
      | (?:one|1)\s+\|in\b)""",
    re.VERBOSE,
)
_WINDOW = 24  # characters before a phrase that are looked at
_AFTER_NAME = re.compile(r"\b[A-Z]\w*\s\Z")
_BEFORE_NAME = re.compile(r"\s[A-Z]")
_CLAUSE_ENDS = re.compile(CLAUSE_END)
_JOIN = re.compile(r"(?P<comma>,\s*)|\s*-\s*|,?\s+(?:and|or|to|through|until|till)\s+")
_ONWARD = re.compile(rf"\s++on(?:wards?\b|(?={CLAUSE_END}))")
_GOES_ON = re.compile(r"\s++(?:to|until|till|through)\b")


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """Words of a text that say when, and the days they admit."""

    span: Span
    after: date | None  # the first day admitted
    before: date | None  # the first day no longer admitted


class _Found(NamedTuple):
    start: int
    noun: int  # where the form begins, after the word that governs it
    end: int
    lead: str
    form: str
    period: Period


def date_phrases(text: str, today: date) -> tuple[DatePhrase, ...]:
    """The phrases of `text` that admit days up to `today`, in order, none overlapping.

    Weeks start on Monday. Seasons are those of the north, by whole months; winter 2019 is December
    2019 to February 2020. `last summer` is the latest that is over, `in March` the latest that has
    begun, `the past month` ends today. `after 2020` begins in 2021, `until 2020` admits 2020.
    Several periods, as in "in 2016 and 2020", are one from the first to the last.

    Nothing is read in quotes or in a `name:value`. A span is that of the words to cut, with the
    preposition and a possessive `'s`.
    """
    folded = _LITERAL.sub(lambda match: "_" * len(match[0]), text.translate(FOLD))
    matches = _DATE.finditer(folded)
    found = [one for match in matches if (one := _found(match, today)) is not None]
    phrases: list[DatePhrase] = []
    place = 0
    while place < len(found):
        chain = [found[place]]
        place += 1
        if not _stands(chain[0], folded, text):
            continue
        while place < len(found) and _joins(chain, found[place], folded):
            chain.append(found[place])
            place += 1
        phrase = _phrase(chain, folded)
        if phrase is not None and (phrase.after is None or phrase.after <= today):
            phrases.append(phrase)
    return tuple(phrases)


def _found(match: re.Match[str], today: date) -> _Found | None:
    form = match.lastgroup or ""
    period = read_form(form, match[form], today)
    if period is None or period[0] > today:
        return None
    lead = " ".join((match["lead"] or "").split())
    return _Found(match.start(), match.start(form), match.end(), lead, form, period)


def _stands(found: _Found, folded: str, text: str) -> bool:
    """Whether the words around it let this be a date."""
    before = folded[max(0, found.start - _WINDOW) : found.start]
    after = found.lead or "<" + found.form
    is_barred = _BARS.search(f"{before}|{after}") is not None
    return not is_barred and _is_governed(found, folded) and not _is_name(found, text)


def _is_governed(found: _Found, folded: str) -> bool:
    match found.form:
        case "now":
            return False
        case "ago":  # "over 3 years ago"
            return found.lead not in ("for", "over", "within")
        case "only_month" if folded.startswith(("may", "march"), found.noun):
            ends = _CLAUSE_ENDS.match(folded, found.end) is not None
            return found.lead in (_BEFORE_MAY if ends else ("from", "between"))
    return found.form not in GOVERNED or found.lead in _GOVERNORS


def _is_name(found: _Found, text: str) -> bool:
    """Whether capitals tell a name, "India Today", "in April Ryan", or a verb, "may 2020 bring"."""
    words = text[found.noun : found.end]
    match found.form:
        case "near" if words.startswith("T"):
            return _AFTER_NAME.search(text[max(0, found.start - _WINDOW) : found.start]) is not None
        case "only_month" if words.lower() in ("april", "june", "august"):
            return _BEFORE_NAME.match(text, found.end) is not None
        case "month" | "months" if words.startswith("may") and not found.lead:
            return _CLAUSE_ENDS.match(text, found.end) is None
    return False


def _joins(chain: list[_Found], following: _Found, folded: str) -> bool:
    """Whether `following` continues the periods of the chain: "and 2020", "until today"."""
    head, last = chain[0], chain[-1]
    if head.lead in _OPEN or following.form in ("only_month", "only_months"):
        return False
    if last.form == "only_month" and following.form not in _RELATIVE:
        return False  # "from March to 6 June 2021": March of which year?
    if following.form in GOVERNED and head.lead not in _GOVERNORS:
        return False
    gap = folded[last.end : following.start]
    if following.lead:
        return gap.isspace() and following.lead in ("until", "till", "up to")
    join = _JOIN.fullmatch(gap)
    return join is not None and (join["comma"] is None or last.form == following.form)


def _phrase(chain: list[_Found], folded: str) -> DatePhrase | None:
    head, lead, end = chain[0], chain[0].lead, chain[-1].end
    if len(chain) == 1:
        if lead == "between" and head.form not in _RANGES:
            return None
        if lead == "from" and _GOES_ON.match(folded, end):  # "from 2020 to the election"
            return None
        if lead == "from" and (onward := _ONWARD.match(folded, end)):
            lead, end = "since", onward.end()
    first = min(found.period[0] for found in chain)
    day_after = max(found.period[1] for found in chain)
    match lead:
        case "since":
            return DatePhrase((head.start, end), first, None)
        case "after":
            return DatePhrase((head.start, end), day_after, None)
        case "before" | "prior to":
            return DatePhrase((head.start, end), None, first)
        case "until" | "till" | "up to":
            return DatePhrase((head.start, end), None, day_after)
    return DatePhrase((head.start, end), first, day_after)
