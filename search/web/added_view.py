"""What came of adding articles, as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from search.ingest import FLAGS
from search.types import AddReport, Reject
from search.web.words import words

MOST_LISTED = 50


def told(report: AddReport) -> str:
    """How many articles, and lists of what was rejected, left out and guessed."""
    summary = f'<p class="ns-strong" role="status">{escape(words.added(report))}</p>'
    rejected, flags = list(map(_rejected, report.rejects)), list(_guessed(report))
    lists = [
        # Only the first of the rejected are at hand.
        _list(words.rejected(report.rejected), rejected, report.rejected),
        _list(words.SKIPPED, list(map(_english, report.skipped)), len(report.skipped)),
        _list(words.GUESSED, flags, len(flags)),
    ]
    return summary + "".join(lists)


def _list(title: str, items: list[str], total: int) -> str:
    """The first items, which are HTML, and how many of the `total` are not shown."""
    if not items:
        return ""
    shown = items[:MOST_LISTED]
    more = total - len(shown)
    ending = f"<p>{escape(words.more_left(more))}</p>" if more > 0 else ""
    rows = "".join(f'<li dir="auto">{item}</li>' for item in shown)
    return (
        f'<div class="ns-told"><h4 class="ns-part">{escape(title)}</h4>'
        f"<ul>{rows}</ul>{ending}</div>"
    )


def _rejected(reject: Reject) -> str:
    line = None if reject.line is None else words.line(reject.line)
    where = ", ".join(place for place in (reject.path, reject.member, line) if place)
    return f"<b>{escape(where)}</b>: {_english(reject.message)}"


def _guessed(report: AddReport) -> Iterator[str]:
    for name, number in sorted(report.flags.items()):
        meaning = f"<b>{escape(name)}</b>: {escape(FLAGS.get(name, ''))}"
        yield f'{words.number(number)} × <span lang="en">{meaning}</span>'


def _english(told: str) -> str:
    """What the library says, which it says in English."""
    return f'<span lang="en">{escape(told)}</span>'
