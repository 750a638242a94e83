"""What happens to an index in its life: every change, reopening, losing what is derived."""

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import product

import numpy as np
import pytest
from answers import assert_holds, assert_remembers, everything
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from newsroom import (
    DIM,
    SETTINGS,
    article,
    changed,
    encoded,
    new_store,
    remembered,
    replaced_by,
    vector_of,
    vectors_in,
)

import search.store.codes as codes
from search.errors import ArticleNotFound, IndexNotFound
from search.store import EncodedArticle, LocalStore
from search.store.keywords import folder_name
from search.types import EVERYTHING, AllOf, Article, Contains, Count, OneOf, Passage


@pytest.fixture
def store(tmp_path):
    return new_store(tmp_path / "index")


def stored(store, *batches):
    """What `upsert` says of each batch."""
    with store.writer() as writing:
        return [writing.upsert(batch) for batch in batches]


def changes(store, *articles):
    with store.writer() as writing:
        return writing.changes(articles)


def test_nothing_is_there_before_and_an_empty_index_answers(tmp_path):
    with pytest.raises(IndexNotFound, match=r"no index at .*index/; make one with"):
        LocalStore(tmp_path / "index")
    store = new_store(tmp_path / "index")
    assert store.check() == []
    with store.snapshot() as snapshot:
        assert snapshot.count(EVERYTHING) == snapshot.count(Contains("flood")) == Count()
        assert snapshot.browse(EVERYTHING, newest_first=True, offset=0, limit=9) == ([], Count())
        found = snapshot.candidates(
            encode=lambda: vector_of("q"), words="flood", condition=EVERYTHING, depth=9
        )
        assert (found.refs.tolist(), found.matched, found.strategy) == ([], Count(), "none")
        stats = snapshot.stats()
        assert (stats.articles, stats.first, stats.committed) == (0, None, None)
        for ask in (snapshot.article, snapshot.passages, snapshot.refs_of):
            with pytest.raises(ArticleNotFound, match="no article or passage 'a1'"):
                ask("a1")


def test_creating_again_opens_what_is_there(store):
    stored(store, [encoded(article(0))])
    again = LocalStore.create(store.root, dim=DIM, **SETTINGS)
    assert_holds(again, {"a0": encoded(article(0))})


def test_added_then_updated_then_unchanged(store):
    first, second = encoded(article(0)), encoded(article(0, version=1))
    assert changes(store, first.article) == ["added"]
    assert stored(store, [first]) == [["added"]]
    assert changes(store, first.article, second.article) == ["unchanged", "updated"]
    assert stored(store, [second]) == [["updated"]]
    assert_holds(store, {"a0": second})
    assert store.check() == []


def test_a_version_seen_before_counts_as_unchanged(store):
    stored(store, [encoded(article(0))], [encoded(article(0, version=1))])
    assert changes(store, article(0), article(0, version=1)) == ["unchanged", "unchanged"]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Another title"},
        {"title": None},
        {"source": "BBC"},
        {"authors": ("Ana Lima",)},
        {"published": date(2024, 1, 1)},
        {"published": None},
        {"updated": True},
        {"url": "https://news.example/0"},
        {"section": "World"},
        {"language": "en"},
        {"text": article(0).text + "."},
    ],
    ids=str,
)
def test_every_field_that_is_shown_makes_a_new_version(store, change):
    stored(store, [encoded(article(0))])
    assert changes(store, replace(article(0), **change)) == ["updated"]


def test_how_a_file_was_read_makes_no_new_version(store):
    stored(store, [encoded(article(0))])
    assert changes(store, replace(article(0), extras={"flags": ["guessed"]})) == ["unchanged"]


def test_the_same_url_under_another_id_replaces(store):
    url = "https://news.example/story"
    old = encoded(article(0, url=url))
    new = encoded(article(1, url=url))
    assert stored(store, [old]) == [["added"]]
    assert changes(store, new.article) == ["updated"]
    assert stored(store, [new]) == [["updated"]]
    assert_holds(store, {"a1": new})
    assert changes(store, old.article) == ["unchanged"]  # its versions went over
    with store.writer() as writing:
        assert writing.remove(["a1"]) == Count(3, 1)
    assert changes(store, old.article, new.article) == ["added", "added"]


