"""Taking hits away from the page: which, in what format; a file is made when it is asked for."""

from __future__ import annotations

import io
import logging
import secrets
from collections.abc import Callable, Sequence
from datetime import timedelta
from zipfile import ZipFile

import streamlit as st

from search import written
from search.exporting import FORMATS, Asked, recorded, search_all, zipped
from search.types import Hit
from search.web.archive import Archive
from search.web.asking import Answer, is_good
from search.web.words import words

MOST_HITS = 1_000
"""More are for the command: 10,000 take it some 20 seconds, and the page has other readers."""
LABEL_CHARS = 60
FAILED_FILE = "not-made.txt"

_log = logging.getLogger(__name__)


def draw(archive: Archive, answer: Answer) -> None:
    """A button that opens the choice; nothing is done while it is closed."""
    menu = st.popover(
        words.EXPORT, type="tertiary", icon=":material/download:", key="export", on_change="rerun"
    )
    if menu.open:
        with menu:
            _choice(archive, answer)


def _choice(archive: Archive, answer: Answer) -> None:
    name = st.selectbox(
        words.FORMAT, list(FORMATS), format_func=words.FORMATS.__getitem__, key="export-format"
    )
    hits = answer.results.hits
    has_good = any(map(is_good, hits))
    what = st.radio(
        words.WHICH_HITS,
        [which for which in words.WHICH if which != "good" or has_good],
        format_func=words.WHICH.__getitem__,
        horizontal=True,
        key="export-which",
    )
    chosen: Sequence[int] | None = None
    if what == "chosen":
        chosen = st.multiselect(
            words.CHOSEN_HITS,
            range(len(hits)),
            format_func=lambda at: _label(hits[at]),
            key=f"export-chosen-{answer.results.generation}-{hits[0].passage.id}",
            label_visibility="collapsed",
            placeholder=words.CHOSEN_HITS,
        )
    st.download_button(
        words.download(name),
        data=_told(_maker(archive, answer, name, chosen, only_good=what == "good")),
        file_name=f"news-search-{answer.results.query.today:%Y-%m-%d}{FORMATS[name].suffix}.zip",
        mime="application/zip",
        icon=":material/download:",
        key="export-download",
        on_click="ignore",
        disabled=chosen is not None and not chosen,
    )
    st.caption(words.exports(MOST_HITS))


def _label(hit: Hit) -> str:
    return f"{hit.rank}. {written.shorten(written.headline(hit.article), LABEL_CHARS)}"


def _maker(
    archive: Archive, answer: Answer, name: str, chosen: Sequence[int] | None, *, only_good: bool
) -> Callable[[], bytes]:
    """Makes the file: the chosen hits of this page, or all hits of the search, or its good ones."""
    file = f"news-search-{answer.results.query.today:%Y-%m-%d}{FORMATS[name].suffix}"

    def made() -> bytes:
        asked = asked_of(answer)
        if chosen is None:
            results, model, is_all = search_all(archive.index, asked, MOST_HITS)
            if not only_good:
                record = recorded(asked, results, model, is_all=is_all)
                return zipped(file, name, results.hits, record)
            good = [hit for hit in results.hits if is_good(hit)]
            record = recorded(asked, results, model, is_all=False, hits=good)
            return zipped(file, name, good, record)
        hits = [answer.results.hits[at] for at in sorted(chosen)]
        model = archive.index.stats().model
        record = recorded(asked, answer.results, model, is_all=False, hits=hits)
        return zipped(file, name, hits, record)

    return made


def _told(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """`make`, or a ZIP with a sentence where that fails.

    A file is made when the page is drawn already, which therefore cannot say it any more, nor in
    what language it is read.
    """
    said, reference = words.NOT_MADE, words.reference

    def made() -> bytes:
        try:
            return make()
        except Exception:
            code = secrets.token_hex(4)
            _log.exception("a download failed, reference %s", code)
            return _zip(FAILED_FILE, f"{said}\n{reference(code)}\n")

    return made


def _zip(name: str, text: str) -> bytes:
    packed = io.BytesIO()
    with ZipFile(packed, "w") as file:
        file.writestr(name, text)
    return packed.getvalue()


def asked_of(answer: Answer) -> Asked:
    """The search behind the page, its dates resolved: "7 d" ends at the newest article's day."""
    view = answer.view
    first, last = view.days(answer.newest)
    return Asked(
        text=view.text,
        now=answer.results.query.today,
        mode=answer.mode,
        sort=view.sort,
        group=view.group,
        source=view.source,
        author=view.author,
        section=view.section,
        language=view.language,
        after=first,
        before=last + timedelta(days=1) if last else None,
        include_undated=view.undated,
        like=view.like,
    )
