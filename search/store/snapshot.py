"""One committed state to ask questions of: see `search.store.contract.Snapshot`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from search.clock import Clock
from search.conditions import has_words
from search.errors import ArticleNotFound
from search.folding import folded
from search.store.contract import Candidates, Tally
from search.store.kept import kept_background
from search.store.layout import bytes_on_disk
from search.types import (
    EVERYTHING,
    Article,
    Condition,
    Copies,
    Copy,
    Count,
    IndexStats,
    Passage,
    Standing,
    Version,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from search.background import Background
    from search.store.contract import Floats, Ints
    from search.store.facts import FactsCache
    from search.store.local import Derived
    from search.store.neighbours import Mask, Nearest
    from search.store.reading import Reading, State
    from search.types import Vector, Vectors

Result = TypeVar("Result")


class Beside(Protocol):
    """Starts work in another thread where a core is free, else does it; gives its result."""

    def __call__(self, work: Callable[[], Result], /) -> Callable[[], Result]:
        """What waits for the result."""


_NO_ROWS = np.empty(0, np.int64)


class LocalSnapshot:
    """Lives as long as one read transaction; refs are slots, owners are article numbers."""

    def __init__(
        self,
        reading: Reading,
        state: State,
        derived: Derived,
        facts: FactsCache,
        beside: Beside,
        folder: Path,
    ) -> None:
        self._reading, self._state, self._derived = reading, state, derived
        self._facts, self._beside, self._folder = facts, beside, folder
        self._extra = derived.keywords.passages - state.passages

    @property
    def generation(self) -> int:
        """Grows with every commit."""
        return self._state.generation

    @property
    def passages_encoded(self) -> int:
        """See the contract."""
        return int(self._derived.alive[: self._state.encoded].sum())

    def background(self) -> Background | None:
        """See the contract."""
        # It may have been measured since this generation was loaded; or a compaction took it away.
        return kept_background(self._folder) or self._derived.background

    def sample(self, most: int) -> Ints:
        """See the contract."""
        live = np.flatnonzero(self._derived.alive[: self._state.encoded])
        drawn = np.random.default_rng(0).permutation(len(live))[:most]
        return live[drawn]

    # Scored search

    def candidates(
        self,
        *,
        encode: Callable[[], Vector] | None,
        words: str | None,
        condition: Condition,
        depth: int,
    ) -> Candidates:
        """See the contract."""
        clock = Clock()
        if encode is None:
            mask, matched = self._admitted(condition)
            clock.lap("filter")
            by_words, bm25 = self._best_by_words(words, condition, depth, clock.seconds)
            holders = None
            if words is not None:
                slots = self._holding(words, condition)
                holders = np.unique(self._owners(slots))
                matched = Count(len(slots), len(holders))
                clock.lap("count")
            owners, seconds = self._owners(by_words), clock.seconds
            return Candidates(
                by_words, owners, None, bm25, matched, "none", 0, seconds, holders=holders
            )
        searched = self._beside(lambda: self._best_by_words(words, condition, depth, clock.seconds))
        meaning = encode()
        clock.lap("encode")
        mask, matched = self._admitted(condition)
        clock.lap("filter")
        awaiting = self._awaiting(mask)
        nearest = self._nearest(meaning, depth, mask, matched.passages - len(awaiting))
        clock.lap("neighbours")
        by_words, bm25 = searched()
        clock.lap("waiting for keywords")
        only_words = np.setdiff1d(by_words, nearest.slots)
        missing = min(depth, matched.passages) - len(nearest.slots) - len(only_words)
        others = awaiting[: max(0, missing) + len(only_words)]  # a million may await
        others = np.setdiff1d(others, only_words, assume_unique=True)[: max(0, missing)]
        refs = np.concatenate([nearest.slots, only_words, others])
        cosine = np.concatenate(
            [nearest.cosines, self._cosines(meaning, refs[len(nearest.slots) :])]
        )
        both = None if words is None else self._bm25(words, refs, by_words, bm25)
        clock.lap("both scores")
        return Candidates(
            refs,
            self._owners(refs),
            cosine,
            both,
            matched,
            nearest.strategy,
            nearest.scored + int((only_words < self._state.encoded).sum()),
            clock.seconds,
            awaiting=len(awaiting),
        )

    def _nearest(self, query: Vector, k: int, mask: Mask | None, admitted: int) -> Nearest:
        """Among those admitted that have vectors, of which there are so many."""
        encoded = self._state.encoded
        if mask is not None:
            mask = mask[:encoded]
        return self._derived.neighbours.nearest(query, k, mask, admitted)

    def _cosines(self, query: Vector, slots: Ints) -> Floats:
        """NaN for those that await their vectors."""
        cosines = np.full(len(slots), np.nan, np.float32)
        has_vector = slots < self._state.encoded
        cosines[has_vector] = self._derived.neighbours.cosines(query, slots[has_vector])
        return cosines

    def _awaiting(self, mask: Mask | None) -> Ints:
        """The admitted slots that await their vectors, in order."""
        first = self._state.encoded
        if mask is None:
            return np.arange(first, self._state.slots)
        return np.flatnonzero(mask[first:]) + first

    def _best_by_words(
        self, words: str | None, condition: Condition, depth: int, seconds: dict[str, float]
    ) -> tuple[Ints, Floats]:
        if words is None:
            return _NO_ROWS, np.empty(0, np.float32)
        clock = Clock()
        slots, scores = self._derived.keywords.best(words, condition, depth + self._extra)
        live = self._live(slots)
        clock.lap("keywords")
        seconds.update(clock.seconds)
        return slots[live][:depth], scores[live][:depth]

    def _bm25(self, words: str, refs: Ints, known: Ints, scores: Floats) -> Floats:
        order = np.argsort(known)
        known, scores = known[order], scores[order]
        bm25 = np.zeros(len(refs), np.float32)
        place = np.searchsorted(known, refs)
        is_known = np.zeros(len(refs), np.bool_)
        within = place < len(known)
        is_known[within] = known[place[within]] == refs[within]
        bm25[is_known] = scores[place[is_known]]
        if not is_known.all():
            bm25[~is_known] = self._scores(words, refs[~is_known])
        return bm25

    def _scores(self, words: str, refs: Ints) -> Floats:
        """In two halves, at the same time where there is room."""
        first, second = np.array_split(refs, 2)
        started = self._beside(lambda: self._derived.keywords.scores(words, first))
        scored = self._derived.keywords.scores(words, second)
        return np.concatenate([started(), scored])

    def standing(self, words: str, refs: Ints) -> Standing:
        """See the contract."""
        keywords, owners = self._derived.keywords, self._derived.owners
        forms = keywords.forms(words)
        holds = keywords.holding(forms, refs)
        pairs, together = keywords.together(words, refs, forms, holds)
        numbers, places = np.unique(owners[refs], return_inverse=True)
        firsts = np.searchsorted(owners, numbers, side="left")
        passages = np.searchsorted(owners, numbers, side="right") - firsts
        lead = keywords.scores(words, firsts) if len(firsts) else np.empty(0, np.float32)
        return Standing(
            holds=holds,
            idf=self._idf(forms),
            together=together,
            pair_idf=np.array([self._pair_idf(pair) for pair in pairs], np.float32),
            lead_bm25=lead[places],
            passages=passages[places],
            mean_passages=self._state.passages / max(1, self._derived.everything.articles),
        )

    def share_held(self, words: str, refs: Ints) -> Floats:
        """See the contract."""
        forms = self._derived.keywords.forms(words)
        idf = self._idf(forms)
        holds = self._derived.keywords.holding(forms, refs)
        shares: Floats = holds @ idf / max(float(idf.sum()), 1e-9)
        return shares

    def _idf(self, forms: Sequence[str]) -> Floats:
        return np.array([self._derived.keywords.rarity(form) for form in forms], np.float32)

    def _pair_idf(self, pair: tuple[str, str]) -> float:
        keywords = self._derived.keywords
        return sum(keywords.rarity(keywords.stem(word)) for word in pair) / 2

    # What is admitted

    def _live(self, slots: Ints) -> Mask:
        """Which of these are committed and not buried."""
        is_live = slots < self._state.slots
        is_live[is_live] = self._derived.alive[slots[is_live]]
        return is_live

    def _admitted(self, condition: Condition) -> tuple[Mask | None, Count]:
        """A mask over slots (None admits all) and how much it admits."""
        if condition == EVERYTHING:
            is_whole = self._state.passages == self._state.slots
            return (None if is_whole else self._derived.alive), self._derived.everything
        if has_words(condition):
            return self._mask_of(self._derived.keywords.slots(condition))
        return self._derived.admitting.mask(self._reading, condition)

    def _mask_of(self, slots: Ints) -> tuple[Mask, Count]:
        slots = slots[self._live(slots)]
        mask = np.zeros(self._state.slots, np.bool_)
        mask[slots] = True
        return mask, self._count_of(slots)

    def _count_of(self, slots: Ints) -> Count:
        return Count(len(slots), len(np.unique(self._owners(slots))))

    def _holding(self, words: str, condition: Condition) -> Ints:
        slots = self._derived.keywords.slots(condition, words)
        return slots[self._live(slots)]

    def _owners(self, slots: Ints) -> Ints:
        return self._derived.owners[slots].astype(np.int64)

    def count(self, condition: Condition) -> Count:
        """Everything that `condition` admits, exactly."""
        if has_words(condition):
            return self._admitted(condition)[1]
        return self._reading.count(condition)

    # Search without words

    def browse(
        self,
        condition: Condition,
        *,
        newest_first: bool,
        offset: int,
        limit: int,
        folds: bool = False,
    ) -> tuple[list[int], Count]:
        """See the contract."""
        if has_words(condition):
            return self._browse_words(condition, newest_first, offset, limit, folds=folds)
        matched = self._reading.count(condition)
        standing: dict[int, int] = {}  # original: the article that stands for its copies

        def articles() -> Iterator[tuple[int, int]]:
            for number, first, passages in self._reading.by_date(
                condition, newest_first=newest_first
            ):
                original = self._derived.copies.get(number) if folds else None
                if original is None or standing.setdefault(original, number) == number:
                    yield first, passages

        firsts = (first for first, _ in articles())
        later = (slot for first, many in articles() for slot in range(first + 1, first + many))
        slots = list(islice(chain(firsts, later), offset, offset + limit))
        return slots, matched

    def originals(self, owners: Ints) -> Ints:
        """See the contract."""
        copies = self._derived.copies
        numbers, places = np.unique(owners, return_inverse=True)
        originals = [copies.get(number, number) for number in numbers.tolist()]
        return np.array(originals, np.int64)[places]

    def copies(self, owner: int) -> list[Copy]:
        """See the contract."""
        if owner not in self._derived.copies:
            return []
        return [copy for number, copy in self._reading.carriers(owner) if number != owner]

    def _browse_words(
        self, condition: Condition, newest_first: bool, offset: int, limit: int, *, folds: bool
    ) -> tuple[list[int], Count]:
        mask, matched = self._admitted(condition)
        slots = np.flatnonzero(mask) if mask is not None else np.arange(self._state.slots)
        owners = self._owners(slots)
        moments = self._moments(owners)
        undated = moments < 0
        by = np.where(undated, np.inf, -moments if newest_first else moments)
        is_later = np.ones(len(slots), np.bool_)
        is_later[np.unique(owners, return_index=True)[1]] = False
        order = np.lexsort((slots, by, is_later))
        if folds:
            order = folded(order, owners, self.originals(owners))
        return slots[order[offset : offset + limit]].tolist(), matched

    def _moments(self, owners: Ints) -> Floats:
        numbers, places = np.unique(owners, return_inverse=True)
        return np.array(self._reading.moments(numbers.tolist()))[places]

    # Facts and texts

    def moments(self, owners: Sequence[int]) -> npt.NDArray[np.float64]:
        """See the contract."""
        return self._facts.moments(self._reading, owners)

    def are_excerpts(self, owners: Sequence[int]) -> npt.NDArray[np.bool_]:
        """See the contract."""
        return self._facts.are_excerpts(self._reading, owners)

    def tally(self, owners: Sequence[int]) -> Tally:
        """See the contract."""
        return self._facts.tally(self._reading, owners)

    def tally_of_all(self, condition: Condition) -> Tally:
        """See the contract."""
        return self._reading.tally_of_all(condition)

    def sources(self) -> Sequence[str]:
        """See the contract."""
        return self._derived.sources

    def owners_of(self, condition: Condition) -> list[int]:
        """Every admitted article."""
        mask, _ = self._admitted(condition)
        slots = np.flatnonzero(self._derived.alive if mask is None else mask)
        return [int(owner) for owner in np.unique(self._owners(slots))]

    def fetch(self, refs: Sequence[int]) -> list[tuple[Article, Passage]]:
        """Passages with their articles, in the order of `refs`."""
        return self._reading.passages_at(refs)

    def sentence_codes(self, refs: Sequence[int]) -> list[bytes | None]:
        """The codes of these passages' sentences, in their order; None where none are kept."""
        return self._reading.sentence_codes(refs)

    def owner_of(self, article_or_passage_id: str) -> int:
        """The owner of its passages; raises ArticleNotFound."""
        return int(self._derived.owners[self.refs_of(article_or_passage_id)[0]])

    def stem(self, word: str) -> str:
        """The form under which keywords know a word."""
        return self._derived.keywords.stem(word)

    def rarity(self, stem: str) -> float:
        """The inverse document frequency of a word's form, above 0."""
        return self._derived.keywords.rarity(stem)

    def holders(self, stem: str, most: int) -> Ints | None:
        """See the contract."""
        slots = self._derived.keywords.holders(stem, most + self._extra)
        if slots is None:
            return None
        slots = slots[self._live(slots)]
        return None if len(slots) > most else slots

    def articles(self) -> Iterator[Article]:
        """See the contract."""
        return self._reading.articles()

    def article(self, article_id: str) -> Article:
        """The article with that id; raises ArticleNotFound."""
        return self._reading.article(self._number(article_id))

    def versions(self, article_id: str) -> tuple[Version, ...]:
        """See the contract."""
        return self._reading.versions(self.article(article_id))

    def carriers(self, article_id: str) -> Copies:
        """See the contract."""
        return Copies(tuple(copy for _, copy in self._reading.carriers(self._number(article_id))))

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        """The article's passages in reading order; raises ArticleNotFound."""
        number = self._number(article_id)
        return self._reading.passages(number, self._reading.article(number))

    def refs_of(self, article_or_passage_id: str) -> list[int]:
        """An article's passages in reading order, or one passage; raises ArticleNotFound."""
        slots = self._reading.slots_of(article_or_passage_id)
        if slots is None:
            raise self._not_found(article_or_passage_id)
        return slots

    def vectors(self, refs: Ints) -> Vectors:
        """See the contract."""
        vectors = np.zeros((len(refs), self._state.dim), np.float32)
        has_vector = ~self.awaits(refs)
        vectors[has_vector] = self._derived.neighbours.rows(refs[has_vector])
        return vectors

    def awaits(self, refs: Ints) -> Mask:
        """See the contract."""
        return refs >= self._state.encoded

    def article_vectors(self, owners: Ints) -> Vectors:
        """See the contract."""
        numbers, places = np.unique(owners, return_inverse=True)
        firsts = np.searchsorted(self._derived.owners, numbers, side="left")
        ends = np.searchsorted(self._derived.owners, numbers, side="right")
        if len(numbers) == 0:
            return self.vectors(_NO_ROWS)
        slots = np.concatenate([np.arange(*span) for span in zip(firsts, ends, strict=True)])
        starts = np.cumsum(ends - firsts) - (ends - firsts)
        sums = np.add.reduceat(self.vectors(slots), starts, axis=0)
        lengths = np.linalg.norm(sums, axis=1, keepdims=True)
        vectors: Vectors = (sums / np.maximum(lengths, 1e-9))[places]
        return vectors

    def headings(self, owners: Sequence[int]) -> list[Article]:
        """See the contract."""
        return self._reading.headings(owners)

    def _number(self, article_id: str) -> int:
        number = self._reading.number_of(article_id)
        if number is None:
            raise self._not_found(article_id)
        return number

    def _not_found(self, wanted: str) -> ArticleNotFound:
        return ArticleNotFound(f"no article or passage {wanted!r} in {self._folder.parent}")

    def stats(self) -> IndexStats:
        """What is in the index."""
        first, last, undated, sources = self._reading.span_of_days()
        return IndexStats(
            articles=self._state.articles,
            passages=self._state.passages,
            sources=sources,
            undated=undated,
            first=None if first is None else date.fromordinal(first),
            last=None if last is None else date.fromordinal(last),
            model=self._state.model,
            generation=self._state.generation,
            committed=self._state.committed_at,
            bytes_on_disk=bytes_on_disk(self._folder),
            encoded=int(np.count_nonzero(self._derived.alive[: self._state.encoded])),
        )
