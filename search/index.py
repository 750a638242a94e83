"""The one object that joins the steps: NewsIndex."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Self, TypedDict, Unpack

from search.adding import add_articles
from search.calibrating import Calibrating
from search.errors import (
    IndexNotFound,
    ModelError,
    QueryError,
    SearchError,
)
from search.fetching import Fetcher, Remembered
from search.grouping import story_of
from search.ingest import Rules
from search.marking import marked
from search.metadata import MetadataReport
from search.metadata_report import report_of
from search.outlets import with_known_names
from search.query import read_query, well_formed
from search.ranking import Request
from search.resources import Resources
from search.searching import answer
from search.shares import shares
from search.sources import Fetched, reading_of
from search.types import (
    GROUPS,
    MODES,
    SORTS,
    STORY_DAYS,
    AddReport,
    Article,
    Copies,
    Coverage,
    Encoder,
    Erasure,
    Fetching,
    Group,
    Guess,
    IndexStats,
    Marked,
    Mode,
    Passage,
    Progress,
    Query,
    Reject,
    Reranker,
    Results,
    Shares,
    Sort,
    StoryArticle,
    Version,
    Withdrawal,
)
from search.underway import Underway, underway
from search.unused import not_reranked, unused, unused_in_reranking
from search.watching import Watched, rounds


class SearchOptions(TypedDict, total=False):
    """What `NewsIndex.similar` takes besides what to be like: see `NewsIndex.search`."""

    text: str
    k: int
    offset: int
    sort: Sort
    group: Group
    source: str | Sequence[str] | None
    author: str | Sequence[str] | None
    section: str | Sequence[str] | None
    language: str | Sequence[str] | None
    after: date | str | None
    before: date | str | None
    include_undated: bool
    now: date | None
    with_facets: bool
    with_evidence: bool


class NewsIndex:
    """An index of news articles: open it, add articles, search.

    Safe to share between threads; while one process adds, others search.

        with NewsIndex.open("index/") as index:
            index.add("articles/")
            results = index.search("who was killed in the airstrike", after="2022-09")
    """

    def __init__(
        self,
        path: Path,
        model: str | None,
        encoder: Encoder | None,
        reranker: str | Reranker | None,
    ) -> None:
        """Use `NewsIndex.open`."""
        self.path = path
        self._resources = Resources(path, model, encoder, reranker)
        at_once = (os.cpu_count() or 1) + 1
        self._turns = ThreadPoolExecutor(at_once, thread_name_prefix="search")

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        model: str | None = None,
        encoder: Encoder | None = None,
        reranker: str | Reranker | None = None,
    ) -> Self:
        """The index at `path`; the first `add` makes it when there is none.

        `model` names any sentence-transformers model, by name or folder, for an index to be made;
        by default all-MiniLM-L6-v2. `encoder` is used instead of loading one.

        `reranker` is a cross-encoder, by name or folder, that puts the first 50 passages of every
        search with words, sorted by relevance, in its own order; it is loaded by the first of them,
        which raises ModelError where it cannot be. By default there is none.

        Raises:
            IndexRefused: the index was made with another model or format.
            IndexDamaged: its files cannot be used.
            TypeError: `encoder` lacks something of `Encoder`.
        """
        index = cls(Path(path), model, encoder, reranker)
        with suppress(IndexNotFound):
            index._resources.store()
        return index

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every file."""
        self._resources.close()

    def warm(self) -> None:
        """Load the models and the index now, rather than at the first search."""
        self._resources.encoder().encode_query("warm")
        self._resources.reranker()
        with self._resources.store().snapshot():
            pass

    # Adding

    def add(
        self,
        articles: str | Path | Iterable[str | Path | Article],
        *,
        mapping: Mapping[str, str] | None = None,
        date_orders: Mapping[str, str] | None = None,
        outlets: str | Path | None = None,
        progress: Callable[[Progress], None] | None = None,
        noted: Callable[[Reject | Guess], None] | None = None,
        fetching: Fetching | None = None,
        within: str | Path | None = None,
        newest_first: bool = False,
    ) -> AddReport:
        """Add files, folders, addresses or articles; what is there unchanged costs almost nothing.

        An article with the id or URL of one that is there replaces it, and keeps it in its history
        (`versions`); one that is older by its agency's count enters the history alone. Every batch
        is one commit: after an interruption the same call goes on where it stopped. An agency's
        notice that an article is withdrawn removes it. Articles handed in are normalised as files
        are (`search.ingest.prepared`).

        Words find an article once its batch is stored; meaning follows (`coverage`), and catches up
        before this returns. What an interrupted call left to be encoded, any later one encodes.

        `mapping` says which of the files' fields is ours: {"title": "headline"}; `date_orders` what
        06/10/2022 means at which outlet: {"Evening Post": "day-first", "*": "month-first"}.
        `outlets` is a file that says which names are one outlet (docs/ingest.md), by default that
        of the environment variable NEWS_SEARCH_OUTLETS. `progress` is called after every commit,
        `noted` with every reject and with what had to be guessed, when it is met; both by other
        threads than yours. Text that begins with http:// or https:// is an address: a page, a feed
        or whatever file is there is fetched as politely as `fetching` says. Without one nothing
        uses the network. With `newest_first` everything is read, into a temporary file in the
        index's folder, before the newest of it is stored; in the end the same articles are there,
        with the same versions. Links in folders are followed; with `within`, a folder, only those
        that lead to what is below it and not hidden there.

        Raises:
            InputError: a path that does not exist, an unknown field in `mapping`, an unknown order,
                a file of outlets that cannot be read.
            IndexLocked: another process is adding.
        """
        rules = Rules.of(mapping, date_orders, outlets, noted)
        fetched = Fetched(Fetcher(fetching))
        reading = reading_of(articles, rules, fetched, None if within is None else Path(within))
        return self._added(reading, fetched, progress, newest_first=newest_first)

    def watch(
        self,
        places: str | Path | Iterable[str | Path],
        *,
        interval: float = 10.0,
        mapping: Mapping[str, str] | None = None,
        date_orders: Mapping[str, str] | None = None,
        outlets: str | Path | None = None,
        progress: Callable[[Progress], None] | None = None,
        noted: Callable[[Reject | Guess], None] | None = None,
        fetching: Fetching | None = None,
        newest_first: bool = False,
    ) -> Iterator[AddReport | SearchError]:
        """Add what is there, then, for ever, what comes or changes: a look each `interval` seconds.

        Gives what each round in which something was read did, or the error that ended it; what it
        did not get to is read in the next. A file is read once two looks found it the same, and
        then not again before it changes. Nothing is removed when a file goes. Addresses are asked
        again after `fetching.again_seconds`, for what changed since they were read. The other
        arguments are those of `add`.

        Raises:
            InputError: as `add`.
            IndexRefused: the index was made with another model.
        """
        places = [places] if isinstance(places, str | Path) else places
        fetching = fetching or Fetching()
        rules = Rules.of(mapping, date_orders, outlets, noted)
        watched = Watched(places, rules, again_seconds=fetching.again_seconds)
        self._resources.store_to_write(self._resources.encoder())
        add = partial(self._added, progress=progress, newest_first=newest_first)
        return rounds(watched, Fetcher(fetching), self.path, add, interval)

    def _added(
        self,
        reading: Iterable[Article | Withdrawal | Reject],
        fetched: Fetched,
        progress: Callable[[Progress], None] | None,
        *,
        newest_first: bool = False,
    ) -> AddReport:
        encoder = self._resources.encoder()
        store = self._resources.store_to_write(encoder)
        calibrating = Calibrating(store, encoder)
        with store.writer() as writer, Underway(self.path, progress) as shown:

            def note(now: Progress) -> None:
                shown.note(now)
                calibrating.note(now.passages)

            folder = self.path if newest_first else None
            report = add_articles(reading, writer, encoder, note, newest_first_in=folder)
            Remembered(self.path).note(fetched.seen)
        calibrating.bring_up()
        return report

    def adding(self) -> Progress | None:
        """How far an `add` to this index is, of any process; None where none is going on.

        What it committed so far can be searched. Also tells where there is no index yet.
        """
        return underway(self.path)

    def coverage(self) -> Coverage:
        """How many passages meaning finds so far, of how many; words find them all.

        Fewer only while articles are added, and after an `add` that was interrupted: the next one
        of anything encodes what was left. Costs next to nothing, for whoever watches.
        """
        return self._resources.store().coverage()

    def remove(self, *article_ids: str) -> int:
        """Remove articles and all their versions; returns how many articles were there."""
        with self._resources.store().writer() as writer:
            return writer.remove([well_formed(one) for one in article_ids]).articles

    def erase(self, *article_ids: str) -> Erasure:
        """Remove articles for good, and prove it.

        What `remove` deletes is overwritten in the database, but stays in other files until the
        next compaction. This compacts at once, then searches every file of the index for the text
        and the vectors. Other programs that have the index open let go of the old files with their
        next search; copies and backups elsewhere are not looked at.

        Raises:
            IndexLocked: another process is writing.
            IndexDamaged: the vectors are not what was committed.
            StoreError: there is no room to compact; the articles are removed, not yet erased.
        """
        return self._resources.store().erase([well_formed(one) for one in article_ids])

    def compact(self) -> None:
        """Write the index anew without what is dead; done by itself when a quarter is.

        Others go on searching meanwhile. Needs as much room on the disk as the index takes.

        Raises:
            IndexLocked: another process is writing.
            IndexDamaged: the vectors are not what was committed.
            StoreError: the disk is full; nothing has changed.
        """
        self._resources.store().compact()

    # Searching

    def search(
        self,
        text: str = "",
        *,
        k: int = 10,
        offset: int = 0,
        mode: Mode = "hybrid",
        sort: Sort = "relevance",
        group: Group = "copies",
        source: str | Sequence[str] | None = (),
        author: str | Sequence[str] | None = (),
        section: str | Sequence[str] | None = (),
        language: str | Sequence[str] | None = (),
        after: date | str | None = None,
        before: date | str | None = None,
        include_undated: bool = False,
        like: str | None = None,
        now: date | None = None,
        with_facets: bool = True,
        with_evidence: bool = True,
    ) -> Results:
        """The k best passages after the first `offset`, with what was counted and done.

        `text` is read as docs/query-language.md says, and `Results.query` tells how it was; the
        filters beside it narrow it further, and `like:`, `mode:` and `sort:` in it come before
        those beside it. `now` is the day that "last week" counts from, by default today. Without
        words everything admitted is listed, newest first unless sorted otherwise. `like`, the id of
        an article or passage, searches by its vectors, and by the words' keywords. Always
        min(k, matched - offset) hits with `group` "none"; by default one article stands for its
        copies (`Hit.copies`), so there may be fewer; with "story" one passage for all the articles
        that tell the same story (`Hit.story`). At most two passages of an article come before
        all articles had their turn.

        Raises:
            QueryError: a query that cannot be read as meant.
            ValueError: k < 1, offset < 0, an unknown mode or sort.
            IndexNotFound, ArticleNotFound: there is no index, or nothing to be like.
            ModelError: the encoder or the reranker cannot be loaded.
        """
        _check(k, offset, mode, sort, group)
        query = read_query(
            text,
            source=source,
            author=author,
            section=section,
            language=language,
            after=after,
            before=before,
            include_undated=include_undated,
            now=now,
        )
        like = query.like or like
        like = None if like is None else well_formed(like)
        mode, sort, group = query.mode or mode, query.sort or sort, query.group or group
        query = replace(query, notes=(*query.notes, *unused(query, mode, group, like)))
        query, reranks = self._noted_reranking(query, sort, like)
        request = Request(
            query, k, offset, mode, sort, like, with_facets, with_evidence, group, reranks
        )
        # In turn: more at once than there are cores only wait for one another, and longer.
        return self._turns.submit(self._answer, request).result()

    def _noted_reranking(self, query: Query, sort: Sort, like: str | None) -> tuple[Query, bool]:
        """Whether the hits are reranked, and the query with notes on it."""
        if not self._resources.reranks:
            return query, False
        refusal = not_reranked(query, sort, like)
        notes = unused_in_reranking(query) if refusal is None else [refusal]
        return replace(query, notes=(*query.notes, *notes)), refusal is None

    def _answer(self, request: Request) -> Results:
        self._resources.store()  # where there is none, no model need be loaded to say so
        reranker = self._resources.reranker() if request.reranks else None
        with self._resources.store().snapshot() as snapshot:
            condition = with_known_names(request.query.condition, snapshot.sources)
            request = replace(request, query=replace(request.query, condition=condition))
            return answer(request, snapshot, self._resources.encoder, reranker)

    def similar(self, article_or_passage_id: str, **options: Unpack[SearchOptions]) -> Results:
        """Passages close in meaning to an article or passage, its own article left out.

        Takes the options of `search`; the words of a text are searched as keywords.

        Raises:
            QueryError: a text that names another article with `like:`, and as by `search`.
        """
        text = options.get("text", "")
        if read_query(text).like is not None:
            place = text.casefold().find("like:")
            msg = "like: cannot stand here: the article is given beside the text"
            raise QueryError(msg, text=text, position=place)
        return self.search(like=article_or_passage_id, **options)

    def background(self, article_or_passage_id: str, **options: Unpack[SearchOptions]) -> Results:
        """What is similar and was published before the article's day; none where it has no date."""
        day = self._day_of(article_or_passage_id)
        return self._dated(article_or_passage_id, None, day or date.min, options)

    def follow_ups(self, article_or_passage_id: str, **options: Unpack[SearchOptions]) -> Results:
        """What is similar and was published after the article's day; none where it has no date."""
        day = self._day_of(article_or_passage_id)
        if day is None:
            return self._dated(article_or_passage_id, None, date.min, options)
        return self._dated(article_or_passage_id, day + timedelta(days=1), None, options)

    def story(
        self, article_or_passage_id: str, *, days: int = STORY_DAYS
    ) -> tuple[StoryArticle, ...]:
        """The other articles that tell its story, earliest first: what came before, and after.

        Every article published up to so many `days` before and after is compared with it, and may
        join by being near to it in meaning and to the story's nearest article in time; copies are
        in their article's story whenever they were published. An undated article has copies alone.

        Raises:
            ValueError: days < 0.
            IndexNotFound, ArticleNotFound: there is no index, or no such article.
        """
        if days < 0:
            msg = f"days is at least 0, not {days}"
            raise ValueError(msg)
        with self._resources.store().snapshot() as snapshot:
            own = well_formed(article_or_passage_id)
            return story_of(own, days, snapshot, self._resources.encoder)

    def _dated(
        self, like: str, after: date | None, before: date | None, options: SearchOptions
    ) -> Results:
        both = [("after", after), ("before", before)]
        text = " ".join(f"{name}:{day}" for name, day in both if day is not None)
        options["text"] = f"{options.get('text', '')} {text}".strip()
        return self.similar(like, **options)

    def _day_of(self, article_or_passage_id: str) -> date | None:
        with self._resources.store().snapshot() as snapshot:
            refs = snapshot.refs_of(well_formed(article_or_passage_id))
            ((article, _),) = snapshot.fetch(refs[:1])
        return article.day

    def explain(self, text: str, passage_id: str, *, now: date | None = None) -> Shares:
        """Which words of a passage carried its meaning for a query: exact shares of their cosine.

        `text` and `now` are read as by `search`. The passage is encoded anew, which takes some
        hundredths of a second; the cosine differs from a hit's by what half precision leaves out.

        Raises:
            QueryError: a query that cannot be read, or that has no words to compare.
            ArticleNotFound: no passage has that id.
            ModelError: the model does not average its tokens, so that nothing adds up.
        """
        query = read_query(text, now=now)
        if not query.words:
            raise QueryError("there are no words whose meaning could be compared", text=text)
        article, passage = self.passage(passage_id)
        encoder = self._resources.encoder()
        if not encoder.adds_up:
            msg = f"{encoder.name} does not average its tokens: no word has a share of its own"
            raise ModelError(msg)
        return shares(article, passage, encoder.encode_query(query.words), encoder)

    def marked(
        self,
        article_id: str,
        text: str = "",
        *,
        mode: Mode = "hybrid",
        like: str | None = None,
        now: date | None = None,
    ) -> tuple[Marked, ...]:
        """An article read for a query: its passages in reading order, and what to mark in each.

        `text`, `mode`, `like` and `now` are those of `search`; filters admit every passage here.
        The strengths are those that the passages have as hits. "keyword" needs no encoder.

        Raises:
            QueryError: a query that cannot be read as meant.
            ArticleNotFound: no article has that id, or there is nothing to be like.
            ModelError: the encoder cannot be loaded.
        """
        query = read_query(text, now=now)
        like = query.like or like
        like = None if like is None else well_formed(like)
        with self._resources.store().snapshot() as snapshot:
            return marked(
                well_formed(article_id),
                query,
                query.mode or mode,
                snapshot,
                self._resources.encoder,
                like,
            )

    def article(self, article_id: str) -> Article:
        """The article with that id; raises ArticleNotFound."""
        with self._resources.store().snapshot() as snapshot:
            return snapshot.article(well_formed(article_id))

    def versions(self, article_id: str) -> tuple[Version, ...]:
        """The article as it is, then what it was before it was replaced, newest first.

        In the order of their numbers where an agency counts them. Up to 50 earlier versions are
        kept, and none of an article that was removed; `search.difference` compares two. A change
        of nothing but the language or `extras` makes none.

        Raises:
            ArticleNotFound: no article has that id.
        """
        with self._resources.store().snapshot() as snapshot:
            return snapshot.versions(well_formed(article_id))

    def copies(self, article_id: str) -> Copies:
        """The article and its copies in the index; raises ArticleNotFound."""
        with self._resources.store().snapshot() as snapshot:
            return snapshot.carriers(well_formed(article_id))

    def passages(self, article_id: str) -> tuple[Passage, ...]:
        """The article's passages in reading order; raises ArticleNotFound."""
        with self._resources.store().snapshot() as snapshot:
            return snapshot.passages(well_formed(article_id))

    def passage(self, passage_id: str) -> tuple[Article, Passage]:
        """The passage with that id and its article; raises ArticleNotFound."""
        with self._resources.store().snapshot() as snapshot:
            return snapshot.fetch(snapshot.refs_of(well_formed(passage_id))[:1])[0]

    def stats(self) -> IndexStats:
        """What is in the index."""
        with self._resources.store().snapshot() as snapshot:
            return snapshot.stats()

    def doctor(self, *, repair: bool = False) -> list[str]:
        """What is wrong, one sentence each; empty when counts agree and files are whole.

        `repair` first removes what a killed writer left and makes every derived file anew.

        Raises:
            IndexLocked: with `repair`, another process is adding.
        """
        if repair:
            self._resources.store().repair()
        return self._resources.store().check()

    def metadata_report(self) -> MetadataReport:
        """What is known, missing and odd in the articles' metadata, outlet by outlet.

        Reads every article once; nothing is changed.
        """
        with self._resources.store().snapshot() as snapshot:
            return report_of(snapshot.articles())


def _check(k: int, offset: int, mode: str, sort: str, group: str) -> None:
    if k < 1 or offset < 0:
        msg = f"k is at least 1 and offset at least 0, not {k} and {offset}"
        raise ValueError(msg)
    if mode not in MODES or sort not in SORTS or group not in GROUPS:
        msg = (
            f"mode is one of {', '.join(MODES)}, sort one of {', '.join(SORTS)}, "
            f"group one of {', '.join(GROUPS)}"
        )
        raise ValueError(msg)
