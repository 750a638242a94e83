"""Ranking: the candidates of a search in one order, the same however far a reader pages.

Candidates come in tiers: first the `DEPTH` best passages of each leg, and where a page lies beyond
them, what twice as many bring in, and so on. A tier is ranked by itself and put behind those before
it, so a deeper page changes nothing on the pages before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from search import close, rank
from search.clock import Clock
from search.conditions import has_words
from search.folding import at_least
from search.likeness import mean_vector, vectors_of
from search.types import EVERYTHING, Count, Encoder, Group, Query
from search.words import names_and_numbers, significant

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.store import Candidates, Snapshot
    from search.types import Mode, Sort, Vector

RARE = 5
"""A name or number that no more passages hold is rare: they are lifted to the first page."""
DEPTH = 500
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
    group: Group = "copies"
    reranks: bool = False
    """The first hits are to be put in a reranker's order."""


class Scores(NamedTuple):
    """What each candidate's score is made of, in their order.

    `final` ranks. `fused` is both legs in one, before a closer look; None unless both ran.
    `freshness` is what `recency:` multiplied by, None where it was not asked for. `is_excerpt` says
    whose was lowered since little of its text is there, `is_lifted` whose a rare name raised.
    """

    final: rank.Floats
    fused: rank.Floats | None
    freshness: rank.Floats | None
    is_excerpt: npt.NDArray[np.bool_]
    is_lifted: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Ranked:
    """Candidates with their scores and order; `vector` is what meaning was compared with.

    `tiers` are the sizes of the tiers, one behind the other in the candidates and in the order;
    `depth` is how many passages of each leg were asked for in the last. `reranked` has a reranker's
    score for each candidate, NaN for those it was not asked about; None where it was not asked at
    all.
    """

    candidates: Candidates
    scores: Scores
    order: rank.Ints
    vector: Vector | None
    tiers: tuple[int, ...]
    depth: int
    reranked: rank.Floats | None = None


def _freshness(query: Query, candidates: Candidates, snapshot: Snapshot) -> rank.Floats | None:
    """What `recency:` multiplies each score by; None where it was not asked for."""
    if query.half_life is None:
        return None
    moments = snapshot.moments(candidates.owners.tolist())
    return rank.freshness(moments, query.today.toordinal(), query.half_life)


def _looked_at_closely(
    tier: Candidates, scores: rank.Floats, words: str, snapshot: Snapshot
) -> rank.Floats:
    """Scores of which the best articles' fill the upper half, and the others' the lower."""
    if tier.cosine is None or tier.bm25 is None or not words or len(scores) == 0:
        return scores
    is_best = close.best_articles(scores, tier.owners)
    best = np.flatnonzero(is_best)
    refs, owners = tier.refs[best], tier.owners[best]
    standing = snapshot.standing(words, refs)
    # What is known of the others; with it, the scale is that of all.
    keyword: rank.Floats = (tier.bm25 / 3).astype(np.float32)
    keyword[best] = close.keyword_scores(tier.bm25[best], owners, standing)
    closer = rank.fused(tier.cosine, keyword)[best]
    lent = close.vouched(closer, owners, lambda places: snapshot.vectors(refs[places]))
    moved: rank.Floats = (scores / 2).astype(np.float32)
    moved[best] = 0.5 + lent / 2
    return moved


def _holds_rare_name(
    words: str, candidates: Candidates, snapshot: Snapshot
) -> npt.NDArray[np.bool_]:
    """Which candidates hold a name or number of the query that few passages hold."""
    is_rare = np.zeros(len(candidates.refs), np.bool_)
    for word in dict.fromkeys(names_and_numbers(words)):
        holders = snapshot.holders(snapshot.stem(word), RARE)
        if holders is not None:
            is_rare |= np.isin(candidates.refs, holders)
    return is_rare


