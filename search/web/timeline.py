"""When what was found was published, and dragging over it to narrow the dates."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

import streamlit as st

from search.types import TimeBucket
from search.web import session
from search.web.words import words

if TYPE_CHECKING:
    import altair as alt
    from streamlit.delta_generator import DeltaGenerator

HEIGHT = 104
BRUSH = "brush"
BAR = "#c2744f"
BAR_SHARE = 0.9
"""How much of its stretch of time a bar covers; the rest keeps bars apart."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def place(buckets: Sequence[TimeBucket]) -> DeltaGenerator | None:
    """Room for the chart, so that it can be drawn after what is below; None where none is due."""
    return st.container(key="timeline") if len(buckets) > 1 else None


def draw(room: DeltaGenerator | None, buckets: Sequence[TimeBucket]) -> None:
    """A bar for each stretch of time; dragging over some narrows the search to their days."""
    if room is None:
        return
    # The next chart, of fewer days, is another one, so that it starts without a brush.
    key = f"timeline-{buckets[0].start}-{buckets[-1].end}"
    room.altair_chart(
        _chart(buckets),
        width="stretch",
        alt=_in_words(buckets),
        key=key,
        on_select=lambda: _narrow(key, buckets),
        selection_mode=[BRUSH],
    )


def _chart(buckets: Sequence[TimeBucket]) -> alt.Chart:
    import altair as alt  # late: it takes a second to load, and what else is shown is drawn before

    importlib.import_module("pandas")  # altair fails on what another thread has half loaded
    return (
        alt.Chart(alt.Data(values=[_bar(bucket) for bucket in buckets]))
        .mark_bar(color=BAR, opacity=0.95)
        .encode(
            x=alt.X(
                "start:T",
                title=None,
                scale=alt.Scale(type="utc"),
                axis=alt.Axis(
                    format={"week": words.DAY_FORMAT, "date": words.DAY_FORMAT, "hours": " "},
                    grid=False,
                    tickCount=8,
                    domain=False,
                    aria=False,
                ),
            ),
            x2="end:T",
            y=alt.Y("articles:Q", title=None, axis=None),
            y2=alt.datum(0),
            tooltip=[
                alt.Tooltip("day:N", title=words.FROM),
                alt.Tooltip("articles:Q", title=words.ARTICLES),
            ],
            description="said:N",
        )
        .properties(height=HEIGHT, padding={"left": 0, "right": 0, "top": 4, "bottom": 4})
        .add_params(alt.selection_interval(name=BRUSH, encodings=["x"]))
        .configure(locale=alt.Locale(time=words.calendar()))
        .configure_view(stroke=None)
    )


def _bar(bucket: TimeBucket) -> dict[str, str | int]:
    return {
        "start": f"{bucket.start.isoformat()}T00:00:00Z",
        "end": _bar_end(bucket).isoformat(),
        "articles": bucket.articles,
        "day": words.day(bucket.start),
        "said": words.bar(bucket.start, bucket.articles),
    }


def _narrow(key: str, buckets: Sequence[TimeBucket]) -> None:
    """Search the days of the bars that the reader dragged over, if any."""
    brush = st.session_state[key].selection.get(BRUSH, {}).get("start")
    found = None if brush is None else days_under(buckets, *brush)
    if found is not None:
        session.change(when="any", first=found[0], last=found[1])


def days_under(
    buckets: Sequence[TimeBucket], left: float, right: float
) -> tuple[date, date] | None:
    """First and last day of the bars that a brush touches, both included; None of no bar.

    `left` and `right` are milliseconds since 1970, UTC, in either order.
    """
    left, right = sorted((left, right))
    touched = [
        bucket
        for bucket in buckets
        if _milliseconds(_start(bucket)) <= right and _milliseconds(_bar_end(bucket)) >= left
    ]
    return (touched[0].start, touched[-1].end - timedelta(days=1)) if touched else None


def _start(bucket: TimeBucket) -> datetime:
    return datetime.combine(bucket.start, time(), UTC)


def _bar_end(bucket: TimeBucket) -> datetime:
    return _start(bucket) + BAR_SHARE * (bucket.end - bucket.start)


def _milliseconds(moment: datetime) -> float:
    return (moment - _EPOCH) / timedelta(milliseconds=1)


def _in_words(buckets: Sequence[TimeBucket]) -> str:
    busiest = max(buckets, key=lambda bucket: bucket.articles)
    return words.timeline(buckets[0].start, buckets[-1].end, busiest.start, busiest.articles)
