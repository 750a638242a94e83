"""What every store of passages promises, whatever engine stands behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from search.types import (
    Article,
    Condition,
    Copies,
    Copy,
    Count,
    Coverage,
    IndexStats,
    Passage,
    Standing,
    Version,
)

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from search.background import Background
    from search.boilerplate import Seen
    from search.types import Vector, Vectors

    Ints = npt.NDArray[np.int64]
    Floats = npt.NDArray[np.float32]
    Mask = npt.NDArray[np.bool_]


Change = Literal["added", "updated", "unchanged", "older"]


@dataclass(frozen=True, slots=True)
class SplitArticle:
    """An article ready to store, whose passages await their vectors from then on."""

    article: Article
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class EncodedArticle(SplitArticle):
    """An article that brings its vectors; `vectors` has one row a passage, in order.

    `sentence_codes` has the codes of each passage's sentences (`search.sentence_codes`), or nothing
    where the encoder gives no parts.
    """

    vectors: Vectors
    sentence_codes: tuple[bytes, ...] = ()


class Names(NamedTuple):
    """The two by which an article is known: a second with one of them replaces it."""

    id: str
    url: str | None


class Tally(NamedTuple):
    """Articles counted: by field (source, author, section, language) and value, and by day.

    Values that differ in case and the like are one, spelled as the first of them in alphabetical
    order. Days are proleptic ordinals (`date.toordinal`); undated articles have none.
    """

    values: Mapping[str, Mapping[str, int]]
    days: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The passages that a search scored: parallel arrays, in no order.

    `refs` name passages and `owners` articles within this snapshot only. `cosine` in [-1, 1] and
    `bm25` from 0 up are None when that leg did not run; a cosine is NaN where the passage still
    awaits its vector. `matched` counts everything admitted, `awaiting` the passages among it that
    meaning could not be compared with yet. With words alone, `holders` are the owners of all that
    hold one of them, ascending; else None, since by meaning everything is more or less near.
    """

    refs: Ints
    owners: Ints
    cosine: Floats | None
    bm25: Floats | None
    matched: Count
    strategy: str
    scored: int
    seconds: Mapping[str, float] = field(default_factory=dict)
    holders: Ints | None = None
    awaiting: int = 0


class Snapshot(Protocol):
    """One committed state; every answer of it agrees with every other."""

    @property
    def generation(self) -> int:
        """Grows with every commit."""

    @property
    def passages_encoded(self) -> int:
        """How many passages have vectors."""

    def background(self) -> Background | None:
        """What was last given to `keep_background`; None when nothing was."""

    def sample(self, most: int) -> Ints:
        """Up to `most` passages that have vectors, drawn at random, the same ones each time."""

    def candidates(
        self,
        *,
        encode: Callable[[], Vector] | None,
        words: str | None,
        condition: Condition,
        depth: int,
    ) -> Candidates:
        """The `depth` best passages of each leg, each with the scores of both legs.

        `encode` gives the query's vector; None leaves out meaning, `words` None keywords. With
        meaning, at least min(depth, admitted) passages come back, those that await their vectors
        and hold no word only where there are not enough others; with keywords alone, those that
        hold a word.
        """

    def standing(self, words: str, refs: Ints) -> Standing:
        """What of the query's words stands in these passages, each named once.

        Of a long query not all words are looked at.
        """

    def share_held(self, words: str, refs: Ints) -> Floats:
        """The share of the words, weighted by rarity, that stands in each passage or its title."""

    def browse(
        self,
        condition: Condition,
        *,
        newest_first: bool,
        offset: int,
        limit: int,
        folds: bool = False,
    ) -> tuple[list[int], Count]:
        """Passages without a query: the first passage of each admitted article, by date.

        Undated articles come last. After all first passages the others follow in the same order,
        so that every admitted passage can be reached. With `folds`, of articles that are copies
        only the first in this order comes. Returns refs and everything admitted.
        """

    def originals(self, owners: Ints) -> Ints:
        """For each of these articles a number that it shares with its copies and no other."""

    def copies(self, owner: int) -> list[Copy]:
        """The copies of an article, itself left out, earliest first, the undated last."""

    def article_vectors(self, owners: Ints) -> Vectors:
        """For each of these articles the mean of its passages' vectors, of length 1.

        Zeros for one whose passages all await theirs.
        """

    def headings(self, owners: Sequence[int]) -> list[Article]:
        """These articles in their order, with an empty text: for a list, which costs less."""

    def moments(self, owners: Sequence[int]) -> npt.NDArray[np.float64]:
        """When these articles were published, in their order.

        Days as in a tally, with the fraction of the day; -1 when undated.
        """

    def are_excerpts(self, owners: Sequence[int]) -> npt.NDArray[np.bool_]:
        """Whether little of their text is there (`Article.is_excerpt`), in their order.

        False for all that were stored before this was noted.
        """

    def tally(self, owners: Sequence[int]) -> Tally:
        """These articles counted, each named once."""

    def tally_of_all(self, condition: Condition) -> Tally:
        """Everything that a condition on metadata alone admits, counted."""

    def sources(self) -> Sequence[str]:
        """Every outlet, each once, as published."""

    def owners_of(self, condition: Condition) -> list[int]:
        """Every article of which a passage is admitted."""

    def count(self, condition: Condition) -> Count:
        """Everything that `condition` admits, exactly."""

    def fetch(self, refs: Sequence[int]) -> list[tuple[Article, Passage]]:
        """Passages with their articles, in the order of `refs`."""

    def sentence_codes(self, refs: Sequence[int]) -> list[bytes | None]:
        """The codes of these passages' sentences, in their order; None where none are kept."""

    def refs_of(self, article_or_passage_id: str) -> list[int]:
        """An article's passages in reading order, or one passage; raises ArticleNotFound."""

    def owner_of(self, article_or_passage_id: str) -> int:
        """The owner of its passages; raises ArticleNotFound."""

    def stem(self, word: str) -> str:
        """The form under which keywords know a word: two words are the same if it is."""

    def rarity(self, stem: str) -> float:
        """The inverse document frequency of a word's form, above 0."""

    def holders(self, stem: str, most: int) -> Ints | None:
        """The passages that hold a word's form; None where more than `most` do."""

    def articles(self) -> Iterator[Article]:
        """Every article, one after the other, in the order in which they were added."""

    def article(self, article_id: str) -> Article:
        """The article with that id; raises ArticleNotFound."""

    def versions(self, article_id: str) -> tuple[Version, ...]:
        """The article as it is, then what it was before, newest first; raises ArticleNotFound."""

    def carriers(self, article_id: str) -> Copies:
        """The article and its copies; raises ArticleNotFound."""

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        """The article's passages in reading order; raises ArticleNotFound."""

    def vectors(self, refs: Ints) -> Vectors:
        """The vectors of these passages, in their order; zeros for those that await theirs."""

    def awaits(self, refs: Ints) -> Mask:
        """Which of these passages await their vectors."""

    def stats(self) -> IndexStats:
        """What is in the index."""


