"""A passage found, where its score comes from, and what to mark in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from search.types.articles import Article, Passage, Span
from search.types.groups import Copy, StoryArticle

Strength = Literal["strong", "likely", "weak"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What to mark in a hit; spans are offsets in the passage's text, in order.

    `best` is the sentence that holds most of the query's words, rare ones counting for more, or,
    where none stands in the passage, the closest by meaning; None when there was no query.
    `words` are the query's words and phrases where they stand in the passage.
    """

    best: Span | None = None
    words: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Marked:
    """A passage of an article that is read for a query, and what to mark in it.

    `strength` is None without words to match. A weak match has no best sentence where its sentences
    would have to be encoded to find it.
    """

    passage: Passage
    evidence: Evidence = Evidence()
    strength: Strength | None = None


@dataclass(frozen=True, slots=True)
class Why:
    """Where a hit's score comes from.

    `cosine` in [-1, 1]; `bm25` from 0 up, 0 when no word matches; None when that leg did not run.
    `cosine` and `semantic_rank` are None too for a passage whose vector is still being made.
    The ranks count from 1 among the ranked candidates; `keyword_rank` is None when bm25 is 0.
    `fused` is both legs in one score, in [0, 1], before the best are looked at more closely; None
    unless both ran. `freshness` is what `recency:` multiplied the score by, None when it was not
    asked for. `is_excerpt`: little of the article's text is there, which lowered the score.
    `is_lifted`: a rare name or number of the query brought it to the first page.
    `strength` is the number behind `Hit.strength`, from -1 to 2. `reranked` is the cross-encoder's
    score, higher is better, in the model's own range; where it is not None, it gave the hit its
    place, and all else is as before reranking. What was filtered is in `Results.query.chips`, the
    same for all hits.
    """

    cosine: float | None = None
    bm25: float | None = None
    semantic_rank: int | None = None
    keyword_rank: int | None = None
    fused: float | None = None
    freshness: float | None = None
    is_excerpt: bool = False
    is_lifted: bool = False
    strength: float | None = None
    reranked: float | None = None


class WordShare(NamedTuple):
    """A word by its offsets in the passage's text, and its share of the cosine, in [-1, 1]."""

    span: Span
    share: float


@dataclass(frozen=True, slots=True)
class Shares:
    """How a passage's cosine with a query is made up, from one pass through the model.

    `words` has every word of the passage, in order. Their shares, the headline's (`title`) and that
    of signs and special tokens (`rest`) add up to `cosine`.
    """

    cosine: float
    words: tuple[WordShare, ...]
    title: float
    rest: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found. `rank` counts from 1 over all pages; a higher `score` is better.

    `score` is in [0, 1] for hybrid, a cosine for semantic (-1 or less while the vector is still
    being made), BM25 for keyword, 0.0 when the query has no words; reranking leaves it as it was
    (`Why.reranked`). Sorted by date, the best 100 hits are in order of date, then the next 100, and
    so on: newest among the relevant. `strength` says how good a match it is, weak for what stands
    below the line; None without words to match.
    `copies` are the articles that this one stands for, earliest first, the undated last: all there
    are in the index, whatever the filters. `story` are the other articles of its story, likewise in
    order of time, one of several copies: those among the ranked, with `group` "story" alone.
    """

    rank: int
    score: float
    passage: Passage
    article: Article
    evidence: Evidence = Evidence()
    why: Why = Why()
    strength: Strength | None = None
    copies: tuple[Copy, ...] = ()
    story: tuple[StoryArticle, ...] = ()

    @property
    def text(self) -> str:
        """The passage's text."""
        return self.passage.text
