"""The record of a search: what was asked, how it was read, what answered, and with what."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from search.errors import StoreError
from search.types import Count, Group, Hit, Mode, Results, Sort

if TYPE_CHECKING:
    from search.index import NewsIndex

KIND = "news-search record"
VERSION = 1
MOST_HITS = 10_000
"""Hits of one file unless more are asked for; with their articles they take some 100 MB."""
_TRIES = 5


@dataclass(frozen=True, slots=True)
class Asked:
    """The arguments of one search, as `NewsIndex.search` takes them; `now` is always given.

    `before` is the first day that is not admitted. Dates may be texts, as there.
    """

    text: str
    now: date
    mode: Mode = "hybrid"
    sort: Sort = "relevance"
    group: Group = "copies"
    source: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    after: date | str | None = None
    before: date | str | None = None
    include_undated: bool = False
    like: str | None = None

    def search(self, index: NewsIndex, k: int, *, with_evidence: bool = False) -> Results:
        """The first k hits; raises as `NewsIndex.search`."""
        arguments = {name: getattr(self, name) for name in self.__slots__}
        return index.search(k=k, with_facets=False, with_evidence=with_evidence, **arguments)

    def json(self) -> dict[str, Any]:
        """As JSON holds it; days are ISO 8601."""
        return {
            name: value.isoformat() if isinstance(value, date) else value
            for name, value in asdict(self).items()
        }


class RecordedHit(NamedTuple):
    """A hit as a record names it: by its passage, and for people by its article."""

    rank: int
    passage: str
    article: str
    title: str | None
    source: str
    published: str | None


@dataclass(frozen=True, slots=True)
class SearchRecord:
    """What a search was and gave.

    `read` is the query as it was read, typed alone the same on any day. `mode` is the ranking used.
    `hits` are those written, by rank; `is_all`: they are all that the search ranked, else the first
    `asked_for` or those that were chosen (`is_choice`). `generation` and `model` are the index's,
    `program` this program's version. `awaiting` is how many of the matched could not be compared by
    meaning yet. `file` and `sha256` name the file that the record is of.
    """

    asked: Asked
    read: str
    notes: tuple[str, ...]
    mode: Mode
    matched: Count
    ranked: Count
    hits: tuple[RecordedHit, ...]
    is_all: bool
    is_choice: bool
    generation: int
    model: str
    program: str
    made_at: datetime
    reranker: str | None = None
    awaiting: int = 0
    file: str | None = None
    sha256: str | None = None
    version: int = field(default=VERSION)

    def json(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {
            "kind": KIND,
            **asdict(self),
            "asked": self.asked.json(),
            "made_at": self.made_at.isoformat(),
            "hits": [hit._asdict() for hit in self.hits],
        }


def search_all(index: NewsIndex, asked: Asked, most: int = MOST_HITS) -> tuple[Results, str, bool]:
    """All hits that a search ranks, up to `most`; the index's model; and whether these are all.

    Ranked by words or meaning, those are the best passages of each leg (`Results.ranked`): further
    down any search admits the whole archive. Without words, or in keyword mode, they are all that
    match. Hits and generation are of one committed state.

    Raises:
        StoreError: the index changed at every try.
        QueryError, IndexNotFound, ArticleNotFound, ModelError: as `NewsIndex.search`.
    """
    for _ in range(_TRIES):
        first = asked.search(index, 1)
        counted = first.ranked if _ranks_by_meaning(first, asked) else first.matched
        wanted = max(1, counted.passages - first.folded.passages)
        results = asked.search(index, min(wanted, most), with_evidence=True)
        stats = index.stats()
        if first.generation == results.generation == stats.generation:
            return results, stats.model, len(results.hits) < most or wanted <= most
    raise StoreError("the index changes all the time; try again when nothing is being added")


def _ranks_by_meaning(results: Results, asked: Asked) -> bool:
    has_words = bool(results.query.words or results.query.like or asked.like)
    return has_words and results.plan.mode != "keyword"


def recorded(
    asked: Asked,
    results: Results,
    model: str,
    *,
    is_all: bool,
    hits: Sequence[Hit] | None = None,
) -> SearchRecord:
    """The record of a search; `hits` are those chosen of its results, by default all of them."""
    written = results.hits if hits is None else hits
    return SearchRecord(
        asked=asked,
        read=results.query.canonical,
        notes=results.query.notes,
        mode=results.plan.mode,
        matched=results.matched,
        ranked=results.ranked,
        hits=tuple(map(_recorded_hit, written)),
        is_all=is_all and hits is None,
        is_choice=hits is not None,
        generation=results.generation,
        model=model,
        program=importlib.metadata.version("news-search"),
        made_at=datetime.now().astimezone().replace(microsecond=0),
        reranker=results.plan.reranker,
        awaiting=results.awaiting,
    )


def _recorded_hit(hit: Hit) -> RecordedHit:
    article = hit.article
    published = None if article.published is None else article.published.isoformat()
    return RecordedHit(
        hit.rank, hit.passage.id, article.id, article.title, article.source, published
    )
