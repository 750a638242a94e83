"""From scores to ranks: fusion of the two legs, at most two passages an article, dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]

MEANING_WEIGHT = 0.58
"""Between .5 and .6 three collections differ by little more than noise: benchmarks/README.md."""
SUPPORT = 0.05
"""How much an article's other passages add to one; measured there too."""
PASSAGES_PER_ARTICLE = 2
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


def supported(scores: Floats, owners: Ints) -> Floats:
    """Scores with a little for what else of the article was found, still in [0, 1].

    An article with several fitting passages is likelier to be about the question than one with a
    single lucky one: to each score comes `SUPPORT` times the mean of its article's second and third
    best, 0 where there are none.
    """
    order = np.lexsort((-scores, owners))
    _, starts, places = np.unique(owners[order], return_index=True, return_inverse=True)
    following = np.arange(len(order)) - starts[places]
    counted = np.where((following == 1) | (following == 2), scores[order], 0)
    support = np.bincount(places, counted) / 2
    moved = np.empty_like(scores)
    moved[order] = (scores[order] + SUPPORT * support[places]) / (1 + SUPPORT)
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
