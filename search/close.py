"""A closer look at the best articles: what of the query stands in them, and who vouches for them.

After a first fusion of the two legs the keyword score of the best articles' passages is made anew,
from the passage, the article and its beginning, and words that stand together. What each part is
worth stands in benchmarks/README.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from search.types import Standing

    Floats = npt.NDArray[np.float32]
    Ints = npt.NDArray[np.int64]
    Mask = npt.NDArray[np.bool_]

ARTICLES = 30
"""So many articles are looked at; 20 to 100 do as well."""
TOGETHER = 0.4
"""What a pair of query words that stand together counts, as a share of a word of their rarity."""
VOUCHING = 0.1
"""The share of a score that comes from the most alike good passage of another article."""
VOUCHERS = 50
_K1, _B = 1.2, 0.75


def best_articles(scores: Floats, owners: Ints) -> Mask:
    """Which passages belong to the `ARTICLES` articles with the best passages."""
    numbers, places = np.unique(owners, return_inverse=True)
    best = np.full(len(numbers), -np.inf, scores.dtype)
    np.maximum.at(best, places, scores)
    is_best = np.zeros(len(numbers), np.bool_)
    is_best[np.argsort(-best, kind="stable")[:ARTICLES]] = True
    return is_best[places]


def keyword_scores(bm25: Floats, owners: Ints, standing: Standing) -> Floats:
    """BM25 of the passage, of its article's first passage and of its article, in equal parts.

    News says first what it is about, and an article that holds all words of a question answers it
    more often than one that holds half of them. Pairs of words that stand together: Metzler and
    Croft, "A Markov Random Field Model for Term Dependencies" (2005), here counted once each.
    """
    whole = article_bm25(owners, standing)
    together: Floats = standing.together @ standing.pair_idf
    return (bm25 + standing.lead_bm25 + whole) / 3 + TOGETHER * together


def article_bm25(owners: Ints, standing: Standing) -> Floats:
    """BM25 of each passage's article, its passages taken for the words' occurrences.

    A word's frequency is the number of the article's passages here that hold it, the article's
    length the number of all its passages.
    """
    _, places = np.unique(owners, return_inverse=True)
    frequency = np.zeros((int(places.max(initial=-1)) + 1, len(standing.idf)), np.float32)
    np.add.at(frequency, places, standing.holds)
    frequency = frequency[places]
    length = (standing.passages / standing.mean_passages).astype(np.float32)[:, None]
    saturated = frequency * (_K1 + 1) / (frequency + _K1 * (1 - _B + _B * length))
    scores: Floats = (saturated @ standing.idf).astype(np.float32)
    return scores


def vouched(scores: Floats, owners: Ints, vectors: Callable[[Ints], Floats]) -> Floats:
    """Scores in [0, 1], a share of each lent by the most alike good passage of another article.

    Passages that answer the same question are alike: Diaz, "Regularizing Ad Hoc Retrieval Scores"
    (2005). `vectors` gives the vectors of the passages at these positions; one of zeros is not
    known yet, and is lent what the others are on average.
    """
    best = np.argsort(-scores, kind="stable")[:VOUCHERS]
    rows = vectors(best)
    alike = np.maximum(np.vecdot(rows[:, None], rows[None]), 0)
    alike[owners[best][:, None] == owners[best][None]] = 0
    lent = (1 - VOUCHING) * scores
    share = (alike * scores[best][None]).max(axis=1, initial=0)
    has_vector = rows.any(axis=1)
    if has_vector.any():
        share[~has_vector] = share[has_vector].mean()
    lent[best] += VOUCHING * share
    return lent
