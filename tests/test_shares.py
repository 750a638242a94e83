"""Shares of a cosine: they add up, they belong to their words, and they go with a hit."""

import gzip
import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from words import WordEncoder

from search import Article, ModelError, NewsIndex, QueryError
from search.encoder import load_encoder
from search.passages import split
from search.shares import shares

ALLSIDES = Path(__file__).parents[2] / "shared/corpora/allsides.jsonl.gz"
TEXT = (
    "The dam above Tarrowdale broke on Tuesday night. “We heard it before we saw it,” said "
    "a farmer. Forty-three people died — 洪水 reached the old town by dawn."
)


def found(encoder, title, text, query):
    article = Article("a", text, title)
    (passage,) = split(article, encoder.token_spans)
    return passage, shares(article, passage, encoder.encode_query(query), encoder)


def total(one):
    return sum(word.share for word in one.words) + one.title + one.rest


def test_only_words_of_the_query_have_a_share_where_words_are_counted():
    passage, one = found(WordEncoder(512), "Flood", TEXT, "dam farmer")
    held = {passage.text[slice(*span)]: share for span, share in one.words}
    assert {word for word, share in held.items() if share > 0.001} == {"dam", "farmer"}
    assert held["dam"] == pytest.approx(held["farmer"])
    assert total(one) == pytest.approx(one.cosine)


def test_a_word_of_the_headline_counts_there():
    _, one = found(WordEncoder(512), "Farmer mourns", "Nothing else stands here.", "farmer")
    assert one.title == pytest.approx(one.cosine)
    assert all(word.share == 0 for word in one.words)


@pytest.mark.model
def test_with_the_model_all_shares_add_up_and_every_word_has_one():
    encoder = load_encoder()
    passage, one = found(encoder, "A dam breaks", TEXT, "dam collapse kills dozens")
    assert total(one) == pytest.approx(one.cosine, abs=1e-6)
    words = [passage.text[slice(*span)] for span, _ in one.words]
    assert words[:4] == ["The", "dam", "above", "Tarrowdale"]
    assert words[-7:] == ["洪水", "reached", "the", "old", "town", "by", "dawn"]
    assert all(word.share != 0 for word in one.words)
    assert abs(one.rest) < 0.3 * one.cosine
    best = max(one.words, key=lambda word: word.share)
    assert passage.text[slice(*best.span)] in {"dam", "broke", "died", "Tarrowdale"}


@pytest.mark.model
@pytest.mark.skipif(not ALLSIDES.exists(), reason="no ../shared/corpora/allsides.jsonl.gz")
def test_with_real_articles_the_whole_is_the_hits_cosine(tmp_path):
    with gzip.open(ALLSIDES, "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in islice(lines, 12)]
    articles = [Article(str(n), r["text"], r["title"]) for n, r in enumerate(records)]
    with NewsIndex.open(tmp_path / "index") as index:
        index.add(articles)
        for hit in index.search("president and congress on the economy", k=20).hits:
            one = index.explain("president and congress on the economy", hit.passage.id)
            assert total(one) == pytest.approx(one.cosine, abs=1e-6)
            assert one.cosine == pytest.approx(hit.why.cosine, abs=2e-3)


def test_what_cannot_be_explained_is_said(tmp_path):
    class Pooled(WordEncoder):
        adds_up = False

    with NewsIndex.open(tmp_path / "index", encoder=Pooled()) as index:
        index.add([Article("a", TEXT)])
        (hit,) = index.search("dam", k=1).hits
        with pytest.raises(ModelError, match="does not average its tokens"):
            index.explain("dam", hit.passage.id)
        with pytest.raises(QueryError, match="no words"):
            index.explain("source:CNN", hit.passage.id)


def test_without_parts_sentences_are_encoded_where_no_word_stands(tmp_path):
    class Pooled(WordEncoder):
        adds_up = False

    with NewsIndex.open(tmp_path / "index", encoder=Pooled()) as index:
        index.add([Article("a", TEXT)])
        (hit,) = index.search(like="a", k=1).hits or index.search("above", k=1).hits
        assert hit.evidence.best is not None


def test_best_sentences_come_from_the_codes_kept_at_adding(tmp_path, monkeypatch):
    encoder = WordEncoder(512)
    with NewsIndex.open(tmp_path / "index", encoder=encoder) as index:
        index.add([Article("a", TEXT)])
        asked = []
        real = encoder.encode_passages
        monkeypatch.setattr(
            encoder, "encode_passages", lambda texts: asked.extend(texts) or real(texts)
        )
        monkeypatch.setattr(encoder, "encode_query", lambda text: real(["heard farmer saw"])[0])
        (hit,) = index.search("unheardof", k=1).hits
    assert asked == []
    assert hit.text[slice(*hit.evidence.best)].startswith("“We heard it")
    assert hit.evidence.words == ()
    assert np.isfinite(hit.score)
