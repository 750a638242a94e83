"""Keywords: a tantivy index of the passages, derived from the database. The door for tantivy.

A commit of the store adds its passages here *before* SQLite commits and deletes the dead ones
*after*: at any instant this index holds every passage that is committed. What it holds besides
(passages not committed yet, or dead and not purged yet) is dropped by slot, so a reader's answers
are those of its generation.
"""

from __future__ import annotations

import hashlib
import math
import shutil
import threading
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import tantivy
from tantivy import Occur, Query

from search.errors import IndexDamaged, StoreError
from search.searched_text import searched_text
from search.store.labels import fold, labels
from search.types import (
    EVERYTHING,
    AllOf,
    AnyOf,
    Article,
    Condition,
    Contains,
    Not,
    OneOf,
    Passage,
    Published,
    Undated,
    UrlHas,
)

if TYPE_CHECKING:
    from search.store.contract import Floats, Ints, Mask

    Pair = tuple[str, str]

FORMAT = 2
"""Grows when the schema or an analyser changes; the writer then rebuilds."""

MOST_CLAUSES = 23
"""So many bits of a whole number a tantivy score, a float of 32 bits, holds exactly."""
_HEAP_BYTES = 64_000_000
_LONGEST_KEY = 1_000
_LONGEST_ADDRESS = 8_000
_PATTERN_SIGNS = frozenset("\\.^$*+?()[]{}|")
_UNDATED = 0  # ordinal 0 is no day, so that "undated" is a term like any other


def folder_name() -> str:
    """The folder that this program reads; another name for every tantivy whose files may differ."""
    return f"lexical-{FORMAT}-{version('tantivy')}"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("exact", stored=False, tokenizer_name="exact", index_option="position")
    builder.add_text_field("title", stored=False, tokenizer_name="exact", index_option="position")
    builder.add_text_field("stem", stored=False, tokenizer_name="stem", index_option="freq")
    builder.add_unsigned_field("slot", stored=False, indexed=True, fast=True)
    builder.add_text_field("label", stored=False, tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("day", stored=False, indexed=True, fast=True)
    return builder.build()


def _analyser(*, stemmed: bool) -> tantivy.TextAnalyzer:
    builder = (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(100))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
    )
    return (builder.filter(tantivy.Filter.stemmer("English")) if stemmed else builder).build()


