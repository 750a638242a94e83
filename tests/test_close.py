"""The closer look, against slow readings of the same formulas."""

import numpy as np
import pytest

from search.close import (
    ARTICLES,
    TOGETHER,
    VOUCHERS,
    VOUCHING,
    article_bm25,
    best_articles,
    keyword_scores,
    vouched,
)
from search.types import Standing

RNG = np.random.default_rng(5)


def some_standing(passages=9, words=4, pairs=3):
    return Standing(
        holds=RNG.random((passages, words)) < 0.5,
        idf=RNG.random(words).astype(np.float32) * 9,
        together=RNG.random((passages, pairs)) < 0.3,
        pair_idf=RNG.random(pairs).astype(np.float32) * 9,
        lead_bm25=RNG.random(passages).astype(np.float32) * 20,
        passages=RNG.integers(1, 30, passages),
        mean_passages=8.5,
    )


def test_an_articles_bm25_takes_its_passages_for_occurrences():
    standing, owners = some_standing(), np.array([3, 1, 3, 3, 2, 1, 9, 3, 2])
    expected = []
    for row, owner in enumerate(owners):
        score = 0.0
        for word, idf in enumerate(standing.idf):
            often = sum(standing.holds[other, word] for other in np.flatnonzero(owners == owner))
            length = 1.2 * (1 - 0.75 + 0.75 * standing.passages[row] / standing.mean_passages)
            score += idf * often * 2.2 / (often + length)
        expected.append(score)
    np.testing.assert_allclose(article_bm25(owners, standing), expected, rtol=1e-5)


def test_a_keyword_score_is_three_parts_and_pairs():
    standing, owners = some_standing(), np.arange(9) % 4
    bm25 = RNG.random(9).astype(np.float32) * 20
    whole = article_bm25(owners, standing)
    for row in range(9):
        pairs = sum(
            idf for pair, idf in enumerate(standing.pair_idf) if standing.together[row, pair]
        )
        parts = (bm25[row] + standing.lead_bm25[row] + whole[row]) / 3 + TOGETHER * pairs
        assert keyword_scores(bm25, owners, standing)[row] == pytest.approx(parts, rel=1e-5)


def test_the_most_alike_good_passage_of_another_article_vouches():
    scores = RNG.random(70).astype(np.float32)
    owners = RNG.integers(0, 20, 70)
    rows = RNG.normal(size=(70, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    best = np.argsort(-scores)[:VOUCHERS]
    lent = vouched(scores, owners, lambda places: rows[places])
    for row in range(70):
        others = [one for one in best if owners[one] != owners[row] and row in best]
        most = max((rows[row] @ rows[one] * scores[one] for one in others), default=0)
        expected = (1 - VOUCHING) * scores[row] + VOUCHING * max(most, 0)
        assert lent[row] == pytest.approx(expected, rel=1e-4)
    assert lent.min() >= 0
    assert lent.max() <= 1


def test_a_vector_that_is_not_known_yet_costs_nothing_and_vouches_for_nothing():
    scores, owners = np.array([0.9, 0.8, 0.7, 0.6], np.float32), np.arange(4)
    rows = np.array([[1, 0], [1, 0], [0, 0], [0, 1]], np.float32)
    lent = vouched(scores, owners, lambda places: rows[places])
    known = vouched(scores[[0, 1, 3]], owners[:3], lambda places: rows[[0, 1, 3]][places])
    np.testing.assert_allclose(lent[[0, 1, 3]], known)
    shares = (lent - (1 - VOUCHING) * scores) / VOUCHING
    assert shares[2] == pytest.approx(shares[[0, 1, 3]].mean(), abs=1e-5)


def test_all_passages_of_the_best_articles_are_looked_at():
    scores = np.linspace(1, 0, 200, dtype=np.float32)
    owners = np.arange(200) % 50
    assert np.unique(owners[best_articles(scores, owners)]).tolist() == list(range(ARTICLES))
    assert best_articles(scores, owners).sum() == 4 * ARTICLES


def test_nothing_is_looked_at_where_there_is_nothing():
    none = np.empty(0, np.float32)
    assert len(best_articles(none, np.empty(0, np.int64))) == 0
    assert len(vouched(none, np.empty(0, np.int64), lambda _: np.empty((0, 8), np.float32))) == 0
