import json
import random
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search import Article, ArticleNotFound, NewsIndex
from search.cli import main
from search.stories import NEAR, NEARER_A_DAY, UNDATED, WINDOW, joining, leaders
from tests.words import WordEncoder

DIM = 12


def with_cosines(*cosines):
    """A first unit vector, and one for each cosine with it, otherwise orthogonal to all others."""
    vectors = np.zeros((len(cosines) + 1, len(cosines) + 1), np.float32)
    vectors[0, 0] = 1
    for place, cosine in enumerate(cosines, 1):
        vectors[place, 0], vectors[place, place] = cosine, np.sqrt(1 - cosine**2)
    return vectors


# Who leads


def test_what_is_near_the_leader_on_the_same_day_is_its_story():
    vectors = with_cosines(NEAR + 0.01, NEAR - 0.01, 0.99)
    assert leaders(vectors, np.array([100, 100, 100, 100])).tolist() == [0, 0, 2, 0]


@pytest.mark.parametrize("gap", [1, 3, WINDOW])
def test_each_day_asks_for_more(gap):
    enough = NEAR + NEARER_A_DAY * gap
    vectors = with_cosines(enough + 0.01, enough - 0.01)
    for day in (100 + gap, 100 - gap):
        assert leaders(vectors[[0, 1]], np.array([100, day])).tolist() == [0, 0]
        assert leaders(vectors[[0, 2]], np.array([100, day])).tolist() == [0, 1]


def test_a_story_rests_after_the_window_and_goes_on_as_long_as_it_is_told():
    same = np.repeat(with_cosines()[:1], 4, axis=0)
    assert leaders(same[:2], np.array([100, 100 + WINDOW + 1])).tolist() == [0, 1]
    days = 100 + WINDOW * np.arange(4)
    assert leaders(same, days).tolist() == [0, 0, 0, 0]


def test_no_chain_leads_away_from_the_leader():
    """Each near the one before it, none but the second near the first."""
    angles = np.arccos(NEAR + 0.02) * np.arange(4)
    vectors = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    assert leaders(vectors, np.full(4, 100)).tolist() == [0, 0, 2, 2]


def test_an_article_joins_the_story_that_it_has_most_to_spare_for():
    vectors = np.eye(3, dtype=np.float32)
    between = np.array([0.78, 0.0, np.sqrt(1 - 0.78**2)], np.float32)
    vectors = np.stack([vectors[0], between, (vectors[0] + 9 * between) / 1])
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    days = np.array([100, 108, 107])  # the first two are too far apart in time
    assert leaders(vectors, days).tolist() == [0, 1, 1]


def test_the_undated_are_alone():
    same = np.repeat(with_cosines()[:1], 3, axis=0)
    assert leaders(same, np.array([UNDATED, UNDATED, 100])).tolist() == [0, 1, 2]
    assert leaders(same, np.array([100, UNDATED, 100])).tolist() == [0, 1, 0]
    assert joining(np.ones(2, np.float32), np.array([UNDATED, 100]), 100).tolist() == [False, True]


def test_nothing_makes_no_story():
    assert leaders(np.empty((0, 4), np.float32), np.empty(0, np.int64)).tolist() == []
    assert joining(np.empty(0, np.float32), np.empty(0, np.int64), 100).tolist() == []


@st.composite
def articles(draw):
    count = draw(st.integers(1, 20))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    topics = rng.standard_normal((3, DIM))
    vectors = topics[rng.integers(0, 3, count)] + 0.4 * rng.standard_normal((count, DIM))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    days = st.one_of(st.just(UNDATED), st.integers(100, 130))
    return vectors.astype(np.float32), np.array(
        draw(st.lists(days, min_size=count, max_size=count))
    )


@given(articles())
def test_every_article_is_in_one_story_that_its_first_leads(found):
    vectors, days = found
    led = leaders(vectors, days)
    assert led.tolist() == leaders(vectors, days).tolist()
    assert all(led[led] == led)
    for place, head in enumerate(led.tolist()):
        assert head <= place
        if head != place:
            others = days[(led == head) & (np.arange(len(led)) < place)]
            gap = np.abs(others - days[place]).min()
            assert UNDATED not in (days[place], days[head])
            assert gap <= WINDOW
            assert vectors[place] @ vectors[head] >= NEAR + NEARER_A_DAY * gap - 1e-5


