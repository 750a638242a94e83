from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from search.web.highlight import clip, highlight, paragraphs

ALLOWED = {"<b>", "</b>", '<mark class="best">', '<mark class="passage">', "</mark>"}
hostile = (
    st.text(alphabet=st.sampled_from("ab <>&;\"'/=amp#1\n\rß漢\u202e"), max_size=60) | st.text()
)
spans = st.tuples(st.integers(0, 70), st.integers(0, 70)).map(lambda s: (min(s), max(s)))


class Taken(HTMLParser):
    """Takes HTML apart as a browser does: the text, the tags, and the text in bold."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.text, self.bold, self.tags, self.open = "", "", [], []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(self.get_starttag_text())
        self.open.append(tag)

    def handle_endtag(self, tag):
        self.tags.append(f"</{tag}>")
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data
        self.bold += data if "b" in self.open else ""


@given(hostile, st.none() | spans, st.lists(spans, max_size=4), st.none() | spans)
def test_without_tags_the_text_is_there_again_and_no_other_tag_is(text, best, words, passage):
    taken = Taken(highlight(text, best=best, words=words, passage=passage))
    assert taken.text == text
    assert set(taken.tags) <= ALLOWED
    assert taken.open == []


@given(hostile, st.lists(spans, max_size=4))
def test_exactly_the_words_are_bold(text, words):
    covered = {i for start, end in words for i in range(start, end)}
    assert Taken(highlight(text, words=words)).bold == "".join(
        char for i, char in enumerate(text) if i in covered
    )


def test_words_are_bold_inside_the_best_sentence_and_outside_it():
    text = "A raid. The raid killed two."
    assert highlight(text, best=(8, 28), words=[(2, 6), (12, 16)]) == (
        'A <b>raid</b>. <mark class="best">The <b>raid</b> killed two.</mark>'
    )


def test_the_best_sentence_stands_out_within_its_passage():
    assert highlight("before PASSAGE BEST after", passage=(7, 19), best=(15, 19)) == (
        'before <mark class="passage">PASSAGE </mark><mark class="best">BEST</mark> after'
    )


def test_a_word_is_not_found_inside_an_entity():
    assert highlight("AT&T amp", words=[(5, 8)]) == "AT&amp;T <b>amp</b>"


def test_markup_in_news_is_text():
    html = highlight('<img src=x onerror="alert(1)">', best=(0, 4))
    assert html == ('<mark class="best">&lt;img</mark> src=x onerror=&quot;alert(1)&quot;&gt;')


@given(st.text(alphabet="a b\n", max_size=40))
def test_paragraphs_hold_all_that_is_not_blank(text):
    found = paragraphs(text)
    assert "".join("".join(text[s:e].split()) for s, e in found) == "".join(text.split())
    assert all("\n\n" not in text[s:e] and text[s:e].strip() for s, e in found)


def test_a_span_is_clipped_to_a_paragraph_and_counted_from_it():
    assert clip((3, 12), (5, 20)) == (0, 7)
    assert clip((3, 5), (5, 20)) is None
    assert clip(None, (5, 20)) is None
