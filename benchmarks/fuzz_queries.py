"""The query language against inputs nobody thought of.

    pip install atheris
    python benchmarks/fuzz_queries.py -atheris_runs=1000000 -max_len=400

Each input is read; it must give a query, or an error that points into the text, in a second; and
the canonical text of a query must mean the same on another day.
"""

from __future__ import annotations

import sys
import time
from datetime import date

import atheris

with atheris.instrument_imports(include=["search.query"]):
    from search.errors import QueryError
    from search.query import MAX_CHARS, read_query

TODAY, ANOTHER_DAY = date(2026, 11, 23), date(1999, 1, 1)
PIECES = """ AND | OR | NOT |(|)|-|"|*|~3|source:|title:|after:|before:|date:|on:|like:|mode:|
|sort:newest|recency:30d|undated:yes|dates:off|last week|in March 2020|since 2021|..|
|between May and June 2021|Q3 2023|yesterday|url:|-title:|“|”|:|group:""".replace("\n", "").split(
    "|"
)
INSTRUMENTED = 10  # seconds: measuring coverage makes reading thirty times slower
slowest = 0.0


def read(data: bytes) -> None:
    """One input: bytes choose between pieces of the language and characters of their own."""
    global slowest
    provider = atheris.FuzzedDataProvider(data)
    parts = []
    while provider.remaining_bytes() > 0 and len(parts) < 300:
        if provider.ConsumeBool():
            parts.append(PIECES[provider.ConsumeIntInRange(0, len(PIECES) - 1)])
        else:
            parts.append(provider.ConsumeUnicode(provider.ConsumeIntInRange(0, 12)))
    text = "".join(parts)[:MAX_CHARS]
    started = time.process_time()
    try:
        query = read_query(text, now=TODAY)
    except QueryError as error:
        if not (error.reason and 0 <= error.position <= len(text)):
            raise AssertionError(repr(text)) from error
        return
    slowest = max(slowest, time.process_time() - started)
    if slowest > INSTRUMENTED:
        raise AssertionError(f"{slowest} s: {text!r}")
    again = read_query(query.canonical[:MAX_CHARS], now=ANOTHER_DAY)
    if len(query.canonical) <= MAX_CHARS and (again.words, again.condition) != (
        query.words,
        query.condition,
    ):
        raise AssertionError(f"{text!r}\n{query.canonical!r}\n{query}\n{again}")


if __name__ == "__main__":
    atheris.Setup(sys.argv, read)
    atheris.Fuzz()
