import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.sentences import sentences

# One sentence a line: hand-made, not taken from what the splitter answers.
GOLD = {
    "titles and initials": """
        Mr. Abel met Gen. J. R. Stone in St. Helen on Monday.
        Sen. Mary K. O'Hara of Mass. did not.
        She spoke to Lt. Col. Brandt.""",
    "the country and the clock": """
        The U.S. Senate voted at 5 p.m. Friday.
        He lives in the U.S.
        The vote was late.
        It ended at 11 a.m.
        In Ohio, nobody noticed.""",
    "companies": """
        Acme Inc. of Dayton bought Bolt Corp. and Nut Co. for cash.
        It paid Acme Inc.
        The rest is history.""",
    "numbers": """
        Prices rose 3.5 percent to $4.20 a gallon.
        No. 5 seed Ames beat No. 2 Troy on Oct. 6.
        He said no. 2 others agreed.""",
    "quotes": """
        “Why?” he asked.
        “I don’t know.”
        She said, "It is over."
        (Nobody else spoke.)
        'Fine.'
        They left.""",
    "ellipses and shouts": """
        We waited ... and waited…
        Then it came!
        Really?!
        Yes.""",
    "list": """
        1. Wash the leeks.
        2. Slice them.""",
    "German": """
        Am 3. Oktober sprach Dr. Maier z. B. in Bonn.
        „Das war gut.“
        Danach ging er.
        Es kostete ca. 3,5 Mio. Euro.""",
    "Spanish": """
        ¿Qué pasó ayer?
        ¡Nada!
        El Sr. López viajó a EE.UU. en 2010.
        Volvió.""",
    "French": """
        M. Durand a dit : « Bonjour ! »
        Puis il est parti.
        Mme. Petit, non.""",
    "upper case, stops apart": """
        THE U.S . SENATE MET ON DEC . 28 .
        NOBODY CAME .
        WHY ?
        \" NO COMMENT .""",
    "Arabic": """
        هل هذا صحيح؟
        نعم.
        انتهى""",
    "Hindi": """
        यह सच है।
        वह चला गया।""",
}


@pytest.mark.parametrize("name", GOLD)
def test_hand_made_sentences_are_found(name):
    expected = [line.strip() for line in GOLD[name].strip().splitlines()]
    text = " ".join(expected)
    assert [text[start:end] for start, end in sentences(text)] == expected


def test_chinese_and_japanese_need_no_space():
    text = "今日は雨です。「行こう。」と彼は言った。终于结束了！真的吗？"
    assert [text[start:end] for start, end in sentences(text)] == [
        "今日は雨です。",
        "「行こう。」",
        "と彼は言った。",
        "终于结束了！",
        "真的吗？",
    ]


def test_an_empty_line_always_ends_a_sentence():
    text = "By A. Writer\n\nthe river rose\nall night\n \n\nand fell"
    assert [text[start:end] for start, end in sentences(text)] == [
        "By A. Writer",
        "the river rose\nall night",
        "and fell",
    ]


def test_a_number_and_a_stop_are_an_ordinal_only_in_some_languages():
    text = "Sie wurde 3. Anna gewann."
    assert len(sentences(text, "de-AT")) == 1
    assert len(sentences(text, "en")) == 2


@given(
    st.text(alphabet=st.sampled_from("aZ1 .!?…\n\"'”)»。؟").filter(str), max_size=60) | st.text()
)
def test_sentences_cover_the_text_in_order(text):
    spans = sentences(text)
    ends = [0, *(end for _, end in spans)]
    gaps = [text[end:start] for end, (start, _) in zip(ends, spans, strict=False)]
    assert all(not gap.strip() for gap in [*gaps, text[ends[-1] :]])
    assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)
    assert sentences(text) == spans


@pytest.mark.parametrize(
    "unit", [".", ". ", "a. ", "\n", " \n", '."', "!?", "。」", "« ", "A", "\n\n. "]
)
def test_a_long_text_of_anything_is_read_in_one_pass(unit):
    text = unit * (200_000 // len(unit))
    covered = sum(len("".join(text[start:end].split())) for start, end in sentences(text))
    assert covered == len("".join(text.split()))
