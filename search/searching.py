"""Searching: query → candidates → ranks → counts → hits with their evidence."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from search import rank
from search.evidence import evidence
from search.facets import facets, tally, timeline
from search.query import has_date_filter, without_dates
from search.types import (
    Count,
    Encoder,
    Evidence,
    FacetValue,
    Hit,
    Mode,
    Plan,
    Query,
    Results,
    Sort,
    TimeBucket,
    Why,
)

if TYPE_CHECKING:
    from search.store import ArticleFacts, Candidates, Snapshot
    from search.types import Vector, Vectors

DEPTH = 1_000
"""The best passages of each leg that are scored and counted in facets."""


@dataclass(frozen=True, slots=True)
class Request:
    """One search: the arguments of `NewsIndex.search`, read and checked."""

    query: Query
    k: int
    offset: int
    mode: Mode
    sort: Sort
    like: str | None
    with_facets: bool
    with_evidence: bool

    @property
    def depth(self) -> int:
        """How many passages of each leg to score."""
        return max(DEPTH, self.offset + self.k)


@dataclass(slots=True)
class _Clock:
    """Wall time of each step, by name."""

    seconds: dict[str, float] = field(default_factory=dict)
    started: float = field(default_factory=time.perf_counter)
    _last: float = field(default_factory=time.perf_counter)

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.seconds[name] = now - self._last
        self._last = now

    def total(self) -> dict[str, float]:
        return {**self.seconds, "total": time.perf_counter() - self.started}


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Candidates with their scores and order; `vector` is what meaning was compared with."""

    candidates: Candidates
    scores: rank.Floats
    order: rank.Ints
    vector: Vector | None
    facts: Mapping[int, ArticleFacts]


@dataclass(frozen=True, slots=True)
class _Counts:
    facets: Mapping[str, tuple[FacetValue, ...]]
    timeline: tuple[TimeBucket, ...]


_NOT_COUNTED = _Counts({}, ())


def answer(request: Request, snapshot: Snapshot, encoder: Callable[[], Encoder]) -> Results:
    """The results of one search on one committed state."""
    clock = _Clock()
    if not request.query.words and request.like is None:
        return _browse(request, snapshot, clock)
    ranked = _rank(request, snapshot, encoder, clock)
    counts = _counts(ranked.facts) if request.with_facets else _NOT_COUNTED
    clock.lap("counts")
    hits = _hits(request, snapshot, ranked, encoder, clock)
    candidates = ranked.candidates
    plan = Plan(
        mode=request.mode,
        sort=request.sort,
        strategy=candidates.strategy,
        admitted=candidates.matched.passages,
        scored=candidates.scored,
        depth=request.depth,
        seconds=clock.total(),
    )
    return Results(
        query=request.query,
        hits=hits,
        matched=candidates.matched,
        ranked=Count(len(candidates.refs), len(np.unique(candidates.owners))),
        undated=_undated(request.query, snapshot),
        facets=counts.facets,
        timeline=counts.timeline,
        plan=plan,
        generation=snapshot.generation,
    )


# Ranking


def _rank(
    request: Request, snapshot: Snapshot, encoder: Callable[[], Encoder], clock: _Clock
) -> _Ranked:
    vector: Vector | None = None

    def encode() -> Vector:
        nonlocal vector
        if request.like is not None:
            vector = _mean(snapshot.vectors_of(request.like))
        else:
            vector = encoder().encode_query(request.query.words)
        return vector

    is_semantic = request.like is not None or request.mode == "semantic"
    candidates = snapshot.candidates(
        encode=None if request.mode == "keyword" and request.like is None else encode,
        words=None if is_semantic else request.query.words,
        condition=request.query.condition,
        depth=request.depth,
    )
    if request.like is not None:
        candidates = _without_owner(candidates, snapshot.owner_of(request.like))
    clock.seconds.update(candidates.seconds)
    clock.lap("candidates")
    scores = rank.fused(candidates.cosine, candidates.bm25)
    order = rank.ranked_order(scores, candidates.refs, candidates.owners)
    clock.lap("rank")
    facts: Mapping[int, ArticleFacts] = {}
    if request.with_facets or request.sort != "relevance":
        facts = snapshot.facts(np.unique(candidates.owners).tolist())
    if request.sort != "relevance":
        moments = np.array([facts[owner].moment for owner in candidates.owners.tolist()])
        order = rank.by_date(order, moments, newest_first=request.sort == "newest")
    clock.lap("facts")
    return _Ranked(candidates, scores, order, vector, facts)


def _mean(vectors: Vectors) -> Vector:
    mean: Vector = vectors.mean(axis=0)
    length = np.linalg.norm(mean)
    return mean / length if length > 0 else mean


