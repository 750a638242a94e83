import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.copies import Holder, copies_of, sampled_runs
from search.folding import at_least, folded

VOCABULARY = [f"{a}{b}" for a in "bcdfghklmnprst" for b in ("adi", "eno", "ira", "olu", "umbe")]


def story(seed, words=600):
    rng = random.Random(seed)
    return [rng.choice(VOCABULARY) for _ in range(words)]


def alike(one, other, day=0, other_day=0, source="A", other_source="B"):
    """Whether two texts are taken for copies."""
    mine, theirs = sampled_runs(" ".join(one)), sampled_runs(" ".join(other))
    holders = {int(run): [7] for run in np.intersect1d(mine, theirs)}
    known = {7: Holder(len(theirs), other_day, other_source)}
    return copies_of(len(mine), Holder(len(mine), day, source), holders, known) == [7]


def test_runs_are_those_of_the_words_whatever_the_case_and_the_signs():
    one = sampled_runs("The dam broke, on Tuesday - night.")
    assert np.array_equal(one, sampled_runs("the DAM broke on tuesday night"))
    assert len(one) == 3
    assert not np.array_equal(one, sampled_runs("the dam broke on wednesday night"))
    assert len(sampled_runs("only three words")) == 0


def test_of_a_long_text_one_run_in_sixteen_is_kept_the_same_in_every_text():
    text = story(1, 4000)
    kept = sampled_runs(" ".join(text))
    assert 4000 / 16 * 0.8 < len(kept) < 4000 / 16 * 1.2
    later = sampled_runs(" ".join([*story(2, 50), *text]))
    assert set(kept.tolist()) <= set(later.tolist())


def test_scripts_without_spaces_have_runs_too():
    assert len(sampled_runs("堤防が決壊し旧市街が孤立した")) == 11


@pytest.mark.parametrize("share", [0.03, 0.1, 0.2, 0.4])
def test_copies_are_found_however_they_were_edited(share):
    text, other = story(3), story(4)
    some = int(share * len(text))
    assert alike(text, text[some:])  # cut at the beginning
    assert alike(text, [*other[:some], *text[some:]])  # a new lede
    assert alike(text, [*text[some:], *text[:some]])  # moved


def test_half_of_another_text_is_no_copy():
    text, other = story(3), story(4)
    assert not alike(text, other)
    assert not alike(text, [*text[:200], *other[:400]])
    assert not alike(text, [*text, *story(5, 2000)])  # quoted whole in something long


def test_within_an_outlet_more_must_be_shared():
    text, other = story(3), story(4)
    half = [*other[:260], *text[260:]]
    assert alike(text, half)
    assert not alike(text, half, other_source="A")
    assert alike(text, text[100:], other_source="A")


def test_long_after_only_nearly_the_same_text_is_a_copy():
    text = story(3)
    assert alike(text, text, other_day=400)
    assert not alike(text, text[200:], other_day=400)
    assert alike(text, text[200:], other_day=None)


def test_what_articles_of_many_months_share_is_boilerplate():
    """Four articles, each with the same captions at its end, longer than the article."""
    captions = story(9, 700)
    own = sampled_runs(" ".join([*story(10, 400), *captions]))
    known = {
        n: Holder(len(sampled_runs(" ".join([*story(n, 400), *captions]))), 40 * n, "A")
        for n in (1, 2, 3)
    }
    held = set(sampled_runs(" ".join(captions)).tolist())
    holders = {int(run): [1, 2, 3] for run in own if int(run) in held}
    assert copies_of(len(own), Holder(len(own), 0, "A"), holders, known) == []
    same_week = {n: one._replace(day=n) for n, one in known.items()}
    assert copies_of(len(own), Holder(len(own), 0, "B"), holders, same_week) == [1, 2, 3]
    undated = {n: one._replace(day=None) for n, one in known.items()}
    assert copies_of(len(own), Holder(len(own), 0, "A"), holders, undated) == []
    assert copies_of(len(own), Holder(len(own), 0, "B"), holders, undated) == [1, 2, 3]


# Folding


@given(st.data())
def test_one_copy_stands_for_all_and_pages_stay(data):
    count = data.draw(st.integers(0, 30))
    owners = np.array(data.draw(st.lists(st.integers(0, 9), min_size=count, max_size=count)), int)
    groups = np.array(data.draw(st.lists(st.integers(0, 9), min_size=10, max_size=10)))
    originals = groups[owners] if count else np.empty(0, int)
    order = np.array(data.draw(st.permutations(range(count))), int)
    kept = folded(order, owners, originals)

    standing: dict[int, int] = {}
    expected = [
        place
        for place in order.tolist()
        if standing.setdefault(int(originals[place]), int(owners[place])) == owners[place]
    ]
    assert kept.tolist() == expected
    assert at_least(owners, originals) <= len(kept)
    part = folded(order[: count // 2], owners, originals)
    assert kept[: len(part)].tolist() == part.tolist()
