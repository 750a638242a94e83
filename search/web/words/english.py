"""Every sentence and label of the page that is not news, in English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import ClassVar

from search import written
from search.types import Article, Chip, Field, Group, IndexStats, Mode, Sort, Strength, Why
from search.web.view import MAX_TEXT_CHARS, When
from search.web.words.calendar import calendar
from search.web.words.english_adding import EnglishAdding
from search.web.words.english_door import EnglishDoor
from search.web.words.english_reading import EnglishReading


class English(EnglishReading, EnglishDoor, EnglishAdding):
    """The page in English; other languages say the same under the same names."""

    LOCALE = "en"

    NAME = "news-search"
    ABOUT = "**news-search**: semantic search over a news archive. Searching asks no other service."

    # Search field and order
    SEARCH = "Search the archive"
    PLACEHOLDER = "Ask or describe a story, for example “raid on a smuggler near the border”"
    RANKING = "Ranking"
    MODES: ClassVar[dict[Mode, str]] = {
        "hybrid": "Hybrid",
        "semantic": "Meaning",
        "keyword": "Keywords",
    }
    ORDER = "Order"
    SORTS: ClassVar[dict[Sort, str]] = {
        "relevance": "Relevance",
        "newest": "Newest",
        "oldest": "Oldest",
    }
    GROUPING = "Copies and stories"
    GROUPS: ClassVar[dict[Group, str]] = {
        "copies": "Fold copies",
        "story": "Fold stories",
        "none": "Show all",
    }
    CUT = f"The query was longer than {MAX_TEXT_CHARS} characters; only its beginning was searched."
    STARTING = "Meaning search is starting. These are keyword results; search again in a moment."
    NO_MEANING = "Meaning search is not available, so these are keyword results."
    NO_ENCODER = "The model could not be loaded; the log has the details."

    BEST_OF = "Best of "  # by meaning every passage is more or less near, so there is no end to it

    # Filters
    FIELDS: ClassVar[dict[Field, str]] = {
        "section": "Section",
        "source": "Outlet",
        "author": "Author",
        "language": "Language",
    }
    PARAMS: ClassVar[dict[str, str]] = {
        "q": "query",
        "src": "outlet",
        "sec": "section",
        "author": "author",
        "lang": "language",
        "when": "date",
        "range": "date range",
        "undated": "undated",
        "mode": "ranking",
        "sort": "order",
        "group": "grouping",
        "page": "page",
        "like": "similar to",
        "open": "article",
    }
    DATE = "Date"
    WHENS: ClassVar[dict[When, str]] = {"any": "Any", "7d": "7 d", "30d": "30 d", "year": "Year"}
    WHEN_CHIPS: ClassVar[dict[When, str]] = {"7d": "7 days", "30d": "30 days", "year": "One year"}
    FROM = "From"
    RANGE = "Custom range"
    UNDATED_CHIP = "Undated too"
    CLEAR_ALL = "Clear all"
    HELP_REMOVE = "Remove this filter"

    # Cards
    READ = "Read article"
    SIMILAR = "Similar"
    WHY = "Why this result"
    SCORE = "Score"
    COSINE = "Cosine (meaning)"
    BM25 = "BM25 (keywords)"
    UNTITLED = "untitled"
    NO_DATE = "undated"
    EXCERPT = "excerpt"
    STRENGTHS: ClassVar[dict[Strength, str]] = {
        "strong": "strong match",
        "likely": "likely match",
        "weak": "weak match",
    }
    GOOD_WITHOUT = "Good matches among the best, if one filter is dropped:"
    NO_GOOD_MATCH = "No good match. The nearest passages, for reference:"
    NO_GOOD_MATCH_YET = "No good match so far. The nearest passages, for reference:"
    FUSED = "Both in one"
    FRESHNESS = "Factor for its age"
    CARRIED = "Words that carried the meaning, and the share of each"

    # Taking hits away
    EXPORT = "Export"
    FORMAT = "Format"
    FORMATS: ClassVar[dict[str, str]] = {
        "csv": "CSV (spreadsheet)",
        "jsonl": "JSONL (programs)",
        "markdown": "Markdown (quotes)",
        "ris": "RIS (Zotero, EndNote)",
        "bibtex": "BibTeX",
        "csl": "CSL-JSON",
    }
    WHICH_HITS = "Which hits"
    WHICH: ClassVar[dict[str, str]] = {
        "all": "All",
        "good": "Strong and likely matches",
        "chosen": "Some of this page",
    }
    CHOSEN_HITS = "Choose hits"
    NOT_MADE = (
        "The file could not be made. Perhaps an article was removed meanwhile: load the page again,"
        " and download what it then shows."
    )

    # Timeline
    ARTICLES = "Articles"
    DAY_FORMAT = "%-d %b"  # as Vega writes a day without its year; months have names of their own

    # Home
    TRY = "Try one of these"
    NEWEST = "Newest in the archive"
    BROWSE = "Browse everything, newest first"

    # States
    NOTHING = "Nothing matched"
    NOTHING_HINT = "Try fewer or other words, or the ranking by meaning."
    NOTHING_ADMITTED_HINT = "Nothing in the archive is what the filters ask for; drop one of them."
    NO_INDEX = "There is no index yet"
    NO_INDEX_HINT = (
        "Make one from your articles with this command. This page goes on by itself after."
    )
    EMPTY = "The index is empty"
    LOST = "The archive does not answer"
    LOST_HINT = (
        "This page tries to reach it again until it does, and then goes on where you are."
        " If this takes long, the server has to be started again."
    )
    EMPTY_HINT = "Add articles with this command. This page shows them as soon as they are in."
    REFUSED = "This index cannot be read by this version or model"
    DAMAGED = "This index is damaged"
    REBUILD_HINT = "Check it, or build it anew beside the old one:"
    BAD_QUERY = "The query could not be read"
    WRITE_INSTEAD = "Search instead for"
    FAILED = "Something went wrong, and the search was not done."
    LOOK_AGAIN = "Look again"

    def number(self, number: int) -> str:
        """`1,312`."""
        return f"{number:,}"

    def day(self, when: date) -> str:
        """A day as `6 Oct 2022`."""
        return written.day(when)

    def published(self, article: Article) -> str | None:
        """The date of publication as precisely as it is known: `6 Oct 2022`, `Oct 2022`, `2022`."""
        return written.published(article)

    def holdings(self, stats: IndexStats) -> str:
        """Where the articles are from and when: `from 12 outlets, 1 Mar 2022 to 6 Oct 2022`."""
        outlets = f"from {written.count(stats.sources, 'outlet')}"
        if not (stats.first and stats.last):
            return outlets
        span = f"{outlets}, {self.day(stats.first)} to {self.day(stats.last)}"
        return span + (f", {stats.undated:,} of them undated" if stats.undated else "")

    def search_among(self, articles: int) -> str:
        """The heading of a first visit."""
        return f"Search {self.articles(articles)} by meaning"

    def articles(self, number: int) -> str:
        """`1 article`, `1,312 articles`."""
        return written.count(number, "article")

    def passages(self, number: int) -> str:
        """`1 passage`, `1,312 passages`."""
        return written.count(number, "passage")

    def stories_ranked(self, number: int) -> str:
        """How many stories were put in order: `1 story ranked`, `1,312 stories ranked`."""
        return f"{written.count(number, 'story', 'stories')} ranked"

    def took(self, seconds: float) -> str:
        """How long the search took: `1,312 ms`."""
        return f"{1000 * seconds:,.0f} ms"

    def score(self, score: float) -> str:
        """A score as precisely as tables give it: `0.532`."""
        return f"{score:.3f}"

    def share(self, share: float) -> str:
        """A part of a whole, which is 1: `12%`."""
        return f"{share:.0%}"

    def as_read(self, chip: Chip) -> str:
        """What a part of the query was read as. The library says it in English."""
        return chip.label

    def any_of(self, listed: int, total: int) -> str:
        """What a filter's empty field says: that nothing is chosen, and whether all is listed."""
        return "Any" if listed == total else f"Any; the {listed:,} most frequent are listed"

    def on_this_story(self, articles: int) -> str:
        """What opens the list of a story's other articles."""
        return f"{written.count(articles, 'more article')} on this story"

    def counted_over(self, ranked: int, matched: int) -> str:
        """Says so when filters and timeline count only the best candidates."""
        return f"Counts are of the best {ranked:,} of {self.passages(matched)}."

    def counted_back(self, newest: date) -> str:
        """From when the date presets are counted."""
        return f"Counted back from the newest article, {self.day(newest)}."

    def bar(self, first: date, articles: int) -> str:
        """One bar of the timeline in words."""
        return f"{self.FROM} {self.day(first)}: {self.articles(articles)}"

    def timeline(self, first: date, last: date, busiest: date, articles: int) -> str:
        """The timeline in a sentence, for those who do not see it."""
        return (
            f"Articles over time, {first.isoformat()} to {last.isoformat()}; "
            f"most, {articles:,}, from {busiest.isoformat()} on."
        )

    def download(self, name: str) -> str:
        """The button that gives the file in a format."""
        return f"Download {self.FORMATS[name].partition(' (')[0]}"

    def exports(self, most: int) -> str:
        """What a download holds."""
        return (
            f"A ZIP with the hits, {most:,} at most, and a record of this search, which"
            " `news-search replay` runs again."
        )

    def undated_left_out(self, number: int) -> str:
        """The button that brings undated articles back in."""
        return f"{number:,} undated left out: include"

    def only(self, label: str) -> str:
        """The button that adds a filter which the words seem to ask for."""
        return f"Only {label}?"

    def without(self, label: str, matched: int) -> str:
        """The button that removes one filter, with what that would find."""
        return f"Without {label}: {matched:,}"

    def similar_to(self, headline: str) -> str:
        """The chip of a search for similar passages."""
        return f"Similar to: {headline}"

    def chosen(self, field: Field, values: int) -> str:
        """All values chosen for a field, as one filter."""
        return f"{self.FIELDS[field]} ({values:,} chosen)"

    def dropped(self, param: str, values: Sequence[str], more: int) -> str:
        """Says which part of an address was not used: some values by name, and how many more."""
        named = ", ".join(f"“{value}”" for value in values)
        asked = f"{self.PARAMS[param]} {named}" + (f" and {more:,} more" if more else "")
        if len(values) + more == 1:
            return f"This link asked for {asked}, which is not here; it was left out."
        return f"This link asked for {asked}, which are not here; they were left out."

    def surplus(self, param: str, most: int) -> str:
        """Says that an address had more values of a field than are taken."""
        named = f"more than {most:,} values for {self.PARAMS[param]}"
        return f"This link asked for {named}; only the first {most:,} were looked at."

    def reference(self, code: str) -> str:
        """Where to find an error in the log."""
        return f"The log has the details under reference {code}."

    def why(self, why: Why) -> str:
        """One sentence on where a hit's rank comes from."""
        reasons = []
        if why.semantic_rank is not None:
            reasons.append(f"{self.ordinal(why.semantic_rank)} by meaning")
        if why.keyword_rank is not None:
            reasons.append(f"{self.ordinal(why.keyword_rank)} by keywords")
        elif why.bm25 is not None:
            reasons.append("none of the words")
        if why.is_excerpt:
            reasons.append("lowered, since it is an excerpt")
        if why.is_lifted:
            reasons.append("lifted for a rare name or number")
        if not reasons:
            return "Shown by date: the query has no words to rank by."
        text = ", ".join(reasons)
        return f"{text[0].upper()}{text[1:]}."

    def ordinal(self, number: int) -> str:
        """`1st`, `22nd`, `113th`."""
        teens = 10 <= number % 100 <= 20
        ending = "th" if teens else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
        return f"{number:,}{ending}"

    def calendar(self) -> Mapping[str, object]:
        """How a chart writes dates, as Vega takes it."""
        return calendar(self.LOCALE)

    def language(self, tag: str) -> str:
        """A language tag by its name where there is one: `en-GB` is `English (GB)`."""
        from babel import Locale, UnknownLocaleError

        name, _, rest = tag.partition("-")
        try:
            known = Locale.parse(name.lower()).get_display_name(self.LOCALE)
        except (ValueError, UnknownLocaleError):
            known = None
        if not known:
            return tag
        return f"{known} ({rest})" if rest else known
