from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from search.rank import (
    by_date,
    freshness,
    fused,
    lifted,
    normalised,
    ranked_order,
    ranks,
    with_foretold,
)


def floats(*values):
    return np.array(values, np.float32)


def test_both_legs_are_stretched_and_weighed():
    np.testing.assert_allclose(
        fused(floats(0.2, 0.6, 0.4), floats(0, 5, 10)),
        [0, 0.6 + 0.4 * 0.5, 0.6 * 0.5 + 0.4],
        1e-6,
    )


def test_one_leg_keeps_its_own_scores():
    np.testing.assert_array_equal(fused(floats(0.3, 0.1), None), floats(0.3, 0.1))
    np.testing.assert_array_equal(fused(None, floats(7, 0)), floats(7, 0))


NAN = np.nan


def test_cosines_that_are_all_known_stay_as_they_are():
    cosine = floats(0.3, -0.1, 0.9)
    assert with_foretold(cosine, floats(1, 0, 2)) is cosine


def test_a_cosine_to_come_is_what_least_squares_foretells():
    rng = np.random.default_rng(4)
    bm25 = rng.uniform(1, 20, 60).astype(np.float32)
    cosine = (0.02 * bm25 + rng.normal(0.3, 0.05, 60)).astype(np.float32)
    cosine[40:] = NAN
    slope, base = np.polyfit(bm25[:40], cosine[:40], 1)
    expected = np.clip(slope * bm25[40:] + base, cosine[:40].min(), cosine[:40].max())
    np.testing.assert_allclose(with_foretold(cosine, bm25)[40:], expected, atol=1e-4)
    np.testing.assert_array_equal(with_foretold(cosine, bm25)[:40], cosine[:40])


def test_one_that_holds_as_much_as_another_is_ranked_beside_it():
    cosine, bm25 = floats(0.9, 0.4, NAN, NAN), floats(8, 2, 8, 2)
    np.testing.assert_allclose(with_foretold(cosine, bm25), [0.9, 0.4, 0.9, 0.4], atol=1e-6)


def test_more_words_never_foretell_less():
    cosine, bm25 = floats(0.2, 0.6, NAN, NAN), floats(9, 1, 12, 3)
    np.testing.assert_allclose(with_foretold(cosine, bm25)[2:], [0.4, 0.4], atol=1e-6)


def test_one_without_words_stands_with_the_least_near():
    found = with_foretold(floats(0.9, 0.1, 0.5, NAN), floats(5, 0, 2, 0))
    assert found[3] == np.float32(0.1)


def test_where_no_known_one_holds_a_word_their_mean_is_foretold():
    found = with_foretold(floats(0.5, 0.3, NAN), floats(0, 0, 4))
    assert found[2] == pytest.approx(0.4)


def test_where_no_cosine_is_known_words_alone_give_the_order():
    bm25 = floats(3, 0, 7, 5)
    order = np.argsort(-fused(with_foretold(floats(NAN, NAN, NAN, NAN), bm25), bm25))
    assert order.tolist() == [2, 3, 0, 1]


def test_without_words_what_is_not_known_comes_last():
    np.testing.assert_array_equal(with_foretold(floats(-0.9, NAN), None), floats(-0.9, -1))


def test_what_a_deeper_page_brings_in_changes_no_score_before_it():
    cosine, bm25 = floats(0.9, 0.4, NAN), floats(8, 2, 5)
    deeper = with_foretold(
        np.append(cosine, floats(-0.5, NAN)), np.append(bm25, floats(1, 3)), first=3
    )
    np.testing.assert_array_equal(deeper[:3], with_foretold(cosine, bm25))
    assert not np.isnan(deeper).any()


@given(
    st.lists(
        st.tuples(st.one_of(st.none(), st.floats(-1, 1, width=32)), st.floats(0, 50, width=32)),
        max_size=30,
    )
)
def test_every_cosine_is_with_foretold_within_what_is_known(pairs):
    cosine = floats(*(NAN if one is None else one for one, _ in pairs))
    found = with_foretold(cosine, floats(*(score for _, score in pairs)))
    known = cosine[~np.isnan(cosine)]
    low, high = (known.min(), known.max()) if len(known) else (0, 0)
    assert not np.isnan(found).any()
    assert (found >= low - 1e-4).all()
    assert (found <= high + 1e-4).all()


