"""What an article said before, and what was changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

import streamlit as st

from search.differences import difference
from search.types import Article, Difference, Version
from search.web import labels
from search.web.highlight import changed_html
from search.web.words import words
from search.words import words_of

BESIDE = 1
"""Unchanged paragraphs that are shown on either side of a change."""
MOST_CHARS = 300_000
"""Texts longer than this together are compared when asked to: that may take seconds."""


def draw(versions: Sequence[Version], article_id: str) -> None:
    """Two versions of the reader's choice in one, the newest two at first; newest first."""
    if len(versions) == 1:
        st.caption(words.NO_VERSIONS)
        return
    with st.container(horizontal=True, key="versions"):
        older = _choice(words.OLDER, versions, 1, f"older-{article_id}")
        newer = _choice(words.NEWER, versions, 0, f"newer-{article_id}")
    old, new = versions[older].article, versions[newer].article
    show_changes(old, new, f"versions-{article_id}-{older}-{newer}")


def show_changes(old: Article, new: Article, key: str) -> None:
    """What the newer one changed; of long texts when that is asked for."""
    if len(old.text) + len(new.text) > MOST_CHARS and not _is_asked(key):
        return
    st.html(changes(old, new))


def changes(old: Article, new: Article) -> str:
    """What the newer one changed, as HTML: fields first, then the text."""
    found = difference(old, new)
    if found.is_empty:
        return f'<p class="ns-quiet">{words.NO_CHANGE}</p>'
    return _fields(found) + _text(old, new, found)


def _choice(label: str, versions: Sequence[Version], place: int, key: str) -> int:
    chosen: int = st.selectbox(
        label,
        range(len(versions)),
        index=place,
        format_func=lambda at: _stood(versions, at),
        key=key,
    )
    return chosen


def _stood(versions: Sequence[Version], at: int) -> str:
    """A version by its number, the first being 1: a choice is known by its label."""
    version = versions[at]
    return words.version(len(versions) - at, version.replaced_at, version.article.version)


def _is_asked(key: str) -> bool:
    st.caption(words.LONG_COMPARISON)
    return st.button(words.COMPARE, key=f"compare-{key}")


def _fields(found: Difference) -> str:
    rows = "".join(
        f'<tr><th scope="row">{words.CHANGED_FIELDS[change.field]}</th>'
        f'<td><p dir="auto"><del>{_value(change.old)}</del></p>'
        f'<p dir="auto"><ins>{_value(change.new)}</ins></p></td></tr>'
        for change in found.fields
    )
    return f'<table class="ns-fields">{rows}</table>' if rows else ""


def _value(value: str | tuple[str, ...] | date | bool | None) -> str:
    """A field's value as HTML."""
    if value is None or value == ():
        return words.NOTHING_THERE
    if value is True:
        return words.YES
    if isinstance(value, date):
        return escape(words.moment_in_zone(value))
    return escape(", ".join(value) if isinstance(value, tuple) else str(value))


def _text(old: Article, new: Article, found: Difference) -> str:
    if all(piece.kind == "kept" for piece in found.pieces):
        return f'<p class="ns-quiet">{words.SAME_TEXT}</p>'
    counted = words.changed(_words(new, found, "added"), _words(old, found, "removed"))
    body = "".join(_folded(changed_html(old.text, new.text, found.pieces)))
    return (
        f'<p class="ns-quiet">{counted}</p><div class="ns-body ns-changes" tabindex="0" '
        f'role="region" aria-label="{words.CHANGES}"{labels.direction(new)}>{body}</div>'
    )


def _words(article: Article, found: Difference, kind: str) -> int:
    spans = [p.new if kind == "added" else p.old for p in found.pieces if p.kind == kind]
    return sum(1 for span in spans for _ in words_of(article.text[slice(*span)]))


def _folded(paragraphs: Sequence[str]) -> Iterator[str]:
    """The paragraphs as HTML; those far from any change are folded away."""
    changed = [n for n, one in enumerate(paragraphs) if "<ins" in one or "<del" in one]
    near = {m for n in changed for m in range(n - BESIDE, n + BESIDE + 1)}
    unchanged = list[str]()
    for number, one in enumerate(paragraphs):
        if number in near:
            yield _fold(unchanged)
            unchanged = []
            yield f"<p>{one}</p>" if one else ""
        elif one:
            unchanged.append(f"<p>{one}</p>")
    yield _fold(unchanged)


def _fold(unchanged: Sequence[str]) -> str:
    if len(unchanged) < 2:
        return "".join(unchanged)
    return (
        f"<details><summary>{words.unchanged(len(unchanged))}</summary>"
        f"{''.join(unchanged)}</details>"
    )