def ranked(
    request: Request, snapshot: Snapshot, encoder: Callable[[], Encoder], clock: Clock
) -> Iterator[Ranked]:
    """The candidates of a search with words or an article to be like, as deep as its page needs.

    Then, for one who finds that they make fewer hits than they could, with another tier each time.
    """
    retrieval = _Retrieval(request, snapshot, encoder)
    for tiers, depth in _tiers(request, retrieval, snapshot):
        candidates = _joined(tiers)
        clock.lap_in(candidates.seconds)
        scores = _scores(request.query, candidates, tiers[0], retrieval.words, snapshot)
        clock.lap("closer look")
        order = np.concatenate(list(_orders(tiers, scores.final, snapshot, request.sort)))
        clock.lap("rank")
        sizes = tuple(len(tier.refs) for tier in tiers)
        yield Ranked(candidates, scores, order, retrieval.vector, sizes, depth)


def _tiers(
    request: Request, retrieval: _Retrieval, snapshot: Snapshot
) -> Iterator[tuple[list[Candidates], int]]:
    """Tiers enough for the page, and the depth of the last; then with one more each time."""
    tiers, depth = [retrieval.candidates(DEPTH)], DEPTH
    admitted = tiers[0].matched.passages
    owns = [] if request.like is None else _Own.and_copies_of(request.like, snapshot)
    for own in owns:
        tiers[0] = own.left_out_and_counted(tiers[0], request.query, snapshot)
    wanted = request.offset + request.k
    while True:
        if depth >= admitted or _hits(tiers, request, snapshot) >= wanted:
            yield tiers, depth
        if depth >= admitted:
            return
        depth *= 2
        tiers.append(_without(retrieval.candidates(depth), tiers, owns))


def _hits(tiers: Sequence[Candidates], request: Request, snapshot: Snapshot) -> int:
    """How many hits these candidates make, or more; of stories, or fewer: texts that differ."""
    owners = np.concatenate([tier.owners for tier in tiers])
    if request.group == "none":
        return len(owners)
    originals = snapshot.originals(owners)
    return len(np.unique(originals)) if request.group == "story" else at_least(owners, originals)


def _scores(
    query: Query, candidates: Candidates, first: Candidates, words: str, snapshot: Snapshot
) -> Scores:
    """The scores of all candidates; `first` are those of the first tier, which come first."""
    cosine, near_by = candidates.cosine, len(first.refs)
    if cosine is not None:
        cosine = rank.with_foretold(cosine, candidates.bm25, first=near_by)
        first = replace(first, cosine=cosine[:near_by])
    fused = rank.fused(cosine, candidates.bm25, first=near_by)
    final, is_lifted = fused.copy(), np.zeros(len(fused), np.bool_)
    is_hybrid = candidates.cosine is not None and candidates.bm25 is not None
    near, far = final[: len(first.refs)], final[len(first.refs) :]
    if is_hybrid:
        near[:] = _looked_at_closely(first, near, words, snapshot)
        far /= 2
    is_excerpt = snapshot.are_excerpts(candidates.owners.tolist())
    final[:] = rank.lowered(final, is_excerpt)
    freshness = _freshness(query, candidates, snapshot)
    if freshness is not None:
        final[:] = np.maximum(final, 0) * freshness
    if is_hybrid:
        is_rare = _holds_rare_name(query.words, first, snapshot)
        lifted = rank.lifted(near, first.owners, is_rare)
        is_lifted[: len(near)] = lifted > near
        near[:] = lifted
    return Scores(final, fused if is_hybrid else None, freshness, is_excerpt, is_lifted)


class _Retrieval:
    """What is asked of the store, at any depth; the query is encoded once."""

    def __init__(
        self, request: Request, snapshot: Snapshot, encoder: Callable[[], Encoder]
    ) -> None:
        self._request, self._snapshot, self._encoder = request, snapshot, encoder
        self.vector: Vector | None = None
        self.words = " ".join(significant(request.query.words))

    def candidates(self, depth: int) -> Candidates:
        like, mode = self._request.like, self._request.mode
        query = self._request.query
        return self._snapshot.candidates(
            encode=None if mode == "keyword" and like is None else self._encode,
            words=None
            if mode == "semantic" or (like is not None and not self.words)
            else self.words,
            condition=query.condition,
            depth=depth,
        )

    def _encode(self) -> Vector:
        if self.vector is None:
            like, words = self._request.like, self._request.query.words
            self.vector = (
                self._encoder().encode_query(words)
                if like is None
                else mean_vector(vectors_of(like, self._snapshot, self._encoder))
            )
        return self.vector


# The article that others are to be like


