"""The background of scores keeps up with an adding."""

import pytest

from search import Article, NewsIndex, calibrating
from tests.words import WordEncoder


@pytest.fixture
def articles():
    return [
        Article(
            id=f"a{number}",
            title=f"Flood {number}",
            text=" ".join(f"River {number} rose over barrier {word}." for word in range(30)),
        )
        for number in range(300)
    ]


def test_scores_have_a_background_while_a_first_adding_goes_on(tmp_path, articles, monkeypatch):
    monkeypatch.setattr(calibrating, "FIRST_AT", 100)
    seen = []
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:

        def note(now):
            with index._resources.store().snapshot() as snapshot:
                kept = snapshot.background()
                seen.append((now.passages, snapshot.passages_encoded, kept and kept.passages))

        index.add(articles, progress=note)
        passages = index.stats().passages
        with index._resources.store().snapshot() as snapshot:
            assert snapshot.background().passages == passages
    early = [kept for encoded, _, kept in seen if 0 < encoded < passages]
    assert early, seen
    assert all(encoded == there for encoded, there, _ in seen)
    after = [kept for encoded, _, kept in seen if encoded >= 100][1:]
    assert after, seen
    assert None not in after
    assert all(kept is None for encoded, _, kept in seen if encoded < 100)


def test_a_background_that_holds_is_kept(tmp_path, articles):
    with NewsIndex.open(tmp_path / "index", encoder=WordEncoder()) as index:
        index.add(articles[:100])
        with index._resources.store().snapshot() as snapshot:
            before = snapshot.background()
        index.add(articles[100:120])
        with index._resources.store().snapshot() as snapshot:
            assert snapshot.background() is not None
            assert snapshot.background().passages == before.passages
        index.add(articles[120:])
        with index._resources.store().snapshot() as snapshot:
            assert snapshot.background().passages == index.stats().passages > before.passages
