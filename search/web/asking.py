"""From a view to its answer: the searches behind one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from search import NewsIndex
from search.types import FIELDS, Count, FacetValue, Field, Mode, Results
from search.web.archive import Archive
from search.web.view import View

PAGE_SIZE = 10
REMEMBERED = 64
"""Answers kept for all readers, so that opening an article does not search again."""
PATIENCE_SECONDS = 3
"""How long a query waits for the encoder before it makes do with keywords."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown for a view.

    `view` is the one answered, which has page 1 where the page asked for does not exist. `mode` is
    the ranking that was used.
    """

    view: View
    results: Results
    mode: Mode
    newest: date | None

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.results.total // PAGE_SIZE))


def ask(archive: Archive, view: View) -> Answer:
    """The answer to `view`; what was asked lately is not searched again until the index changes.

    Raises:
        QueryError: the text cannot be read.
        ArticleNotFound: there is nothing to be similar to.
    """
    if view.text:
        archive.settled.wait(PATIENCE_SECONDS)
    generation = archive.index.stats().generation
    closed = replace(view, open=None)
    today = datetime.now().astimezone().date()
    answer = _answer(archive, closed, generation, today, has_meaning=archive.has_meaning)
    return replace(answer, view=replace(answer.view, open=view.open))


def facets(archive: Archive, answer: Answer) -> Mapping[Field, tuple[FacetValue, ...]]:
    """The counts of each field under the other filters alone, so that a choice can be widened."""
    return {field: _facet(archive, answer, field) for field in FIELDS}


def matched(archive: Archive, view: View, newest: date | None) -> Count:
    """How much `view` would find."""
    return _search(archive.index, replace(view, page=1), newest, facets=False).matched


def good_hits(archive: Archive, view: View, answer: Answer) -> int:
    """How many of the best that `view` would show, ranked as in `answer`, are not weak matches."""
    wider = replace(view, mode=answer.mode, page=1)
    results = _search(archive.index, wider, answer.newest, k=PAGE_SIZE, facets=False)
    return sum(hit.strength not in (None, "weak") for hit in results.hits)


@lru_cache(maxsize=REMEMBERED)
def _answer(
    archive: Archive, view: View, _generation: int, _today: date, *, has_meaning: bool
) -> Answer:
    index, newest = archive.index, archive.index.stats().last
    mode: Mode = view.mode if has_meaning or not view.text else "keyword"
    asked = replace(view, mode=mode, sort="newest" if view.is_home else view.sort)
    results = _search(index, asked, newest, k=PAGE_SIZE, evidence=True)
    if view.page > 1 and not results.hits:
        view, asked = replace(view, page=1), replace(asked, page=1)
        results = _search(index, asked, newest, k=PAGE_SIZE, evidence=True)
    return Answer(view, results, mode, newest)


def _facet(archive: Archive, answer: Answer, field: Field) -> tuple[FacetValue, ...]:
    results = answer.results
    if answer.view.chosen(field):
        others = replace(answer.view.choosing(field, ()), mode=answer.mode, page=1, open=None)
        results = _counted(archive, others, results.generation, answer.newest)
    return results.facets.get(field, ())


@lru_cache(maxsize=REMEMBERED)
def _counted(archive: Archive, view: View, _generation: int, newest: date | None) -> Results:
    return _search(archive.index, view, newest)


def _search(
    index: NewsIndex,
    view: View,
    newest: date | None,
    *,
    k: int = 1,
    facets: bool = True,
    evidence: bool = False,
) -> Results:
    first, last = view.days(newest)
    return index.search(
        view.text,
        k=k,
        offset=(view.page - 1) * PAGE_SIZE,
        mode=view.mode,
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
        with_facets=facets,
        with_evidence=evidence,
    )
