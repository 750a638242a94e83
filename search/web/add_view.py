"""Adding articles from the page: what, how far it is, and what came of it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from search.types import AddReport
from search.web import add_job, add_rights, added_view, labels, session, states
from search.web.add_job import Job
from search.web.add_rights import EVERYWHERE, MOST_MB, AddRefused
from search.web.view import View
from search.web.words import words

if TYPE_CHECKING:
    from streamlit.typing import UploadedFile

LOOK_SECONDS = 1
_OPEN, _JOB, _WRONG = "add-open", "add-job", "add-wrong"
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2}([T ].+)?)?)?")

_log = logging.getLogger(__name__)


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
    with states.told():
        _draw_step(rights)


def _draw_step(rights: add_rights.AddRights) -> None:
    """The form, then how far it is, then what came of it."""
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
                begin: Callable[[], Job] = partial(_add_place, rights)
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
    except AddRefused as refused:
        st.session_state[_WRONG] = words.add_refused(refused.reason, refused.named)
    except OSError:
        _log.exception("what a reader sent could not be kept to be added")
        st.session_state[_WRONG] = words.ADD_FAILED


def _add_text() -> Job:
    names = ("text", *words.ADD_FIELDS)
    fields = {name: str(st.session_state[f"add-{name}"]) for name in names}
    if not fields["text"].strip():
        raise AddRefused("no_text")
    published = fields["published"].strip()
    if published and not is_date(published):
        raise AddRefused("date_unclear", published)
    return add_job.add_text(fields)


def is_date(typed: str) -> bool:
    """Whether it is a year, month, day or moment that is there, and can be no other.

    What could, as 06/10/2022, is kept without a date when it is added, and stays so on the page.
    """
    if not _DATE.fullmatch(typed):
        return False
    try:
        datetime.fromisoformat(typed + "0000-01-01"[len(typed) :])
    except ValueError:
        return False
    return True


def _add_files() -> Job:
    files: Sequence[UploadedFile] = st.session_state["add-files"]
    if not files:
        raise AddRefused("no_files")
    if sum(file.size for file in files) > MOST_MB * 2**20:
        raise AddRefused("too_large")
    job = add_job.add_files((file.name, file.getvalue()) for file in files)
    _let_go(files)
    return job


def _let_go(files: Sequence[UploadedFile]) -> None:
    """Take them out of memory: Streamlit would hold them until their reader leaves."""
    context = get_script_run_ctx()
    if context is None or not isinstance(context.uploaded_file_mgr, MemoryUploadedFileManager):
        return
    for file in files:
        context.uploaded_file_mgr.remove_file(context.session_id, file.file_id)


def _add_place(rights: add_rights.AddRights) -> Job:
    typed: str = st.session_state["add-place"]
    if not typed.strip():
        raise AddRefused("no_place")
    return add_job.add_place(rights.place(typed), rights.folder)


@st.fragment(run_every=LOOK_SECONDS)
def _progress(job: Job) -> None:
    if job.ended.is_set():
        st.rerun()  # with the page behind, which has more to show now
    done = job.progress
    share = done.share if done else None
    st.progress(share or 0.0, words.adding(done.articles, None) if done else words.ADD_BEGINS)
    if done and done.awaiting:
        st.caption(words.searchable(done.awaiting))
    st.caption(words.ADD_GOES_ON)


def _report(report: AddReport) -> None:
    st.html(added_view.told(report))
    with st.container(horizontal=True):
        if report.added or report.updated:
            st.button(words.ADD_SHOW, key="add-show", type="primary", on_click=_show_newest)
        st.button(words.ADD_MORE, key="add-more", on_click=_forget)


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
