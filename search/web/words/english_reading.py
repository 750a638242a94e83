"""What the reader of an article says besides the news, in English."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from search import written

if TYPE_CHECKING:
    from search.types import Article, ChangedField, Precision, Provenance
    from search.web.citation import Style

_SINGLE = str.maketrans("“”", "‘’")


class EnglishReading:
    """The part of `English` about one article: its text, copies, versions, story and citation."""

    ARTICLE = "Article"
    PART = "What of the article to show"
    PARTS: ClassVar[dict[str, str]] = {
        "text": "Text",
        "copies": "Copies",
        "versions": "Versions",
        "story": "Story",
        "cite": "Cite",
    }
    GONE = "This article is no longer in the archive."

    # Text
    TEXT = "Text of the article"
    ORIGINAL = "Original at"
    JUMP = "Jump to the passage"
    PREVIOUS = "Previous passage"
    NEXT = "Next passage"
    UPDATED = "updated"
    DATE_ROUGHLY: ClassVar[dict[Precision, str]] = {
        "month": "day not known",
        "year": "month not known",
    }
    DATE_FROM: ClassVar[dict[Provenance, str]] = {
        "text": "date read from the text",
        "url": "date read from the link",
    }

    # Copies
    FIRST = "first published"
    LONGEST = "longest"
    FIRST_BY_DAY = "first published, by its day: no time is known"
    NEWEST_COPY = "newest"
    NEWEST_BY_DAY = "newest, by its day: no time is known"
    THIS_ONE = "this article"
    COMPARE_WITH = "Compare this article with a copy"
    NO_COPY_CHOSEN = "Choose a copy"
    NO_COPIES = "No other article in the archive carries this text."

    # Versions
    OLDER = "From version"
    NEWER = "To version"
    NOW = "now"
    NO_VERSIONS = "The archive holds one version of this article."
    NO_CHANGE = "These two versions say the same."
    CHANGES = "Text with its changes"
    SAME_TEXT = "The text is the same in both."
    LONG_COMPARISON = "These texts are very long: comparing them takes some seconds."
    COMPARE = "Compare"
    CHANGED_FIELDS: ClassVar[dict[ChangedField, str]] = {
        "title": "Headline",
        "source": "Outlet",
        "authors": "Author",
        "published": "Published",
        "updated": "Updated",
        "url": "Link",
        "section": "Section",
    }
    NOTHING_THERE = "none"
    YES = "yes"

    # Story
    SAME_STORY = "same story"
    EARLIER = "Background: earlier"
    SAME_DAY = "On the same day"
    LATER = "Follow-ups: later"
    NO_DAY = "Undated"
    NO_STORY = "Nothing else in the archive tells this story, before or after."
    STORY_UNDATED = "This article has no date, so nothing is known to be before or after it."

    # Citation
    STYLES: ClassVar[dict[Style, str]] = {
        "plain": "Plain",
        "quote": "Quotation",
        "chicago": "Chicago note",
        "markdown": "Markdown link",
    }

    def number_of_words(self, words: int) -> str:
        """`1 word`, `1,312 words`."""
        return written.count(words, "word")

    def number_of_characters(self, characters: int) -> str:
        """The length of a text in a script that sets no spaces."""
        return written.count(characters, "character")

    def date_and_time(self, article: Article) -> str | None:
        """The date of publication with all that is known of it, and its zone where it has a time.

        `6 Oct 2022, 09:12 UTC`, `6 Oct 2022`, `Oct 2022 (day not known)`.
        """
        shown = written.published(article)
        if isinstance(article.published, datetime) and article.published_precision in (
            None,
            "second",
        ):
            return self.moment_in_zone(article.published)
        unknown = self.DATE_ROUGHLY.get(article.published_precision or "day")
        return f"{shown} ({unknown})" if shown and unknown else shown

    def moment_in_zone(self, moment: date | None, precision: Precision | None = None) -> str:
        """A date; where the time is known, with it and its zone: `6 Oct 2022, 09:12 UTC`."""
        zone = f"{moment:%Z}" if isinstance(moment, datetime) else ""
        return f"{written.when(moment, precision)} {zone}".strip()

    def place_among(self, place: int | None, matching: int) -> str:
        """Which of the matching passages is shown: `2 of 5 matching passages`."""
        counted = written.count(matching, "matching passage")
        return counted if place is None else f"{place:,} of {counted}"

    def also_reported(self, outlets: int, copies: int) -> str:
        """What opens the list of a text's copies: by other outlets, or again by its own."""
        if outlets:
            return f"Also reported by {written.count(outlets, 'outlet')}"
        return f"Carried {written.count(copies, 'more time')}"

    def and_more(self, articles: int) -> str:
        """Says that a list is cut."""
        return f"and {written.count(articles, 'more article')}"

    def version(self, place: int, replaced_at: datetime | None, number: int | None) -> str:
        """A version by its place, the time until which it stood, and its agency's number."""
        stood = self.NOW if replaced_at is None else f"until {self.moment_in_zone(replaced_at)}"
        agency = "" if number is None else f" (the agency’s {number})"
        return f"{place}{agency} · {stood}"

    def changed(self, added: int, removed: int) -> str:
        """How much of the text was changed, in words."""
        return f"{written.count(added, 'word')} added, {removed:,} removed"

    def unchanged(self, paragraphs: int) -> str:
        """What opens the paragraphs that did not change."""
        return written.count(paragraphs, "unchanged paragraph")

    def quoted(self, text: str) -> str:
        """A text between quotation marks; those within it become single ones."""
        return f"“{text.translate(_SINGLE)}”"

    def accessed(self, day: date) -> str:
        """When an address was looked at, as citations say it."""
        return f"accessed {written.day(day)}"