def _without_owner(candidates: Candidates, owner: int) -> Candidates:
    """Without one article's passages; being the nearest of all to themselves, all are here."""
    kept = candidates.owners != owner
    own = int((~kept).sum())
    matched = candidates.matched
    return replace(
        candidates,
        refs=candidates.refs[kept],
        owners=candidates.owners[kept],
        cosine=None if candidates.cosine is None else candidates.cosine[kept],
        bm25=None if candidates.bm25 is None else candidates.bm25[kept],
        matched=Count(matched.passages - own, matched.articles - (1 if own else 0)),
    )


# Counting


def _counts(facts: Mapping[int, ArticleFacts]) -> _Counts:
    """Facets and timeline of these articles."""
    pairs: list[tuple[str, str]] = []
    days: Counter[int] = Counter()
    for one in facts.values():
        pairs.append(("source", one.source))
        pairs.extend(("author", name) for name in one.authors)
        if one.section:
            pairs.append(("section", one.section))
        if one.language:
            pairs.append(("language", one.language))
        if one.day is not None:
            days[one.day] += 1
    return _Counts(facets(tally(pairs), days, len(facts)), timeline(days))


def _counts_of_all(query: Query, snapshot: Snapshot, articles: int) -> _Counts:
    """Facets and timeline of everything that the condition admits."""
    if query.phrases or query.excluded:
        return _counts(snapshot.facts(snapshot.owners_of(query.condition)))
    counts = dict(snapshot.facet_counts(query.condition))
    days = {int(day): count for day, count in counts.pop("day").items()}
    return _Counts(facets(counts, days, articles), timeline(days))


def _undated(query: Query, snapshot: Snapshot) -> int:
    if not has_date_filter(query.condition):
        return 0
    return snapshot.count(without_dates(query.condition)).articles


# Hits


def _hits(
    request: Request,
    snapshot: Snapshot,
    ranked: _Ranked,
    encoder: Callable[[], Encoder],
    clock: _Clock,
) -> tuple[Hit, ...]:
    page = ranked.order[request.offset : request.offset + request.k]
    found = snapshot.fetch(ranked.candidates.refs[page].tolist())
    clock.lap("texts")
    marks = [Evidence()] * len(found)
    if request.with_evidence:
        marks = evidence(
            [passage for _, passage in found],
            words=request.query.words,
            stem=snapshot.stem,
            rarity=snapshot.rarity,
            query=ranked.vector,
            encode=lambda texts: encoder().encode_passages(texts),
        )
    clock.lap("evidence")
    whys = _whys(ranked.candidates, page)
    return tuple(
        Hit(place, float(ranked.scores[position]), passage, article, marked, why)
        for place, (position, (article, passage), marked, why) in enumerate(
            zip(page.tolist(), found, marks, whys, strict=True), request.offset + 1
        )
    )


def _whys(candidates: Candidates, page: rank.Ints) -> list[Why]:
    cosine, bm25 = candidates.cosine, candidates.bm25
    by_meaning = None if cosine is None else rank.ranks(cosine)
    by_words = None if bm25 is None else rank.ranks(bm25)
    return [
        Why(
            cosine=None if cosine is None else float(cosine[at]),
            bm25=None if bm25 is None else float(bm25[at]),
            semantic_rank=None if by_meaning is None else int(by_meaning[at]),
            keyword_rank=int(by_words[at])
            if bm25 is not None and by_words is not None and bm25[at] > 0
            else None,
        )
        for at in page.tolist()
    ]


# Without words


def _browse(request: Request, snapshot: Snapshot, clock: _Clock) -> Results:
    query = request.query
    refs, matched = snapshot.browse(
        query.condition,
        newest_first=request.sort != "oldest",
        offset=request.offset,
        limit=request.k,
    )
    clock.lap("browse")
    found = snapshot.fetch(refs)
    clock.lap("texts")
    counts = _NOT_COUNTED
    if request.with_facets:
        counts = _counts_of_all(query, snapshot, matched.articles)
    clock.lap("counts")
    return Results(
        query=query,
        hits=tuple(
            Hit(place, 0.0, passage, article)
            for place, (article, passage) in enumerate(found, request.offset + 1)
        ),
        matched=matched,
        ranked=matched,
        undated=_undated(query, snapshot),
        facets=counts.facets,
        timeline=counts.timeline,
        plan=Plan(
            request.mode,
            "newest" if request.sort == "relevance" else request.sort,
            "none",
            matched.passages,
            0,
            request.depth,
            clock.total(),
        ),
        generation=snapshot.generation,
    )