@given(articles(), st.data())
def test_what_follows_changes_nothing_before_it(found, data):
    vectors, days = found
    part = data.draw(st.integers(0, len(days)))
    assert leaders(vectors[:part], days[:part]).tolist() == leaders(vectors, days)[:part].tolist()


# In a search

FLOOD = "river dam flood valley broke night water rescue boats town"
VOTE = "senate vote bill tax minority leader speaker floor amendment passed"


def told(words, extra):
    """The same words in an order of its own: near in meaning, but no copy."""
    shuffled = [*words.split(), *words.split()]
    random.Random(extra).shuffle(shuffled)
    return f"{' '.join(shuffled)} {extra}."


def day(number):
    return date(2024, 3, 1) + timedelta(days=number)


ARTICLES = [
    Article("flood-ap", told(FLOOD, "ap reporter"), "Dam breaks", "AP", published=day(0)),
    Article("flood-bbc", told(FLOOD, "bbc crew"), "Valley <b>flooded</b>", "BBC", published=day(1)),
    Article("flood-cnn", told(FLOOD, "cnn desk"), "Water", "CNN", published=day(4)),
    Article("flood-year", told(FLOOD, "anniversary"), "A year on", "AP", published=day(365)),
    Article("flood-undated", told(FLOOD, "archive"), "Dam", "Local"),
    Article("vote-ap", told(VOTE, "ap"), "Bill passes", "AP", published=day(1)),
    Article("vote-bbc", told(VOTE, "flood"), "Senate", "BBC", published=day(2)),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("stories") / "index"
    with NewsIndex.open(path, encoder=WordEncoder(256)) as index:
        index.add(ARTICLES)
    return path


@pytest.fixture
def index(path):
    with NewsIndex.open(path, encoder=WordEncoder(256)) as opened:
        yield opened


def grouped(results):
    """Each hit's article with the others of its story."""
    return {hit.article.id: [one.article_id for one in hit.story] for hit in results.hits}


def by_story(results):
    return sorted(sorted([head, *others]) for head, others in grouped(results).items())


STORIES = [
    ["flood-ap", "flood-bbc", "flood-cnn"],
    ["flood-undated"],
    ["flood-year"],
    ["vote-ap", "vote-bbc"],
]


@pytest.mark.parametrize("mode", ["hybrid", "semantic", "keyword"])
@pytest.mark.parametrize("sort", ["relevance", "newest", "oldest"])
def test_a_story_is_one_hit(index, mode, sort):
    results = index.search("flood senate", group="story", mode=mode, sort=sort, k=50)
    assert by_story(results) == STORIES
    assert results.stories == len(results.hits) == 4
    assert results.ranked.passages == results.folded.passages + 4
    assert results.folded.articles == results.ranked.articles - 4
    apart = index.search("flood senate", mode=mode, sort=sort, k=50)
    assert apart.stories is None
    assert all(hit.story == () for hit in apart.hits)
    first = [hit.passage.id for hit in apart.hits if hit.article.id in grouped(results)]
    assert [hit.passage.id for hit in results.hits] == list(dict.fromkeys(first))


def test_the_others_are_told_in_order_of_time_with_how_near_they_are(index):
    (hit, *_) = index.search("flood valley group:story", k=50, sort="newest", before=day(9)).hits
    hit = next(hit for hit in index.search("flood group:story", before=day(3)).hits if hit.story)
    (other,) = hit.story
    assert {hit.article.id, other.article_id} == {"flood-ap", "flood-bbc"}
    assert (other.source, other.copies) in {("AP", 0), ("BBC", 0)}
    assert NEAR < other.likeness <= 1
    times = [one.published for one in index.search("flood group:story", k=1).hits[0].story]
    assert times == sorted(times)


def test_filters_hold_for_the_story_too(index):
    assert by_story(index.search("flood source:AP", group="story", k=50)) == [
        ["flood-ap"],
        ["flood-year"],
        ["vote-ap"],
    ]


def test_what_is_similar_is_grouped_too(index):
    similar = index.similar("vote-ap", group="story", k=50)
    assert by_story(similar) == [*STORIES[:3], ["vote-bbc"]]


def test_pages_of_stories_follow_each_other(index, monkeypatch):
    monkeypatch.setattr("search.ranking.DEPTH", 2)
    for text in ("flood senate", "flood mode:keyword", "senate sort:oldest"):
        whole = index.search(text, group="story", k=50).hits
        pages = [
            hit
            for start in range(len(whole))
            for hit in index.search(text, group="story", k=1, offset=start).hits
        ]
        assert [(hit.rank, hit.passage.id, hit.story) for hit in pages] == [
            (hit.rank, hit.passage.id, hit.story) for hit in whole
        ]
        assert index.search(text, group="story", k=1, offset=len(whole)).hits == ()
        every = [hit.article.id for hit in index.search(text, k=50).hits]
        shown = [one for hit in whole for one in [hit.article.id, *grouped_one(hit)]]
        assert sorted(shown) == sorted(set(every))


def grouped_one(hit):
    return [one.article_id for one in hit.story]


def test_without_words_a_note_says_that_there_are_no_stories(index):
    results = index.search("group:story", k=50)
    assert results.query.notes == (
        "group:story has no effect without words: articles are listed by date, copies in one",
    )
    assert results.stories is None
    assert [hit.article.id for hit in results.hits] == [
        hit.article.id for hit in index.search("", k=50).hits
    ]


def test_copies_are_in_one_story_and_stand_for_one_another(tmp_path):
    text = told(FLOOD, " ".join(f"detail{number}" for number in range(60)))
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder(256)) as index:
        index.add(
            [
                Article("wire", text, "Dam", "AP", published=day(0)),
                Article("carried", text, "Dam", "BBC", published=day(20)),
                Article("undated", text, "Dam", "CNN"),
                Article("told", told(text, "otherwise") + VOTE, "Dam", "Times", published=day(1)),
            ]
        )
        (hit,) = index.search("flood", group="story", k=50).hits
        assert (hit.article.id, [copy.article_id for copy in hit.copies]) == (
            "wire",
            ["carried", "undated"],
        )
        assert [(one.article_id, one.copies) for one in hit.story] == [("told", 0)]
        whole = [(one.article_id, one.copies) for one in index.story("told")]
        assert whole == [("wire", 2)]
        whole = [(one.article_id, one.copies) for one in index.story("wire")]
        assert whole == [("told", 0), ("carried", 2), ("undated", 2)]


