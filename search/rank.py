"""From scores to ranks: fusion of the legs, rare names, two passages an article, dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]

MEANING_WEIGHT = 0.6
"""Between .55 and .65 three collections differ by little more than noise: benchmarks/README.md."""
PASSAGES_PER_ARTICLE = 2
FLOOR = 0.5
"""What `recency:` leaves of the score of the oldest: a good old one still beats a poor new one."""
EXCERPT = 0.03
"""The part of its score that an article loses of which little is there; chosen, not measured."""
RARE_PLACE = 5
_LEVEL = 1e-4
RELEVANT = 100
"""Sorting by date reorders the best hits in blocks of this many: newest among the relevant."""


def fused(cosine: Floats | None, bm25: Floats | None, *, first: int | None = None) -> Floats:
    """One score a candidate, higher is better.

    With both legs a convex combination of min-max normalised scores, in [0, 1] (Bruch, Gai and
    Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023); with one, its own. The
    `first` candidates (all by default) set the scale, and the others are put within its ends.

    Raises:
        ValueError: neither leg ran.
    """
    if cosine is None or bm25 is None:
        only = bm25 if cosine is None else cosine
        if only is None:
            msg = "there is nothing to fuse: neither leg ran"
            raise ValueError(msg)
        return only
    fusion: Floats = MEANING_WEIGHT * normalised(cosine, first) + (1 - MEANING_WEIGHT) * normalised(
        bm25, first
    )
    return fusion


def with_foretold(cosine: Floats, bm25: Floats | None, *, first: int | None = None) -> Floats:
    """Cosines with those that are not known yet (NaN) as the words foretell them.

    By least squares of cosine on BM25 over those of the `first` candidates (all by default) that
    hold a word and have a cosine, and never beyond what these have: a passage that awaits its
    vector is then ranked as one that holds as much of the query, neither ahead nor behind for want
    of a cosine. One that holds no word stands with the least near. Where no cosine is known all are
    0; without words, -1.
    """
    unknown = np.isnan(cosine)
    if not unknown.any():
        return cosine
    if bm25 is None:
        return np.where(unknown, np.float32(-1), cosine)
    known = ~unknown
    if first is not None:
        known[first:] = False
    least = cosine[known].min() if known.any() else np.float32(0)
    foretold = np.full(len(cosine), least, np.float32)
    holds = bm25 > 0
    both = known & holds
    if both.any():
        foretold[holds] = _on_the_line(bm25[holds], bm25[both], cosine[both])
    elif known.any():
        foretold[holds] = cosine[known].mean()
    return np.where(unknown, foretold, cosine)


def _on_the_line(at: Floats, bm25: Floats, cosine: Floats) -> Floats:
    """What least squares of these cosines on these BM25 scores say at others, within their range.

    A slope below 0 is noise of a few: more of the query's words is never a sign of less.
    """
    spread = bm25 - bm25.mean()
    slope = max(0.0, float(spread @ cosine) / max(float(spread @ spread), 1e-9))
    line: Floats = np.clip(cosine.mean() + slope * (at - bm25.mean()), cosine.min(), cosine.max())
    return line.astype(np.float32)


def freshness(moments: npt.NDArray[np.float64], today: int, half_life: int) -> Floats:
    """A factor for each score: 1 today, nearer to `FLOOR` by half every `half_life` days.

    `moments` and `today` are proleptic ordinals; undated ones (below 0) get the floor.
    """
    age = np.maximum(0, today - moments)
    factor = FLOOR + (1 - FLOOR) * 0.5 ** (age / half_life)
    factors: Floats = np.where(moments < 0, FLOOR, factor).astype(np.float32)
    return factors


def lowered(scores: Floats, is_excerpt: npt.NDArray[np.bool_]) -> Floats:
    """Scores of excerpts made a little less, so that of two near ones a whole article leads."""
    less: Floats = np.where(is_excerpt, scores - EXCERPT * np.abs(scores), scores)
    return less.astype(np.float32)


def lifted(scores: Floats, owners: Ints, is_rare: npt.NDArray[np.bool_]) -> Floats:
    """Scores with the `RARE_PLACE` best of `is_rare` lifted to the first page.

    Those of them that stand lower come level with the article at that place, in their own order.
    """
    rare = np.flatnonzero(is_rare)
    if len(rare) == 0:
        return scores
    rare = rare[np.argsort(-scores[rare], kind="stable")][:RARE_PLACE]
    order = np.argsort(-scores, kind="stable")
    firsts = np.sort(np.unique(owners[order], return_index=True)[1])
    place = order[firsts[min(RARE_PLACE, len(firsts)) - 1]]
    moved = scores.copy()
    moved[rare] = np.maximum(scores[rare], scores[place] + _LEVEL * (scores[rare] - scores.min()))
    return moved


def normalised(scores: Floats, first: int | None = None) -> Floats:
    """Scores moved and stretched so that the `first` (all by default) fill [0, 1], others clipped.

    Where those are all equal, 1 if above 0, else 0.
    """
    scale = scores[:first]
    if len(scale) == 0:
        return np.zeros_like(scores)
    low, high = scale.min(), scale.max()
    if high == low:
        return (scores > 0).astype(np.float32)
    stretched: Floats = np.clip((scores - low) / (high - low), 0, 1)
    return stretched


def ranked_order(scores: Floats, refs: Ints, owners: Ints) -> Ints:
    """Positions best first: two passages an article, then all the others, best first again.

    Ties go to the lower ref. Nothing is dropped, so paging reaches every candidate.
    """
    order = np.lexsort((refs, -scores))
    by_owner = np.argsort(owners[order], kind="stable")
    _, starts, places = np.unique(owners[order][by_owner], return_index=True, return_inverse=True)
    is_later = np.empty(len(order), np.bool_)
    is_later[by_owner] = np.arange(len(order)) - starts[places] >= PASSAGES_PER_ARTICLE
    return np.concatenate([order[~is_later], order[is_later]])


def by_date(order: Ints, moments: npt.NDArray[np.float64], *, newest_first: bool) -> Ints:
    """`order` with each block of the relevant sorted by date; undated (below 0) last in theirs."""
    blocks = [np.empty(0, np.int64)]
    for start in range(0, len(order), RELEVANT):
        block = order[start : start + RELEVANT]
        keys = moments[block]
        keys = np.where(keys < 0, np.inf, -keys if newest_first else keys)
        blocks.append(block[np.argsort(keys, kind="stable")])
    return np.concatenate(blocks)


def ranks(scores: Floats) -> Ints:
    """The rank of each score among all, 1 for the highest; ties in order of position."""
    places = np.empty(len(scores), np.int64)
    places[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return places
