import re
from html import unescape
from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from search.differences import difference
from search.types import Article
from search.web.highlight import article_html, changed_html, clip, highlight, paragraphs

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


looks = st.dictionaries(st.sampled_from(["best", "passage", "quiet"]), st.lists(spans, max_size=4))


@given(hostile, looks, st.lists(spans, max_size=4), st.none() | st.integers(0, 70))
def test_an_article_is_there_again_without_its_tags(text, looks, words, anchor):
    taken = Taken(article_html(text, looks, words=words, anchor=anchor))
    assert "".join(taken.text.split()) == "".join(text.split())
    plain = {tag.replace(' id="hit"', "") for tag in taken.tags}
    assert plain <= ALLOWED | {
        "<p>",
        "</p>",
        '<span class="ns-boilerplate">',
        "</span>",
    }
    assert sum(' id="hit"' in tag for tag in taken.tags) <= 1


def test_of_several_looks_the_first_is_seen_and_the_anchor_is_where_it_was_set():
    html = article_html(
        "one two three\n\nfour",
        {"passage": [(0, 13)], "best": [(4, 7)], "quiet": [(8, 19)]},
        words=[(4, 7), (15, 19)],
        anchor=4,
    )
    assert html == (
        '<p><mark class="passage">one </mark><mark class="best" id="hit"><b>two</b></mark>'
        '<mark class="passage"> three</mark></p>'
        '<p><span class="ns-boilerplate"><b>four</b></span></p>'
    )


def test_an_anchor_within_touching_spans_is_found():
    html = article_html("ab", {"best": [(0, 1), (1, 2)]}, anchor=1)
    assert html == '<p><mark class="best">a</mark><mark class="best" id="hit">b</mark></p>'


@given(hostile, hostile)
def test_changes_hold_both_texts_and_no_other_tag(old, new):
    pieces = difference(Article("a", old), Article("a", new)).pieces
    html = "\n\n".join(changed_html(old, new, pieces))
    assert set(Taken(html).tags) <= {
        *("<ins>", "</ins>", "<del>", "</del>", '<ins class="break">', '<del class="break">')
    }
    for kept, gone in (("ins", "del"), ("del", "ins")):
        rest = re.sub(rf"<{gone}.*?</{gone}>", "", html, flags=re.DOTALL)
        rest = unescape(re.sub(rf"</?{kept}.*?>", "", rest))
        whole = new if kept == "ins" else old
        assert "".join(rest.split()) == "".join(whole.split())


def test_a_break_between_paragraphs_that_went_is_shown():
    old, new = Article("a", "One.\n\nTwo."), Article("a", "One. Two.")
    html = changed_html(old.text, new.text, difference(old, new).pieces)
    assert "".join(html) == 'One.<del class="break"></del><ins> </ins>Two.'
