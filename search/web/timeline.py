"""When what was found was published."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from datetime import datetime, time

import streamlit as st

from search.types import TimeBucket
from search.web.words import words

HEIGHT = 104
BAR = "#c2744f"
BAR_SHARE = 0.9
"""How much of its stretch of time a bar covers; the rest keeps bars apart."""


def draw(buckets: Sequence[TimeBucket]) -> None:
    """A bar for each stretch of time; nothing where there is but one."""
    if len(buckets) < 2:
        return
    import altair as alt  # late: it takes a second to load, and a first visit needs none

    importlib.import_module("pandas")  # altair fails on what another thread has half loaded
    rows = [
        {
            "start": bucket.start.isoformat(),
            "end": (
                datetime.combine(bucket.start, time()) + BAR_SHARE * (bucket.end - bucket.start)
            ).isoformat(),
            "articles": bucket.articles,
        }
        for bucket in buckets
    ]
    chart = (
        alt.Chart(alt.Data(values=rows))
        .mark_bar(color=BAR, opacity=0.95)
        .encode(
            x=alt.X("start:T", title=None, axis=alt.Axis(grid=False, tickCount=8, domain=False)),
            x2="end:T",
            y=alt.Y("articles:Q", title=None, axis=None),
            y2=alt.datum(0),
            tooltip=[
                alt.Tooltip("start:T", title=words.FROM, format="%-d %b %Y"),
                alt.Tooltip("articles:Q", title=words.ARTICLES),
            ],
        )
        .properties(height=HEIGHT, padding={"left": 0, "right": 0, "top": 4, "bottom": 4})
        .configure_view(stroke=None)
    )
    with st.container(key="timeline"):
        st.altair_chart(chart, width="stretch", alt=_in_words(buckets))


def _in_words(buckets: Sequence[TimeBucket]) -> str:
    busiest = max(buckets, key=lambda bucket: bucket.articles)
    return words.timeline(buckets[0].start, buckets[-1].end, busiest.start, busiest.articles)