@dataclass(frozen=True, slots=True)
class _Own:
    """The passages of the article that others are to be like, or of a copy: never hits."""

    owner: int
    refs: Sequence[int]

    @classmethod
    def and_copies_of(cls, like: str, snapshot: Snapshot) -> list[_Own]:
        """The article that `like` names or is a passage of, and each of its copies."""
        ((article, _),) = snapshot.fetch(snapshot.refs_of(like)[:1])
        copies = snapshot.copies(snapshot.owner_of(like))
        ids = [article.id, *(copy.article_id for copy in copies)]
        return [cls(snapshot.owner_of(one), snapshot.refs_of(one)) for one in ids]

    def left_out_and_counted(
        self, candidates: Candidates, query: Query, snapshot: Snapshot
    ) -> Candidates:
        """Without them, in `matched` too."""
        matched, own = candidates.matched, self._admitted(candidates, query, snapshot)
        rest = Count(matched.passages - len(own), matched.articles - (1 if len(own) else 0))
        awaiting = int(snapshot.awaits(own).sum())
        return replace(
            _kept(candidates, candidates.owners != self.owner),
            matched=rest,
            awaiting=candidates.awaiting - awaiting,
        )

    def _admitted(self, candidates: Candidates, query: Query, snapshot: Snapshot) -> rank.Ints:
        """Those that the condition admits; the far ends of a long article are no candidates."""
        here: rank.Ints = candidates.refs[candidates.owners == self.owner]
        is_whole = len(candidates.refs) == candidates.matched.passages
        if is_whole or len(here) == len(self.refs):
            return here
        if has_words(query.condition):
            everything = candidates.matched.passages
            admitted, _ = snapshot.browse(
                query.condition, newest_first=True, offset=0, limit=everything
            )
            return np.array(sorted(set(self.refs) & set(admitted)), np.int64)
        is_admitted = (
            query.condition == EVERYTHING
            or len(here) > 0
            or self.owner in snapshot.owners_of(query.condition)
        )
        return np.array(self.refs if is_admitted else [], np.int64)


# Tiers


def _without(
    candidates: Candidates, tiers: Sequence[Candidates], owns: Sequence[_Own]
) -> Candidates:
    """Those that no earlier tier has, and that are not the article's own."""
    known = np.concatenate([tier.refs for tier in tiers])
    is_new = ~np.isin(candidates.refs, known)
    for own in owns:
        is_new &= candidates.owners != own.owner
    return _kept(candidates, is_new)


def _kept(candidates: Candidates, mask: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Candidates:
    return replace(
        candidates,
        refs=candidates.refs[mask],
        owners=candidates.owners[mask],
        cosine=None if candidates.cosine is None else candidates.cosine[mask],
        bm25=None if candidates.bm25 is None else candidates.bm25[mask],
    )


def _joined(tiers: Sequence[Candidates]) -> Candidates:
    """All tiers as one, in their order; what was matched is what the first says."""
    if len(tiers) == 1:
        return tiers[0]
    seconds: Counter[str] = Counter()
    for tier in tiers:
        seconds.update(tier.seconds)
    cosines = [tier.cosine for tier in tiers if tier.cosine is not None]
    bm25s = [tier.bm25 for tier in tiers if tier.bm25 is not None]
    return replace(
        tiers[0],
        refs=np.concatenate([tier.refs for tier in tiers]),
        owners=np.concatenate([tier.owners for tier in tiers]),
        cosine=np.concatenate(cosines) if cosines else None,
        bm25=np.concatenate(bm25s) if bm25s else None,
        strategy=tiers[-1].strategy,
        scored=sum(tier.scored for tier in tiers),
        seconds=seconds,
    )


def _orders(
    tiers: Sequence[Candidates], scores: rank.Floats, snapshot: Snapshot, sort: Sort
) -> Iterator[rank.Ints]:
    """The order within each tier, as positions among all."""
    start = 0
    for tier in tiers:
        order = rank.ranked_order(scores[start : start + len(tier.refs)], tier.refs, tier.owners)
        if sort != "relevance":
            moments = snapshot.moments(tier.owners.tolist())
            order = rank.by_date(order, moments, newest_first=sort == "newest")
        yield order + start
        start += len(tier.refs)
