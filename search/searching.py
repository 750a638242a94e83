"""Searching: query → candidates → ranks → counts → hits with their evidence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from search import rank
from search.clock import Clock
from search.conditions import has_words, letting_in_undated, names_sources, rules_out_undated
from search.evidence import evidence
from search.facets import facets, timeline
from search.grouping import Grouped, grouped, story_articles
from search.marking import near_sentences
from search.outlets import named_outlets
from search.query import spelled_value
from search.ranking import DEPTH, Ranked, Request, ranked
from search.reranking import Remembering, reranked
from search.strength import FIRST_HITS, LIKELY, Asked, band, strengths
from search.types import (
    AllOf,
    Condition,
    Count,
    Encoder,
    Evidence,
    FacetValue,
    Hit,
    Plan,
    Query,
    Results,
    Suggestion,
    TimeBucket,
    Undated,
    Why,
)
from search.words import significant

if TYPE_CHECKING:
    from search.store import Snapshot, Tally
    from search.types import Article, Copy, Reranker

COUNTED = 50_000
"""The most articles that facets and timeline of a search with words count, some .2 s of work."""
_MOST_PASSAGES = 1 << 62
"""More passages than there can be, and no more than a store can count."""


@dataclass(frozen=True, slots=True)
class _Counts:
    facets: Mapping[str, tuple[FacetValue, ...]]
    timeline: tuple[TimeBucket, ...]


_NOT_COUNTED = _Counts({}, ())


def answer(
    request: Request,
    snapshot: Snapshot,
    encoder: Callable[[], Encoder],
    reranker: Reranker | None = None,
) -> Results:
    """The results of one search on one committed state; `encoder` is loaded where it is needed.

    `reranker` is given where the request wants one.
    """
    clock = Clock()
    if not request.query.words and request.like is None:
        return _browse(request, snapshot, clock)
    found, shown = _ordered(request, snapshot, encoder, reranker, clock)
    owners, passages = np.unique(found.candidates.owners), len(found.candidates.refs)
    kept = np.unique(found.candidates.owners[found.order])
    holders = found.candidates.holders
    is_all_counted = holders is not None and len(holders) <= COUNTED
    counted = owners if holders is None or not is_all_counted else holders
    counts = _NOT_COUNTED
    if request.with_facets:
        counts = _counts(snapshot.tally(counted.tolist()), len(counted))
    clock.lap("counts")
    hits, is_answered = _hits(request, snapshot, found, shown, encoder, clock)
    candidates = found.candidates
    plan = Plan(
        mode=request.mode,
        sort=request.sort,
        strategy=candidates.strategy,
        admitted=candidates.matched.passages,
        scored=candidates.scored,
        depth=found.depth,
        seconds=clock.total(),
        reranker=None if reranker is None else reranker.name,
    )
    return Results(
        query=request.query,
        hits=hits,
        matched=candidates.matched,
        ranked=Count(passages, len(owners)),
        counted=candidates.matched if is_all_counted else Count(passages, len(owners)),
        undated=_undated(request, snapshot),
        facets=counts.facets,
        timeline=counts.timeline,
        plan=plan,
        generation=snapshot.generation,
        suggestions=_suggestions(request, snapshot),
        is_answered=is_answered,
        folded=Count(passages - len(found.order), len(owners) - len(kept)),
        stories=len(found.order) if request.group == "story" else None,
        awaiting=candidates.awaiting,
    )


def _ordered(
    request: Request,
    snapshot: Snapshot,
    encoder: Callable[[], Encoder],
    reranker: Reranker | None,
    clock: Clock,
) -> tuple[Ranked, Grouped]:
    """The candidates that make hits, in their order, and what each stands for."""
    again = None if reranker is None else Remembering(reranker)
    for found in ranked(request, snapshot, encoder, clock):
        if again is not None:
            found = reranked(found, request.query.words, snapshot, again)
            clock.lap("rerank")
        shown = grouped(found, request.group, snapshot)
        if request.group != "story":
            break
        clock.lap("stories")
        if len(shown.order) >= request.offset + request.k:
            break
    return replace(found, order=shown.order), shown


def _suggestions(request: Request, snapshot: Snapshot) -> tuple[Suggestion, ...]:
    """Outlets that the words name, where no source is chosen yet."""
    query = request.query
    if names_sources(query.condition):
        return ()
    return tuple(
        Suggestion(f"source {outlet}", f"{query.canonical} source:{spelled_value(outlet)}")
        for outlet in named_outlets(query.words, snapshot.sources())
    )


# Counting


def _counts(tally: Tally, articles: int) -> _Counts:
    """Facets and timeline of so many articles."""
    return _Counts(facets(tally.values, tally.days, articles), timeline(tally.days))


def _counts_of_all(query: Query, snapshot: Snapshot, articles: int) -> _Counts:
    """Facets and timeline of everything that the condition admits."""
    if has_words(query.condition):
        return _counts(snapshot.tally(snapshot.owners_of(query.condition)), articles)
    return _counts(snapshot.tally_of_all(query.condition), articles)


def _undated(request: Request, snapshot: Snapshot) -> int:
    """Articles that only their missing date leaves out of the matched."""
    condition = request.query.condition
    let_in = letting_in_undated(condition)
    if let_in == condition:
        return 0
    undated = _matched_articles(AllOf((let_in, Undated())), request, snapshot)
    if rules_out_undated(condition):
        return undated
    return undated - _matched_articles(AllOf((condition, Undated())), request, snapshot)


def _matched_articles(condition: Condition, request: Request, snapshot: Snapshot) -> int:
    """How many articles the search would match under another condition."""
    query, like = request.query, request.like
    if like is not None:
        own = snapshot.owner_of(like)
        copies = {snapshot.owner_of(copy.article_id) for copy in snapshot.copies(own)}
        return len(set(snapshot.owners_of(condition)) - copies - {own})
    if request.mode == "keyword" and query.words:
        return snapshot.candidates(
            encode=None, words=" ".join(significant(query.words)), condition=condition, depth=1
        ).matched.articles
    return snapshot.count(condition).articles


# Hits


def _hits(
    request: Request,
    snapshot: Snapshot,
    found: Ranked,
    shown: Grouped,
    encoder: Callable[[], Encoder],
    clock: Clock,
) -> tuple[tuple[Hit, ...], bool]:
    """The hits of the page, and whether the best of all are more than weak matches."""
    page = found.order[request.offset : request.offset + request.k]
    texts = snapshot.fetch(found.candidates.refs[page].tolist())
    clock.lap("texts")
    marks = [Evidence()] * len(texts)
    if request.with_evidence:
        passages = [passage for _, passage in texts]
        marks = evidence(
            passages,
            words=request.query.words,
            stem=snapshot.stem,
            rarity=snapshot.rarity,
            near=near_sentences(passages, found.candidates.refs[page], found.vector, snapshot),
            query=found.vector,
            encode=lambda sentences: encoder().encode_passages(sentences),
        )
    clock.lap("evidence")
    best = np.argsort(-found.scores.final, kind="stable")[:FIRST_HITS]
    numbers = _strengths(request, snapshot, found, np.concatenate([best, page]))
    of_best, of_page = np.split(numbers, [len(best)])
    clock.lap("strength")
    whys = _whys(found, page, of_page)
    hits = tuple(
        Hit(
            place,
            float(found.scores.final[position]),
            passage,
            article,
            marked,
            why,
            band(number),
            _copies(article, request, snapshot),
            story_articles(shown.story.get(position, ()), snapshot),
        )
        for place, (position, (article, passage), marked, why, number) in enumerate(
            zip(page.tolist(), texts, marks, whys, of_page.tolist(), strict=True),
            request.offset + 1,
        )
    )
    return hits, bool((of_best >= LIKELY).any())


def _strengths(
    request: Request, snapshot: Snapshot, found: Ranked, places: rank.Ints
) -> rank.Floats:
    """The strengths of the candidates at these places, in their order."""
    candidates = found.candidates
    refs, words = candidates.refs[places], significant(request.query.words)
    asked, held = None, np.zeros(len(places), np.float32)
    if candidates.bm25 is not None:
        asked = Asked.of(words)
        once, back = np.unique(refs, return_inverse=True)
        held = snapshot.share_held(" ".join(words), once)[back]
    cosine = None if candidates.cosine is None else candidates.cosine[places]
    return strengths(asked, held, cosine, found.vector, snapshot.background())


def _whys(found: Ranked, page: rank.Ints, numbers: rank.Floats) -> list[Why]:
    """The reasons of the candidates on the page, in its order; `numbers` are their strengths."""
    candidates, scores = found.candidates, found.scores
    cosine, bm25 = candidates.cosine, candidates.bm25
    by_meaning = None if cosine is None else rank.ranks(cosine)
    by_words = None if bm25 is None else rank.ranks(bm25)
    return [
        Why(
            cosine=None if cosine is None or np.isnan(cosine[at]) else float(cosine[at]),
            bm25=None if bm25 is None else float(bm25[at]),
            semantic_rank=int(by_meaning[at])
            if cosine is not None and by_meaning is not None and not np.isnan(cosine[at])
            else None,
            keyword_rank=int(by_words[at])
            if bm25 is not None and by_words is not None and bm25[at] > 0
            else None,
            fused=None if scores.fused is None else float(scores.fused[at]),
            freshness=None if scores.freshness is None else float(scores.freshness[at]),
            is_excerpt=bool(scores.is_excerpt[at]),
            is_lifted=bool(scores.is_lifted[at]),
            strength=float(number),
            reranked=_reranked_score(found, at),
        )
        for at, number in zip(page.tolist(), numbers, strict=True)
    ]


def _reranked_score(found: Ranked, at: int) -> float | None:
    if found.reranked is None or np.isnan(found.reranked[at]):
        return None
    return float(found.reranked[at])


def _copies(article: Article, request: Request, snapshot: Snapshot) -> tuple[Copy, ...]:
    """The articles that this one stands for."""
    if request.group == "none":
        return ()
    return tuple(snapshot.copies(snapshot.owner_of(article.id)))


# Without words


def _browse(request: Request, snapshot: Snapshot, clock: Clock) -> Results:
    """What the condition admits, by date: newest first unless the oldest are asked for."""
    query = request.query
    refs, matched = snapshot.browse(
        query.condition,
        newest_first=request.sort != "oldest",
        offset=min(request.offset, _MOST_PASSAGES),
        limit=min(request.k, _MOST_PASSAGES),
        folds=request.group != "none",
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
            Hit(place, 0.0, passage, article, copies=_copies(article, request, snapshot))
            for place, (article, passage) in enumerate(found, request.offset + 1)
        ),
        matched=matched,
        ranked=matched,
        counted=matched,
        undated=_undated(request, snapshot),
        facets=counts.facets,
        timeline=counts.timeline,
        plan=Plan(
            mode=request.mode,
            sort="newest" if request.sort == "relevance" else request.sort,
            strategy="none",
            admitted=matched.passages,
            scored=0,
            depth=DEPTH,
            seconds=clock.total(),
        ),
        generation=snapshot.generation,
    )
