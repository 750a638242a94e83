"""Every way of searching gives what a slow reading of the articles gives."""

from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from newsroom import (
    AUTHORS,
    DAYS,
    DIM,
    LANGUAGES,
    SECTIONS,
    SOURCES,
    WORDS,
    article,
    encoded,
    new_store,
    random_article,
    unit,
    vectors_in,
)
from oracle import Row, admits, bm25, by_date, count, folded, has_a_word, stems

import search.store.codes as codes
import search.store.neighbours as neighbours
from search.store import LocalStore
from search.types import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Contains,
    Count,
    Not,
    OneOf,
    Published,
    Undated,
    UrlHas,
)

ALL = 10**6


def one_of_field(field, values):
    return st.builds(
        OneOf, st.just(field), st.lists(st.sampled_from(list(values)), max_size=3).map(tuple)
    )


PHRASES = st.lists(st.sampled_from(list(WORDS)), min_size=1, max_size=3).map(" ".join)
DAY_OR_NONE = st.none() | st.sampled_from(DAYS)
ON_METADATA = st.one_of(
    one_of_field("source", SOURCES),
    one_of_field("author", AUTHORS),
    one_of_field("section", SECTIONS),
    one_of_field("language", [*LANGUAGES, "EN", "fr"]),
    st.builds(Published, DAY_OR_NONE, DAY_OR_NONE),
    st.just(Undated()),
    st.builds(UrlHas, st.sampled_from(["news.example", "NEWS.example/1", "/2", "a*", "?", "x"])),
)


def nested(leaves):
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
            st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
        ),
        max_leaves=6,
    )


CONDITIONS = nested(
    st.one_of(
        ON_METADATA,
        st.builds(Contains, PHRASES, in_title=st.booleans()),
        st.builds(Contains, PHRASES, within=st.integers(0, 4), in_title=st.booleans()),
        st.builds(
            Contains,
            st.sampled_from(["fl", "Flo", "floods", "rat", "ca", "2", "x"]),
            is_prefix=st.just(True),
            in_title=st.booleans(),
        ),
    )
)
WAYS = ("exact", "flat", "codes")
few = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@dataclass
class Room:
    """A store and what is in it, in the order of storing."""

    store: LocalStore = field(repr=False)
    rows: list[Row] = field(repr=False)
    folder: Path | None = field(default=None, repr=False)


@pytest.fixture(scope="module")
def newsrooms(tmp_path_factory):
    """A store that everything happened to, and one with codes beside a tail."""
    patch = pytest.MonkeyPatch()
    made = {"flat": _lived_in(tmp_path_factory.mktemp("flat"), 60, seed=1)}
    patch.setattr(codes, "FLAT_ROWS", 140)
    made["codes"] = _lived_in(tmp_path_factory.mktemp("codes"), 200, seed=2)
    patch.undo()
    with made["codes"].store.snapshot() as snapshot:
        assert snapshot._derived.neighbours.uncovered > 20
    assert list(made["codes"].folder.glob("ann-*"))
    assert not list(made["flat"].folder.glob("ann-*"))
    return made


def _lived_in(root, articles, *, seed):
    rng = np.random.default_rng(seed)
    store, live = new_store(root / "index"), {}
    numbers = [*range(articles), *range(0, articles, 7)]  # every seventh is updated
    with store.writer() as writing:
        for start in range(0, len(numbers), 40):
            batch = [
                encoded(random_article(rng, number), int(rng.integers(0, 5)))
                for number in numbers[start : start + 40]
            ]
            writing.upsert(batch)
            for one in batch:
                live.pop(one.article.id, None)
                live[one.article.id] = one
        gone = [f"a{number}" for number in range(3, articles, 11)]
        writing.remove(gone)
    for name in gone:
        del live[name]
    with store.snapshot() as snapshot:
        rows = [
            Row(one.article, passage, vector)
            for one in live.values()
            if one.passages
            for passage, vector in zip(
                one.passages, vectors_in(snapshot, one.article.id), strict=True
            )
        ]
    return Room(store, rows, root / "index" / "g0001")


