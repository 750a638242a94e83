"""The files that the project was made for, where they lie beside the checkout."""

import gzip
from datetime import date
from itertools import islice
from pathlib import Path

import pytest

from search.ingest import prepared, read
from search.types import Article

SHARED = Path(__file__).parents[3] / "shared"


def shared(name):
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"no {name} in {SHARED.name} beside the checkout")
    return path


def test_the_seed_article_is_read_whole():
    folder = shared("corpora/seed")
    [path] = folder.iterdir()
    header, body = path.read_text().split("\n\n", 1)
    assert header == " date 2022-10-06 The content originally appeared on: CNN"
    [article] = read([folder])
    assert article == Article(
        id=article.id,
        text=body,
        title=None,
        source="CNN",
        published=date(2022, 10, 6),
        published_precision="day",
        published_from="header",
        updated=True,
        language="en",
        extras={
            "language_confidence": article.extras["language_confidence"],
            "flags": ["language_guessed", "title_inferred"],
        },
    )
    assert len(article.text.split("\n\n")) == 23
    assert article.extras["language_confidence"] > 0.8
    assert prepared(article) == article


def test_the_seed_articles_id_depends_on_its_content_alone(tmp_path):
    [path] = shared("corpora/seed").iterdir()
    copy = tmp_path / "renamed"
    copy.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert list(read([copy])) == list(read([path]))


@pytest.mark.parametrize(("name", "count", "dated"), [("time", 423, 422), ("rgb-en-fact", 1361, 0)])
def test_the_collections_keep_their_ids_and_texts(name, count, dated):
    articles = list(read([shared(f"collections/{name}/articles.jsonl.gz")]))
    assert all(isinstance(article, Article) for article in articles)
    assert len({article.id for article in articles}) == count
    assert sum(article.published is not None for article in articles) == dated
    assert all(prepared(article) == article for article in articles[::40])


def test_a_sample_of_real_articles_is_read_without_loss(tmp_path):
    with gzip.open(shared("corpora/allsides.jsonl.gz")) as file:
        lines = list(islice(file, 0, 2_000, 10))
    path = tmp_path / "sample.jsonl"
    path.write_bytes(b"".join(lines))
    articles = list(read([path]))
    assert all(isinstance(article, Article) for article in articles)
    assert len({article.id for article in articles}) == len(lines)
    for article, line in zip(articles, lines, strict=True):
        assert (article.published is None) == (b'"published": null' in line)
        assert article.title
        assert article.url.encode() in line
        assert prepared(article) == article
