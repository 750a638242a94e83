from hypothesis import given
from hypothesis import strategies as st

from search.types import Evidence, Passage
from search.web.excerpt import SIZE_CHARS, excerpt

START = 100


def passage(lengths):
    """Sentences of these lengths, a space between them, in a passage that starts at 100."""
    sentences, at = [], START
    for length in lengths:
        sentences.append((at, at + length))
        at += length + 1
    return Passage("p", "a", 0, START, at - 1, "x" * (at - 1 - START), tuple(sentences))


def test_a_short_passage_is_shown_whole():
    assert excerpt(passage([40, 40]), Evidence()) == (0, 81)


def test_the_best_sentence_comes_with_what_stands_beside_it():
    long = passage([50, 50, 50, 50, 50])
    assert excerpt(long, Evidence(best=(102, 152)), 110) == (102, 203)
    assert excerpt(long, Evidence(best=(204, 254)), 110) == (153, 254)
    assert excerpt(long, Evidence(), 110) == (0, 101)


def test_the_side_with_more_of_the_words_is_shown():
    long = passage([50, 50, 50, 50, 50])
    assert excerpt(long, Evidence(best=(102, 152), words=((60, 65),)), 110) == (51, 152)
    assert excerpt(long, Evidence(best=(102, 152), words=((10, 15),)), 110) == (102, 203)


def test_a_best_sentence_over_the_size_is_shown_whole():
    assert excerpt(passage([50, 300, 50]), Evidence(best=(51, 351)), 110) == (51, 351)


def test_without_sentences_the_whole_passage_is_shown():
    assert excerpt(Passage("p", "a", 0, 0, 900, "x" * 900), Evidence()) == (0, 900)


@given(st.lists(st.integers(1, 300), min_size=1, max_size=12), st.data())
def test_it_holds_the_best_sentence_and_fits_unless_that_is_too_long(lengths, data):
    given = passage(lengths)
    at = data.draw(st.integers(0, len(lengths) - 1))
    best = tuple(offset - START for offset in given.sentences[at])
    start, end = excerpt(given, Evidence(best=best))
    assert start <= best[0]
    assert best[1] <= end
    assert end - start <= max(SIZE_CHARS, lengths[at])
    assert any(s - START == start for s, _ in given.sentences)
    assert any(e - START == end for _, e in given.sentences)
