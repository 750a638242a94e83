"""From a view to its answer: the searches behind one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from search import NewsIndex
from search.types import FIELDS, FacetValue, Field, Hit, Mode, Results
from search.web.archive import Archive, Commit, commit_of
from search.web.view import View

PAGE_SIZE = 10
PATIENCE_SECONDS = 3
"""How long a query waits for the encoder before it makes do with keywords."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What is shown for a view.

    `view` is the one answered, which has page 1 where the page asked for does not exist. `mode` is
    the ranking that was used, `commit` the state of the index that was searched.
    """

    view: View
    results: Results
    mode: Mode
    newest: date | None
    commit: Commit

    @property
    def pages(self) -> int:
        """How many pages there are; at least one."""
        return max(1, -(-self.results.total // PAGE_SIZE))


@dataclass(frozen=True, slots=True)
class _Asked:
    """One search, as it is remembered: of one committed state, on the day that "today" means.

    `newest` is the day of the newest article, from which spans of dates are counted back.
    """

    view: View
    newest: date | None
    commit: Commit
    today: date
    k: int = 1
    facets: bool = False
    evidence: bool = False


def ask(archive: Archive, view: View) -> Answer:
    """The answer to `view`; what was asked lately is not searched again until the index changes.

    Raises:
        QueryError: the text cannot be read.
        ArticleNotFound: there is nothing to be similar to.
    """
    if view.text:
        archive.settled.wait(PATIENCE_SECONDS)
    stats, today = archive.index.stats(), datetime.now().astimezone().date()
    mode: Mode = view.mode if archive.has_meaning or not view.text else "keyword"
    sort = "newest" if view.is_home else view.sort
    asked = _Asked(
        replace(view, mode=mode, sort=sort, open=None),
        stats.last,
        commit_of(stats),
        today,
        k=PAGE_SIZE,
        facets=True,
        evidence=True,
    )
    results = _results(archive, asked)
    if view.page > 1 and not results.hits:
        view = replace(view, page=1)
        results = _results(archive, replace(asked, view=replace(asked.view, page=1)))
    return Answer(view, results, mode, stats.last, commit_of(stats))


def facets(archive: Archive, answer: Answer) -> Mapping[Field, tuple[FacetValue, ...]]:
    """The counts of each field under the other filters alone, so that a choice can be widened."""
    return {field: _facet(archive, answer, field) for field in FIELDS}


def matched(archive: Archive, view: View, answer: Answer) -> int:
    """How many passages `view` would find, ranked as in `answer`."""
    asked = _beside(answer, view)
    return archive.counts.get(
        ("matched", asked), lambda: _search(archive.index, asked).matched.passages
    )


def good_hits(archive: Archive, view: View, answer: Answer) -> int:
    """How many of the first 10 that `view` would show, ranked as in `answer`, are no weak match."""
    asked = replace(_beside(answer, view), k=PAGE_SIZE)
    return archive.counts.get(("good", asked), lambda: _good(_search(archive.index, asked)))


def is_good(hit: Hit) -> bool:
    """Whether it is more than a weak match; without words nothing is."""
    return hit.strength not in (None, "weak")


def _good(results: Results) -> int:
    return sum(map(is_good, results.hits))


def _facet(archive: Archive, answer: Answer, field: Field) -> tuple[FacetValue, ...]:
    results = answer.results
    if answer.view.chosen(field):
        others = _beside(answer, answer.view.choosing(field, ()))
        results = _results(archive, replace(others, facets=True))
    return results.facets.get(field, ())


def _beside(answer: Answer, view: View) -> _Asked:
    """The first hit of another view, on the state and day of `answer` and ranked as it was."""
    return _Asked(
        replace(view, mode=answer.mode, page=1, open=None),
        answer.newest,
        answer.commit,
        answer.results.query.today,
    )


def _results(archive: Archive, asked: _Asked) -> Results:
    return archive.answers.get(asked, lambda: _search(archive.index, asked))


def _search(index: NewsIndex, asked: _Asked) -> Results:
    view = asked.view
    first, last = view.days(asked.newest)
    return index.search(
        view.text,
        k=asked.k,
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
        now=asked.today,
        with_facets=asked.facets,
        with_evidence=asked.evidence,
    )
