"""How each language names months and days, for charts."""

from __future__ import annotations

from collections.abc import Mapping


def calendar(locale: str) -> Mapping[str, object]:
    """The names of months and days in a language, as Vega takes them; weeks begin on Sunday.

    https://vega.github.io/vega/docs/api/locale/
    """
    from babel import Locale  # late, as it is where names of languages are asked for

    known = Locale.parse(locale)
    months, days = known.months["stand-alone"], known.days["stand-alone"]
    from_sunday = [6, *range(6)]
    return {
        "dateTime": "%x %X",
        "date": "%Y-%m-%d",
        "time": "%H:%M:%S",
        "periods": [known.day_periods["format"]["abbreviated"][half] for half in ("am", "pm")],
        "months": [months["wide"][month] for month in range(1, 13)],
        "shortMonths": [months["abbreviated"][month] for month in range(1, 13)],
        "days": [days["wide"][day] for day in from_sunday],
        "shortDays": [days["abbreviated"][day] for day in from_sunday],
    }
