import pytest
from words import WordEncoder

from search import Article, ArticleNotFound, Evidence, NewsIndex

TEXT = "\n\n".join(
    [
        "The harbour wall broke in the storm. Nobody slept.",
        *("Fish, salt and bread were sold on the market of the old town that day. " * 6,) * 4,
        "The mayor said the harbour wall would be built anew. It costs much.",
    ]
)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    path = tmp_path_factory.mktemp("marking") / "index"
    others = [
        Article(f"other-{n}", f"Article {n} is on cows, rain and taxes. Words {n * 7}.")
        for n in range(40)
    ]
    with NewsIndex.open(path, encoder=WordEncoder()) as index:
        index.add([Article("a", TEXT, title="Storm"), *others])
        yield index


@pytest.mark.parametrize("mode", ["hybrid", "semantic", "keyword"])
def test_each_passage_is_marked_as_its_hit_is(index, mode):
    query = "harbour wall storm"
    hits = {
        hit.passage.id: hit
        for hit in index.search(query, k=200, mode=mode, group="none").hits
        if hit.article.id == "a"
    }
    found = index.marked("a", query, mode=mode)

    assert [one.passage for one in found] == list(index.passages("a"))
    assert hits
    for one in found:
        hit = hits.get(one.passage.id)
        if hit is None:  # without a word of the query, in keyword mode
            assert (one.strength, one.evidence) == ("weak", Evidence())
            continue
        assert one.strength == hit.strength
        assert one.evidence == hit.evidence


def test_no_sentence_is_encoded_to_find_the_best_of_a_passage_that_does_not_match(index):
    found = index.marked("a", "harbour wall", mode="keyword")

    assert {one.strength == "weak" for one in found} == {True, False}
    assert all((one.evidence.best is None) == (one.strength == "weak") for one in found)


def test_without_words_nothing_is_marked(index):
    found = index.marked("a", "source:Unknown")

    assert {(one.evidence, one.strength) for one in found} == {(Evidence(), None)}


def test_what_is_like_a_passage_is_marked_by_meaning_alone(index):
    own = index.passages("a")[0]
    found = index.marked("a", like=own.id)

    assert found[0].strength == "strong"
    assert all(one.evidence.words == () for one in found)


def test_keywords_need_no_encoder(index, tmp_path):
    class Silent(WordEncoder):
        def encode_query(self, text, /):
            raise AssertionError(text)

    with NewsIndex.open(index.path, encoder=Silent()) as silent:
        assert silent.marked("a", "harbour", mode="keyword")[0].strength == "likely"


def test_an_article_that_is_not_there_is_not_found(index):
    with pytest.raises(ArticleNotFound):
        index.marked("nowhere", "harbour")