class Keywords:
    """One folder of keywords; opened when it is first needed, so that a damaged one can be rebuilt.

    Reading raises IndexDamaged when tantivy cannot read what is there, writing raises StoreError
    when the disk does not take it.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._schema = _schema()
        self._exact, self._stem = _analyser(stemmed=False), _analyser(stemmed=True)
        self._index: tantivy.Index | None = None
        self._writer: tantivy.IndexWriter | None = None
        self._reloading = threading.Lock()

    def create(self) -> None:
        """Make the folder, with nothing in it."""
        with self._writable():
            self.folder.mkdir()
            tantivy.Index(self._schema, path=str(self.folder))

    def _opened(self) -> tantivy.Index:
        index = self._index
        if index is None:
            index = tantivy.Index.open(str(self.folder))
            index.config_reader("Manual")
            index.register_tokenizer("exact", self._exact)
            index.register_tokenizer("stem", self._stem)
            self._index = index
        return index

    @contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, OSError) as error:
            msg = f"{self.folder} is damaged: {error}; rebuild it with: news-search doctor --repair"
            raise IndexDamaged(msg) from error

    @contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            yield
        except (ValueError, OSError) as error:
            msg = (
                f"{self.folder} cannot be written (is the disk full?): {error}; "
                "the last commit is intact"
            )
            raise StoreError(msg) from error

    # Writing

    def add(self, article: Article, slots: Iterable[tuple[int, Passage]]) -> None:
        """Add passages; they count after `commit`."""
        writer = self._writing()
        keys = [_term(label.field, label.key) for label in labels(article)]
        if article.url:
            keys.append(_address(article.url))
        day = article.day.toordinal() if article.day else _UNDATED
        for slot, passage in slots:
            document = tantivy.Document()
            if article.title:
                document.add_text("title", _composed(article.title))
            for part in (article.title, searched_text(passage)):
                if part:
                    document.add_text("exact", _composed(part))
                    document.add_text("stem", _composed(part))
            for key in keys:
                document.add_text("label", key)
            document.add_integer("day", day)
            document.add_unsigned("slot", slot)
            with self._writable():
                writer.add_document(document)

    def delete(self, slots: Iterable[int]) -> None:
        """Delete passages; they are gone after `commit`."""
        gone = list(slots)
        if gone:  # by query: tantivy reads a plain Python number as signed, and finds no such term
            query = Query.term_set_query(self._schema, "slot", gone)
            self._writing().delete_documents_by_query(query)

    def delete_from(self, slot: int) -> None:
        """Delete every passage at or beyond `slot`: what was added and never committed."""
        self._writing().delete_documents_by_query(
            Query.range_query(self._schema, "slot", tantivy.FieldType.Unsigned, lower_bound=slot)
        )

    def commit(self) -> None:
        """Make everything since the last commit durable and visible to new readers."""
        with self._writable():
            self._writing().commit()

    def close_writer(self) -> None:
        """Forget everything since the last commit and give the write lock back."""
        if self._writer is not None:
            with suppress(ValueError):  # a merge that failed: what it would have merged is there
                self._writer.wait_merging_threads()
            self._writer = None

    def close(self) -> None:
        """Let go of the files; they are opened anew when they are next needed."""
        self.close_writer()
        self._index = None

    def _writing(self) -> tantivy.IndexWriter:
        if self._writer is None:
            with self._writable():
                self._writer = self._opened().writer(heap_size=_HEAP_BYTES, num_threads=1)
                # A commit that was killed leaves files whose names the next one would take again.
                self._writer.garbage_collect_files()
        return self._writer

    # Reading

    def reader(self) -> KeywordReader:
        """What is committed now; stays as it is while others write."""
        with self._readable(), self._reloading:
            index = self._opened()
            index.reload()  # not for two threads at once
            return KeywordReader(index.searcher(), self._schema, self._exact, self._stem)


class KeywordReader:
    """Questions to one committed state of the keywords. Safe to share between threads."""

    def __init__(
        self,
        searcher: tantivy.Searcher,
        schema: tantivy.Schema,
        exact: tantivy.TextAnalyzer,
        stem: tantivy.TextAnalyzer,
    ) -> None:
        self._searcher, self._schema = searcher, schema
        self._exact, self._stem = exact, stem
        # Of the analyser alone: a cache of a method would hold this reader, and its files.
        self.stem = lru_cache(100_000)(lambda word: " ".join(stem.analyze(_composed(word))))
        """The term that a word is searched by; empty when it is none."""
        self.passages = searcher.num_docs
        """How many passages it holds, dead and uncommitted ones included."""

    def best(self, words: str, condition: Condition, limit: int) -> tuple[Ints, Floats]:
        """The `limit` best admitted passages that hold a word: slots and BM25, best first."""
        query = self._any_word(words)
        if condition != EVERYTHING:
            query = self._both(query, self._admits(condition))
        return self._search(query, limit)

    def scores(self, words: str, slots: Ints) -> Floats:
        """BM25 of these passages for `words`, 0 where none of them stands; in order."""
        query = self._both(self._any_word(words), self._one_of(slots))
        found, scores = self._search(query, len(slots))
        by_slot = dict(zip(found.tolist(), scores.tolist(), strict=True))
        return np.array([by_slot.get(slot, 0.0) for slot in slots.tolist()], np.float32)

    def forms(self, words: str) -> list[str]:
        """The forms under which the words are known, each once, of a long query `MOST_CLAUSES`."""
        return list(dict.fromkeys(self._stem.analyze(_composed(words))))[:MOST_CLAUSES]

    def holding(self, forms: Sequence[str], slots: Ints) -> Mask:
        """Which form stands in which passage: a row a passage, a column a form."""
        terms = [Query.term_query(self._schema, "stem", form, "freq") for form in forms]
        return self._which(self._both(_in_bits(terms), self._one_of(slots)), len(forms), slots)

    def together(
        self, words: str, slots: Ints, forms: Sequence[str], held: Mask
    ) -> tuple[list[Pair], Mask]:
        """Neighbours among the words, and which pair stands in which passage, a column each.

        `held` is what `holding` says of `forms`. Of a long query `MOST_CLAUSES` pairs are looked
        at. A pair is looked for only where both its forms stand: with one selection for all of
        them, tantivy compares the positions in thousands of passages around each.
        """
        exact = self._exact.analyze(_composed(words))
        pairs = list(dict.fromkeys(pair for pair in pairwise(exact) if pair[0] != pair[1]))
        pairs = pairs[:MOST_CLAUSES]
        columns = {form: held[:, column] for column, form in enumerate(forms)}
        anywhere = np.ones(len(slots), np.bool_)
        found = []
        for pair in pairs:
            first, second = (columns.get(self.stem(word), anywhere) for word in pair)
            phrase = Query.phrase_query(self._schema, "exact", list(pair), slop=1)
            found.append(self._both(phrase, self._one_of(slots[first & second])))
        return pairs, self._which(_in_bits(found), len(pairs), slots)

    def _which(self, asked: Query, queries: int, slots: Ints) -> Mask:
        """Which of so many queries finds which passage, where `asked` has them `_in_bits`."""
        found = np.zeros((len(slots), queries), np.bool_)
        if len(slots) == 0 or queries == 0:
            return found
        held, scores = self._search(asked, len(slots))
        order = np.argsort(slots)
        rows = order[np.searchsorted(slots, held, sorter=order)]
        found[rows] = (scores.astype(np.int64)[:, None] >> np.arange(queries)) & 1
        return found

    def _one_of(self, slots: Ints) -> Query:
        return self._any(
            [Query.term_query(self._schema, "slot", slot, "basic") for slot in slots.tolist()]
        )

    def slots(self, condition: Condition, words: str | None = None) -> Ints:
        """Every admitted passage, in no order; with `words`, those that hold one of them."""
        query = self._admits(condition)
        if words is not None:
            query = self._both(self._any_word(words), query)
        return self._search(query, self.passages)[0]

    def rarity(self, stem: str) -> float:
        """The inverse document frequency as BM25 has it: ln(1 + (N - n + 1/2) / (n + 1/2))."""
        holding = min(self._searcher.doc_freq("stem", stem), self.passages)  # it counts the dead
        return math.log1p((self.passages - holding + 0.5) / (holding + 0.5))

    def holders(self, stem: str, most: int) -> Ints | None:
        """The slots of the passages that hold a word's form; None where more than `most` do."""
        if self._searcher.doc_freq("stem", stem) > most:
            return None
        return self._search(Query.term_query(self._schema, "stem", stem, "freq"), most)[0]

    def slots_held(self) -> Ints:
        """The slots of all passages it holds, in no order."""
        return self._search(Query.all_query(), self.passages)[0]

    def _search(self, query: Query, limit: int) -> tuple[Ints, Floats]:
        if limit < 1 or self.passages == 0:
            return np.empty(0, np.int64), np.empty(0, np.float32)
        hits = self._searcher.search(query, limit=limit, count=False).hits
        addresses = [address for _, address in hits]
        slots = self._searcher.fast_field_values("slot", addresses)
        return np.array(slots, np.int64), np.array([score for score, _ in hits], np.float32)

    def _any_word(self, words: str) -> Query:
        terms = dict.fromkeys(self._stem.analyze(_composed(words)))
        return Query.boolean_query(
            [(Occur.Should, Query.term_query(self._schema, "stem", term, "freq")) for term in terms]
        )

    def _both(self, scored: Query, admitting: Query) -> Query:
        silent = Query.const_score_query(admitting, 0.0)
        return Query.boolean_query([(Occur.Must, scored), (Occur.Must, silent)])

    def _admits(self, condition: Condition) -> Query:
        match condition:
            case OneOf(field, values):
                terms = [_term(field, fold(value)) for value in values]
                return self._any([self._label(term) for term in terms])
            case Published(after, before):
                return Query.range_query(
                    self._schema,
                    "day",
                    tantivy.FieldType.Integer,
                    lower_bound=_UNDATED + 1 if after is None else after.toordinal(),
                    upper_bound=None if before is None else before.toordinal() - 1,
                )
            case Undated():
                return Query.term_query(self._schema, "day", _UNDATED, "basic")
            case Contains():
                return self._contains(condition)
            case UrlHas(part):
                pattern = f"{_literal(_address(''))}.*{_literal(_lowered(part))}.*"
                return Query.regex_query(self._schema, "label", pattern)
            case Not(inner):
                clauses = [(Occur.Must, Query.all_query()), (Occur.MustNot, self._admits(inner))]
                return Query.boolean_query(clauses)
            case AllOf(conditions):
                clauses = [(Occur.Must, self._admits(part)) for part in conditions]
                return Query.boolean_query(clauses) if clauses else Query.all_query()
            case AnyOf(conditions):
                return self._any([self._admits(part) for part in conditions])

    def _any(self, queries: Sequence[Query]) -> Query:
        if not queries:
            return Query.empty_query()
        return Query.boolean_query([(Occur.Should, query) for query in queries])

    def _label(self, term: str) -> Query:
        return Query.term_query(self._schema, "label", term, "basic")

    def _contains(self, condition: Contains) -> Query:
        field = "title" if condition.in_title else "exact"
        terms = self._exact.analyze(_composed(condition.text))
        if not terms:  # signs alone, or a word too long to be kept: it stands nowhere
            return Query.empty_query()
        if condition.is_prefix:  # of the last, where signs part it into several
            prefix = Query.regex_query(self._schema, field, f"{_literal(terms[-1])}.*")
            return self._all([*(self._term(field, term) for term in terms[:-1]), prefix])
        if condition.within is None or len(terms) == 1:
            return self._phrase(field, terms)
        pairs = [(one, other) for one, other in pairwise(terms) if one != other]
        near = [self._near(field, pair, condition.within) for pair in pairs]
        return self._all(near or [self._term(field, terms[0])])

    def _near(self, field: str, pair: tuple[str, str], within: int) -> Query:
        """In either order, at most so many words between: tantivy counts a turned pair as two."""
        return self._any(
            [
                Query.phrase_query(self._schema, field, list(ordered), slop=within)
                for ordered in (pair, pair[::-1])
            ]
        )

    def _phrase(self, field: str, terms: list[str]) -> Query:
        if len(terms) == 1:
            return self._term(field, terms[0])
        return Query.phrase_query(self._schema, field, list(terms))

    def _term(self, field: str, term: str) -> Query:
        return Query.term_query(self._schema, field, term, "position")

    def _all(self, queries: Sequence[Query]) -> Query:
        return Query.boolean_query([(Occur.Must, query) for query in queries])