@contextmanager
def forced(way):
    """Make the planner take one way; candidates few, so that the codes have to choose."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(neighbours, "GATHER_ROWS", ALL if way == "exact" else 0)
        patch.setattr(neighbours, "GATHER_SHARE", 0)
        patch.setattr(neighbours, "MIN_CANDIDATES", 100)
        yield


def room_for(newsrooms, way):
    return newsrooms["codes" if way == "codes" else "flat"]


def passage_ids(snapshot, refs):
    return [passage.id for _, passage in snapshot.fetch(refs)]


def query_vector(seed):
    return unit(np.random.default_rng(seed).normal(size=DIM))


@pytest.mark.parametrize("way", WAYS)
@given(condition=CONDITIONS, words=PHRASES, seed=st.integers(0, 99), depth=st.integers(1, 30))
@few
def test_candidates_are_admitted_scored_exactly_and_enough(
    newsrooms, way, condition, words, seed, depth
):
    room, query = room_for(newsrooms, way), query_vector(seed)
    admitted = {row.passage.id: row for row in room.rows if admits(condition, row)}
    with room.store.snapshot() as snapshot, forced(way):
        found = snapshot.candidates(
            encode=lambda: query, words=words, condition=condition, depth=depth
        )
        names = passage_ids(snapshot, found.refs)
        everywhere = snapshot.candidates(encode=None, words=words, condition=EVERYTHING, depth=ALL)
        keyword_scores = dict(
            zip(passage_ids(snapshot, everywhere.refs), everywhere.bm25, strict=True)
        )
    assert found.matched == count(list(admitted.values()))
    assert len(set(names)) == len(names) >= min(depth, len(admitted))
    assert set(names) <= set(admitted)
    cosines = {name: float(row.vector @ query) for name, row in admitted.items()}
    assert found.cosine == pytest.approx([cosines[name] for name in names], abs=1e-5)
    assert found.bm25 == pytest.approx([keyword_scores.get(name, 0.0) for name in names], rel=1e-5)
    if found.strategy in ("exact", "flat"):
        best = sorted(cosines.values(), reverse=True)[:depth]
        assert sorted(found.cosine.tolist(), reverse=True)[:depth] == pytest.approx(best, abs=1e-5)
    best_by_words = sorted(
        (keyword_scores[name] for name in admitted if name in keyword_scores), reverse=True
    )[:depth]
    ours = sorted((score for score in found.bm25.tolist() if score > 0), reverse=True)[:depth]
    assert ours == pytest.approx(best_by_words, rel=1e-5)


@pytest.mark.parametrize("way", WAYS)
def test_every_way_is_taken_and_finds_the_nearest(newsrooms, way):
    room, shares = room_for(newsrooms, way), []
    undated_left_out = Not(Undated())
    cosines = [row.vector for row in room.rows if admits(undated_left_out, row)]
    with room.store.snapshot() as snapshot, forced(way):
        for seed in range(100):
            query = query_vector(seed)
            found = snapshot.candidates(
                encode=lambda query=query: query, words=None, condition=undated_left_out, depth=10
            )
            assert found.strategy == ("IVF1,RaBitQfs" if way == "codes" else way)
            tenth = np.sort(np.array(cosines) @ query)[-10]
            shares.append(np.mean(np.sort(found.cosine)[-10:] >= tenth - 1e-6))
    if way == "codes":  # 16 dimensions are far below what the codes are meant for
        assert np.mean(shares) > 0.8
    else:
        assert shares == [1.0] * 100


@given(condition=CONDITIONS, words=PHRASES, depth=st.sampled_from([1, 5, ALL]))
@few
def test_keywords_alone_give_exactly_the_passages_that_hold_a_word(
    newsrooms, condition, words, depth
):
    room = newsrooms["flat"]
    holding = [row for row in room.rows if admits(condition, row) and has_a_word(words, row)]
    with room.store.snapshot() as snapshot:
        found = snapshot.candidates(encode=None, words=words, condition=condition, depth=depth)
        names = passage_ids(snapshot, found.refs)
    assert found.matched == count(holding)
    assert (found.cosine, found.strategy, found.scored) == (None, "none", 0)
    assert len(names) == min(depth, len(holding))
    assert set(names) <= {row.passage.id for row in holding}
    assert (found.bm25 > 0).all()


@given(words=PHRASES)
@few
def test_keyword_scores_are_bm25(tmp_path_factory, words):
    room = _never_changed(tmp_path_factory)
    expected = bm25(words, room.rows)
    with room.store.snapshot() as snapshot:
        found = snapshot.candidates(encode=None, words=words, condition=EVERYTHING, depth=ALL)
        ours = dict(zip(passage_ids(snapshot, found.refs), found.bm25.tolist(), strict=True))
    assert ours == pytest.approx(expected, rel=1e-4)


def _never_changed(tmp_path_factory, rooms=[]):  # noqa: B006  built once
    """Dead passages count in the statistics until tantivy merges them away: here are none."""
    if not rooms:
        rng = np.random.default_rng(3)
        batch = [encoded(random_article(rng, number), 2) for number in range(50)]
        store = new_store(tmp_path_factory.mktemp("bm25") / "index")
        with store.writer() as writing:
            writing.upsert(batch)
        rows = [Row(one.article, part, None) for one in batch for part in one.passages]
        rooms.append(Room(store, rows))
    return rooms[0]


@given(condition=CONDITIONS)
@few
def test_counts_owners_and_browsing_agree_with_the_articles(newsrooms, condition):
    room = newsrooms["flat"]
    admitted = [row for row in room.rows if admits(condition, row)]
    with room.store.snapshot() as snapshot:
        assert snapshot.count(condition) == count(admitted)
        owners = snapshot.owners_of(condition)
        first_refs, matched = snapshot.browse(condition, newest_first=True, offset=0, limit=ALL)
        assert matched == count(admitted)
        owner_ids = {article.id for article, _ in snapshot.fetch(first_refs)}
        assert len(set(owners)) == len(owners) == len(owner_ids)
        for newest_first in (True, False):
            refs, _ = snapshot.browse(condition, newest_first=newest_first, offset=0, limit=ALL)
            names = passage_ids(snapshot, refs)
            assert names == by_date(admitted, newest_first=newest_first)


@given(condition=CONDITIONS, limit=st.integers(1, 50), newest_first=st.booleans())
@few
def test_paging_reaches_every_admitted_passage_once(newsrooms, condition, limit, newest_first):
    room = newsrooms["flat"]
    with room.store.snapshot() as snapshot:
        whole, matched = snapshot.browse(condition, newest_first=newest_first, offset=0, limit=ALL)
        paged = []
        for offset in range(0, matched.passages + limit, limit):
            page, _ = snapshot.browse(
                condition, newest_first=newest_first, offset=offset, limit=limit
            )
            paged += page
    assert paged == whole
    assert len(set(paged)) == matched.passages


@given(condition=nested(ON_METADATA))
@few
def test_database_and_keywords_admit_the_same(newsrooms, condition):
    """A condition is read twice: as SQL, and for tantivy when words are asked for too."""
    room = newsrooms["flat"]
    on_words = AllOf((condition, AnyOf((Contains("flood"), Not(Contains("flood"))))))
    with room.store.snapshot() as snapshot:
        assert snapshot.count(condition) == snapshot.count(on_words)
        assert snapshot.owners_of(condition) == snapshot.owners_of(on_words)


@given(condition=nested(ON_METADATA))
@few
def test_facets_count_articles_by_value(newsrooms, condition):
    room = newsrooms["flat"]
    admitted = {row.article.id: row.article for row in room.rows if admits(condition, row)}
    expected = {"source": {}, "author": {}, "section": {}, "language": {}}
    for one in admitted.values():
        add(expected["source"], {SOURCES[one.source]})
        add(expected["author"], {AUTHORS[name] for name in one.authors})
        add(expected["section"], {SECTIONS[one.section]} if one.section else set())
        add(expected["language"], {one.language.lower()} if one.language else set())
    days = Counter(one.day.toordinal() for one in admitted.values() if one.day)
    with room.store.snapshot() as snapshot:
        of_all = snapshot.tally_of_all(condition)
        assert snapshot.tally(snapshot.owners_of(condition)) == of_all
    assert of_all.days == days
    known = {"source": SOURCES, "author": AUTHORS, "section": SECTIONS}
    ours = {
        field: {
            known.get(field, {}).get(value, value.lower()): number
            for value, number in of_all.values.get(field, {}).items()
        }
        for field in expected
    }
    assert ours == expected


def add(counts, values):
    for value in values:
        counts[value] = counts.get(value, 0) + 1


@given(data=st.data(), articles=st.integers(0, 12), seed=st.integers(0, 2**31))
@settings(few, max_examples=10)
def test_small_newsrooms_of_any_shape(tmp_path_factory, data, articles, seed):
    room = _lived_in(tmp_path_factory.mktemp("small"), articles, seed=seed)
    condition, words = data.draw(CONDITIONS), data.draw(PHRASES)
    admitted = [row for row in room.rows if admits(condition, row)]
    query = query_vector(seed)
    with room.store.snapshot() as snapshot:
        found = snapshot.candidates(
            encode=lambda: query, words=words, condition=condition, depth=ALL
        )
        assert sorted(passage_ids(snapshot, found.refs)) == sorted(
            row.passage.id for row in admitted
        )
        assert found.matched == count(admitted)
    room.store.close()


# Words side by side


def test_a_phrase_never_reaches_from_the_title_into_the_passage(tmp_path):
    store = new_store(tmp_path / "index")
    with store.writer() as writing:
        writing.upsert([encoded(article(0, title="The bank", text="vote on rates today"), 1)])
    with store.snapshot() as snapshot:
        held = [
            snapshot.count(Contains(text)).passages
            for text in ("the bank", "vote on rates", "bank vote", "bank vote on", "vote rates")
        ]
    assert held == [1, 1, 0, 0, 0]


def test_punctuation_apostrophes_and_decomposed_accents_do_not_hide_words(tmp_path):
    text = "Zürich’s vote: «café-bar» re-opened"
    store = new_store(tmp_path / "index")
    with store.writer() as writing:
        writing.upsert([encoded(article(0, text=text), 1)])
    asked = ("zu\u0308rich", "ZURICH S VOTE", "cafe bar", "café-bar re-opened", "“re opened”")
    with store.snapshot() as snapshot:
        assert [snapshot.count(Contains(text)).passages for text in asked] == [1] * 5
        found = snapshot.candidates(
            encode=None, words="zu\u0308rich", condition=EVERYTHING, depth=1
        )
    assert found.matched == Count(1, 1)


def test_words_that_are_no_words_match_nothing(tmp_path):
    store = new_store(tmp_path / "index")
    with store.writer() as writing:
        writing.upsert([encoded(article(0))])
    with store.snapshot() as snapshot:
        for words in ("", "?!", "\u200b", "…"):
            found = snapshot.candidates(encode=None, words=words, condition=EVERYTHING, depth=9)
            assert (found.refs.tolist(), found.matched) == ([], Count())
            both = snapshot.candidates(
                encode=lambda: query_vector(0), words=words, condition=EVERYTHING, depth=9
            )
            assert (len(both.refs), both.bm25.tolist()) == (3, [0.0] * 3)


def test_a_cosine_is_never_beyond_one(tmp_path):
    """Half precision makes some vectors a little longer than 1."""
    rng = np.random.default_rng(0)
    vectors = np.apply_along_axis(unit, 1, rng.normal(size=(500, DIM))).astype(np.float16)
    index = neighbours.Neighbours(vectors)
    for row in vectors:
        found = index.nearest(unit(row), 1, None, 500)
        assert found.cosines[0] <= 1.0


# Long conditions


@pytest.mark.parametrize("size", [1_000, 40_000, 300_000])
def test_a_field_may_have_any_number_of_values(newsrooms, size):
    room = newsrooms["flat"]
    condition = OneOf("source", (*map(str, range(size)), "cnn"))
    expected = count([row for row in room.rows if admits(OneOf("source", ("CNN",)), row)])
    with room.store.snapshot() as snapshot:
        assert snapshot.count(condition) == expected
        if size == 1_000:
            assert (
                snapshot.count(AllOf((condition, Not(Contains("vote 2024 vote 2024"))))) == expected
            )


@pytest.mark.parametrize("size", [999, 1_001, 3_000])
def test_conditions_may_be_joined_in_any_number(newsrooms, size):
    room = newsrooms["flat"]
    days = [Published(date.fromordinal(1 + day)) for day in range(size)]
    last = date.fromordinal(size)
    expected = count([row for row in room.rows if admits(Published(last), row)])
    dated = count([row for row in room.rows if admits(Published(), row)])
    with room.store.snapshot() as snapshot:
        assert snapshot.count(AllOf(tuple(days))) == expected
        assert snapshot.count(AnyOf(tuple(days))) == dated
        assert snapshot.count(AllOf((*days, Not(Contains("vote 2024 vote 2024"))))) == expected


def test_a_word_that_only_the_dead_held_is_rare_and_no_more(tmp_path):
    store = new_store(tmp_path / "index")
    with store.writer() as writing:
        writing.upsert([encoded(article(number)) for number in range(20)])
        writing.remove([f"a{number}" for number in range(1, 20)])
    with store.snapshot() as snapshot:
        assert snapshot.rarity("flood") > 0
        assert snapshot.rarity("nowher") > snapshot.rarity("flood")


@given(words=PHRASES, seed=st.integers(0, 99))
@few
def test_what_stands_in_a_passage_is_what_a_slow_reading_finds(newsrooms, words, seed):
    room = newsrooms["flat"]
    with room.store.snapshot() as snapshot:
        found = snapshot.candidates(
            encode=lambda: query_vector(seed), words=None, condition=EVERYTHING, depth=20
        )
        standing = snapshot.standing(words, found.refs)
        shares = snapshot.share_held(words, found.refs)
        names = passage_ids(snapshot, found.refs.tolist())
        forms = list(dict.fromkeys(stems(words)))
        assert standing.idf.tolist() == pytest.approx([snapshot.rarity(form) for form in forms])
    rows = {row.passage.id: row for row in room.rows}
    pairs = [pair for pair in dict.fromkeys(pairwise(folded(words))) if pair[0] != pair[1]]
    firsts = {row.article.id: row for row in reversed(room.rows)}
    scores = bm25(words, room.rows)
    for place, name in enumerate(names):
        row = rows[name]
        both = stems(row.article.title) + stems(row.passage.text)
        assert shares[place] == pytest.approx(
            standing.holds[place] @ standing.idf / standing.idf.sum()
        )
        assert standing.holds[place].tolist() == [form in both for form in forms]
        whole = [*folded(row.article.title), ""] if folded(row.article.title) else []
        whole += folded(row.passage.text)
        near = [
            any(
                (one, other) == pair
                for one, other in [*pairwise(whole), *zip(whole[:-2], whole[2:], strict=True)]
            )
            for pair in pairs
        ]
        assert standing.together[place].tolist() == near
        first = firsts[row.article.id].passage.id
        assert standing.lead_bm25[place] == pytest.approx(scores.get(first, 0), rel=0.15, abs=1e-6)
        assert standing.passages[place] == sum(
            other.article.id == row.article.id for other in room.rows
        )
