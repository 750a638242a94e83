"""What is searched while some passages still await their vectors, and how an add catches up."""

import json
import math
import threading
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from search import Article, NewsIndex
from search.errors import ModelError, StoreError
from search.output import results_json
from search.store.writer import LocalWriter
from search.types import Withdrawal
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


class Gated(WordEncoder):
    """Encodes nothing before its gate is open, and notes how many passages at once."""

    def __init__(self) -> None:
        super().__init__()
        self.gate, self.sizes = threading.Event(), []

    def encode_parts(self, texts, spans, /):
        assert self.gate.wait(20)
        self.sizes.append(len(texts))
        return super().encode_parts(texts, spans)


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
            one.id: (
                snapshot.passages(one.id),
                snapshot.vectors(np.array(snapshot.refs_of(one.id))).tolist(),
            )
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
        monkeypatch.setattr("search.arriving.BATCH_ARTICLES", 10_000)
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
    encoder, asked, read_back = Gated(), [], LocalWriter.next_awaiting

    def noted(self, skip, most):
        stretch = read_back(self, skip, most)
        asked.append(len(stretch))
        return stretch

    monkeypatch.setattr(LocalWriter, "next_awaiting", noted)
    with NewsIndex.open(tmp_path / "slow", encoder=encoder) as index:
        index.add(articles, progress=lambda now: now.articles == 480 and encoder.gate.set())
        assert everything(index) == expected
    assert asked == [100, 100, 24]
    assert encoder.sizes == [100, 28, 100, 28, *asked]  # two batches found room, the others none


def test_a_batch_of_long_articles_is_encoded_in_stretches(tmp_path, monkeypatch):
    monkeypatch.setattr("search.catching_up.AT_ONCE", 50)
    encoder = Gated()
    encoder.gate.set()
    long = [
        story(number, "The river rose over its banks that night. " * 200) for number in range(9)
    ]
    with NewsIndex.open(tmp_path / "index", encoder=encoder) as index:
        index.add(long)
        passages = index.stats().passages
    assert passages > 60
    assert encoder.sizes == [50] * (passages // 50) + [passages % 50]


def test_small_commits_are_encoded_together(tmp_path, articles, monkeypatch):
    monkeypatch.setattr("search.arriving.BATCH_ARTICLES", 10)
    monkeypatch.setattr("search.catching_up.AT_ONCE", 100)
    encoder = Gated()
    with NewsIndex.open(tmp_path / "index", encoder=encoder) as index:
        index.add(articles, progress=lambda now: now.articles == 480 and encoder.gate.set())
        stats = index.stats()
    assert sum(encoder.sizes) == stats.passages == stats.encoded
    assert encoder.sizes[:2] == [10, 10]  # what was there when the encoder was free
    assert encoder.sizes[2:-1] == [100] * (len(encoder.sizes) - 3)


def test_an_add_that_is_stopped_encodes_no_more_than_it_is_at(tmp_path, articles, monkeypatch):
    monkeypatch.setattr("search.catching_up.AT_ONCE", 10)
    encoder, before = Gated(), threading.active_count()

    def stopped(now):
        if now.passages:
            raise KeyboardInterrupt
        encoder.gate.set()

    with NewsIndex.open(tmp_path / "index", encoder=encoder) as index:
        with pytest.raises(KeyboardInterrupt):
            index.add(articles, progress=stopped)
        assert threading.active_count() == before
        assert len(encoder.sizes) <= 4  # committed, two ahead, and the one it is at
        assert index.stats().encoded == 10
        report = index.add(articles)
        stats = index.stats()
        assert (stats.articles, stats.encoded) == (480, stats.passages)
        assert report.passages == stats.passages - 10
        assert index.doctor() == []


def test_what_is_withdrawn_while_it_is_encoded_keeps_no_vector(tmp_path, articles, monkeypatch):
    monkeypatch.setattr("search.index.reading_of", lambda items, *_: iter(items))
    encoder = Gated()
    items = [replace(one, published=date.fromisoformat(one.published)) for one in articles]
    items.insert(128, Withdrawal("s5", "canceled"))
    with NewsIndex.open(tmp_path / "index", encoder=encoder) as index:
        report = index.add(items, progress=lambda now: now.articles == 480 and encoder.gate.set())
        assert (report.added, report.withdrawn) == (480, 1)
        assert encoder.sizes[0] == 128
        assert index.doctor() == []
        assert (index.stats().articles, index.stats().encoded) == (479, 479)
        rows = index._resources.store()._live.files.vectors.view(480)
        assert np.flatnonzero(~rows.any(axis=1)).tolist() == [5]
        hits = index.search("number5 flood", k=1_000, group="none").hits
        assert len(hits) == 479


def test_who_is_told_how_far_an_add_is_can_search(tmp_path, articles):
    found = []
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:

        def search(now):
            results = index.search("flood barrier number3", k=1_000, group="none")
            found.append((results.total, results.awaiting, now.awaiting))

        index.add(articles, progress=search)
        assert index.doctor() == []
        assert found[-1] == (index.stats().passages, 0, 0)
    assert [awaiting for _, awaiting, _ in found] == [told for _, _, told in found]
    assert [total for total, _, _ in found] == sorted(total for total, _, _ in found)


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


def test_reading_that_fails_ends_once_what_was_read_is_stored(tmp_path):
    def reading():
        yield from (story(number) for number in range(200))
        raise OSError("the disk is gone")

    encoder = Gated()
    threading.Timer(1.0, encoder.gate.set).start()
    with NewsIndex.open(tmp_path / "index", encoder=encoder) as index:
        with pytest.raises(OSError, match="the disk is gone"):
            index.add(reading())
        assert (index.stats().articles, index.stats().encoded) == (128, 0)
        index.add([])
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
