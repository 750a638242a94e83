"""Boilerplate: told by its form, told by repetition, and left out of what is searched."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from words import WordEncoder

from search import Article, NewsIndex
from search.boilerplate import ARTICLES, DAYS, Seen, boilerplate_of, is_furniture, is_stock, keys_of
from search.passages import encoded_spans, encoded_text, sentences_in_encoded, split_all
from search.searched_text import searched_text
from search.store import LocalStore

SIGN_OFF = "The Ambry Dispatch lives from those who read it at breakfast."


@pytest.mark.parametrize(
    "sentence",
    """Reporting by Ana Lindqvist in Oslo; Editing by Tom Okafor
    (Additional reporting by Ana Lindqvist and Tom Okafor; writing by Mia Chen)
    Ana Lindqvist and Tom Okafor contributed to this report.
    © 2026 The Ambry Dispatch
    Copyright 2019 The Ambry Dispatch, LLC. Click here for reprint permission.
    This material may not be published, broadcast, rewritten or redistributed.
    The views expressed in this article are the author's own.
    Sign up for our newsletter
    Sign up here to get the Dispatch's morning newsletter in your inbox.
    You can unsubscribe at any time.
    By signing up, you agree to our Privacy Policy
    ADVERTISEMENT
    Advertisement Continue reading the main story
    Story Continued Below
    CLICK HERE TO GET THE DISPATCH APP
    Read more: Flood closes the bridge
    SEE ALSO: Flood closes the bridge
    Follow us on Twitter @ambry.
    We and our partners use cookies to give you the best experience.
    Wir verwenden Cookies, um unsere Seite zu verbessern.
    Image copyright Getty Images
    Enlarge this image toggle caption Ana Lindqvist/AP""".split("\n    "),
)
def test_boilerplate_is_told_by_its_form(sentence):
    assert is_stock(sentence)


@pytest.mark.parametrize(
    "sentence",
    """Reporting by the Dispatch has shown that the dam was never inspected.
    Editing by hand took the team three years.
    Copyright law was changed in 2019.
    The copyright of the song had been sold twice.
    More people sign up for the army in winter.
    Signing up for a newsletter was all she did, the court heard.
    Subscribers left the paper in their thousands.
    Advertisement revenue fell by a third.
    The story continues to divide the valley.
    Click fraud costs advertisers billions.
    Read more books, the minister told them.
    Related companies were searched too.
    She follows us on foot, he said.
    Cookies were baked for the whole street.
    We found that the cookies had been poisoned by the neighbour.
    Donations contributed to the campaign came from abroad.
    Image rights are worth millions to the players.""".split("\n    "),
)
def test_a_sentence_of_an_article_is_none_though_it_begins_alike(sentence):
    assert not is_stock(sentence)


def test_credits_belong_to_the_article_and_furniture_to_the_page():
    assert is_furniture("Sign up for our newsletter")
    assert not is_furniture("Ana Lindqvist contributed to this report.")


# Repetition


def known(article, sentence, *, articles, days, of_outlet=None):
    """What was seen, as `boilerplate_of` wants it."""
    own = {article.text[slice(*span)]: key for span, key in keys_of(article).items()}
    from search.boilerplate import outlet_key

    first = date(2026, 1, 1).toordinal()
    return {
        own[sentence]: Seen(articles, first, first + days),
        outlet_key(article): Seen(of_outlet or articles, first, first + days),
    }


def found(article, seen):
    spans = boilerplate_of(article, keys_of(article), seen)
    return [article.text[slice(*span)] for span in spans]


@pytest.mark.parametrize(
    ("articles", "days", "of_outlet", "is_boilerplate"),
    [
        (ARTICLES, DAYS + 1, 100, True),
        (ARTICLES - 1, DAYS + 1, 100, False),
        (ARTICLES, DAYS, 100, False),  # a running story
        (ARTICLES, DAYS + 1, 100_000, False),  # rare in a large outlet
        (500, DAYS + 1, 100_000, True),
    ],
)
def test_a_sentence_that_an_outlet_repeats_for_weeks_is_boilerplate(
    articles, days, of_outlet, is_boilerplate
):
    article = Article(
        "a",
        f"The dam broke on Tuesday, and the whole of the old town fled to the hills.\n\n{SIGN_OFF}",
    )
    seen = known(article, SIGN_OFF, articles=articles, days=days, of_outlet=of_outlet)
    assert found(article, seen) == ([SIGN_OFF] if is_boilerplate else [])


def test_an_article_that_is_mostly_repeated_is_searched_whole():
    article = Article("a", f"The dam broke.\n\n{SIGN_OFF}")
    assert found(article, known(article, SIGN_OFF, articles=99, days=99)) == []


def test_an_article_of_nothing_but_boilerplate_is_searched():
    article = Article("a", "Advertisement\n\nSign up for our newsletter")
    assert found(article, {}) == []


def test_a_word_or_two_among_other_sentences_are_not_counted_but_as_a_paragraph():
    article = Article("a", "Did he pay? No. Did he go?\n\nNo.\n\nHe went to the capital by train.")
    counted = [article.text[slice(*span)] for span, key in keys_of(article).items() if key]
    assert counted == ["Did he pay?", "Did he go?", "No.", "He went to the capital by train."]


def test_case_signs_and_numbers_do_not_tell_sentences_apart():
    one, other = (
        next(iter(keys_of(Article("a", text, source="Dispatch")).values()))
        for text in ("Gallery: 12 of 40 pictures – 2019", "GALLERY 7 of 9 pictures, 2026")
    )
    assert one == other
    assert one != next(iter(keys_of(Article("a", "Gallery: 12 of 40 pictures – 2019")).values()))


# From reading to searching


def issues(count, every=4):
    """Articles of one outlet, some days apart, each with its own text and the same closing."""
    return [
        Article(
            id=f"d{i:02}",
            title=f"Report {name}",
            text=f"The {name} bridge fell. People of {name} saw their mayor there.\n\n{SIGN_OFF}",
            source="Ambry Dispatch",
            published=date(2023, 1, 1) + timedelta(days=i * every),
        )
        for i in range(count)
        for name in ["".join(chr(ord("a") + int(digit)) * 3 for digit in str(i)) + "ville"]
    ]


@pytest.fixture
def index(tmp_path):
    return NewsIndex.open(tmp_path / "index", encoder=WordEncoder())


def searched(index, article_id):
    return [searched_text(passage) for passage in index.passages(article_id)]


def test_from_the_eleventh_article_on_it_is_shown_and_not_searched(index):
    report = index.add(issues(14))
    assert report.boilerplate == 4
    assert [SIGN_OFF in searched(index, f"d{i:02}")[0] for i in range(14)] == [True] * 10 + [
        False
    ] * 4
    hits = index.search('"those who read it at breakfast"', mode="keyword", k=50, group="none").hits
    assert {hit.article.id for hit in hits} == {f"d{i:02}" for i in range(10)}
    assert SIGN_OFF in index.article("d13").text
    assert SIGN_OFF not in index.passages("d13")[-1].text


@pytest.mark.parametrize("size", [1, 3, 7, 20])
def test_the_passages_do_not_depend_on_how_many_are_added_at_a_time(tmp_path, size):
    articles = issues(20)
    at_once = NewsIndex.open(tmp_path / "one", encoder=WordEncoder())
    at_once.add(articles)
    in_parts = NewsIndex.open(tmp_path / "other", encoder=WordEncoder())
    for first in range(0, len(articles), size):
        in_parts.add(articles[first : first + size])
    for article in articles:
        assert in_parts.passages(article.id) == at_once.passages(article.id)


def test_articles_on_their_way_count_as_well_as_those_stored(tmp_path):
    """One commit takes 128 articles, and several batches are under way at a time."""
    articles = issues(700, every=1)
    index = NewsIndex.open(tmp_path / "index", encoder=WordEncoder())
    assert index.add(articles).boilerplate == 700 - DAYS - 2


def test_an_article_added_again_and_again_teaches_nothing(index):
    (article,) = issues(1)
    for day in range(0, 90, 5):
        changed = article.text.replace("aaaville", f"place{day}ville")
        index.add([replace(article, text=changed, published=date(2023, 1, 1) + timedelta(day))])
    index.add(issues(2)[1:])
    assert SIGN_OFF in searched(index, "d01")[0]


def test_what_is_removed_is_forgotten(index):
    index.add(issues(10))
    index.remove(*(f"d{i:02}" for i in range(5)))
    index.add(issues(12)[11:])
    assert SIGN_OFF in searched(index, "d11")[0]


def test_compaction_keeps_what_was_counted(index):
    index.add(issues(12))
    index.remove("d11")
    index.compact()
    index.add(issues(13)[12:])
    assert SIGN_OFF not in searched(index, "d12")[0]


def test_within_a_passage_it_is_shown_and_neither_read_nor_marked(index):
    text = (
        "The flood reached the old town by dawn.\n\nSign up for our flood newsletter\n\n"
        "Nobody was warned, the mayor said."
    )
    index.add([Article("a", text, "Dawn", source="Ambry Dispatch")])
    (passage,) = index.passages("a")
    assert passage.text == text
    assert searched_text(passage) == (
        "The flood reached the old town by dawn.\nNobody was warned, the mayor said."
    )
    assert encoded_text(index.article("a"), passage) == f"Dawn\n{searched_text(passage)}"
    (hit,) = index.search("flood").hits
    assert [hit.text[slice(*span)] for span in hit.evidence.words] == ["flood"]
    assert hit.evidence.best == (0, 39)
    assert index.search("newsletter", mode="keyword").hits == ()
    shares = index.explain("flood mayor", passage.id)
    words = [hit.text[slice(*span)] for span, _ in shares.words]
    assert "newsletter" not in words
    assert words[-3:] == ["the", "mayor", "said"]


def test_where_sentences_stand_in_what_is_encoded():
    text = "One two three.\n\nAdvertisement\n\nFour five six. Seven eight."
    article = Article("a", text, "Title")
    spans = boilerplate_of(article, keys_of(article), {})
    ((passage,),) = split_all([article], WordEncoder().token_spans, left_out=[spans])
    encoded = encoded_text(article, passage)
    assert [encoded[slice(*span)] for span in sentences_in_encoded(article, passage)] == [
        "One two three.",
        "Four five six.",
        "Seven eight.",
    ]
    at = text.index("Advertisement")
    assert encoded_spans(article, passage, [(0, 3), (at, at + 13), (10, 20)]) == [
        (6, 9),
        None,
        None,
    ]


def test_an_index_made_before_is_counted_by_its_next_repair(tmp_path):
    index = NewsIndex.open(tmp_path / "index", encoder=WordEncoder())
    index.add(issues(12))
    store = LocalStore(tmp_path / "index")
    with store._now_live().files.database.writing() as writing:
        for table in ("sighting", "run", "sketch", "copy"):
            writing._connection.execute(f"DROP TABLE {table}")
    store.close()
    store = LocalStore(tmp_path / "index")
    store.repair()
    store.close()
    again = NewsIndex.open(tmp_path / "index", encoder=WordEncoder())
    again.add(issues(13)[12:])
    assert SIGN_OFF not in searched(again, "d12")[0]
