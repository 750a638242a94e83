"""One form for text that looks alike; mojibake repaired; nothing else touched."""

import pytest

from search.ingest.authors import byline
from search.ingest.record import Rejected
from search.ingest.text import MAX_TEXT_CHARS, normalised, one_line


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("one\r\ntwo\rthree\u2028four", "one\ntwo\nthree\nfour"),
        ("one\u2029two\n\n\n\nthree \n \nfour", "one\n\ntwo\n\nthree\n\nfour"),
        ("\ufeffno\u00a0break, soft\u00adhyphen, a\tb\x00\x07\x7f", "no break, softhyphen, a b"),
        ("cafe\u0301 \u212b", "café Å"),
        ("12 m² of ﬁne ｗｉｄｅ print", "12 m² of ﬁne ｗｉｄｅ print"),
        ("‘curly’ “quotes” — and 👩‍👩‍👧 𝔘𝔫𝔦", "‘curly’ “quotes” — and 👩‍👩‍👧 𝔘𝔫𝔦"),
        ("ltr \u2066שלום\u2069", "ltr \u2066שלום\u2069"),
        ("&amp; <b>&lt;</b> stays \x1b", "&amp; <b>&lt;</b> stays"),
    ],
)
def test_text_is_brought_into_one_form(raw, text):
    assert normalised(raw) == (text, ())


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("“Itâ€™s a cafÃ©â€\x9d ‘as is’", "“It’s a café” ‘as is’"),
        ("todayÃ¢Â\x80Â\x99s vote", "today’s vote"),
        ("not \x96 especially", "not – especially"),
    ],
)
def test_mojibake_is_repaired_and_quotes_stay_curly(raw, text):
    assert normalised(raw) == (text, ("fixed_encoding",))


def test_half_a_character_is_replaced_and_flagged():
    assert normalised("half a pair \ud83d") == ("half a pair \ufffd", ("fixed_encoding",))


def test_text_of_more_than_one_percent_controls_is_binary():
    with pytest.raises(Rejected, match="5 of 105 characters are control") as caught:
        normalised("a" * 100 + "\x00\x01\x02\x03\x04")
    assert caught.value.code == "binary"
    assert normalised("a" * 600 + "\x00\x01\x02\x03\x04") == ("a" * 600, ())


def test_long_text_is_cut_between_words_and_flagged():
    text, flags = normalised("word " * (MAX_TEXT_CHARS // 5 + 100))
    assert flags == ("truncated",)
    assert MAX_TEXT_CHARS - 1_000 < len(text) <= MAX_TEXT_CHARS
    assert text.endswith(" word")


def test_a_long_run_of_mojibake_is_repaired_in_no_time():
    text, flags = normalised("Prices " + "Ã\x82" * 50_000 + "â€”" * 40 + " rose.")
    assert text == "Prices " + "Â" * 50_000 + "—" * 40 + " rose."
    assert flags == ("fixed_encoding",)


@pytest.mark.parametrize("nothing", ["", " ", "None", "null", "NaN", "n/a", "\u202e", "\x00"])
def test_words_for_nothing_are_no_title(nothing):
    assert one_line(nothing) is None


def test_titles_lose_line_ends_and_direction_controls():
    assert one_line(" Rain\u202e\n over \u2067the\u2069\thills ") == "Rain over the hills"
    assert one_line("Nan Null") == "Nan Null"


@pytest.mark.parametrize(
    ("value", "names"),
    [
        ("By Ada Byrne and Tom Oke", ("Ada Byrne", "Tom Oke")),
        ("Ada Byrne, Tom Oke; Li Wu", ("Ada Byrne", "Tom Oke", "Li Wu")),
        ("Byrne, Ada", ("Byrne, Ada",)),
        ("Martin Oke, Jr.", ("Martin Oke, Jr.",)),
        (["By Ada Byrne", "Ada Byrne", None, "None"], ("Ada Byrne",)),
        ([{"@type": "Person", "name": "Ada Byrne"}, {"url": "x"}], ("Ada Byrne",)),
        ({"name": "Ada Byrne"}, ("Ada Byrne",)),
        ("None", ()),
        (None, ()),
        (7, ()),
    ],
)
def test_bylines_become_names(value, names):
    assert byline(value).authors == names