def test_no_leg_is_an_error():
    with pytest.raises(ValueError, match="neither leg"):
        fused(None, None)


def test_equal_scores_are_all_or_nothing():
    np.testing.assert_array_equal(normalised(floats(0, 0)), [0, 0])
    np.testing.assert_array_equal(normalised(floats(3, 3)), [1, 1])
    assert len(normalised(floats())) == 0


def test_those_after_the_first_are_put_on_their_scale():
    np.testing.assert_allclose(
        normalised(floats(2, 4, 3, 1, 9), first=3), [0, 1, 0.5, 0, 1], rtol=1e-6
    )
    np.testing.assert_array_equal(normalised(floats(3, 1), first=0), [0, 0])


def test_two_passages_an_article_come_before_the_rest():
    scores = floats(9, 8, 7, 6, 5)
    owners = np.array([1, 1, 1, 2, 1])
    assert ranked_order(scores, np.arange(5), owners).tolist() == [0, 1, 3, 2, 4]


def test_ties_go_to_the_lower_ref():
    order = ranked_order(floats(1, 1, 2), np.array([30, 10, 20]), np.array([1, 2, 3]))
    assert order.tolist() == [2, 1, 0]


@given(
    hnp.arrays(
        np.float32, st.shared(st.integers(0, 40), key="n"), elements=st.floats(0, 1, width=32)
    ),
    hnp.arrays(np.int64, st.shared(st.integers(0, 40), key="n"), elements=st.integers(0, 5)),
)
def test_every_candidate_is_ranked_once_and_best_first_within_each_part(scores, owners):
    order = ranked_order(scores, np.arange(len(scores)), owners)
    assert sorted(order.tolist()) == list(range(len(scores)))
    first = sum(min(2, count) for count in np.unique(owners, return_counts=True)[1])
    for part in (order[:first], order[first:]):
        assert (np.diff(scores[part]) <= 0).all()
    assert np.unique(owners[order[:first]], return_counts=True)[1].max(initial=0) <= 2


def test_dates_sort_within_the_relevant_and_undated_come_last():
    order = np.arange(4)
    moments = np.array([5.0, -1.0, 9.0, 7.0])
    assert by_date(order, moments, newest_first=True).tolist() == [2, 3, 0, 1]
    assert by_date(order, moments, newest_first=False).tolist() == [0, 3, 2, 1]


def test_a_later_block_stays_behind():
    moments = np.arange(150.0)
    order = by_date(np.arange(150), moments, newest_first=True)
    assert order.tolist() == [*range(99, -1, -1), *range(149, 99, -1)]


def test_ranks_count_from_one():
    assert ranks(floats(0.1, 0.9, 0.5)).tolist() == [3, 1, 2]


def test_a_rare_one_comes_level_with_the_fifth_article():
    scores = floats(0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.1, 0.2)
    owners = np.array([1, 1, 2, 3, 4, 5, 6, 7])
    is_rare = np.array([True, False, False, False, False, False, True, True])
    moved = lifted(scores, owners, is_rare)
    np.testing.assert_array_equal(moved[:6], scores[:6])
    assert 0.4 <= moved[6] < moved[7] < 0.5
    assert lifted(scores, owners, np.zeros(8, np.bool_)) is scores


def test_only_five_rare_ones_are_lifted():
    scores = np.linspace(1, 0, 40, dtype=np.float32)
    moved = lifted(scores, np.arange(40), np.arange(40) >= 20)
    assert np.flatnonzero(moved != scores).tolist() == [20, 21, 22, 23, 24]
    assert np.argsort(-moved, kind="stable")[:10].tolist() == [0, 1, 2, 3, 20, 21, 22, 23, 24, 4]


def test_a_score_halves_toward_the_floor_with_every_half_life():
    today = date(2026, 11, 23).toordinal()
    moments = np.array([today + 0.5, today, today - 30, today - 60, today - 1e6, -1])
    np.testing.assert_allclose(
        freshness(moments, today, 30), [1, 1, 0.75, 0.625, 0.5, 0.5], rtol=1e-6
    )
