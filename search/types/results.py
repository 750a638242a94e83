"""The whole answer to a query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from search.types.hits import Hit
from search.types.queries import Mode, Query, Sort, Suggestion


@dataclass(frozen=True, slots=True)
class Count:
    """How many passages, and of how many articles."""

    passages: int = 0
    articles: int = 0


class FacetValue(NamedTuple):
    """One value of a field among the counted articles, with its exact count.

    `share` is articles divided by all counted articles, in [0, 1].
    """

    value: str
    articles: int
    share: float


class TimeBucket(NamedTuple):
    """Counted articles published on or after `start` and before `end`."""

    start: date
    end: date
    articles: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a search did.

    `strategy` names how meaning was searched: "none" (no words, or keyword mode), "exact" (every
    admitted vector compared), "flat" (FAISS Flat under a bitmap), or the FAISS factory used, whose
    candidates are then compared exactly. `scored` counts vectors compared exactly; `admitted` the
    passages that the condition admits; `depth` is how many of the best passages of each leg were
    asked for. `seconds` has the wall time of each step by name, and `total`. `reranker` names what
    put the first hits in their order; None where nothing did.
    """

    mode: Mode
    sort: Sort
    strategy: str
    admitted: int
    scored: int
    depth: int
    seconds: Mapping[str, float]
    reranker: str | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """The whole answer to a query: hits best first, counts, the query as read, the plan.

    `matched` is everything that the condition admits, counted exactly; in keyword mode a passage
    must also have one of the words. `ranked` is what was scored: the best candidates of each leg,
    or all of `matched` when fewer. `counted` is what `facets` (source, author, section, language,
    year; largest first) and `timeline` (in order, without gaps) count the articles of: `matched`
    without words, and in keyword mode where that is up to 50,000 articles; else `ranked`, since by
    meaning everything is more or less near. `undated` counts the articles that only their missing
    date leaves out. `suggestions` are filters that the words seem to ask for, none of them applied.
    `is_answered` says whether one of the ten best by score is more than a weak match, on every
    page; None without words to match. `folded` counts what of `ranked` is not shown because a copy
    of it is, or its story. `stories` counts those that the ranked articles tell; None where they
    were not grouped by story. `generation` is the committed state of the index that answered.
    `awaiting` counts the matched passages that meaning was not compared with, since their vectors
    are still being made: words alone decided on them, and in mode "semantic" they come last. 0
    where meaning was not asked.
    """

    query: Query
    hits: tuple[Hit, ...]
    matched: Count
    ranked: Count
    counted: Count
    undated: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    timeline: tuple[TimeBucket, ...]
    plan: Plan
    generation: int
    suggestions: tuple[Suggestion, ...] = ()
    is_answered: bool | None = None
    folded: Count = Count()
    stories: int | None = None
    awaiting: int = 0

    @property
    def total(self) -> int:
        """How many hits paging can reach: what is matched, less what is known to be folded."""
        return self.matched.passages - self.folded.passages
