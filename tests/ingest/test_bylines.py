import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Article
from search.ingest import prepared
from search.ingest.authors import byline

TEXT = "The dam held through the night. " * 20


@pytest.mark.parametrize(
    ("value", "authors", "credits"),
    [
        ("By Ada Byrne and Tom Oke, AP", ("Ada Byrne", "Tom Oke"), ("Associated Press",)),
        ("Von Ada Byrne und Tom Oke, dpa", ("Ada Byrne", "Tom Oke"), ("dpa",)),
        ("Ada Byrne, Tom Oke and Li Wu in Paris", ("Ada Byrne", "Tom Oke", "Li Wu"), ()),
        ("Ada Byrne for CNN", ("Ada Byrne",), ("CNN",)),
        ("Ada Byrne, Special to CNN", ("Ada Byrne",), ("CNN",)),
        ("Ada Byrne/AFP", ("Ada Byrne",), ("AFP",)),
        ("Ada Byrne (Wall Street Journal)", ("Ada Byrne",), ("Wall Street Journal",)),
        ("Ada Byrne, BBC News", ("Ada Byrne",), ("BBC",)),
        ("Ada Byrne BBC News", ("Ada Byrne",), ("BBC",)),
        ("Associated Press", (), ("Associated Press",)),
        ("AP Staff", (), ("Associated Press",)),
        ("Newsmax Wires", (), ("Newsmax",)),
        (["Reuters", "Ada Byrne"], ("Ada Byrne",), ("Reuters",)),
        ("Staff Writer", (), ()),
        ("admin", (), ()),
        ("Ada Byrne, Senior Correspondent", ("Ada Byrne",), ()),
        ("Political editor Ada Byrne", ("Ada Byrne",), ()),
        ("BBC political editor Ada Byrne", ("Ada Byrne",), ("BBC",)),
        ("Dr Ada Byrne", ("Ada Byrne",), ()),
        ("Sir Tom Oke", ("Tom Oke",), ()),
        ("Ada Byrne <ada@valley.example> @adab", ("Ada Byrne",), ()),
        ("ADA BYRNE", ("ADA BYRNE",), ()),
        ("Byrne, Ada, AP", ("Byrne, Ada",), ("Associated Press",)),
        ("José Ortega y Gasset", ("José Ortega y Gasset",), ()),
        ("Von Miller", ("Von Miller",), ()),
        ("von der Leyen", ("von der Leyen",), ()),
        ("Bill Press", ("Bill Press",), ()),
        ("Christopher Guest", ("Christopher Guest",), ()),
        ("渡辺洋介", ("渡辺洋介",), ()),
    ],
)
def test_people_are_authors_and_outlets_are_credits(value, authors, credits):
    read = byline(value)
    assert (read.authors, read.credits) == (authors, credits)


def test_what_was_cut_is_kept_and_flagged():
    article = prepared(Article(id="a", text=TEXT, authors=("Ada Byrne, Editor", "Reuters")))
    assert article.authors == ("Ada Byrne",)
    assert article.extras["byline_credits"] == ["Reuters"]
    assert article.extras["raw_authors"] == ["Ada Byrne, Editor", "Reuters"]
    assert {"byline_credit", "byline_trimmed"} <= set(article.extras["flags"])
    assert prepared(article) == article


def test_an_author_in_the_place_of_the_outlet_gives_way_to_the_outlet_of_the_link():
    article = prepared(
        Article(
            id="a", text=TEXT, source="Ada Byrne", authors=("Ada Byrne",), url="https://npr.org/1"
        )
    )
    assert (article.source, article.authors) == ("NPR", ("Ada Byrne",))
    assert article.extras["raw_source"] == "Ada Byrne"
    assert "source_was_byline" in article.extras["flags"]


def test_an_author_stays_where_no_other_outlet_is_known():
    article = prepared(
        Article(
            id="a", text=TEXT, source="Ada Byrne", authors=("Ada Byrne",), url="https://a.example/1"
        )
    )
    assert (article.source, article.authors) == ("Ada Byrne", ("Ada Byrne",))


def test_an_outlet_is_not_its_own_author():
    article = prepared(
        Article(id="a", text=TEXT, source="Valley Gazette", authors=("Valley Gazette",))
    )
    assert (article.authors, article.extras["byline_credits"]) == ((), ["Valley Gazette"])


@pytest.mark.parametrize(
    ("given", "people", "outlets"),
    [
        ("Ada Byrne, Media Critic", ("Ada Byrne",), ()),
        ("Ada Byrne, Valley Desk Intern", ("Ada Byrne",), ()),
        ("Ada Byrne, Author Of", ("Ada Byrne",), ()),
        ("Ada Byrne, Follow Ada On", ("Ada Byrne",), ()),
        ("Ada Byrne, East Valley Times", ("Ada Byrne",), ("East Valley Times",)),
        ("Ada Byrne, Valley News Services", ("Ada Byrne",), ("Valley News Services",)),
        ("Ada Byrne -, Ben Coyle -", ("Ada Byrne", "Ben Coyle"), ()),
        ("Team Valley", (), ()),
        ("www.valley.example/ada-byrne", (), ()),
        ("Ada Post", ("Ada Post",), ()),
    ],
)
def test_scraps_of_pages_are_no_people(given, people, outlets):
    assert byline(given)[:2] == (people, outlets)


words = st.sampled_from("By and , ; in for AP Ada Byrne editor @x a@b.c ( ) / y von Dr .".split())
anything = st.text() | st.lists(words).map(" ".join)


@given(anything | st.lists(anything))
def test_any_byline_can_be_read_and_its_authors_read_again(value):
    names = byline(value).authors
    assert all(name == name.strip() and name for name in names)


def test_a_long_byline_takes_no_time():
    for piece in ("a", "a.", " in A", "(", "A for ", "A, ", " ", "@"):
        byline(piece * 200_000)
        byline([piece * 200_000])