def test_an_article_may_replace_two(store):
    url = "https://news.example/story"
    stored(store, [encoded(article(0)), encoded(article(1, url=url)), encoded(article(2))])
    both = encoded(article(0, version=1, url=url))
    assert stored(store, [both]) == [["updated"]]
    assert_holds(store, {"a0": both, "a2": encoded(article(2))})


def test_articles_without_url_never_replace_each_other(store):
    stored(store, [encoded(article(number, url=None)) for number in range(3)])
    assert store.state().articles == 3


def test_removed_then_added_again(store):
    kept, gone = encoded(article(0)), encoded(article(1))
    stored(store, [kept, gone])
    with store.writer() as writing:
        assert writing.remove(["a1", "a1", "never there"]) == Count(3, 1)
    assert_holds(store, {"a0": kept})
    with store.snapshot() as snapshot, pytest.raises(ArticleNotFound):
        snapshot.article("a1")
    assert changes(store, gone.article) == ["added"]
    assert stored(store, [gone]) == [["added"]]
    assert_holds(store, {"a0": kept, "a1": gone})


def test_removing_forgets_the_versions_seen_before(store):
    stored(store, [encoded(article(0))], [encoded(article(0, version=1))])
    with store.writer() as writing:
        writing.remove(["a0"])
    stored(store, [encoded(article(0, version=1))])
    assert changes(store, article(0)) == ["updated"]


def test_the_dead_take_no_places_among_the_best(store):
    """They are in the keywords until the next commit."""
    with store.writer() as writing:
        writing.upsert([encoded(article(number)) for number in range(6)])
        writing.remove([f"a{number}" for number in range(5)])
        with store.snapshot() as snapshot:
            for words, depth in product(("flood warnings", "number5"), (1, 2, 9)):
                found = snapshot.candidates(
                    encode=None, words=words, condition=EVERYTHING, depth=depth
                )
                assert len(found.refs) == min(depth, 3)
                assert {one.id for one, _ in snapshot.fetch(found.refs)} == {"a5"}


def test_the_last_of_an_article_within_a_batch_wins(store):
    versions = [encoded(article(0, version)) for version in range(3)]
    assert stored(store, versions) == [["added", "updated", "updated"]]
    assert_holds(store, {"a0": versions[-1]})
    assert store.check() == []


def test_an_empty_batch_and_removing_nothing_change_nothing(store):
    stored(store, [encoded(article(0))], [])
    with store.writer() as writing:
        assert writing.remove([]) == writing.remove(["nobody"]) == Count()
    assert_holds(store, {"a0": encoded(article(0))})


def test_articles_without_passages_are_kept_but_never_found(store):
    silent = [encoded(article(number, version=0), passages=0) for number in (0, 2, 4)]
    heard = [encoded(article(number)) for number in (1, 3)]
    stored(store, [silent[0], heard[0], silent[1], heard[1], silent[2]])
    assert store.check() == []
    assert_holds(store, {one.article.id: one for one in silent + heard})
    with store.snapshot() as snapshot:
        assert snapshot.stats().articles == 5
        assert vectors_in(snapshot, "a0").shape == (0, DIM)
        for condition in (EVERYTHING, OneOf("source", ("cnn",)), Contains("flood")):
            refs, matched = snapshot.browse(condition, newest_first=True, offset=0, limit=99)
            assert matched == snapshot.count(condition) == Count(6, 2)
            assert {found.id for found, _ in snapshot.fetch(refs)} == {"a1", "a3"}
            assert len(snapshot.owners_of(condition)) == 2
        assert snapshot.tally_of_all(EVERYTHING).values["source"] == {"CNN": 2}
    spoken = encoded(article(0, version=1))
    stored(store, [spoken])
    with store.snapshot() as snapshot:
        assert snapshot.count(EVERYTHING) == Count(9, 3)
    assert store.check() == []