def _in_bits(queries: Sequence[Query]) -> Query:
    """All at once: what a passage scores is the sum of the powers of two of those that find it."""
    return Query.boolean_query(
        [
            (Occur.Should, Query.const_score_query(query, float(1 << bit)))
            for bit, query in enumerate(queries)
        ]
    )


def remove_folder(folder: Path) -> None:
    """Delete a folder of keywords, if it is there."""
    shutil.rmtree(folder, ignore_errors=True)


def _composed(text: str) -> str:
    """Accents joined to their letters: one that stands alone would cut its word in two."""
    return unicodedata.normalize("NFC", text)


def _address(url: str) -> str:
    return f"url\0{_lowered(url)[:_LONGEST_ADDRESS]}"


def _lowered(text: str) -> str:
    """Without capitals of ASCII, as SQLite's lower() has it."""
    return text.encode("utf-8").lower().decode("utf-8")


def _literal(text: str) -> str:
    """As a pattern that stands for itself."""
    return "".join(f"\\{sign}" if sign in _PATTERN_SIGNS else sign for sign in text)


def _term(field: str, key: str) -> str:
    if len(key) > _LONGEST_KEY:  # tantivy drops terms beyond 65,530 bytes
        key = hashlib.blake2b(key.encode()).hexdigest()
    return f"{field}\0{key}"
