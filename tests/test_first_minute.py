"""What is searched while some passages still await their vectors, and how an add catches up."""

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from search import Article, NewsIndex
from search.errors import ModelError, StoreError
from search.output import results_json
from tests.words import WordEncoder

DAYS = [f"2024-03-{day:02}" for day in range(1, 29)]


def story(number: int, text: str = "") -> Article:
    words = text or f"The council of town{number} voted on flood barrier number{number} today."
    return Article(
        id=f"s{number}",
        text=f"{words} Engineers measured the river. {'Rain fell. ' * (number % 3)}",
        title=f"Barrier {number}",
        source=("CNN", "BBC", "AP")[number % 3],
        published=DAYS[number % 28],
    )


class Failing(WordEncoder):
    """Encodes so many times, then never again."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.left = times

    def encode_parts(self, texts, spans, /):
        if self.left == 0:
            raise ModelError("the encoder is out of order")
        self.left -= 1
        return super().encode_parts(texts, spans)


class Counting(WordEncoder):
    """Notes what it encodes."""

    def __init__(self) -> None:
        super().__init__()
        self.encoded = []

    def encode_passages(self, texts, /):
        self.encoded += texts
        return super().encode_passages(texts)


def everything(index):
    """All hits of some searches, and the passages with their vectors."""
    found = {
        (text, mode): [
            # Among equals tantivy's order, which depends on its segments, gives the keyword rank.
            (hit.passage.id, hit.score, replace(hit.why, keyword_rank=None))
            for hit in index.search(text, k=50, mode=mode).hits
        ]
        for text in ("flood barrier town3", "rain", "source:CNN river number20", "")
        for mode in ("hybrid", "semantic", "keyword")
    }
    with index._resources.store().snapshot() as snapshot:
        held = {
            one.id: (snapshot.passages(one.id), snapshot.vectors_of(one.id).tolist())
            for one in snapshot.articles()
        }
    return found, held


@pytest.fixture
def articles():
    return [story(number) for number in range(480)]


@pytest.fixture
def half(tmp_path, articles):
    """Two batches or three of four have vectors, and the encoder is another one now."""
    path = tmp_path / "half"
    with (
        NewsIndex.open(path, encoder=Failing(2)) as index,
        pytest.raises(ModelError, match="out of order"),
    ):
        index.add(articles)
    with NewsIndex.open(path, encoder=WordEncoder()) as index:
        yield index


def test_an_add_in_two_lanes_ends_as_one_in_a_single_batch(tmp_path, articles, monkeypatch):
    with (
        NewsIndex.open(tmp_path / "lanes", encoder=WordEncoder()) as lanes,
        NewsIndex.open(tmp_path / "whole", encoder=WordEncoder()) as whole,
    ):
        lanes.add(articles)
        monkeypatch.setattr("search.adding._BATCH_ARTICLES", 10_000)
        whole.add(articles)
        assert everything(lanes) == everything(whole)
        names = ["vectors.f16", "owners.u32"]
        for name in names:
            files = [(index.path / "g0001" / name).read_bytes() for index in (lanes, whole)]
            assert files[0] == files[1]


def test_an_encoder_that_fails_leaves_what_is_stored_to_words(half):
    stats = half.stats()
    assert 0 < stats.encoded < stats.passages
    assert half.doctor() == []
    last = half.search("number" + str(stats.articles - 1), mode="keyword")
    assert [hit.article.id for hit in last.hits] == [f"s{stats.articles - 1}"]
    assert last.awaiting == 0


def test_adding_again_encodes_what_awaits_and_reads_nothing_anew(half, articles, tmp_path):
    before = half.stats()
    encoder = Counting()
    with NewsIndex.open(half.path, encoder=encoder) as index:
        report = index.add(articles)
        assert report.unchanged == before.articles
        assert index.stats().encoded == index.stats().passages
        assert report.passages == index.stats().passages - before.encoded
        with NewsIndex.open(tmp_path / "whole", encoder=WordEncoder()) as whole:
            whole.add(articles)
            assert everything(index) == everything(whole)


def test_adding_anything_encodes_what_awaits_and_nothing_twice(half):
    before = half.stats()
    encoder = Counting()
    with NewsIndex.open(half.path, encoder=encoder) as index:
        index.add([])
        encoded = [text for text in encoder.encoded if "\n" in text]
        assert len(encoded) == before.passages - before.encoded
        assert index.stats().encoded == before.passages


def test_more_than_is_kept_in_memory_is_read_back(tmp_path, articles, monkeypatch):
    monkeypatch.setattr("search.catching_up._KEPT", 150)
    monkeypatch.setattr("search.catching_up.AT_ONCE", 100)
    with NewsIndex.open(tmp_path / "whole", encoder=WordEncoder()) as index:
        index.add(articles)
        expected = everything(index)
    with NewsIndex.open(tmp_path / "slow", encoder=WordEncoder()) as index:
        slow = WordEncoder.encode_parts
        seen = []

        def waiting(self, texts, spans):
            while index.stats().articles < 480 and len(seen) < 1:
                pass
            seen.append(len(texts))
            return slow(self, texts, spans)

        monkeypatch.setattr(WordEncoder, "encode_parts", waiting)
        index.add(articles)
        assert everything(index) == expected
        assert max(seen[1:]) <= 150


def test_an_article_replaced_before_its_turn_costs_no_row(tmp_path):
    with NewsIndex.open(tmp_path / "index", encoder=Failing(0)) as index, pytest.raises(ModelError):
        index.add([story(1), story(2)])
    encoder = Counting()
    with NewsIndex.open(tmp_path / "index", encoder=encoder) as index:
        index.remove("s1")
        index.add([story(3)])
        assert not any("number1 " in text for text in encoder.encoded)
        assert index.doctor() == []
        assert {hit.article.id for hit in index.search("barrier").hits} == {"s2", "s3"}


def test_reading_that_fails_ends_after_what_was_read_is_encoded(tmp_path):
    def reading():
        yield from (story(number) for number in range(200))
        raise OSError("the disk is gone")

    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        with pytest.raises(OSError, match="the disk is gone"):
            index.add(reading())
        assert index.stats().articles == 128
        assert index.stats().encoded == index.stats().passages


class Choking(WordEncoder):
    """Fails at every stretch with one text, or gives it a vector that is none."""

    def __init__(self, fails: bool) -> None:
        super().__init__()
        self.fails = fails

    def encode_parts(self, texts, spans, /):
        vectors, parts = super().encode_parts(texts, spans)
        bad = ["number150 " in text for text in texts]
        if self.fails and any(bad):
            raise RuntimeError("too strange")
        vectors[bad] = np.nan
        return vectors, parts


@pytest.mark.parametrize(("fails", "why"), [(True, "too strange"), (False, "not of length 1")])
def test_a_passage_that_cannot_be_encoded_is_named_and_can_be_removed(
    tmp_path, articles, fails, why
):
    with NewsIndex.open(tmp_path / "index", encoder=Choking(fails)) as index:
        for items in (articles, []):
            with pytest.raises(StoreError) as raised:
                index.add(items)
            for part in ("article 's150', passage 1", why, "news-search remove s150"):
                assert part in str(raised.value)
        stored = index.stats().articles
        assert stored > 150
        assert index.doctor() == []
        index.remove("s150")
        index.add([])
        stats = index.stats()
        assert (stats.articles, stats.encoded) == (stored - 1, stats.passages)


# Searching meanwhile


@pytest.mark.parametrize("mode", ["hybrid", "semantic", "keyword"])
@pytest.mark.parametrize("group", ["none", "copies", "story"])
def test_every_matched_passage_is_reached_once_and_nothing_is_nan(half, mode, group):
    results = half.search("flood barrier number3", k=10_000, mode=mode, group=group)
    refs = [hit.passage.id for hit in results.hits]
    assert len(refs) == len(set(refs))
    if group == "none":
        assert len(refs) == results.matched.passages == results.total
    text = json.dumps(results_json(results), allow_nan=False)
    assert json.loads(text)["awaiting"] == results.awaiting
    stats = half.stats()
    assert results.awaiting == (0 if mode == "keyword" else stats.passages - stats.encoded)
    for hit in results.hits:
        assert not math.isnan(hit.score)
        assert hit.strength is not None


def test_a_hit_whose_vector_is_to_come_says_so_and_is_judged_by_its_words(half):
    stats = half.stats()
    name = f"number{stats.articles - 1}"
    (hybrid, *_) = half.search(f"flood barrier {name}").hits
    assert hybrid.article.id == f"s{stats.articles - 1}"
    assert (hybrid.why.cosine, hybrid.why.semantic_rank) == (None, None)
    assert hybrid.why.bm25 > 0
    (by_words, *_) = half.search(f"flood barrier {name}", mode="keyword").hits
    assert hybrid.why.strength == by_words.why.strength


def test_meaning_puts_what_it_has_not_seen_last(half):
    hits = half.search("flood barrier number3", k=10_000, mode="semantic", group="none").hits
    awaiting = [hit.why.cosine is None for hit in hits]
    assert awaiting == sorted(awaiting)
    assert {hit.score for hit in hits if hit.why.cosine is None} <= {-1.0, np.float32(-1.03)}


def test_words_alone_order_what_has_no_vectors_at_all(tmp_path, articles):
    with NewsIndex.open(tmp_path / "index", encoder=Failing(0)) as index, pytest.raises(ModelError):
        index.add(articles[:100])
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        assert index.stats().encoded == 0
        hits = index.search("number7 flood", k=100).hits
        assert hits[0].article.id == "s7"
        assert all(hit.why.cosine is None for hit in hits)
        assert len(hits) == 100


def test_what_is_like_an_article_that_awaits_is_found(half):
    last = half.stats().articles - 1
    results = half.similar(f"s{last}", k=5)
    with_vectors = [hit for hit in results.hits if hit.why.cosine is not None]
    assert with_vectors
    assert f"s{last}" not in {hit.article.id for hit in results.hits}
    assert {one.article_id for one in half.story(f"s{last}")} <= {f"s{n}" for n in range(last)}
    assert half.marked(f"s{last}", "flood barrier")
    assert half.marked("s1", like=f"s{last}")


def test_without_an_encoder_the_error_says_that_the_vectors_are_being_made(half):
    from search.likeness import vectors_of

    def none():
        raise ModelError("no model")

    last = f"s{half.stats().articles - 1}"
    with half._resources.store().snapshot() as snapshot:
        with pytest.raises(ModelError, match="are still being made; no model"):
            vectors_of(last, snapshot, none)
        assert vectors_of("s1", snapshot, none).shape[0] >= 1
