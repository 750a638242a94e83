import pytest

from search.words import significant, words_of


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("who was killed in the airstrike", ["killed", "airstrike"]),
        ("What did the WHO say about it", ["WHO", "say"]),
        ("WHO WAS KILLED IN THE AIRSTRIKE", ["KILLED", "AIRSTRIKE"]),
        ("US strike on IT firms", ["US", "strike", "IT", "firms"]),
        ("to be or not to be", ["to", "be", "or", "not", "to", "be"]),
        ("war in Las Vegas", ["war", "Las", "Vegas"]),
        ("A vote of no confidence", ["vote", "confidence"]),
        ("¿?", []),
        ("", []),
    ],
)
def test_function_words_are_left_out_unless_there_is_nothing_else(query, kept):
    assert significant(query) == kept


def test_words_come_with_their_places():
    assert [found.span() for found in words_of("Rain, cafe\u0301s.")] == [(0, 4), (6, 12)]