# One story, whole


def test_a_story_of_the_archive_has_what_came_before_and_after(index):
    assert [one.article_id for one in index.story("flood-bbc")] == ["flood-ap", "flood-cnn"]
    assert [one.article_id for one in index.story("flood-bbc", days=1)] == ["flood-ap"]
    assert index.story("flood-year") == index.story("flood-undated") == ()
    passage = index.passages("flood-bbc")[0].id
    assert index.story(passage) == index.story("flood-bbc")
    with pytest.raises(ArticleNotFound):
        index.story("nobody")
    with pytest.raises(ValueError, match="days is at least 0, not -1"):
        index.story("flood-ap", days=-1)
    assert index.story("flood-ap", days=10**9) == index.story("flood-ap")


def test_a_story_survives_repair(path, index):
    before = index.story("flood-ap")
    index.add([Article("later", told(FLOOD, "x y"), "Dam", "AP", published=day(2))])
    index.remove("later")
    index.doctor(repair=True)
    assert index.story("flood-ap") == before
    index.add([Article("last", told(FLOOD, "x z"), "Dam", "AP", published=day(2))])
    assert "last" in [one.article_id for one in index.story("flood-ap")]
    index.remove("last")


def test_the_command_lists_a_story(path, capsys, monkeypatch):
    monkeypatch.setattr("search.resources.load_encoder", lambda _: WordEncoder(256))
    assert main(["story", "flood-bbc", "--index", str(path)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Valley <b>flooded</b> · BBC · 2 Mar 2024"
    assert lines[1] == "2 other articles on this story"
    assert lines[2].startswith("   1 Mar 2024 · Associated Press · Dam breaks · 0.")
    assert main(["story", "flood-bbc", "--json", "--index", str(path)]) == 0
    assert [one["article_id"] for one in json.loads(capsys.readouterr().out)] == [
        "flood-ap",
        "flood-cnn",
    ]
    assert main(["search", "flood", "--group", "story", "--index", str(path)]) == 0
    assert "story: 2 more articles" in capsys.readouterr().out
    assert main(["story", "nobody", "--index", str(path)]) == 2
