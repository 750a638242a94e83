"""What the page says when articles are added, in German."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from search.web.add_rights import MOST_MB
from search.web.words.english_adding import EnglishAdding
from search.web.words.german_written import count, number, percent

if TYPE_CHECKING:
    from search.types import AddReport
    from search.web.add_rights import Refusal


class GermanAdding(EnglishAdding):
    """Adding from the page, and being told that somebody adds; a part of `German`."""

    ADD = "Artikel hinzufügen"
    ADD_WAY = "Wo die Artikel sind"
    ADD_WAYS: ClassVar[dict[str, str]] = {
        "text": "Text einfügen",
        "files": "Dateien hochladen",
        "place": "Aus einem Ordner",
    }
    ADD_TEXT = "Text eines Artikels"
    ADD_FIELDS: ClassVar[dict[str, str]] = {
        "title": "Überschrift",
        "source": "Medium",
        "authors": "Autor/in",
        "published": "Tag der Veröffentlichung",
        "url": "Link",
    }
    ADD_FILES = "Dateien in einem Format, das das Archiv liest"
    ADD_FILES_HINT = (
        "JSON, CSV, Webseiten, Feeds, Agenturformate, einfacher Text; auch in ZIP oder tar;"
        f" zusammen höchstens {MOST_MB} MB."
    )
    ADD_PLACE = "Pfad einer Datei oder eines Ordners auf dem Server"
    ADD_NOW = "Hinzufügen"
    ADD_REFUSED: ClassVar[dict[Refusal, str]] = {
        "busy": "Es werden schon Artikel hinzugefügt; danach geht es wieder.",
        "no_text": "Es gibt keinen Text, der hinzuzufügen wäre.",
        "no_files": "Zuerst Dateien auswählen.",
        "no_place": "Eine Datei oder einen Ordner nennen.",
        "too_large": f"Diese Dateien haben mehr als {MOST_MB} MB; erst einen Teil hinzufügen.",
        "date_unclear": "das Datum als 2026-03-31, 2026-03 oder 2026 schreiben.",
        "not_here": "Dateien des Servers lassen sich hier nicht hinzufügen.",
        "outside": "nicht in dem Ordner, aus dem Artikel hinzugefügt werden dürfen.",
        "missing": "diese Datei oder diesen Ordner gibt es nicht.",
        "hidden": "verborgen, wird ausgelassen.",
    }
    ADD_BEGINS = "Wird gelesen …"
    ADD_GOES_ON = "Das läuft weiter, auch wenn dieses Fenster geschlossen wird."
    ADD_FAILED = (
        "Das Hinzufügen ist gescheitert; Einzelheiten stehen im Protokoll."
        " Was vorher gespeichert wurde, bleibt."
    )
    ADD_MORE = "Weitere hinzufügen"
    ADD_SHOW = "Neueste Artikel zeigen"
    SKIPPED = "Ausgelassen"
    GUESSED = "Erraten oder nicht vorhanden"

    BUILDING = "Dieses Archiv wird gerade aufgebaut"
    BUILDING_HINT = "Die ersten Artikel lassen sich gleich durchsuchen."

    def adding(self, articles: int, share: float | None) -> str:
        """How far an adding is."""
        done = "" if share is None else f" ({percent(share)})"
        return f"Artikel werden hinzugefügt: bisher {number(articles)}{done}."

    def reading_first(self, share: float) -> str:
        """How far reading is, where all is read before any of it is stored."""
        return (
            f"Artikel werden gelesen, um die neuesten zuerst hinzuzufügen: bisher {percent(share)}."
        )

    def searchable(self, awaiting: int) -> str:
        """Says that what was added so far is found."""
        alone = f", {count(awaiting, 'Textstelle', 'Textstellen')} vorerst nur nach Wörtern"
        return f"Was schon da ist, lässt sich durchsuchen{alone if awaiting else ''}."

    WORDS_COVER_ALL = "Die Suche nach Wörtern erfasst alle."
    WORDS_FIND_THE_REST = "Hybrid und Stichwörter durchsuchen auch den Rest."

    def meaning_covers(self, encoded: int, passages: int) -> str:
        """How many of the passages that matched have vectors."""
        return (
            f"Die Suche nach Bedeutung erfasst bisher {number(encoded)} von"
            f" {count(passages, 'passenden Textstelle', 'passenden Textstellen')}."
        )

    def add_place_hint(self, folder: str) -> str:
        """Below which folder of the server files can be named."""
        return f"Unterhalb von {folder}"

    def added(self, report: AddReport) -> str:
        """What came of an adding, without what was rejected."""
        withdrawn = f", {number(report.withdrawn)} zurückgezogen" if report.withdrawn else ""
        return (
            f"{number(report.added)} hinzugefügt, {number(report.updated)} aktualisiert, "
            f"{number(report.unchanged)} schon vorhanden{withdrawn}."
        )

    def add_refused(self, reason: Refusal, named: str) -> str:
        """Why nothing is begun."""
        return f"{named}: {self.ADD_REFUSED[reason]}" if named else self.ADD_REFUSED[reason]

    def line(self, number: int) -> str:
        """Where in a file something is."""
        return f"Zeile {number}"

    def more_left(self, items: int) -> str:
        """Says how much of a list is not shown."""
        return f"und {count(items, 'weiterer', 'weitere')}"

    def rejected(self, records: int) -> str:
        """What opens the list of what could not be read."""
        return f"{count(records, 'Eintrag ließ', 'Einträge ließen')} sich nicht lesen"
