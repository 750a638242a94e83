"""Pages of any size, however deep, are slices of one list of everything matched."""

from datetime import date
from random import Random

import pytest

from search import Article, NewsIndex
from search.types import MODES, SORTS
from tests.words import WordEncoder

SHALLOW = 8
"""A first tier that the articles below fill many times."""


def newsroom():
    random = Random(11)
    words = "flood river bank rate strike war vote oil fire storm court tax".split()
    for number in range(30):
        paragraphs = [
            " ".join(random.choices(words, k=150)) + f" number{number}."
            for _ in range(random.choice([1, 2, 6]))
        ]
        yield Article(
            id=f"a{number}",
            title=" ".join(random.sample(words, 2)),
            text="\n\n".join(paragraphs),
            source=("CNN", "BBC")[number % 2],
            published=date(2020, 1, 1 + number) if number % 5 else None,
        )


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    path = tmp_path_factory.mktemp("paging") / "index"
    with NewsIndex.open(path, encoder=WordEncoder()) as opened:
        opened.add(newsroom())
        yield opened


@pytest.fixture(autouse=True)
def shallow(monkeypatch):
    monkeypatch.setattr("search.ranking.DEPTH", SHALLOW)


def pages(index, size, total, **options):
    for offset in range(0, total, size):
        results = index.search(
            k=size, offset=offset, with_evidence=False, with_facets=False, **options
        )
        assert results.total == total
        assert len(results.hits) == min(size, total - offset)
        yield from results.hits


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("text", ["flood river", '"bank" -number3 after:2020-01-05', ""])
def test_every_match_is_on_one_page(index, text, mode, sort):
    options = {"text": text, "mode": mode, "sort": sort}
    everything = index.search(k=10_000, with_evidence=False, with_facets=False, **options)
    assert everything.total == len(everything.hits) > 2 * SHALLOW
    for size in (5, 29):
        found = list(pages(index, size, everything.total, **options))
        assert [(hit.rank, hit.passage.id, hit.score) for hit in found] == [
            (hit.rank, hit.passage.id, hit.score) for hit in everything.hits
        ]
    assert len({hit.passage.id for hit in everything.hits}) == everything.total


@pytest.mark.parametrize("narrowed", ["", "source:CNN", "source:BBC", '"bank"', "-number4"])
def test_what_is_similar_is_everything_but_its_own_article(index, narrowed):
    long = max(newsroom(), key=lambda article: len(article.text)).id
    admitted = index.search(narrowed, k=10_000).hits
    expected = {hit.passage.id for hit in admitted if hit.article.id != long}
    assert len(index.passages(long)) > SHALLOW / 2
    for like in (long, index.passages(long)[0].id):
        found = list(pages(index, 13, len(expected), text=narrowed, like=like))
        assert sorted(hit.passage.id for hit in found) == sorted(expected)
        articles = index.search(narrowed, like=like).matched.articles
        assert articles == len({hit.article.id for hit in found})


@pytest.mark.parametrize("text", ["flood", "", '"flood"'])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("many", [10**12, 2**80])
def test_more_than_there_is_may_be_asked_for(index, text, mode, many):
    everything = index.search(text, mode=mode, k=many)
    assert len(everything.hits) == everything.total
    assert index.search(text, mode=mode, offset=many).hits == ()
