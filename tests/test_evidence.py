import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.evidence import evidence
from search.sentences import sentences
from search.types import Evidence, Passage

FORMS = {"killed": "kill", "kills": "kill", "strikes": "strike", "strike": "strike"}


def stem(word):
    return FORMS.get(word.lower(), word.lower())


def rarity(form):
    return {"syria": 1.0, "kill": 3.0, "strike": 3.5}.get(form, 2.0)


def passage(text, start=0):
    spans = tuple((first + start, last + start) for first, last in sentences(text))
    return Passage("p", "a", 0, start, start + len(text), text, spans)


def no_encoding(texts):
    raise AssertionError(f"encoded {texts}")


def by_length(texts):
    return np.array([[len(text)] for text in texts], np.float32)


def marked(one, words, query=None, encode=no_encoding, near=None):
    near = None if near is None else np.array(near, np.float32)
    (found,) = evidence(
        [one], words=words, stem=stem, rarity=rarity, near=[near], query=query, encode=encode
    )
    return found


def test_the_sentence_with_the_rarer_words_is_best():
    text = "Syria, Syria again. The raid killed two. Nobody in Syria spoke."
    assert marked(passage(text), "who was killed in Syria") == Evidence(
        (20, 40), ((0, 5), (7, 12), (29, 35), (51, 56))
    )


def test_offsets_are_the_passages_own_wherever_it_stands():
    text = "Rain fell. A strike kills."
    assert marked(passage(text, start=500), "strikes") == Evidence((11, 26), ((13, 19),))


@pytest.mark.parametrize("word", ["हिन्दी", "cafe\u0301s", "كُتِب", "শব্দ", "กำลัง"])
def test_a_word_is_marked_with_the_signs_on_its_letters(word):
    text = f"{word[0]} x {word}."
    assert marked(passage(text), word).words == ((4, 4 + len(word)),)


def test_of_equal_sentences_the_first_is_best():
    assert marked(passage("A strike. A strike."), "strike").best == (0, 9)


def test_function_words_are_not_marked_unless_there_are_no_others():
    text = "The end of it. Who was it?"
    assert marked(passage(text), "the end").words == ((4, 7),)
    assert marked(passage(text), "who was").words == ((15, 18), (19, 22))


def test_meaning_decides_where_no_word_stands():
    text = "Short. A much longer sentence stands here. Mid size one."
    found = marked(passage(text), "elsewhere", np.ones(1, np.float32), by_length)
    assert found == Evidence((7, 42), ())


def test_where_cosines_are_known_the_nearest_sentence_is_best_without_encoding():
    text = "Short. A much longer sentence stands here. Mid size one."
    found = marked(passage(text), "elsewhere", np.ones(1, np.float32), near=[0.1, 0.2, 0.4])
    assert found.best == (43, 56)


def test_meaning_decides_between_sentences_with_the_same_words():
    text = "A strike. A strike again. A strike."
    assert marked(passage(text), "strike", near=[0.1, 0.5, 0.4]).best == (10, 25)


def test_a_rare_word_outweighs_a_somewhat_nearer_sentence():
    text = "A strike in Syria. Bombs fell on the town."
    assert marked(passage(text), "strike Syria", near=[0.3, 0.6]).best == (0, 18)


def test_one_sentence_needs_no_encoding():
    found = marked(passage("Only one here."), "elsewhere", np.ones(1, np.float32))
    assert found.best == (0, 14)


def test_without_meaning_an_unmarked_passage_has_no_best_sentence():
    assert marked(passage("One. Two."), "elsewhere") == Evidence(None, ())


def test_only_the_unmarked_passages_are_encoded():
    encoded = []

    def encode(texts):
        encoded.extend(texts)
        return by_length(texts)

    found = evidence(
        [passage("A strike. Rain."), passage("Sunshine. Clouds now.")],
        words="strike",
        stem=stem,
        rarity=rarity,
        near=[None, None],
        query=np.ones(1, np.float32),
        encode=encode,
    )
    assert encoded == ["Sunshine.", "Clouds now."]
    assert [one.best for one in found] == [(0, 9), (10, 21)]


@given(st.text(max_size=120), st.text(max_size=30))
def test_spans_lie_in_the_passage_in_order(text, words):
    found = marked(passage(text), words, np.ones(1, np.float32), by_length)
    assert all(0 <= start < end <= len(text) for start, end in found.words)
    assert list(found.words) == sorted(found.words)