class StoreWriter(Protocol):
    """The one writer of a store."""

    def changes(self, articles: Sequence[Article]) -> list[Change]:
        """What storing each article would do; a version seen before is unchanged."""

    def sightings(self, keys: Collection[int]) -> tuple[int, dict[int, Seen]]:
        """How many articles were ever stored, and how often those now there hold these sentences.

        The keys are those of `search.boilerplate`.
        """

    def stored_under(self, article_id: str) -> Article | None:
        """The article that is there under an id."""

    def namesakes(self, names: Sequence[Names]) -> list[list[Names]]:
        """For each id and URL those of the articles stored under the one or the other."""

    def upsert(self, batch: Sequence[SplitArticle]) -> list[Change]:
        """Store the batch in one commit; articles with the same id or URL are replaced.

        Their passages await their vectors behind all that do already; those of an `EncodedArticle`
        come with it, which is possible only where nothing awaits any.
        """

    def passages_awaiting(self) -> int:
        """How many passages await their vectors, those counted that were removed meanwhile."""

    def next_awaiting(self, skip: int, most: int) -> list[tuple[Article, Passage] | None]:
        """The next passages that await their vectors, in the order in which these must come.

        The first `skip` are passed over, at most `most` come back. None stands for one that was
        removed or replaced meanwhile: it is still counted, but needs no vector.
        """

    def append_vectors(self, vectors: Vectors, sentence_codes: Sequence[bytes]) -> None:
        """Store the vectors of the next passages that await theirs, in one commit.

        A row a passage, in the order of `next_awaiting`; whatever stands in the rows of those
        removed is left out. `sentence_codes` are parallel, or empty where the encoder gives no
        parts.
        """

    def keep_older(self, articles: Sequence[Article]) -> None:
        """Put these into the history of what is stored under their ids, where that is newer."""

    def remove(self, article_ids: Sequence[str]) -> Count:
        """Remove articles and their history in one commit; ids that are not there are ignored."""


class PassageStore(Protocol):
    """A store: many snapshots to read from, one writer at a time."""

    def snapshot(self) -> AbstractContextManager[Snapshot]:
        """The newest committed state, for one search."""

    def writer(self) -> AbstractContextManager[StoreWriter]:
        """The right to write; raises IndexLocked when another process has it."""

    def coverage(self) -> Coverage:
        """How far meaning is, without a snapshot's cost: what the newest commit says."""

    def keep_background(self, background: Background) -> None:
        """Keep it beside the articles, in place of the one before."""

    def check(self) -> list[str]:
        """What is wrong, one sentence each; empty when counts agree and files are whole."""