def test_passages_with_the_same_words_are_two(store):
    text = "flood warnings flood warnings"
    passages = (Passage("p", "a0", 0, 0, 14, text[:14]), Passage("p", "a0", 1, 15, 29, text[15:]))
    vectors = np.array([vector_of("one"), vector_of("two")])
    stored(store, [EncodedArticle(Article("a0", text), passages, vectors)])
    with store.snapshot() as snapshot:
        assert snapshot.passages("a0") == passages
        assert snapshot.count(Contains("flood")) == Count(2, 1)


def test_an_article_comes_back_as_it_was(store):
    """Everything of it, with text that is hostile to JSON, SQL and C strings."""
    whole = Article(
        id='a"0\\',
        text="flood warnings '; DROP TABLE article; --\0after nul \U0001f30a \u202e",
        title="NUL\0title\ttab",
        source="Out\0let '\"",
        authors=("Ana, Lima", "O'Neil", 'Bo "Ek"'),
        published=datetime(2024, 2, 29, 23, 59, 59, 5, timezone(-timedelta(hours=9, minutes=30))),
        published_precision="second",
        published_from="metadata",
        updated=date(2024, 3, 1),
        url="https://news.example/a?b=c&d#é",
        section="%_",
        language="sr-Latn-RS",
        extras={"flags": ["guessed"], "deep": {"list": [1, 2.5, None, True]}},
    )
    rough = replace(whole, id="b", url=None, updated=True, published=datetime(1, 1, 1))
    stored(store, [encoded(whole, 1), encoded(rough, 1)])
    with store.snapshot() as snapshot:
        assert snapshot.article(whole.id) == whole
        assert snapshot.article("b") == rough
        assert snapshot.passages(whole.id)[0].text == whole.text
        for field, value in (
            ("source", "out\0LET '\""),
            ("author", "ana, lima"),
            ("section", "%_"),
            ("language", "SR"),
        ):
            assert snapshot.count(OneOf(field, (value,))) == Count(2, 2)
            # read for tantivy too
            both = AllOf((OneOf(field, (value,)), Contains("flood")))
            assert snapshot.count(both) == Count(2, 2)
    assert store.check() == []


@pytest.mark.parametrize(
    "published",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(-timedelta(hours=12))),
        date(1, 1, 1),
        date(9999, 12, 31),
        datetime(1970, 1, 1, tzinfo=UTC),
    ],
    ids=str,
)
def test_moments_at_the_ends_of_the_calendar(store, published):
    stored(store, [encoded(article(0, published=published)), encoded(article(1, published=None))])
    with store.snapshot() as snapshot:
        assert snapshot.article("a0").published == published
        refs, _ = snapshot.browse(EVERYTHING, newest_first=False, offset=0, limit=2)
        assert [found.id for found, _ in snapshot.fetch(refs)] == ["a0", "a1"]


@pytest.mark.parametrize("size", [300, 70_000, 400_000])
def test_very_long_values_filter_alike_with_and_without_words(store, size):
    long = "x" * size
    stored(store, [encoded(article(0, source=long, authors=(long + "1",), title=long))])
    stored(store, [encoded(article(1, source=long + "2"))])
    with store.snapshot() as snapshot:
        for condition in (OneOf("source", (long,)), OneOf("author", (long.upper() + "1",))):
            assert snapshot.count(condition) == Count(3, 1)
            assert snapshot.count(AllOf((condition, Contains("flood")))) == Count(3, 1)
    assert store.check() == []


