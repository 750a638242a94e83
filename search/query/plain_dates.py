"""Dates in plain words: "what happened last week", "floods since March 2021", "Q3 2023".

A phrase is the name of a period ("October 2022"), or several, with the word that governs them
("since October 2022"). What may be no date is left to meaning: a year in the name of an event ("the
2020 election"), `may` the verb, `march` the protest. So is the future, of which no article tells.
An exact day beside other words ("September 11, 2001 attacks") tells of an event unless a
preposition governs it: a note offers the filter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from search.query.periods import CLAUSE_END, FOLD, FORMS, GOVERNED, NAMED, Period, read_form
from search.query.tokens import holds_word
from search.types import Span

_IN_TEXT = "|".join(
    f"(?P<{name}>{re.sub('[?]P<[a-z_]+>', '?:', FORMS[name][1].pattern)})"
    for name in (*NAMED, *GOVERNED)
)
_DATE = re.compile(
    r"\b(?<![/$#@&'+-])(?<!\w\.)(?<![0-9],)"
    r"(?:(?P<lead>in|on|of|at|as\s++of|for|from|over|within|during|throughout|between|since|after|before"
    r"|prior\s++to|until|till|up\s++to)\s++)?"
    rf"(?:{_IN_TEXT})(?:'s|(?<=s)')?(?![\w/@%]|[.:',-]\w)"
)
_OPEN = {"since", "after", "before", "prior to", "until", "till", "up to"}
_GOVERNORS = {"in", "from", "during", "throughout", "between", *_OPEN}
_BEFORE_MAY = {"in", "since", "until", "till", "during", "throughout"}
_BEFORE_MARCH = {*_BEFORE_MAY, "before", "after", "prior to"}
_DAYS = {"iso_day", "day", "day_us"}
_RANGES = {"days", "days_us", "months", "only_months", "years"}
_YEARLESS = {"only_month", "only_months", "only_short", "only_day", "only_day_us"}
_RELATIVE = {"now", "near", "this", "last", "ago"}

_LITERAL = re.compile(r"""(?<!\w)[a-z]+:(?:"[^"]*"|\([^()]*\)|[^\s"]+)|"[^"]*\"""")
# Between these words and these dates (after the bar, "<" where no preposition governs) the date
# tells something else than when articles appeared.
_BARS = re.compile(
    r"""\b(?: (?:than|not|except(?:\s+for)?|excluding|versus|vs|compared\s+(?:to|with))\s+\|
      | (?:the|an?|his|her|its|their|our|my|your|that|these|those|every|each|next|by|to|later
        |least|under|top|usa)\s+\|<
      | (?:will|would|can|could|may|might|must|should|only|t)\s+\|<(?:last_few|this_season)
      | (?:ahead|instead|start|beginning|middle|end|eve|anniversary|aftermath|weekend
        |(?:hour|day|night|week|month|year)s?)\s+\|of\b
      | (?:\w+'s|\w+s'|protest|peace|freedom|hunger|pride|rights|solidarity|womens)\s+\|<
        (?:months?|days?_us|only_third)\b
      | (?:one|1)\s+\|in\b)""",
    re.VERBOSE,
)
_OFFERING = re.compile(
    r"""\b(?: this\s+time\s+\|<last\b
      | (?:hours?|days?|nights?|mornings?|weekends?|weeks?|months?|years?)\s+
        \|(?:after|before|prior\ to)\b)""",
    re.VERBOSE,
)
_GIVEN_NAMES = ("april", "june", "august", "jan", "jun")
_EVENT = re.compile(
    r"\s++(?:attacks?|campaigns?|committee|crash|election|fiscal|hearings?|insurrection|massacre"
    r"|olympics|riots?|school|season|shootings?|tax)\b"
)
_WINDOW = 24  # characters before a phrase that are looked at
_AFTER_NAME = re.compile(r"\b[A-Z]\w*\s\Z")
_BEFORE_NAME = re.compile(r"\s[A-Z]")
_CLAUSE_ENDS = re.compile(CLAUSE_END)
_JOIN = re.compile(
    r"(?P<comma>,\s*)|(?P<range>\s*-\s*|,?\s+(?:to|through|until|till)\s+)|,?\s+(?:and|or)\s+"
)
_BOTH_ENDS = re.compile(r",?\s+(?:(?:and|but)\s+)?")
_ONWARD = re.compile(rf"\s++on(?:wards?\b|(?={CLAUSE_END}))")
_GOES_ON = re.compile(r"\s++(?:to|until|till|through)\b")


@dataclass(frozen=True, slots=True)
class DatePhrase:
    """Words of a text that say when, and the days they admit."""

    span: Span
    after: date | None  # the first day admitted
    before: date | None  # the first day no longer admitted


@dataclass(frozen=True, slots=True)
class Unapplied:
    """Words of a text that look like a date and are left to meaning, with a note that says so."""

    span: Span
    note: str


class _Found(NamedTuple):
    start: int
    noun: Span  # of the form, after the word that governs it
    end: int
    lead: str
    form: str
    period: Period


def date_phrases(text: str, today: date) -> tuple[DatePhrase, ...]:
    """The phrases of `text` that admit days up to `today`, in order, none overlapping.

    Weeks start on Monday. Seasons are those of the north, by whole months; winter 2019 is December
    2019 to February 2020. `last summer` is the latest that is over, `in March` and `on 6 March` the
    latest that has begun, `the past month` ends today. `after 2020` begins in 2021, `until 2020`
    admits 2020. Several periods, as in "in 2016 and 2020", are one from the first to the last.

    Nothing is read in quotes or in a `name:value`. A span is that of the words to cut, with the
    preposition and a possessive `'s`.
    """
    return read_dates(text, today)[0]


def read_dates(text: str, today: date) -> tuple[tuple[DatePhrase, ...], tuple[Unapplied, ...]]:
    """The `date_phrases`, and what looks like one and is not applied."""
    folded = _LITERAL.sub(lambda match: "_" * len(match[0]), text.translate(FOLD))
    unapplied: list[Unapplied] = []
    found: list[_Found] = []
    for match in _DATE.finditer(folded):
        one = _found(match, today)
        if one is not None:
            found.append(one)
        elif (impossible := _impossible(match, text, today)) is not None:
            unapplied.append(impossible)
    phrases: list[DatePhrase] = []
    place = 0
    while place < len(found):
        chain = [found[place]]
        place += 1
        is_event = _is_event(chain[0], folded)
        if not is_event and not _stands(chain[0], folded, text):
            continue
        while place < len(found) and _joins(chain, found[place], folded, is_event=is_event):
            chain.append(found[place])
            place += 1
        if len(chain) == 1 and (is_event or _is_offered(chain[0], folded)):
            unapplied.append(_offer(chain[0], text))
            continue
        phrase = _phrase(chain, folded)
        if phrase is not None and (phrase.after is None or phrase.after <= today):
            phrases.append(phrase)
    return tuple(_with_both_ends(phrases, folded)), tuple(unapplied)


def is_unread(text: str) -> bool:
    """Whether the whole text is a phrase in quotes or a `name:value`, in which no date is read."""
    return _LITERAL.fullmatch(text) is not None


def _impossible(match: re.Match[str], text: str, today: date) -> Unapplied | None:
    """A note on a day that no calendar has; None for one that is only in the future."""
    form = match.lastgroup or ""
    is_day = form in _DAYS or (form in ("only_day", "only_day_us") and match["lead"] == "on")
    if not is_day or read_form(form, match[form], today) is not None:
        return None
    typed = text[slice(*match.span(form))]
    return Unapplied(
        match.span(form), f"“{typed}” is no day of the calendar; it is left to meaning"
    )


def _offer(found: _Found, text: str) -> Unapplied:
    """The words as a note, which says how to write the filter."""
    first, end = found.period
    one, typed = end - timedelta(days=1), text[slice(*found.noun)]
    days = f"on:{first}" if first == one else f"date:{first}..{one}"
    time = "day" if first == one else "time"
    note = f"“{typed}” is left to meaning; write {days} for articles of that {time}"
    return Unapplied(found.noun, note)


def _with_both_ends(phrases: list[DatePhrase], folded: str) -> list[DatePhrase]:
    """The phrases, "since 2019 and before 2021" as one."""
    joined: list[DatePhrase] = []
    for phrase in phrases:
        last = joined[-1] if joined else phrase
        after, before = last.after or phrase.after, last.before or phrase.before
        are_ends = (last.after, last.before) in ((after, None), (None, before))
        are_ends = are_ends and (phrase.after, phrase.before) in ((after, None), (None, before))
        is_range = after is not None and before is not None and after < before
        gap = folded[last.span[1] : phrase.span[0]]
        if are_ends and is_range and _BOTH_ENDS.fullmatch(gap):
            joined[-1] = DatePhrase((last.span[0], phrase.span[1]), after, before)
        else:
            joined.append(phrase)
    return joined


def _found(match: re.Match[str], today: date) -> _Found | None:
    form = match.lastgroup or ""
    period = read_form(form, match[form], today)
    if period is None or period[0] > today:
        return None
    lead = " ".join((match["lead"] or "").split())
    return _Found(match.start(), match.span(form), match.end(), lead, form, period)


def _stands(found: _Found, folded: str, text: str) -> bool:
    """Whether the words around it let this be a date."""
    is_barred = _BARS.search(_before_and_lead(found, folded)) is not None
    return not is_barred and _is_governed(found, folded) and not _is_name(found, text)


def _is_event(found: _Found, folded: str) -> bool:
    """Whether it is an exact day that no preposition governs, with other words beside it."""
    if found.form not in _DAYS or found.lead not in ("", "of"):
        return False
    return holds_word(folded[: found.start]) or holds_word(folded[found.end :])


def _is_offered(found: _Found, folded: str) -> bool:
    """Whether the words before it make a time out of it that a filter does not say."""
    return _OFFERING.search(_before_and_lead(found, folded)) is not None


def _before_and_lead(found: _Found, folded: str) -> str:
    """The words before it, a bar, and what governs it, or "<" and its form."""
    before = folded[max(0, found.start - _WINDOW) : found.start]
    return f"{before}|{found.lead or '<' + found.form}"


def _is_governed(found: _Found, folded: str) -> bool:
    match found.form:
        case "now":
            return False
        case "ago":  # "over 3 years ago"
            return found.lead not in ("for", "over", "within")
        case "only_month" if folded.startswith(("may", "march"), found.noun[0]):
            if _CLAUSE_ENDS.match(folded, found.end) is None:
                return found.lead in ("from", "between")
            is_march = folded.startswith("march", found.noun[0])
            return found.lead in (_BEFORE_MARCH if is_march else _BEFORE_MAY)
        case "only_short":
            ends = _CLAUSE_ENDS.match(folded, found.end) is not None
            return found.lead in (_BEFORE_MARCH if ends else _BEFORE_MAY)
        case "only_day" | "only_day_us":  # "since October 7" may count from another year's
            return found.lead == "on" and _EVENT.match(folded, found.end) is None
        case "edge":
            is_end = folded[slice(*found.noun)].removeprefix("the ").startswith("end")
            leads = ("before", "prior to") if is_end else ("after", "until", "till", "up to")
            return found.lead not in leads and _EVENT.match(folded, found.end) is None
        case "previous" if folded.startswith("the", found.noun[0]):
            return found.lead != ""
    return found.form not in GOVERNED or found.lead in _GOVERNORS


def _is_name(found: _Found, text: str) -> bool:
    """Whether capitals tell a name, "India Today", "in April Ryan", or a verb, "may 2020 bring"."""
    words = text[found.noun[0] : found.end]
    match found.form:
        case "last_night" | "this_part" if not words.isupper() and words[1:] != words[1:].lower():
            return True
        case "near" | "this_part" if words.startswith("T"):
            return _AFTER_NAME.search(text[max(0, found.start - _WINDOW) : found.start]) is not None
        case "only_month" | "only_third" | "only_short" if words.lower().endswith(_GIVEN_NAMES):
            return _BEFORE_NAME.match(text, found.end) is not None
        case "month" | "months" if words.startswith("may") and not found.lead:
            return _CLAUSE_ENDS.match(text, found.end) is None
    return False


def _joins(chain: list[_Found], following: _Found, folded: str, *, is_event: bool) -> bool:
    """Whether `following` continues the periods of the chain: "and 2020", "until today"."""
    head, last = chain[0], chain[-1]
    if head.lead in _OPEN or following.form in _YEARLESS:
        return False
    if last.form in _YEARLESS and following.form not in _RELATIVE:
        return False  # "from March to 6 June 2021": March of which year?
    if following.form in GOVERNED and head.lead not in _GOVERNORS:
        return False
    gap = folded[last.end : following.start]
    if following.lead:
        return gap.isspace() and following.lead in ("until", "till", "up to")
    join = _JOIN.fullmatch(gap)
    if join is None or (is_event and join["range"] is None):
        return False
    return join["comma"] is None or last.form == following.form


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
