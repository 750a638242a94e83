"""The nouns of the house: what flows from files to hits, and nothing that does work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    """float32, shape (n, dim), rows of length 1."""
    Vector = npt.NDArray[np.float32]
    """float32, shape (dim,), length 1."""

Precision = Literal["second", "day", "month", "year"]
Provenance = Literal["header", "field", "metadata", "text", "url"]
Mode = Literal["hybrid", "semantic", "keyword"]
Sort = Literal["relevance", "newest", "oldest"]
Group = Literal["copies", "story", "none"]
Strength = Literal["strong", "likely", "weak"]
Field = Literal["source", "author", "section", "language"]
Span = tuple[int, int]
"""Start and end (exclusive), in code points."""

MODES: tuple[Mode, ...] = ("hybrid", "semantic", "keyword")
SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest")
GROUPS: tuple[Group, ...] = ("copies", "story", "none")
STORY_DAYS = 30
"""How far an archive is looked through for a story, before and after an article."""
FIELDS: tuple[Field, ...] = ("source", "author", "section", "language")
_NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Article:
    """A news item as published.

    `text` is normalised (NFC, LF, no control characters; paragraphs separated by an empty line)
    before any offset into it exists. `published` is a `date` when only the day (or less, see
    `published_precision`) is known, an aware `datetime` otherwise. `updated` is True when the
    article says that it was updated but not when. `language` is a BCP 47 tag. `extras` holds what
    the format had besides, JSON values only; `extras["flags"]` lists what the reader had to guess.
    """

    id: str
    text: str
    title: str | None = None
    source: str = "Unknown"
    authors: tuple[str, ...] = ()
    published: date | datetime | None = None
    published_precision: Precision | None = None
    published_from: Provenance | None = None
    updated: date | datetime | Literal[True] | None = None
    url: str | None = None
    section: str | None = None
    language: str | None = None
    extras: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)

    @property
    def day(self) -> date | None:
        """The day of publication; for month or year precision, the first day of it."""
        if isinstance(self.published, datetime):
            return self.published.date()
        return self.published

    @property
    def is_excerpt(self) -> bool:
        """Whether little of the text is there: under 60 words, a summary, or cut by a paywall."""
        return "stub" in self.extras.get("flags", ())

    @property
    def version(self) -> int | None:
        """Which version of its guid this is, as agencies count them: a higher one is newer."""
        version = self.extras.get("version")
        return version if type(version) is int and "guid" in self.extras else None


@dataclass(frozen=True, slots=True)
class Passage:
    """A slice of an article: `article.text[start:end] == text`.

    `id` depends on the article's id and this text alone, so it survives re-indexing.
    `number` counts from 0 in reading order. `sentences` are spans in the article's text; they
    lie within [start, end), in order.
    """

    id: str
    article_id: str
    number: int
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...] = ()


# What a query admits: a condition over an article's metadata and a passage's words.


@dataclass(frozen=True, slots=True)
class OneOf:
    """The article's `field` is one of `values`, ignoring case; `en` admits `en-US`."""

    field: Field
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Published:
    """Published on or after the day `after` and before the day `before`; never undated."""

    after: date | None = None
    before: date | None = None


@dataclass(frozen=True, slots=True)
class Undated:
    """The article has no date of publication."""


@dataclass(frozen=True, slots=True)
class Contains:
    """The words of `text` stand side by side, in this order, in the title or the passage.

    With `within`, each stands at most so many words from the one named next to it, in either order.
    With `is_prefix`, `text` is one word, and any that begins with it will do. With `in_title`, the
    title alone counts.
    """

    text: str
    within: int | None = None
    is_prefix: bool = False
    in_title: bool = False


@dataclass(frozen=True, slots=True)
class UrlHas:
    """The article's address has `part` in it, ignoring case."""

    part: str


