"""What the parts of the reader make of articles, as values and HTML."""

from datetime import UTC, date, datetime

from search.types import Article, Copies, Copy, Evidence, Marked, Passage
from search.web.article_view import body, boilerplate
from search.web.copies_view import rows
from search.web.reader import top
from search.web.versions_view import changes
from search.web.words import words

TEXT = "Storm hit. Nobody slept.\n\nRead more.\n\nThe wall broke."


def passage(number, start, end, sentences):
    return Passage(f"p{number}", "a", number, start, end, TEXT[start:end], sentences)


FIRST = passage(0, 0, 24, ((0, 10), (11, 24)))
SECOND = passage(1, 38, 53, ((38, 53),))
ARTICLE = Article("a", TEXT, title="Storm")


def copy(name, published, chars=10, precision=None):
    return Copy(name, name, name, published, None, chars, precision)


def notes(*copies):
    return [row.notes for row in rows(Copies(copies), "open")]


def at(hour):
    return datetime(2022, 3, 4, hour, tzinfo=UTC)


def test_what_no_sentence_holds_is_boilerplate():
    assert [TEXT[slice(*span)].strip() for span in boilerplate(ARTICLE, [FIRST, SECOND])] == [
        "Read more."
    ]


def test_passages_without_known_sentences_have_no_boilerplate_in_them():
    whole = passage(0, 0, len(TEXT), ())
    assert boilerplate(ARTICLE, [whole]) == []
    assert boilerplate(ARTICLE, []) == []


def test_best_sentences_of_matching_passages_are_marked_and_of_others_not():
    marks = [
        Marked(FIRST, Evidence((11, 24), ((18, 23),)), "weak"),
        Marked(SECOND, Evidence((0, 15), ((4, 8),)), "likely"),
    ]
    html = body(ARTICLE, marks, None, {})
    assert "<p>Storm hit. Nobody <b>slept</b>.</p>" in html
    assert '<mark class="best">The <b>wall</b> broke.</mark>' in html
    here = body(ARTICLE, marks, marks[0], {})
    assert '<mark class="best" id="hit">Nobody <b>slept</b>.</mark>' in here
    on_page = body(ARTICLE, marks, None, {"p0": Evidence((0, 10))})
    assert '<mark class="best">Nobody <b>slept</b>.</mark>' in on_page


def test_of_copies_the_first_the_longest_and_the_newest_are_named():
    assert notes(copy("a", at(8)), copy("b", at(9), 30), copy("open", at(12))) == [
        (words.FIRST,),
        (words.LONGEST,),
        (words.NEWEST_COPY, words.THIS_ONE),
    ]


def test_a_day_alone_does_not_make_a_copy_the_first_of_its_day():
    day = date(2022, 3, 4)
    assert notes(copy("a", day), copy("b", at(9)), copy("c", date(2022, 3, 5))) == [
        (words.FIRST_BY_DAY,),
        (),
        (words.NEWEST_COPY,),
    ]


def test_the_undated_are_neither_first_nor_newest():
    assert notes(copy("a", None), copy("open", None)) == [(), (words.THIS_ONE,)]


def test_versions_that_say_the_same_are_said_to():
    assert changes(ARTICLE, ARTICLE) == f'<p class="ns-quiet">{words.NO_CHANGE}</p>'


def test_a_change_of_a_field_alone_is_told_apart_from_the_text():
    html = changes(ARTICLE, Article("a", TEXT, title="<b>Storm</b>", published=date(2022, 3, 4)))
    assert "<del>Storm</del>" in html
    assert "<ins>&lt;b&gt;Storm&lt;/b&gt;</ins>" in html
    assert f"<del>{words.NOTHING_THERE}</del>" in html
    assert words.SAME_TEXT in html


def test_paragraphs_far_from_a_change_are_folded_away():
    old = Article("a", "\n\n".join(f"Paragraph {n} stays." for n in range(9)))
    new = Article("a", old.text.replace("Paragraph 4 stays", "Paragraph 4 <goes>"))
    html = changes(old, new)
    assert html.count(f"<summary>{words.unchanged(3)}</summary>") == 2
    assert "<p>Paragraph 3 stays.</p><p>Paragraph 4 <del>" in html
    assert "&lt;goes&gt;" in html


def test_the_head_says_all_that_is_known_and_where_a_date_is_from():
    html = top(
        Article(
            "a",
            "Two words.",
            title="<i>T</i>",
            source="<b>S</b>",
            authors=("<u>A</u>",),
            published=date(2022, 3, 1),
            published_precision="month",
            published_from="url",
            updated=True,
            section="<s>",
            language="de-CH",
            url="http://user@evil.example/<x>",
        )
    )
    for said in ("Mar 2022 (day not known)", "date read from the link", "updated", "2 words"):
        assert f">{said}<" in html
    assert "German (CH)" in html
    for tag in ("<i>", "<b>", "<u>", "<s>", "<x>"):
        assert tag not in html


def test_a_text_without_spaces_is_counted_in_characters():
    assert "6 characters" in top(Article("a", "港の壁が壊れ", language="ja"))
