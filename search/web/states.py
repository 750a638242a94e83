"""What the page says when there is no answer to show."""

from __future__ import annotations

import logging
import secrets
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import streamlit as st

from search import written
from search.errors import (
    ArticleNotFound,
    IndexDamaged,
    IndexNotFound,
    IndexRefused,
    QueryError,
    SearchError,
    StoreError,
)
from search.underway import underway
from search.web import archive, bar, labels, session
from search.web.archive import Archive
from search.web.asking import Answer, good_hits, matched
from search.web.words import words

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

RECHECK_SECONDS = 3
MOST_TRIED = 12
"""Filters that are dropped one by one to see what is there without: each is a search."""
SUGGESTION_CHARS = 80
_log = logging.getLogger(__name__)


@contextmanager
def told() -> Iterator[None]:
    """Tells the reader about every error in plain words; never a traceback."""
    try:
        yield
    except QueryError as error:
        _bad_query(error)
    except ArticleNotFound:
        _gone()
    except IndexNotFound:
        _no_index(words.NO_INDEX, words.NO_INDEX_HINT)
    except IndexRefused as error:
        _unusable(words.REFUSED, error)
    except IndexDamaged as error:
        _unusable(words.DAMAGED, error)
    except (StoreError, OSError):
        archive.forget()
        _failed()
    except Exception:  # one reader's; the archive, which all of them read, is as good as before
        _failed()


def empty() -> None:
    """There is an index, and nothing in it, or nothing yet."""
    if underway(archive.index_path()) is None:
        _no_index(words.EMPTY, words.EMPTY_HINT)
    else:
        st.html(f'<h1 class="ns-title">{words.BUILDING}</h1>')
        st.caption(words.BUILDING_HINT)
        _look_again()


def nothing(archive: Archive, answer: Answer) -> None:
    """Nothing matched: what each filter alone keeps away."""
    st.html(f'<h2 class="ns-part">{words.NOTHING}</h2>')
    with st.container(horizontal=True, key="without"):
        for chip in _ways_out(answer, archive):
            found = matched(archive, chip.without, answer)
            if found and not chip.without.is_home:
                _without(chip, words.without(chip.label, found))
    is_about_words = answer.mode == "keyword" and answer.results.query.words
    st.caption(words.NOTHING_HINT if is_about_words else words.NOTHING_ADMITTED_HINT)


def place_ways_out(archive: Archive, answer: Answer) -> DeltaGenerator | None:
    """Room for `draw_ways_out`, which is drawn after the hits below; None where none is due."""
    is_due = answer.results.hits and answer.results.is_answered is False
    return st.container() if is_due and _ways_out(answer, archive) else None


def draw_ways_out(room: DeltaGenerator | None, archive: Archive, answer: Answer) -> None:
    """Nothing found is an answer: which filter alone keeps one away."""
    if room is None:
        return
    good = [(chip, good_hits(archive, chip.without, answer)) for chip in _ways_out(answer, archive)]
    if not any(hits for _, hits in good):
        return
    room.caption(words.GOOD_WITHOUT)
    with room.container(horizontal=True, key="without"):
        for chip, hits in good:
            if hits:
                _without(chip, words.without(chip.label, hits))


def _ways_out(answer: Answer, archive: Archive) -> Sequence[bar.Chip]:
    """The filters to try, typed or chosen; where they are many, all values of a field as one."""
    typed = list(bar.read_chips(answer, as_typed=True))[:MOST_TRIED]
    each = list(bar.chips(answer.view, archive))
    if len(typed) + len(each) > MOST_TRIED:
        each = list(bar.chips(answer.view, archive, by_field=True))
    return typed + each


def _without(chip: bar.Chip, label: str) -> None:
    st.button(
        labels.md_escape(label),
        key=f"without-{chip.key}",
        on_click=session.go,
        args=(chip.without,),
    )


def _bad_query(error: QueryError) -> None:
    st.warning(f"{words.BAD_QUERY}: {labels.md_escape(error.reason)}", icon=":material/edit_note:")
    if error.where:
        st.code(error.where, language=None)
    if error.corrected:
        shown = labels.md_escape(written.shorten(error.corrected, SUGGESTION_CHARS))
        st.button(
            f"{words.WRITE_INSTEAD}: {shown}",
            key="suggestion",
            on_click=session.change,
            kwargs={"text": error.corrected},
        )


def _gone() -> None:
    st.info(words.GONE, icon=":material/info:")
    st.button(
        words.CLEAR_ALL,
        key="clear-gone",
        on_click=session.change,
        kwargs={"like": None, "open": None},
    )


def _no_index(title: str, hint: str) -> None:
    st.html(f'<h1 class="ns-title">{title}</h1>')
    st.caption(hint)
    st.code(f"news-search add ARTICLES/ --index {_path()}", language=None)
    _look_again()


@st.fragment(run_every=RECHECK_SECONDS)
def _look_again() -> None:
    """Draw the page anew once there is something to show."""
    try:
        if archive.open_archive().index.stats().articles:
            st.rerun()
    except SearchError:
        return


def _unusable(title: str, error: SearchError) -> None:
    archive.forget()
    st.html(f'<h1 class="ns-title">{title}</h1>')
    st.code(str(error), language=None, wrap_lines=True)
    st.caption(words.REBUILD_HINT)
    st.code(
        f"news-search doctor --index {_path()}\nnews-search add ARTICLES/ --index {_path('-new')}",
        language=None,
    )


def _path(ending: str = "") -> str:
    """The index's path, as a shell takes it."""
    return shlex.quote(f"{archive.index_path()}{ending}")


def _failed() -> None:
    code = secrets.token_hex(4)
    _log.exception("the page failed, reference %s", code)
    st.error(f"{words.FAILED} {words.reference(code)}", icon=":material/error:")
    st.button(words.LOOK_AGAIN, key="look-again")