@dataclass(frozen=True, slots=True)
class Not:
    """What `condition` does not admit."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class AllOf:
    """What every one of `conditions` admits; everything when there are none."""

    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class AnyOf:
    """What at least one of `conditions` admits; nothing when there are none."""

    conditions: tuple[Condition, ...] = ()


Condition = OneOf | Published | Undated | Contains | UrlHas | Not | AllOf | AnyOf
EVERYTHING = AllOf()


ChipKind = Literal[
    "phrase",
    "required",
    "excluded",
    "field",
    "date",
    "like",
    "sort",
    "mode",
    "group",
    "recency",
    "undated",
]


class Chip(NamedTuple):
    """One part of how a query was read, besides its words.

    `label` says it to a person; `text` is what means it in a query; `without` is the query without
    this part, None where it was not typed but given beside the text. `is_guess`: it was read out of
    a plain sentence, and `without` gives those words back to the search.
    """

    kind: ChipKind
    label: str
    text: str
    without: str | None = None
    is_guess: bool = False


class Suggestion(NamedTuple):
    """A filter that the words seem to ask for: what it says, and the whole query with it."""

    label: str
    text: str


@dataclass(frozen=True, slots=True)
class Query:
    """How a text was read.

    `words` is what is searched by meaning and ranked by keywords: the text without fields and
    exclusions, phrases included without their quotes. `phrases` are required, `excluded` forbidden.
    `condition` holds all of it that admits or rejects, and `chips` say it part by part. `canonical`
    is one text for all of it: typed alone it means the same, on any day. `notes` say where the text
    was read in a way that its writer may not expect. `today` is the day that "last week" counts
    from. `like`, `mode`, `sort` and `group` are None where the text does not name them; `half_life`
    is that of `recency:`, in days.
    """

    text: str
    words: str
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    condition: Condition = EVERYTHING
    canonical: str = ""
    notes: tuple[str, ...] = ()
    chips: tuple[Chip, ...] = ()
    like: str | None = None
    mode: Mode | None = None
    sort: Sort | None = None
    group: Group | None = None
    half_life: int | None = None
    today: date = date.min


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
class Why:
    """Where a hit's score comes from.

    `cosine` in [-1, 1]; `bm25` from 0 up, 0 when no word matches; None when that leg did not run.
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


@dataclass(frozen=True, slots=True)
class Copy:
    """An article with nearly the same text as a hit's: who carried it, when, how long (`chars`)."""

    article_id: str
    source: str
    title: str | None
    published: date | datetime | None
    url: str | None
    chars: int


@dataclass(frozen=True, slots=True)
class Copies:
    """Articles that are copies of one another, at least one: earliest first, the undated last."""

    articles: tuple[Copy, ...]

    @property
    def first(self) -> Copy:
        """The one published first."""
        return self.articles[0]

    @property
    def longest(self) -> Copy:
        """The one with the most characters; of several the first."""
        return max(self.articles, key=lambda copy: copy.chars)

    @property
    def newest(self) -> Copy:
        """The dated one published last; of several the one added last."""
        dated = [copy for copy in self.articles if copy.published is not None]
        return (dated or self.articles)[-1]

    @property
    def newest_first(self) -> tuple[Copy, ...]:
        """The newest, then the others from the first on."""
        newest = self.newest
        return (newest, *(copy for copy in self.articles if copy is not newest))

    @property
    def by_outlet(self) -> tuple[Copies, ...]:
        """The copies of each outlet, whose newest stands for the others; outlets by their first."""
        outlets: dict[str, list[Copy]] = {}
        for copy in self.articles:
            outlets.setdefault(copy.source, []).append(copy)
        return tuple(Copies(tuple(copies)) for copies in outlets.values())


# What was changed


@dataclass(frozen=True, slots=True)
class Version:
    """What an article said until `replaced_at`, or says now, where that is None.

    An older version that came after a newer one has the time of its coming. The number that its
    agency gave it, if any, is `article.version`.
    """

    article: Article
    replaced_at: datetime | None = None


ChangedField = Literal["title", "source", "authors", "published", "updated", "url", "section"]
PieceKind = Literal["kept", "removed", "added"]


class FieldChange(NamedTuple):
    """A field that differs between two versions, and what it is in both."""

    field: ChangedField
    old: str | tuple[str, ...] | date | Literal[True] | None
    new: str | tuple[str, ...] | date | Literal[True] | None


class Piece(NamedTuple):
    """A part of two texts, by its span in either.

    Of what was removed, `new` is an empty span at its place; of what was added, `old` is.
    """

    kind: PieceKind
    old: Span
    new: Span


