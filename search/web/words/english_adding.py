"""What the page says when articles are added, in English."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from search import written
from search.web.add_rights import MOST_MB

if TYPE_CHECKING:
    from search.types import AddReport
    from search.web.add_rights import Refusal


class EnglishAdding:
    """Adding from the page, and being told that somebody adds; a part of `English`."""

    ADD = "Add articles"
    ADD_WAY = "Where the articles are"
    ADD_WAYS: ClassVar[dict[str, str]] = {
        "text": "Paste text",
        "files": "Upload files",
        "place": "From a folder",
    }
    ADD_TEXT = "Text of one article"
    ADD_FIELDS: ClassVar[dict[str, str]] = {
        "title": "Headline",
        "source": "Outlet",
        "authors": "Author",
        "published": "Date of publication",
        "url": "Link",
    }
    ADD_FILES = "Files in any format that the archive reads"
    ADD_FILES_HINT = (
        "JSON, CSV, web pages, feeds, agency formats, plain text, archives of these;"
        f" {MOST_MB} MB together."
    )
    ADD_PLACE = "Path of a file or folder on the server"
    ADD_NOW = "Add"
    ADD_REFUSED: ClassVar[dict[Refusal, str]] = {
        "busy": "Articles are being added already; try again when that is done.",
        "no_text": "There is no text to add.",
        "no_files": "Choose files to add first.",
        "no_place": "Name a file or folder to add.",
        "too_large": f"These files have more than {MOST_MB} MB; add some of them first.",
        "date_unclear": "write the date as 2026-03-31, 2026-03 or 2026.",
        "not_here": "Files of the server cannot be added here.",
        "outside": "not below the folder from which articles may be added.",
        "missing": "there is no such file or folder.",
        "hidden": "hidden, and left out.",
    }
    ADD_BEGINS = "Reading…"
    ADD_GOES_ON = "This goes on when you close this window."
    ADD_FAILED = "Adding failed; the log has the details. What was committed before is kept."
    ADD_MORE = "Add more"
    ADD_SHOW = "Show the newest articles"
    SKIPPED = "Left out"
    GUESSED = "Guessed or missing"

    BUILDING = "This archive is being built"
    BUILDING_HINT = "The first articles can be searched in a moment."

    def adding(self, articles: int, share: float | None) -> str:
        """How far an adding is, in articles and as a part of the whole, where that is known."""
        done = "" if share is None else f" ({share:.0%})"
        return f"Articles are being added: {articles:,} so far{done}."

    def reading_first(self, share: float) -> str:
        """How far reading is, where all is read before any of it is stored."""
        return f"Articles are being read, to add the newest first: {share:.0%} so far."

    def searchable(self, awaiting: int) -> str:
        """Says that what was added so far is found; so many passages await their vectors."""
        alone = f", {written.count(awaiting, 'passage')} by words alone so far" if awaiting else ""
        return f"What is there can be searched{alone}."

    WORDS_COVER_ALL = "Words cover all of them."
    WORDS_FIND_THE_REST = "Hybrid and keywords search the rest too."

    def meaning_covers(self, encoded: int, passages: int) -> str:
        """How many of the passages that matched have vectors."""
        return f"Meaning covers {encoded:,} of {written.count(passages, 'matched passage')} so far."

    def add_place_hint(self, folder: str) -> str:
        """Below which folder of the server files can be named."""
        return f"Below {folder}"

    def added(self, report: AddReport) -> str:
        """What came of an adding, without what was rejected."""
        withdrawn = f", {report.withdrawn:,} withdrawn" if report.withdrawn else ""
        return (
            f"{report.added:,} added, {report.updated:,} updated, "
            f"{report.unchanged:,} there already{withdrawn}."
        )

    def add_refused(self, reason: Refusal, named: str) -> str:
        """Why nothing is begun, and for which file or folder, where one was named."""
        return f"{named}: {self.ADD_REFUSED[reason]}" if named else self.ADD_REFUSED[reason]

    def line(self, number: int) -> str:
        """Where in a file something is, counted from 1."""
        return f"line {number}"

    def more_left(self, items: int) -> str:
        """Says how much of a list is not shown."""
        return f"and {items:,} more"

    def rejected(self, records: int) -> str:
        """What opens the list of what could not be read."""
        return f"{written.count(records, 'record')} could not be read"
