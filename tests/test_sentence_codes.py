import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.sentence_codes import coded, cosines


def random_passage(seed, sentences, dim):
    random = np.random.default_rng(seed)
    shared = random.normal(size=dim)
    parts = (shared + random.normal(size=(sentences, dim))).astype(np.float32)
    vector = parts.sum(axis=0)
    return parts, vector / np.linalg.norm(vector), random


def unit(rows):
    return rows / np.linalg.norm(rows, axis=-1, keepdims=True)


@given(st.integers(0, 1000), st.integers(1, 12), st.sampled_from([8, 50, 64, 384]))
def test_codes_take_two_bytes_and_an_eighth_a_dimension(seed, sentences, dim):
    parts, vector, _ = random_passage(seed, sentences, dim)
    codes = coded(parts, vector)
    assert len(codes) == sentences * (2 + -(-dim // 8))
    assert cosines(codes, sentences, vector, vector).shape == (sentences,)


def test_cosines_are_right_on_the_average_and_near_each_time():
    errors = []
    for seed in range(200):
        parts, vector, random = random_passage(seed, 6, 384)
        query = unit(vector + 0.05 * random.normal(size=384)).astype(np.float32)
        found = cosines(coded(parts, vector), 6, vector, query)
        errors.extend(found - unit(parts) @ query)
    assert abs(np.mean(errors)) < 0.005
    assert np.abs(errors).max() < 0.2


def test_the_sentence_a_query_repeats_is_the_nearest():
    for seed in range(100):
        parts, vector, _ = random_passage(seed, 6, 384)
        for place, query in enumerate(unit(parts)):
            assert cosines(coded(parts, vector), 6, vector, query).argmax() == place


def test_one_sentence_that_is_the_whole_passage_has_its_cosine():
    parts, vector, random = random_passage(3, 1, 384)
    query = unit(random.normal(size=384)).astype(np.float32)
    assert cosines(coded(parts, vector), 1, vector, query) == pytest.approx(
        [vector @ query], abs=0.01
    )


def test_a_sentence_without_tokens_counts_as_near_as_its_passage():
    parts, vector, random = random_passage(4, 3, 64)
    parts[1] = 0
    query = unit(random.normal(size=64)).astype(np.float32)
    assert cosines(coded(parts, vector), 3, vector, query)[1] == pytest.approx(vector @ query)


def test_codes_of_other_sentences_or_dimensions_are_refused():
    parts, vector, _ = random_passage(5, 3, 64)
    with pytest.raises(ValueError, match="30 bytes are not the codes of 2 sentences"):
        cosines(coded(parts, vector), 2, vector, vector)
