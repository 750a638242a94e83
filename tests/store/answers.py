"""The whole of what a store answers, to hold against another answer."""

import numpy as np
from newsroom import DIM, vector_of, vectors_in

from search.store import LocalStore
from search.types import EVERYTHING, Contains, Not, OneOf, Published, Undated

ALL = 10**6
CONDITIONS = (
    EVERYTHING,
    OneOf("source", ("cnn",)),
    OneOf("language", ("en",)),
    Published(None, None),
    Undated(),
    Contains("flood warnings"),
    Not(Contains("version0")),
)


def everything(store: LocalStore, scores: bool = True) -> dict:
    """Articles with their passages and vectors, and the answer to every condition above.

    BM25 depends on what is dead and not yet merged away: leave it out with `scores=False`.
    """
    query = vector_of("a query", DIM)
    with store.snapshot() as snapshot:
        refs, _ = snapshot.browse(EVERYTHING, newest_first=True, offset=0, limit=ALL)
        whole = {"articles": {}, "stats": snapshot.stats().articles}
        for article, passage in snapshot.fetch(refs):
            assert passage.text == article.text[passage.start : passage.end]
            whole["articles"][article.id] = (
                article,
                snapshot.passages(article.id),
                vectors_in(snapshot, article.id).tolist(),
                snapshot.sentence_codes(snapshot.refs_of(article.id)),
            )
        for condition in CONDITIONS:
            found = snapshot.candidates(
                encode=lambda: query, words="floods part2", condition=condition, depth=ALL
            )
            bm25 = found.bm25 if scores else found.bm25 > 0
            browsed, count = snapshot.browse(condition, newest_first=False, offset=0, limit=ALL)
            whole[condition] = (
                count,
                found.matched,
                [(article.id, passage.number) for article, passage in snapshot.fetch(browsed)],
                {
                    (article.id, passage.number): (float(cosine), float(score))
                    for (article, passage), cosine, score in zip(
                        snapshot.fetch(found.refs), found.cosine, bm25, strict=True
                    )
                },
            )
    return whole


def assert_holds(store: LocalStore, expected: dict, may_await: bool = False) -> None:
    """Exactly these articles by id, whole: texts, passages, vectors and keywords.

    `expected` maps an id to the `EncodedArticle` stored last. Every passage must be found by its
    own words, and nothing else. With `may_await`, only the vectors that are there must be right.
    """
    with store.snapshot() as snapshot:
        assert snapshot.count(EVERYTHING).articles == len(
            [one for one in expected.values() if one.passages]
        )
        assert snapshot.stats().articles == len(expected)
        for one in expected.values():
            name = one.article.id
            assert snapshot.article(name) == one.article
            assert snapshot.passages(name) == one.passages
            refs = snapshot.refs_of(name)
            awaits = snapshot.awaits(np.array(refs, np.int64))
            assert may_await or not awaits.any()
            assert abs(vectors_in(snapshot, name) - one.vectors)[~awaits].max(initial=0) < 1e-3
            codes = zip(one.sentence_codes, awaits, strict=True)
            assert snapshot.sentence_codes(refs) == [None if late else code for code, late in codes]
        passages = sum(len(one.passages) for one in expected.values())
        assert snapshot.count(EVERYTHING).passages == passages
        assert snapshot.count(Contains("flood warnings")).passages == passages
        for one in expected.values():
            for passage in one.passages:
                refs, _ = snapshot.browse(
                    Contains(passage.text), newest_first=True, offset=0, limit=9
                )
                assert [found for _, found in snapshot.fetch(refs)] == [passage]


def assert_remembers(store: LocalStore, held: dict, histories: dict) -> None:
    """Exactly these earlier versions of what is held: see `newsroom.remembered`."""
    with store.snapshot() as snapshot:
        for name, one in held.items():
            earlier = sorted(histories.get(name, []), key=lambda kept: -kept[0])
            found = snapshot.versions(name)
            assert [version.article for version in found] == [
                one.article,
                *(article for _, article in earlier),
            ]
            assert found[0].replaced_at is None
            assert all(version.replaced_at is not None for version in found[1:])