@pytest.mark.parametrize("vectors", [(3, DIM + 1), (3, DIM // 2), (2, DIM), (3 * DIM,)], ids=str)
def test_vectors_of_another_shape_are_refused_before_anything_is_stored(store, vectors):
    good = encoded(article(0))
    stored(store, [good])
    bad = replace(encoded(article(1)), vectors=np.ones(vectors, np.float32))
    with store.writer() as writing:
        with pytest.raises(ValueError, match=rf"article 'a1' has vectors of shape .*\(3, {DIM}\)"):
            writing.upsert([encoded(article(2)), bad])
        writing.upsert([encoded(article(3))])
    assert_holds(store, {"a0": good, "a3": encoded(article(3))})
    assert store.check() == []


@pytest.mark.parametrize("row", [np.zeros(DIM), np.full(DIM, np.nan), np.ones(DIM)], ids=str)
def test_vectors_that_are_no_directions_are_refused(store, row):
    bad = encoded(article(1))
    bad.vectors[1] = row
    with (
        store.writer() as writing,
        pytest.raises(ValueError, match="'a1' has vectors that are not of length 1"),
    ):
        writing.upsert([encoded(article(0)), bad])
    assert_holds(store, {})


def test_after_a_batch_that_fails_the_same_writer_goes_on(store):
    """A lone surrogate is no text: no file can hold it."""
    stored(store, [encoded(article(0))])
    with store.writer() as writing:
        with pytest.raises(ValueError, match="surrogates not allowed"):
            writing.upsert([encoded(article(1)), encoded(article(2, title="\ud800"))])
        with store.snapshot() as snapshot:
            assert snapshot.count(EVERYTHING) == Count(3, 1)
        assert writing.upsert([encoded(article(1))]) == ["added"]
    assert_holds(store, {"a0": encoded(article(0)), "a1": encoded(article(1))})
    assert store.check() == []


def test_an_error_in_the_writers_block_keeps_what_was_committed(store):
    def add_and_fail():
        with store.writer() as writing:
            writing.upsert([encoded(article(0))])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        add_and_fail()
    assert_holds(store, {"a0": encoded(article(0))})
    stored(store, [encoded(article(1))])
    assert store.check() == []


# Reopening, and what is derived


def lived_in(store, monkeypatch):
    """Many batches with updates and removals; codes beside a tail."""
    monkeypatch.setattr(codes, "FLAT_ROWS", 60)
    with store.writer() as writing:
        for start in range(0, 40, 8):
            writing.upsert([encoded(article(number)) for number in range(start, start + 8)])
        writing.upsert([encoded(article(number, version=1)) for number in range(0, 40, 9)])
        writing.remove([f"a{number}" for number in range(1, 40, 10)])
        writing.upsert([encoded(article(number)) for number in range(40, 44)])
    assert len(codes.code_files(live(store))) in (1, 2)


def live(store):
    (folder,) = store.root.glob("g*")
    return folder


def test_reopening_gives_the_same_answers(store, monkeypatch):
    lived_in(store, monkeypatch)
    before = everything(store)
    store.close()
    again = LocalStore(store.root)
    assert everything(again) == before
    with again.writer():
        pass
    assert everything(again) == before


def test_every_derived_file_can_be_lost(store, monkeypatch):
    lived_in(store, monkeypatch)
    before = everything(store, scores=False)
    store.close()
    for path in codes.code_files(live(store)):
        path.unlink()
    (live(store) / "owners.u32").unlink()
    shutil.rmtree(live(store) / folder_name())
    again = LocalStore(store.root)
    with again.writer():
        pass
    assert again.check() == []
    assert everything(again, scores=False) == before
    assert len(codes.code_files(live(store))) == 1


def test_an_index_made_before_there_were_sentence_codes(store):
    """It is read as it is; what is added to it has them, and a compaction keeps those."""
    stored(store, [encoded(article(number)) for number in range(4)])
    store.close()
    with closing(sqlite3.connect(live(store) / "meta.db")) as database:
        database.execute("DROP TABLE sentence_code")
    again = LocalStore(store.root)

    def codes_of(name):
        with again.snapshot() as snapshot:
            return snapshot.sentence_codes(snapshot.refs_of(name))

    assert codes_of("a1") == [None] * 3
    assert again.check() == []
    new = encoded(article(7))
    stored(again, [new])
    again.compact()
    assert codes_of("a1") == [None] * 3
    assert codes_of("a7") == list(new.sentence_codes)
    assert again.check() == []


def test_rebuilt_keywords_score_as_those_written(store):
    """Where nothing died there is nothing that BM25 could still count."""
    stored(store, [encoded(article(number)) for number in range(20)])
    before = everything(store)
    shutil.rmtree(live(store) / folder_name())
    again = LocalStore(store.root)
    with again.writer():
        pass
    assert everything(again) == before


def test_codes_of_another_faiss_are_ignored_and_made_again(store, monkeypatch):
    lived_in(store, monkeypatch)
    before = everything(store, scores=False)
    (newest,) = codes.code_files(live(store))[-1:]
    for path in codes.code_files(live(store)):
        path.rename(path.with_name(path.name.replace(path.name[18:], "-0.0.1.faiss")))
    newest.with_name("ann-000000000999-1-0.0.1.faiss").write_bytes(b"no index at all")
    again = LocalStore(store.root)
    assert codes.code_files(live(store)) == []
    assert everything(again, scores=False) == before
    with again.writer():
        pass
    assert len(codes.code_files(live(store))) == 1
    assert everything(again, scores=False) == before
    assert again.check() == []


def test_tombs_leave_the_keywords_with_the_writer(store):
    stored(store, [encoded(article(number)) for number in range(5)])
    with store.writer() as writing:
        writing.remove(["a1", "a2"])
    assert store._now_live().files.keywords.reader().passages == store.state().passages == 9


class Life(RuleBasedStateMachine):
    """Any order of changes, held against a plain dictionary."""

    numbers = st.integers(0, 4)
    urls = st.none() | st.sampled_from(["https://news.example/x", "https://news.example/y"])
    specs = st.lists(st.tuples(numbers, st.integers(0, 2), urls, st.integers(0, 3)), max_size=4)

    @initialize()
    def create(self):
        self.folder = self.new_folder()
        self.store, self.model = new_store(self.folder / "index"), {}
        self.histories = {}

    @rule(specs=specs)
    def upsert(self, specs):
        batch = [
            encoded(article(number, version, url=url), passages)
            for number, version, url, passages in specs
        ]
        expected = []
        for one in batch:
            expected.append("updated" if replaced_by(one.article, self.model) else "added")
            self.histories = remembered(self.histories, self.model, "upsert", [one])
            self.model = changed(self.model, "upsert", [one])
        assert stored(self.store, batch) == [expected]

    @rule(gone=st.lists(numbers, max_size=3))
    def remove(self, gone):
        names = {f"a{number}" for number in gone} & set(self.model)
        passages = sum(len(self.model[name].passages) for name in names)
        self.histories = remembered(self.histories, self.model, "remove", names)
        self.model = changed(self.model, "remove", names)
        with self.store.writer() as writing:
            removed = writing.remove([f"a{number}" for number in gone])
        assert removed == Count(passages, len(names))

    @rule()
    def reopen(self):
        self.store.close()
        self.store = LocalStore(self.folder / "index")

    @rule()
    def compact(self):
        self.store.compact()
        assert self.store.state().slots == self.store.state().passages

    @rule()
    def lose_what_is_derived(self):
        shutil.rmtree(live(self.store) / folder_name())
        (live(self.store) / "owners.u32").unlink()
        self.reopen()
        with self.store.writer():
            pass

    @invariant()
    def holds(self):
        if hasattr(self, "model"):
            assert_holds(self.store, self.model)
            assert_remembers(self.store, self.model, self.histories)

    def teardown(self):
        if hasattr(self, "model"):
            assert self.store.check() == []
            self.store.close()


def test_any_order_of_changes(tmp_path_factory):
    Life.new_folder = staticmethod(lambda: tmp_path_factory.mktemp("life"))
    case = Life.TestCase()
    case.settings = settings(
        max_examples=12, stateful_step_count=12, deadline=None, derandomize=True
    )
    case.runTest()
