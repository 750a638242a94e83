"""What the reader of an article says besides the news, in German."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, ClassVar

from search.web.words.english_reading import EnglishReading
from search.web.words.german_written import count, day_and_time, known, number

if TYPE_CHECKING:
    from search.types import Article, ChangedField, Precision, Provenance
    from search.web.citation import Style

_SINGLE = str.maketrans("„“”", "‚‘’")


class GermanReading(EnglishReading):
    """The part of `German` about one article: its text, copies, versions, story and citation."""

    ARTICLE = "Artikel"
    PART = "Was vom Artikel zu sehen ist"
    PARTS: ClassVar[dict[str, str]] = {
        "text": "Text",
        "copies": "Kopien",
        "versions": "Fassungen",
        "story": "Ereignis",
        "cite": "Zitat",
    }
    GONE = "Dieser Artikel ist nicht mehr im Archiv."

    # Text
    TEXT = "Text des Artikels"
    ORIGINAL = "Original bei"
    JUMP = "Zur Textstelle springen"
    PREVIOUS = "Vorige Textstelle"
    NEXT = "Nächste Textstelle"
    UPDATED = "aktualisiert"
    DATE_ROUGHLY: ClassVar[dict[Precision, str]] = {
        "month": "Tag unbekannt",
        "year": "Monat unbekannt",
    }
    DATE_FROM: ClassVar[dict[Provenance, str]] = {
        "text": "Datum aus dem Text",
        "url": "Datum aus dem Link",
    }

    # Copies
    FIRST = "zuerst erschienen"
    LONGEST = "längste"
    FIRST_BY_DAY = "dem Tag nach zuerst erschienen, Uhrzeit unbekannt"
    NEWEST_COPY = "neueste"
    NEWEST_BY_DAY = "dem Tag nach neueste, Uhrzeit unbekannt"
    THIS_ONE = "dieser Artikel"
    COMPARE_WITH = "Diesen Artikel mit einer Kopie vergleichen"
    NO_COPY_CHOSEN = "Kopie wählen"
    NO_COPIES = "Kein anderer Artikel im Archiv hat diesen Wortlaut."

    # Versions
    OLDER = "Von Fassung"
    NEWER = "Zu Fassung"
    NOW = "aktuell"
    NO_VERSIONS = "Von diesem Artikel gibt es im Archiv nur eine Fassung."
    NO_CHANGE = "Beide Fassungen sind gleich."
    CHANGES = "Text mit Änderungen"
    SAME_TEXT = "Der Text ist in beiden gleich."
    LONG_COMPARISON = "Diese Texte sind sehr lang; der Vergleich dauert einige Sekunden."
    COMPARE = "Vergleichen"
    CHANGED_FIELDS: ClassVar[dict[ChangedField, str]] = {
        "title": "Überschrift",
        "source": "Medium",
        "authors": "Autor/in",
        "published": "Erschienen",
        "updated": "Aktualisiert",
        "url": "Link",
        "section": "Ressort",
    }
    NOTHING_THERE = "keine Angabe"
    YES = "ja"

    # Story
    SAME_STORY = "selbes Ereignis"
    EARLIER = "Hintergrund: früher"
    SAME_DAY = "Am selben Tag"
    LATER = "Wie es weiterging: später"
    NO_DAY = "Undatiert"
    NO_STORY = "Zu diesem Ereignis steht sonst nichts im Archiv, weder davor noch danach."
    STORY_UNDATED = "Der Artikel ist undatiert; was davor oder danach liegt, ist nicht bekannt."

    # Citation
    STYLES: ClassVar[dict[Style, str]] = {
        "plain": "Einfach",
        "quote": "Wörtliches Zitat",
        "chicago": "Chicago-Fußnote (englisch)",
        "markdown": "Markdown-Link",
    }

    def number_of_words(self, words: int) -> str:
        """`1 Wort`, `1.312 Wörter`."""
        return count(words, "Wort", "Wörter")

    def number_of_characters(self, characters: int) -> str:
        """The length of a text in a script that sets no spaces."""
        return count(characters, "Zeichen", "Zeichen")

    def date_and_time(self, article: Article) -> str | None:
        """`6. Okt. 2022, 09:12 UTC`, `6. Okt. 2022`, `Okt. 2022 (Tag unbekannt)`."""
        if article.day is None:
            return None
        precision = article.published_precision
        if isinstance(article.published, datetime) and precision in (None, "second"):
            return self.moment_in_zone(article.published)
        unknown = self.DATE_ROUGHLY.get(precision or "day")
        return known(article.day, precision) + (f" ({unknown})" if unknown else "")

    def moment_in_zone(self, moment: date | None, precision: Precision | None = None) -> str:
        """A date; where the time is known, with it and its zone: `6. Okt. 2022, 09:12 UTC`."""
        zone = f"{moment:%Z}" if isinstance(moment, datetime) else ""
        return f"{day_and_time(moment, precision)} {zone}".strip()

    def place_among(self, place: int | None, matching: int) -> str:
        """`2 von 5 passenden Textstellen`, `5 passende Textstellen`."""
        if place is None:
            return count(matching, "passende Textstelle", "passende Textstellen")
        among = count(matching, "passenden Textstelle", "passenden Textstellen")
        return f"{number(place)} von {among}"

    def also_reported(self, outlets: int, copies: int) -> str:
        """What opens the list of a text's copies: by other outlets, or again by its own."""
        if outlets:
            return f"Auch bei {count(outlets, 'weiteren Medium', 'weiteren Medien')}"
        return f"Noch {number(copies)}-mal erschienen"

    def and_more(self, articles: int) -> str:
        """Says that a list is cut."""
        return f"und {count(articles, 'weiterer Artikel', 'weitere Artikel')}"

    def version(self, place: int, replaced_at: datetime | None, number: int | None) -> str:
        """A version by its place, the time until which it stood, and its agency's number."""
        stood = self.NOW if replaced_at is None else f"bis {self.moment_in_zone(replaced_at)}"
        agency = "" if number is None else f" (Nr. {number} der Agentur)"
        return f"{place}{agency} · {stood}"

    def changed(self, added: int, removed: int) -> str:
        """How much of the text was changed, in words."""
        return f"{count(added, 'Wort', 'Wörter')} ergänzt, {number(removed)} gestrichen"

    def unchanged(self, paragraphs: int) -> str:
        """What opens the paragraphs that did not change."""
        return count(paragraphs, "unveränderter Absatz", "unveränderte Absätze")

    def quoted(self, text: str) -> str:
        """A text between quotation marks; those within it become single ones."""
        return f"„{text.translate(_SINGLE)}“"

    def accessed(self, day: date) -> str:
        """When an address was looked at, as citations say it."""
        return f"abgerufen am {known(day)}"