@dataclass(frozen=True, slots=True)
class Difference:
    """What a newer version changed: fields, and the texts cut into pieces, in order.

    The pieces kept and removed are the old text without gaps, those kept and added the new one. No
    piece is followed by one of its kind; what is removed stands before what is added in its place.
    """

    fields: tuple[FieldChange, ...]
    pieces: tuple[Piece, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both say the same."""
        return not self.fields and all(piece.kind == "kept" for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class StoryArticle:
    """An article that tells the same story as another, in other words.

    `likeness` is the cosine of the two articles, in [-1, 1]; `copies` says how many further
    articles of the index carry its text.
    """

    article_id: str
    source: str
    title: str | None
    published: date | datetime | None
    url: str | None
    likeness: float
    copies: int = 0


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

    `score` is in [0, 1] for hybrid, a cosine for semantic, BM25 for keyword, 0.0 when the query
    has no words; reranking leaves it as it was (`Why.reranked`). Sorted by date, the best 100 hits
    are in order of date, then the next 100, and so on: newest among the relevant. `strength` says
    how good a match it is, weak for what stands below the line; None without words to match.
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


@dataclass(frozen=True, slots=True)
class Count:
    """How many passages, and of how many articles."""

    passages: int = 0
    articles: int = 0


class FacetValue(NamedTuple):
    """One value of a field among the ranked articles, with its exact count.

    `share` is articles divided by all ranked articles, in [0, 1].
    """

    value: str
    articles: int
    share: float


class TimeBucket(NamedTuple):
    """Ranked articles published on or after `start` and before `end`."""

    start: date
    end: date
    articles: int


@dataclass(frozen=True, slots=True)
class Plan:
    """What a search did.

    `strategy` names how meaning was searched: "none" (no words, or keyword mode), "exact" (every
    admitted vector compared), "flat" (FAISS Flat under a bitmap), or the FAISS factory used, whose
    candidates are then compared exactly. `scored` counts vectors compared exactly; `admitted` the
    passages that the condition admits; `depth` is how many of the best passages of each leg were
    asked for. `seconds` has the wall time of each step by name, and `total`. `reranker` names what
    put the first hits in their order; None where nothing did.
    """

    mode: Mode
    sort: Sort
    strategy: str
    admitted: int
    scored: int
    depth: int
    seconds: Mapping[str, float]
    reranker: str | None = None


@dataclass(frozen=True, slots=True)
class Results:
    """The whole answer to a query: hits best first, counts, the query as read, the plan.

    `matched` is everything that the condition admits, counted exactly; in keyword mode a passage
    must also have one of the words. `ranked` is what was scored: the best candidates of each leg,
    or all of `matched` when fewer. `facets` (source, author, section, language, year; largest
    first) and `timeline` (in order, without gaps) count the articles of `ranked`. `undated` counts
    the articles that only their missing date leaves out. `suggestions` are filters that the words
    seem to ask for, none of them applied. `is_answered` says whether one of the ten best by score
    is more than a weak match, on every page; None without words to match. `folded` counts what of
    `ranked` is not shown because a copy of it is, or its story. `stories` counts those that the
    ranked articles tell; None where they were not grouped by story. `generation` is the committed
    state of the index that answered.
    """

    query: Query
    hits: tuple[Hit, ...]
    matched: Count
    ranked: Count
    undated: int
    facets: Mapping[str, tuple[FacetValue, ...]]
    timeline: tuple[TimeBucket, ...]
    plan: Plan
    generation: int
    suggestions: tuple[Suggestion, ...] = ()
    is_answered: bool | None = None
    folded: Count = Count()
    stories: int | None = None

    @property
    def total(self) -> int:
        """How many hits paging can reach: what is matched, less what is known to be folded."""
        return self.matched.passages - self.folded.passages


@dataclass(frozen=True, slots=True)
class Standing:
    """What of a query's words stands in passages and their articles; rows parallel to the passages.

    `holds` (n, words) and `together` (n, pairs) are masks: which word stands in the passage or its
    title, and which two words that are neighbours in the query stand there in that order with at
    most one other between. `idf` and `pair_idf` are their inverse document frequencies, of a pair
    the mean. `lead_bm25` is BM25 of the first passage of the article, `passages` how many it has;
    `mean_passages` that of all articles.
    """

    holds: npt.NDArray[np.bool_]
    idf: npt.NDArray[np.float32]
    together: npt.NDArray[np.bool_]
    pair_idf: npt.NDArray[np.float32]
    lead_bm25: npt.NDArray[np.float32]
    passages: npt.NDArray[np.int64]
    mean_passages: float


# Adding


@dataclass(frozen=True, slots=True)
class Reject:
    """A record that could not be read: where, a stable `code`, and a sentence for a person.

    `member` names the record within a file that has no lines, `line` counts from 1. `sha256` is
    that of the record's bytes where they are known, and `start` their beginning, to find it by.
    """

    path: str
    code: str
    message: str
    line: int | None = None
    member: str | None = None
    sha256: str | None = None
    start: str = ""

    def __str__(self) -> str:
        where = self.path if self.member is None else f"{self.path}!{self.member}"
        where = where if self.line is None else f"{where}:{self.line}"
        return f"{where}: {self.code}: {self.message}"


@dataclass(frozen=True, slots=True)
class Fetching:
    """How addresses are fetched: one request at a time, within these bounds.

    `allow_private` lets addresses within private networks be asked. `total_seconds` is for a whole
    answer, `delay_seconds` between two requests to a host where its robots.txt asks for no more.
    Asked to come back later (429, 503), it does up to `retries` times where that is within
    `max_wait_seconds`. Watched, an address is asked every `again_seconds`. `max_bytes` holds for an
    answer as sent, and unpacked. `user_agent` is by default `news-search/` and the version.
    """

    allow_private: bool = False
    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    delay_seconds: float = 1.0
    max_wait_seconds: float = 60.0
    retries: int = 2
    again_seconds: float = 300.0
    max_redirects: int = 5
    max_bytes: int = 32 * 1024 * 1024
    user_agent: str | None = None


@dataclass(frozen=True, slots=True)
class Guess:
    """What had to be guessed or was missing in an article that was read.

    `flags` names it (`search.ingest.FLAGS`), `chosen` what was taken instead, by field; a `raw_`
    value is what stood there. `path`, `line` and `member` are as in `Reject`; "" for an article
    that no file held.
    """

    article_id: str
    path: str
    flags: tuple[str, ...]
    chosen: Mapping[str, Any]
    line: int | None = None
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """A notice that an article must not be used any longer; agencies call it a kill.

    `reason` is IPTC's status: "canceled", or "withheld" until further notice. It holds for every
    version up to `version`, or for all where that is None.
    """

    article_id: str
    reason: str
    version: int | None = None
    path: str = ""
    member: str | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an `add` is; sizes in bytes of the files, 0 where unknown.

    `bytes_read` is what was read of the files for all that is done; reading itself is further.
    `articles` counts those done, unchanged ones included; `passages` those encoded and committed.
    """

    bytes_read: int
    bytes_total: int
    articles: int
    passages: int
    seconds: float


@dataclass(frozen=True, slots=True)
class AddReport:
    """What an `add` did, in articles; `passages` counts those encoded.

    `unchanged` are those that are there already, or a newer version of them, whose history they
    enter. `withdrawn` counts those removed on their publisher's notice. `boilerplate` counts
    the sentences that are shown with their articles but not searched. `rejected` counts every
    record that could not be read, `rejects` holds the first 10,000 of them. `flags` counts what the
    readers had to guess, by name; `skipped` lists what is no article (hidden, README, licence,
    pictures, read already), each with its reason.
    """

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    withdrawn: int = 0
    passages: int = 0
    boilerplate: int = 0
    seconds: float = 0.0
    rejects: tuple[Reject, ...] = ()
    skipped: tuple[str, ...] = ()
    flags: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Erasure:
    """What `NewsIndex.erase` did: `articles` removed, then all files of the index searched.

    `pieces` counts what was searched for: short pieces of the titles and texts, and the vectors.
    `shared` counts those that other articles hold too. `traces` says where one was found that no
    article holds; empty when nothing is left.
    """

    articles: int
    pieces: int = 0
    shared: int = 0
    files: int = 0
    bytes: int = 0
    traces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexStats:
    """What is in an index; `first` and `last` are days of publication, None when none is known.

    `sources` counts outlets. `generation` is the number of commits, `committed` when the last was.
    """

    articles: int
    passages: int
    sources: int
    undated: int
    first: date | None
    last: date | None
    model: str
    generation: int
    committed: datetime | None
    bytes_on_disk: int


class Encoder(Protocol):
    """Text to vectors."""

    @property
    def name(self) -> str:
        """What a person calls the model."""

    @property
    def fingerprint(self) -> str:
        """Equal only for encoders whose vectors may stand in one index."""

    @property
    def dim(self) -> int:
        """The length of a vector."""

    @property
    def max_tokens(self) -> int:
        """The longest input the model reads, without its special tokens."""

    def token_spans(self, texts: Sequence[str], /) -> list[list[Span]]:
        """For each text, the spans of its tokens in code points, in order, specials left out."""

    def encode_passages(self, texts: Sequence[str], /) -> Vectors:
        """One row a text, in order, as the model wants passages to be prompted."""

    @property
    def adds_up(self) -> bool:
        """Whether a vector is the sum of what each token puts in: where tokens are averaged."""

    def encode_parts(
        self, texts: Sequence[str], spans: Sequence[Sequence[Span]], /
    ) -> tuple[Vectors, list[Vectors]]:
        """The rows of `encode_passages`, and what each span of a text puts into its row.

        `spans` are code points of each text, in order, without overlap. For each text one row a
        span: the sum of its tokens' parts, so that the spans and what lies outside them, special
        tokens too, add up to the text's vector.

        Raises:
            ValueError: the model's vectors do not add up.
        """

    def encode_query(self, text: str, /) -> Vector:
        """One vector, as the model wants queries to be prompted."""


class Reranker(Protocol):
    """Scores of texts for a query, each read together with it: a cross-encoder."""

    @property
    def name(self) -> str:
        """What a person calls the model."""

    def scores(self, query: str, texts: Sequence[str], /) -> npt.NDArray[np.float32]:
        """One finite score a text, in order; higher is better, and only the order counts."""
