"""Adding articles from the page: what, how far it is, and what came of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

import streamlit as st

from search.errors import InputError
from search.ingest import FLAGS
from search.types import AddReport, Reject
from search.web import add_job, add_rights, labels, session
from search.web.add_job import Job
from search.web.add_rights import EVERYWHERE
from search.web.view import View
from search.web.words import words

MOST_MB = 200
MOST_LISTED = 50
LOOK_SECONDS = 1
_OPEN, _JOB, _WRONG = "add-open", "add-job", "add-wrong"
_FIELDS = ("title", "source", "authors", "published", "url")


def button() -> None:
    """In the sidebar, where readers may add: what opens the dialog."""
    if add_rights.in_use() is None:
        return
    with st.sidebar:
        st.button(words.ADD, key="add", type="tertiary", icon=":material/add:", on_click=_open)


def is_open() -> bool:
    """Whether the reader is adding; there can be no other dialog then."""
    return bool(st.session_state.get(_OPEN)) and add_rights.in_use() is not None


def show() -> None:
    """The dialog, where it is open."""
    rights = add_rights.in_use()
    if is_open() and rights is not None:
        st.dialog(words.ADD, width="medium", on_dismiss=_close)(_draw)(rights)


def _draw(rights: add_rights.AddRights) -> None:
    if not is_open():
        st.rerun()  # the page behind, since what was pressed in here draws the dialog alone
    job: Job | None = st.session_state.get(_JOB)
    if job is None:
        _choice(rights)
    elif not job.ended.is_set():
        _progress(job)
    elif job.report is None:
        st.error(labels.md_escape(job.failure or words.ADD_FAILED), icon=":material/error:")
        st.button(words.ADD_MORE, key="add-more", on_click=_forget)
    else:
        _report(job.report)


def _choice(rights: add_rights.AddRights) -> None:
    ways = [way for way in words.ADD_WAYS if way != "place" or rights.folder is not None]
    way = st.segmented_control(
        words.ADD_WAY,
        ways,
        format_func=words.ADD_WAYS.__getitem__,
        default=ways[0],
        required=True,
        key="add-way",
        label_visibility="collapsed",
    )
    with st.form(key="add-form", border=False):
        match way:
            case "place":
                st.text_input(words.ADD_PLACE, key="add-place")
                if rights.folder not in (None, EVERYWHERE):
                    st.caption(words.add_place_hint(labels.md_escape(str(rights.folder))))
                begin: Callable[[], Job] = lambda: _add_place(rights)  # noqa: E731
            case "files":
                st.file_uploader(
                    words.ADD_FILES,
                    accept_multiple_files=True,
                    max_upload_size=MOST_MB,
                    key="add-files",
                )
                st.caption(words.ADD_FILES_HINT)
                begin = _add_files
            case _:
                _text_fields()
                begin = _add_text
        wrong: str | None = st.session_state.get(_WRONG)
        if wrong:
            st.warning(labels.md_escape(wrong), icon=":material/edit_note:")
        st.form_submit_button(words.ADD_NOW, type="primary", on_click=_begin, args=(begin,))


def _text_fields() -> None:
    st.text_area(words.ADD_TEXT, key="add-text", height=200)
    st.text_input(words.ADD_FIELDS["title"], key="add-title")
    left, right = st.columns(2)
    left.text_input(words.ADD_FIELDS["source"], key="add-source")
    right.text_input(words.ADD_FIELDS["authors"], key="add-authors")
    left.text_input(words.ADD_FIELDS["published"], key="add-published", placeholder="2026-03-31")
    right.text_input(words.ADD_FIELDS["url"], key="add-url", placeholder="https://")


def _begin(begin: Callable[[], Job]) -> None:
    st.session_state[_WRONG] = None
    try:
        st.session_state[_JOB] = begin()
    except InputError as error:
        st.session_state[_WRONG] = str(error)


def _add_text() -> Job:
    fields = {name: str(st.session_state[f"add-{name}"]) for name in ("text", *_FIELDS)}
    if not fields["text"].strip():
        raise InputError(words.ADD_NO_TEXT)
    return add_job.add_text(fields)


def _add_files() -> Job:
    files = st.session_state["add-files"]
    if not files:
        raise InputError(words.ADD_NO_FILES)
    return add_job.add_files((file.name, file.getvalue()) for file in files)


def _add_place(rights: add_rights.AddRights) -> Job:
    typed: str = st.session_state["add-place"]
    if not typed.strip():
        raise InputError(words.ADD_NO_PLACE)
    return add_job.add_place(rights.place(typed))


@st.fragment(run_every=LOOK_SECONDS)
def _progress(job: Job) -> None:
    if job.ended.is_set():
        st.rerun()  # with the page behind, which has more to show now
    done = job.progress
    share = min(done.bytes_read / done.bytes_total, 1.0) if done and done.bytes_total else 0.0
    st.progress(share, words.adding(done.articles, None) if done else words.ADD_BEGINS)
    st.caption(words.ADD_GOES_ON)


def _report(report: AddReport) -> None:
    st.html(f'<p class="ns-strong" role="status">{escape(words.added(report))}</p>')
    parts = [
        (words.rejected(report.rejected), [_rejected(one) for one in report.rejects]),
        (words.SKIPPED, [escape(one) for one in report.skipped]),
        (words.GUESSED, list(_guessed(report))),
    ]
    for title, items in parts:
        if items:
            st.html(_list(title, items))
    with st.container(horizontal=True):
        if report.added or report.updated:
            st.button(words.ADD_SHOW, key="add-show", type="primary", on_click=_show_newest)
        st.button(words.ADD_MORE, key="add-more", on_click=_forget)


def _list(title: str, items: list[str]) -> str:
    """Items are HTML, in the library's English."""
    more = len(items) - MOST_LISTED
    ending = f"<p>{escape(words.more_left(more))}</p>" if more > 0 else ""
    rows = "".join(f'<li dir="auto">{item}</li>' for item in items[:MOST_LISTED])
    return (
        f'<div class="ns-told"><h4 class="ns-part">{escape(title)}</h4>'
        f'<ul lang="en">{rows}</ul>{ending}</div>'
    )


def _rejected(reject: Reject) -> str:
    places = [reject.path, reject.member, None if reject.line is None else f"line {reject.line}"]
    where = ", ".join(place for place in places if place)
    return f"<b>{escape(where)}</b>: {escape(reject.message)}"


def _guessed(report: AddReport) -> Iterator[str]:
    for name, number in sorted(report.flags.items()):
        yield f"{words.number(number)} × <b>{escape(name)}</b>: {escape(FLAGS.get(name, ''))}"


def _open() -> None:
    st.session_state[_OPEN], st.session_state[_WRONG] = True, None


def _close() -> None:
    st.session_state[_OPEN] = False
    job: Job | None = st.session_state.get(_JOB)
    if job is not None and job.ended.is_set():
        _forget()


def _forget() -> None:
    st.session_state[_JOB] = st.session_state[_WRONG] = None


def _show_newest() -> None:
    _close()
    session.go(View(sort="newest"))
