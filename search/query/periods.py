"""Periods by their names: "last week", "October 2022", "Q3 2023", "2022-09".

Each form has a pattern and a reader: from today and the pattern's groups to the first day and the
first day after.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from string import ascii_lowercase, ascii_uppercase

from search.query.tokens import QUOTES

Period = tuple[date, date]  # the first day, and the first day after

_DAY = timedelta(days=1)
_MONTHS = """january february march april may june
    july august september october november december""".split()
_SHORT_MONTHS = [month[:3] for month in _MONTHS]
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
_THIRDS = ("early", "mid", "late")
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_ORDINALS |= {"1st": 1, "2nd": 2, "3rd": 3, "4th": 4}
_MONTHS_IN = {"month": 1, "quarter": 3, "year": 12}
_WORDS = "one two three four five six seven eight nine ten eleven twelve".split()
_NUMBERS = {word: number for number, word in enumerate(_WORDS, 1)}
_DAYS_IN = {"d": 1, "day": 1, "w": 7, "week": 7, "fortnight": 14}
_MANY_MONTHS_IN = {"m": 1, "month": 1, "y": 12, "year": 12, "decade": 120}


# Readers: from `today` and the groups of a form to a period. What they cannot read raises.


def _dated(_: date, year: str, month: str = "", day: str = "", part: str = "") -> Period:
    first, end = _months(int(year), _month_number(month or "1"), 1 if month else 12)
    if day:
        return _around(first.replace(day=int(day)), "day")
    return _part_of((first, end), part)


def _fraction(_: date, number: str, year: str, unit: str = "quarter") -> Period:
    count = _MONTHS_IN.get(unit, 6)
    which = int(number) if number.isdecimal() else _ORDINALS.get(number, 12 // count)
    if which > 12 // count:
        raise ValueError(f"a year has no {number} {unit}")
    return _months(int(year), count * (which - 1) + 1, count)


def _half(today: date, number: str, year: str) -> Period:
    return _fraction(today, number, year, "half")


def _edge(_: date, edge: str, year: str) -> Period:
    """The last quarter of a year for its end, the first for its beginning."""
    return _months(int(year), 10 if edge == "end" else 1, 3)


def _week_of_month(today: date, which: str, month: str, year: str) -> Period:
    """The first week is the first seven days; the last one the last seven."""
    first, end = _dated(today, year, month)
    if which not in _ORDINALS:
        return end - 7 * _DAY, end
    start = first + 7 * (_ORDINALS[which] - 1) * _DAY
    return start, start + 7 * _DAY


def _week_from(today: date, year: str, month: str, day: str) -> Period:
    first, _ = _dated(today, year, month, day)
    return first, first + 7 * _DAY


def _season(_: date, season: str, year: str) -> Period:
    return _months(int(year), _SEASONS[season], 3)


def _years(_: date, year: str, last: str) -> Period:
    return _months(int(year), 1, 12 * (int(last) - int(year) + 1))


def _decade(_: date, decade: str) -> Period:
    return _months(10 * int(decade), 1, 120)


def _days(today: date, day: str, month: str, last_day: str, last_month: str, year: str) -> Period:
    """One month may be left out; a first month later than the last is of the year before."""
    month, last_month = month or last_month, last_month or month
    is_new_year = _month_number(month) > _month_number(last_month)
    first, _ = _dated(today, str(int(year) - is_new_year), month, day)
    return first, _dated(today, year, last_month, last_day)[1]


def _month_range(today: date, month: str, last_month: str, year: str = "") -> Period:
    """From a month to the next `last_month`; without a year, to the latest that has begun."""
    number, last = _month_number(month), _month_number(last_month)
    last_year = int(year) if year else today.year - (last > today.month)
    return _months(last_year - (number > last), number, (last - number) % 12 + 1)


def _near(today: date, day: str = "to", before: str = "") -> Period:
    return _around(today - (bool(before) + (day == "yester")) * _DAY, "day")


def _last_night(today: date) -> Period:
    """Told of on either of its days."""
    return today - _DAY, today + _DAY


def _weekend(today: date, this: str) -> Period:
    """The latest that is over; with `this`, from Wednesday on, that of the week itself."""
    saturday = _around(today, "week")[0] - 2 * _DAY
    if this and today.weekday() > 1:
        saturday += 7 * _DAY
    return saturday, saturday + 2 * _DAY


def _this(today: date, what: str, part: str) -> Period:
    if what in _MONTHS:
        return _dated(today, str(today.year), what, part=part)
    return _part_of(_around(today, what), part)


def _this_season(today: date, season: str) -> Period:
    """That of this year; in January and February, winter is the one that began the year before."""
    is_begun = season == "winter" and today.month < 3
    return _season(today, season, str(today.year - is_begun))


def _latest_month(today: date, month: str) -> Period:
    """The latest that has begun."""
    return _last(today, _MONTHS[_month_number(month) - 1])


def _latest_third(today: date, part: str, month: str) -> Period:
    """The latest that has begun."""
    period = _dated(today, str(today.year), month, part=part)
    return period if period[0] <= today else _dated(today, str(today.year - 1), month, part=part)


def _latest_day(today: date, month: str, day: str) -> Period:
    """The latest that is no later than today; 29 February may be eight years back."""
    for year in range(today.year, today.year - 9, -1):
        try:
            period = _dated(today, str(year), month, day)
        except ValueError:
            continue
        if period[0] <= today:
            return period
    raise ValueError(f"no year has a day {day} of {month}")


def _last(today: date, what: str, part: str = "") -> Period:
    """A month has begun, everything else is over."""
    if what in _SEASONS:
        seasons = (_season(today, what, str(today.year - back)) for back in range(3))
        period = next(season for season in seasons if season[1] <= today)
    elif what in _WEEKDAYS:
        back = (today.weekday() - _WEEKDAYS.index(what) - 1) % 7 + 1
        return _around(today - back * _DAY, "day")
    elif what in _MONTHS:
        period = _dated(today, str(today.year - (_month_number(what) > today.month)), what)
    else:
        period = _around(_around(today, what)[0] - _DAY, what)
    return _part_of(period, part)


def _past(today: date, count: str, unit: str) -> Period:
    if unit == "hour":  # of a day that has begun we do not know how much
        return today - -(-_counted(count, unit) // 24) * _DAY, today + _DAY
    return _back(today + _DAY, count, unit), today + _DAY


def _ago(today: date, count: str, unit: str) -> Period:
    back = _back(today, count, unit)
    if count.endswith("few"):
        return back, today + _DAY
    return _around(back, "week" if unit == "fortnight" else unit)


def _months(year: int, month: int, count: int) -> Period:
    end = month - 1 + count
    return date(year, month, 1), date(year + end // 12, end % 12 + 1, 1)


def _month_number(month: str) -> int:
    return int(month) if month.isdecimal() else _SHORT_MONTHS.index(month[:3]) + 1


def _around(day: date, unit: str) -> Period:
    """The calendar week, month, quarter or year that holds the day, or the day itself."""
    if unit == "day":
        return day, day + _DAY
    if unit == "week":
        monday = day - day.weekday() * _DAY
        return monday, monday + 7 * _DAY
    count = _MONTHS_IN[unit]
    return _months(day.year, (day.month - 1) // count * count + 1, count)


def _back(day: date, count: str, unit: str) -> date:
    """So many units earlier. In a shorter month its last day."""
    number = _counted(count, unit)
    if unit in _DAYS_IN:
        return day - number * _DAYS_IN[unit] * _DAY
    months = 12 * day.year + day.month - 1 - number * _MANY_MONTHS_IN[unit]
    first, end = _months(months // 12, months % 12 + 1, 1)
    return min(first + (day.day - 1) * _DAY, end - _DAY)


def _counted(count: str, unit: str) -> int:
    """No count, like "a", is one; a couple are two; a few are five days, or four of all else."""
    if count.isdecimal():
        return int(count)
    if count.endswith("few"):
        return 5 if unit == "day" else 4
    return _NUMBERS.get(count, 2 if count else 1)


def _part_of(period: Period, part: str) -> Period:
    """A third of it: four months of a year, ten days of a month and what is left at its end."""
    if not part:
        return period
    (first, end), which = period, _THIRDS.index(part)
    if end - first >= 365 * _DAY:
        return _months(first.year, 4 * which + 1, 4)
    third = 10 * _DAY if 28 <= (end - first).days <= 31 else (end - first) // 3
    return first + which * third, end if part == "late" else first + (which + 1) * third


# Forms: a space stands for any white space; the groups are named as their reader calls them.


def _any(words: Iterable[str]) -> str:
    return f"(?:{'|'.join(words)})"


CLAUSE_END = r"\s*+(?:\Z|[.,;:?!)\]—]|-\s)"
_MONTH_ALONE = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_MONTH, _LAST_MONTH = f"(?P<month>{_MONTH_ALONE})", f"(?P<last_month>{_MONTH_ALONE})"
_UNTIL_NOW = r" (?:to|until|till|and) (?:now|today|yesterday)\b"
# Without a year a month is written out, and `may` and `march` end their clause.
_YEARLESS = (
    f"(?:{_any(name for name in _MONTHS if name not in ('may', 'march'))}"
    rf"|(?:may|march)(?={CLAUSE_END}|{_UNTIL_NOW}))(?![\s.']*+[0-9])"
)
_YEAR_ALONE = "(?:1[89]|2[01])[0-9]{2}"
_YEAR = f"(?P<year>{_YEAR_ALONE})"
_ISO_DAY = f"{_YEAR}-(?P<month>[0-9]{{2}})-(?P<day>[0-9]{{2}})"
_OF_YEAR = f",?(?: of)? {_YEAR}"
_THE = "(?:the (?=[0-9]++[snrt]))?"
_NTH = "(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_LAST_NTH = _NTH.replace("day", "last_day")
_WEEKDAY = f"(?:{_any(_WEEKDAYS)},? )?"
_COUNT = rf"(?P<count>[1-9][0-9]{{0,2}}|(?:a )?(?:couple(?: of)?|few)|{_any(_NUMBERS)})"
_UNIT = "(?P<unit>day|week|fortnight|month|year)s?"
_LONG_UNIT = "(?P<unit>hour|day|week|fortnight|month|year|decade)s?"
_THIRD = rf"(?P<part>{_any(_THIRDS)})[\s-]++"
_PART = f"(?:earlier |{_THIRD})?"
_THIS = f"week|month|quarter|year|{_YEARLESS}"
_LAST = "|".join([*_SEASONS, *_WEEKDAYS, _THIS])
_WHICH = f"{_any(_ORDINALS)}|last|final"
_FRACTION = rf"(?P<number>{_WHICH})[\s-](?P<unit>quarter|half)"
_WEEK_OF = f"(?:the )?week (?:of|beginning|starting) {_WEEKDAY}"
# Without a year a short month has a word that governs dates; "Mar" may be the Plata's.
_SHORT = f"(?:(?:{_any(name for name in _SHORT_MONTHS if name not in ('may', 'mar'))}|sept)"
_SHORT += rf"|mar(?={CLAUSE_END}|{_UNTIL_NOW}))\b(?![\s.']*+[0-9])"
_NO_YEAR = r"(?!,?\s*+(?:(?:and|or|to|through|until|till|of|-)\s*+)?[0-9])"
_NO_GAMES = r"(?! (?:olympics?|paralympics?|games)\b)"
_TO = r"(?: (?:to|and|or|through|until|till) |\s*+-\s*+)"
_SPORTS = _any(f"{year:02}-{year + 1:02}" for year in range(12))  # 2010-11 may be a season
_COUNTED = _any(
    """words people dollars euros pounds troops soldiers deaths births cases jobs homes houses hours
    days weeks months years miles kilometers kilometres km meters metres feet acres tons tonnes
    votes points pages percent calories bc bce""".split()
)

_Forms = dict[str, tuple[Callable[..., Period], str]]
NAMED: _Forms = {
    "week_of_month": (
        _week_of_month,
        f"(?:the )?(?P<which>{_WHICH}) week (?:of|in) {_MONTH}{_OF_YEAR}",
    ),
    "week_of": (_week_from, f"{_WEEK_OF}{_THE}{_NTH}(?: of)? {_MONTH}{_OF_YEAR}"),
    "week_of_us": (_week_from, f"{_WEEK_OF}{_MONTH} {_NTH},? {_YEAR}"),
    "week_of_iso": (_week_from, f"{_WEEK_OF}{_ISO_DAY}"),
    "last_night": (_last_night, r"last night(?! of\b)"),
    "this_part": (_near, "this (?:morning|afternoon|evening)|(?<!week.)tonight(?! show)"),
    "weekend": (
        _weekend,
        r"(?:(?P<this>this)|(?:the |this )?(?:past|last)) weekend"
        rf"(?! (?:of|before|in {_MONTH_ALONE})\b)",
    ),
    "near": (_near, "(?:(?:the )?(?P<before>day before ))?(?P<day>yester|to)day(?! show)"),
    "this": (_this, f"{_PART}this (?P<what>{_THIS})"),
    "this_season": (
        _this_season,
        r"this (?P<season>summer|autumn|winter|spring(?! (?:of|water)\b)"
        r"|fall(?! (?:apart|from|guy|in|into|of|on|short|to|under|within)\b))",
    ),
    "previous": (
        _last,
        r"(?:the )?previous (?P<what>week|month|quarter|year)(?! (?:of|to|before)\b)",
    ),
    "last": (_last, rf"{_PART}last (?P<what>{_LAST})(?! (?:of|tonight)\b)"),
    "past": (_past, f"(?:(?:the|this) )?past (?:{_COUNT} )?{_LONG_UNIT}"),
    "last_few": (
        _past,
        rf"(?:(?:the )?last {_COUNT}|the last) {_LONG_UNIT}(?! (?:of|before|until)\b)",
    ),
    "ago": (_ago, f"(?:{_COUNT}|an?) {_UNIT} ago(?: today)?"),
    "iso_day": (_dated, _ISO_DAY),
    "iso_month": (_dated, f"(?![0-9]{{2}}{_SPORTS}){_YEAR}-(?P<month>[0-9]{{2}})"),
    "quarter": (_fraction, rf"q(?P<number>[1-4])[\s-]*+(?:of )?{_YEAR}"),
    "year_quarter": (_fraction, rf"{_YEAR}[\s-]*+q(?P<number>[1-4])"),
    "half": (_half, rf"h(?P<number>[12])[\s-]*+(?:of )?{_YEAR}"),
    "year_half": (_half, rf"{_YEAR}[\s-]*+h(?P<number>[12])"),
    "edge": (_edge, f"(?:the )?(?P<edge>beginning|start|end) of {_YEAR}"),
    "fraction": (_fraction, f"(?:the )?{_FRACTION}(?: of)? {_YEAR}"),
    "season": (
        _season,
        rf"(?:the (?=\w++ of\b))?(?P<season>{_any(_SEASONS)})(?: of)? {_YEAR}{_NO_GAMES}",
    ),
    "third": (_dated, rf"{_THIRD}(?:{_MONTH},? )?{_YEAR}"),
    "only_third": (_latest_third, f"{_THIRD}(?P<month>{_YEARLESS})"),
    "days": (
        _days,
        f"{_THE}{_NTH}(?:(?: of)? {_MONTH})?{_TO}{_THE}{_LAST_NTH}(?: of)? {_LAST_MONTH}{_OF_YEAR}",
    ),
    "days_us": (_days, f"{_MONTH} {_NTH}{_TO}(?:{_LAST_MONTH} )?{_LAST_NTH},? {_YEAR}"),
    "day": (_dated, f"{_WEEKDAY}{_THE}{_NTH}(?: of)? {_MONTH}{_OF_YEAR}"),
    "day_us": (_dated, f"{_WEEKDAY}{_MONTH} {_NTH},? {_YEAR}"),
    "months": (_month_range, f"{_MONTH}{_TO}{_LAST_MONTH}{_OF_YEAR}"),
    "month": (_dated, f"{_MONTH}{_OF_YEAR}"),
}
GOVERNED: _Forms = {  # dates only after a word that governs dates
    "only_months": (_month_range, f"(?P<month>{_any(_MONTHS)}){_TO}(?P<last_month>{_YEARLESS})"),
    "only_month": (_last, f"(?P<what>{_YEARLESS})"),
    "only_short": (_latest_month, f"(?P<month>{_SHORT})"),
    "only_day": (_latest_day, f"{_THE}{_NTH}(?: of)? {_MONTH}{_NO_YEAR}"),
    "only_day_us": (_latest_day, f"{_MONTH} {_NTH}{_NO_YEAR}"),
    "decade": (_decade, r"(?:the )?(?P<decade>(?:1[89]|2[01])[0-9])0(?:(?<=the\s[0-9]{4})')?s"),
    "years": (_years, rf"{_YEAR}\s*+-\s*+(?P<last>{_YEAR_ALONE})"),
    "year": (_dated, rf"(?:the year )?{_YEAR}(?!%| (?:(?:more|new|other) )?{_COUNTED}\b)"),
    "now": (_near, "now|(?:the )?present(?: day)?"),
}
VALUES: _Forms = {
    "iso": (_dated, "(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{1,2})(?:-(?P<day>[0-9]{1,2}))?)?"),
    "recent": (_past, "(?P<count>[1-9][0-9]{0,2})(?P<unit>[dwmy])"),
}
FORMS = {
    name: (read, re.compile(words.replace(" ", r"\s++")))
    for name, (read, words) in {**NAMED, **GOVERNED, **VALUES}.items()
}
FOLD = QUOTES | str.maketrans(
    dict(zip(ascii_uppercase, ascii_lowercase, strict=True))
    | dict.fromkeys("’ʼ", "'")
    | dict.fromkeys("‐‑‒–", "-")
)


def read_period(text: str, today: date) -> Period:
    """The first day of the period that `text` names, and the first day after it.

    A year, month or day (`2022`, `2022-9`, `2022-9-3`), the last `30d`, `2w`, `6m` or `1y`, or a
    period that needs no preposition in a query: `last week`, `Q3 2023`, `6 October 2022`.

    Raises:
        ValueError: it names none.
    """
    folded = " ".join(text.translate(FOLD).split())
    for name in (*VALUES, *NAMED):
        period = read_form(name, folded, today)
        if period is not None:
            return period
    raise ValueError(f"{text!r} names no day, month, year or other period")


def read_form(form: str, words: str, today: date) -> Period | None:
    """The period; None for words that are not of this form or name no possible day."""
    read, pattern = FORMS[form]
    match = pattern.fullmatch(words)
    if match is None:
        return None
    try:
        first, end = read(today, **match.groupdict(""))
    except (ValueError, OverflowError):
        return None
    return (first, end) if first < end else None
