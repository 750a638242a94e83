import json

import numpy as np
import pytest

from search import Article, NewsIndex
from search.background import Background, PseudoQueries
from search.strength import LIKELY, Asked, band, strengths
from tests.words import WordEncoder

BACKGROUND = Background(np.zeros(4, np.float32), unrelated=0.2, held=0.6, passages=100)
QUERY = np.array([1, 0, 0, 0], np.float32)
ASKED = Asked(is_looked_up=False, is_about_something=True)


def floats(*values):
    return np.array(values, np.float32)


def test_nearness_is_0_at_shuffled_words_and_1_at_a_sentence_that_is_held():
    found = BACKGROUND.nearness(floats(0.2, 0.6, 0.4, -1, 5), QUERY)
    np.testing.assert_allclose(found, [0, 1, 0.5, -1, 2], atol=1e-6)


def test_a_query_that_is_near_to_everything_is_near_to_nothing():
    crowded = Background(np.array([0.5, 0, 0, 0], np.float32), 0.2, 0.6, 100)
    assert crowded.nearness(floats(0.6), QUERY) < BACKGROUND.nearness(floats(0.6), QUERY)


def test_more_of_either_evidence_is_never_less():
    held, cosine = np.meshgrid(np.linspace(0, 1, 9), np.linspace(-1, 1, 9))
    for asked in (ASKED, Asked(True, True), Asked(False, False)):
        found = strengths(
            asked, held.ravel().astype(np.float32), cosine.ravel().astype(np.float32), QUERY,
            BACKGROUND,
        ).reshape(9, 9)  # fmt: skip
        assert (np.diff(found, axis=0) >= 0).all()
        assert (np.diff(found, axis=1) >= 0).all()


def test_a_hit_that_holds_a_name_which_is_looked_up_is_likely():
    near, far = floats(1, 1), floats(0.6, -0.5)
    assert strengths(Asked(True, True), near, far, QUERY, BACKGROUND)[1] == pytest.approx(LIKELY)
    assert strengths(ASKED, near, far, QUERY, BACKGROUND)[1] < LIKELY


def test_without_vectors_words_decide():
    found = strengths(ASKED, floats(0, 0.5, 0.6, 1), None, None, BACKGROUND)
    assert [band(number) for number in found] == ["weak", "weak", "likely", "likely"]
    assert not strengths(Asked(False, False), floats(1), None, None, None).any()


def test_words_decide_on_a_hit_whose_vector_is_to_come():
    held, cosine = floats(0.9, 0.9, 0.1), floats(0.5, np.nan, np.nan)
    found = strengths(ASKED, held, cosine, QUERY, BACKGROUND)
    both = strengths(ASKED, held[:1], cosine[:1], QUERY, BACKGROUND)
    alone = strengths(ASKED, held[1:], None, None, None)
    np.testing.assert_array_equal(found, np.concatenate([both, alone]))


def test_what_is_looked_up():
    assert Asked.of(["Tarrowdale"]) == Asked(True, True)
    assert Asked.of(["2024"]) == Asked(False, True)
    assert Asked.of(["the"]) == Asked(False, False)
    assert Asked.of(["dam", "collapse", "report"]) == Asked(False, True)


def test_a_background_is_read_back_as_it_was_kept():
    kept = json.loads(json.dumps(BACKGROUND.to_dict()))
    again = Background.from_dict(kept)
    assert (again.unrelated, again.held, again.passages) == (0.2, 0.6, 100)
    np.testing.assert_allclose(again.mean, BACKGROUND.mean)


@pytest.mark.parametrize(
    ("passages", "outgrown"), [(100, False), (149, False), (151, True), (66, True)]
)
def test_a_background_is_outgrown_at_half_as_many_again(passages, outgrown):
    assert BACKGROUND.is_outgrown(passages) is outgrown


def test_pseudo_queries_are_sentences_held_and_words_in_disorder():
    sentences = [["The mayor of the old town resigned on Monday.", "No."]] * 5
    pseudo = PseudoQueries.of(sentences, str.split)
    assert set(pseudo.sentences) == {"The mayor of the old town resigned on Monday."}
    assert len(pseudo.shuffled) == 128
    assert {len(one.split()) for one in pseudo.shuffled} == {5}
    assert PseudoQueries.of([], str.split) == PseudoQueries((), ())


TOWNS = [
    Article(
        id=f"a{number}", text=f"The mayor of town{number} opened the new bridge number{number}."
    )
    for number in range(30)
]


@pytest.fixture
def index(tmp_path):
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as opened:
        opened.add(TOWNS)
        yield opened


def test_a_search_says_how_strong_its_hits_are(index):
    results = index.search("mayor of town7 opened the new bridge")
    assert results.is_answered
    assert (results.hits[0].article.id, results.hits[0].strength) == ("a7", "strong")
    nothing = index.search("qwzx plorf vebbin drossel")
    assert nothing.is_answered is False
    assert {hit.strength for hit in nothing.hits} == {"weak"}
    for mode in ("semantic", "keyword"):
        assert index.search("mayor of town7 opened the new bridge", mode=mode).is_answered, mode
    assert index.search().is_answered is None
    assert index.search().hits[0].strength is None


def test_a_deep_page_is_judged_by_the_best_of_all(index):
    assert index.search("mayor of town7 opened the new bridge", offset=20).is_answered
    assert index.search("mayor of town7", offset=2, k=1).is_answered


def test_the_background_outlives_compaction_and_reopening(index):
    (folder,) = index.path.glob("g*")
    kept = (folder / "background.json").read_text()
    index.compact()
    (folder,) = index.path.glob("g*")
    assert (folder / "background.json").read_text() == kept
    assert index.doctor() == []
    with NewsIndex.open(index.path, encoder=WordEncoder()) as again:
        assert again.search("mayor of town7 opened the new bridge").hits[0].strength == "strong"


def test_the_background_is_measured_anew_when_the_index_has_grown(index):
    (folder,) = index.path.glob("g*")
    kept = (folder / "background.json").read_text()
    index.add([Article(id="one", text="Rain fell.")])
    assert (folder / "background.json").read_text() == kept
    index.add(
        [Article(id=f"b{number}", text=f"Rain fell on town{number}.") for number in range(20)]
    )
    assert json.loads((folder / "background.json").read_text())["passages"] == 51


def test_a_background_that_nobody_can_read_is_made_anew(index):
    (folder,) = index.path.glob("g*")
    (folder / "background.json").write_text("{")
    assert index.search("mayor of town7").hits[0].strength is not None
    index.add([Article(id="one", text="Rain fell.")])
    assert json.loads((folder / "background.json").read_text())["passages"] == 31
