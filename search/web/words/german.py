"""Every sentence and label of the page that is not news, in German."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import ClassVar

from search.types import Article, Chip, Field, Group, IndexStats, Mode, Sort, Strength, Why
from search.web.view import MAX_TEXT_CHARS, When
from search.web.words import german_written
from search.web.words.english import English
from search.web.words.german_adding import GermanAdding
from search.web.words.german_door import GermanDoor
from search.web.words.german_reading import GermanReading
from search.web.words.german_written import count, known


class German(GermanReading, GermanDoor, GermanAdding, English):
    """The page in German; what it says the same as in English, a test lists."""

    LOCALE = german_written.LOCALE

    ABOUT = (
        "**news-search**: semantische Suche in einem Nachrichtenarchiv."
        " Die Suche kommt ohne andere Dienste aus."
    )

    # Search field and order
    SEARCH = "Archiv durchsuchen"
    PLACEHOLDER = (
        "Frage stellen oder Ereignis beschreiben, etwa „Razzia bei Schmugglern an der Grenze“"
    )
    RANKING = "Rangfolge"
    MODES: ClassVar[dict[Mode, str]] = {
        "hybrid": "Beides",
        "semantic": "Bedeutung",
        "keyword": "Stichwörter",
    }
    ORDER = "Reihenfolge"
    SORTS: ClassVar[dict[Sort, str]] = {
        "relevance": "Relevanz",
        "newest": "Neueste",
        "oldest": "Älteste",
    }
    GROUPING = "Kopien und Ereignisse"
    GROUPS: ClassVar[dict[Group, str]] = {
        "copies": "Kopien bündeln",
        "story": "Ereignisse bündeln",
        "none": "Einzeln",
    }
    CUT = (
        f"Die Anfrage war länger als {MAX_TEXT_CHARS} Zeichen; gesucht wurde nur nach ihrem Anfang."
    )
    STARTING = (
        "Die Suche nach Bedeutung läuft gerade an. Dies sind Treffer nach Stichwörtern;"
        " gleich noch einmal suchen."
    )
    NO_MEANING = (
        "Die Suche nach Bedeutung ist nicht verfügbar; dies sind Treffer nach Stichwörtern."
    )
    NO_ENCODER = "Das Modell ließ sich nicht laden; Einzelheiten stehen im Protokoll."

    BEST_OF = "Die besten aus "

    # Filters
    FIELDS: ClassVar[dict[Field, str]] = {
        "section": "Ressort",
        "source": "Medium",
        "author": "Autor/in",
        "language": "Sprache",
    }
    PARAMS: ClassVar[dict[str, str]] = {
        "q": "Anfrage",
        "src": "Medium",
        "sec": "Ressort",
        "author": "Autor/in",
        "lang": "Sprache",
        "when": "Datum",
        "range": "Zeitraum",
        "undated": "Undatierte",
        "mode": "Rangfolge",
        "sort": "Reihenfolge",
        "group": "Zusammenfassung",
        "page": "Seite",
        "like": "Ähnliches zu",
        "open": "Artikel",
    }
    DATE = "Datum"
    WHENS: ClassVar[dict[When, str]] = {"any": "Alle", "7d": "7 T.", "30d": "30 T.", "year": "Jahr"}
    WHEN_CHIPS: ClassVar[dict[When, str]] = {"7d": "7 Tage", "30d": "30 Tage", "year": "Ein Jahr"}
    FROM = "Ab"
    RANGE = "Eigener Zeitraum"
    UNDATED_CHIP = "Auch undatierte"
    CLEAR_ALL = "Alle entfernen"
    HELP_REMOVE = "Diesen Filter entfernen"

    # Cards
    READ = "Artikel lesen"
    SIMILAR = "Ähnliches"
    WHY = "Warum dieser Treffer"
    SCORE = "Wertung"
    COSINE = "Kosinus (Bedeutung)"
    BM25 = "BM25 (Stichwörter)"
    UNTITLED = "ohne Überschrift"
    NO_DATE = "undatiert"
    EXCERPT = "Auszug"
    STRENGTHS: ClassVar[dict[Strength, str]] = {
        "strong": "starker Treffer",
        "likely": "wahrscheinlicher Treffer",
        "weak": "schwacher Treffer",
    }
    GOOD_WITHOUT = "Gute Treffer unter den besten, wenn ein Filter wegfällt:"
    NO_GOOD_MATCH = "Kein guter Treffer. Zur Orientierung die nächstliegenden Textstellen:"
    NO_GOOD_MATCH_YET = (
        "Bisher kein guter Treffer. Zur Orientierung die nächstliegenden Textstellen:"
    )
    FUSED = "Beides zusammen"
    FRESHNESS = "Faktor für das Alter"
    CARRIED = "Wörter, die zur Bedeutung beitrugen, mit ihrem Anteil"

    # Taking hits away
    EXPORT = "Exportieren"
    FORMAT = "Dateiformat"
    FORMATS: ClassVar[dict[str, str]] = {
        "csv": "CSV (Tabelle)",
        "jsonl": "JSONL (Programme)",
        "markdown": "Markdown (Zitate)",
        "ris": "RIS (Zotero, EndNote)",
        "bibtex": "BibTeX",
        "csl": "CSL-JSON",
    }
    WHICH_HITS = "Welche Treffer"
    WHICH: ClassVar[dict[str, str]] = {
        "all": "Alle",
        "good": "Starke und wahrscheinliche",
        "chosen": "Einige dieser Seite",
    }
    CHOSEN_HITS = "Treffer auswählen"
    NOT_MADE = (
        "Die Datei konnte nicht erstellt werden. Vielleicht wurde inzwischen ein Artikel entfernt:"
        " die Seite neu laden und herunterladen, was sie dann zeigt."
    )

    # Timeline
    ARTICLES = "Artikel"
    DAY_FORMAT = "%-d. %b"

    # Home
    TRY = "Zum Ausprobieren"
    NEWEST = "Neu im Archiv"
    BROWSE = "Alles ansehen, Neuestes zuerst"

    # States
    NOTHING = "Keine Treffer"
    NOTHING_ADMITTED_HINT = (
        "Nichts im Archiv entspricht den Filtern; einer von ihnen muss entfallen."
    )
    NOTHING_HINT = "Weniger oder andere Wörter versuchen oder die Rangfolge nach Bedeutung wählen."
    NO_INDEX = "Es gibt noch keinen Index"
    NO_INDEX_HINT = (
        "Dieser Befehl legt ihn aus Artikeln an. Danach geht es auf dieser Seite von selbst weiter."
    )
    LOST = "Das Archiv antwortet nicht"
    LOST_HINT = (
        "Diese Seite versucht weiter, es zu erreichen, und macht dann hier weiter."
        " Dauert das lange, muss der Server neu gestartet werden."
    )
    EMPTY = "Der Index ist leer"
    EMPTY_HINT = "Mit diesem Befehl Artikel aufnehmen. Sie erscheinen hier, sobald sie da sind."
    REFUSED = "Diese Version oder dieses Modell kann den Index nicht lesen"
    DAMAGED = "Dieser Index ist beschädigt"
    REBUILD_HINT = "Den Index prüfen oder daneben einen neuen anlegen:"
    BAD_QUERY = "Die Anfrage ist so nicht lesbar"
    WRITE_INSTEAD = "Stattdessen suchen nach"
    FAILED = "Etwas ist schiefgegangen; es wurde nicht gesucht."
    LOOK_AGAIN = "Noch einmal versuchen"

    def number(self, number: int) -> str:
        """`1.312`."""
        return german_written.number(number)

    def day(self, when: date) -> str:
        """A day as `6. Okt. 2022`."""
        return known(when)

    def published(self, article: Article) -> str | None:
        """The date as precisely as it is known: `6. Okt. 2022`, `Okt. 2022`, `2022`."""
        return None if article.day is None else known(article.day, article.published_precision)

    def holdings(self, stats: IndexStats) -> str:
        """Where the articles are from and when."""
        outlets = f"aus {count(stats.sources, 'Medium', 'Medien')}"
        if not (stats.first and stats.last):
            return outlets
        span = f"{outlets}, {self.day(stats.first)} bis {self.day(stats.last)}"
        return span + (f", {self.number(stats.undated)} ohne Datum" if stats.undated else "")

    def search_among(self, articles: int) -> str:
        """The heading of a first visit."""
        return f"{self.articles(articles)} nach Bedeutung durchsuchen"

    def articles(self, number: int) -> str:
        """`1 Artikel`, `1.312 Artikel`."""
        return count(number, "Artikel", "Artikel")

    def passages(self, number: int) -> str:
        """`1 Textstelle`, `1.312 Textstellen`."""
        return count(number, "Textstelle", "Textstellen")

    def stories_ranked(self, number: int) -> str:
        """How many stories were put in order: `1 Ereignis geordnet`."""
        return f"{count(number, 'Ereignis', 'Ereignisse')} geordnet"

    def took(self, seconds: float) -> str:
        """How long the search took: `1.312 ms`."""
        return f"{self.number(round(1000 * seconds))} ms"

    def score(self, score: float) -> str:
        """A score as precisely as tables give it: `0,532`."""
        return f"{score:.3f}".replace(".", ",")

    def share(self, share: float) -> str:
        """A part of a whole, which is 1: `12 %`."""
        return german_written.percent(share)

    def as_read(self, chip: Chip) -> str:
        """What a part of the query was read as, as queries say it: `source:Tidewire`."""
        return chip.text

    def any_of(self, listed: int, total: int) -> str:
        """What a filter's empty field says: that nothing is chosen, and whether all is listed."""
        frequent = f"Alle; die {self.number(listed)} häufigsten stehen zur Wahl"
        return "Alle" if listed == total else frequent

    def on_this_story(self, articles: int) -> str:
        """What opens the list of a story's other articles."""
        return f"{count(articles, 'weiterer Artikel', 'weitere Artikel')} zum Ereignis"

    def counted_over(self, ranked: int, matched: int) -> str:
        """Says so when filters and timeline count only the best candidates."""
        return f"Gezählt über die besten {self.number(ranked)} von {self.passages(matched)}."

    def counted_back(self, newest: date) -> str:
        """From when the date presets are counted."""
        return f"Zurückgerechnet vom neuesten Artikel: {self.day(newest)}"

    def timeline(self, first: date, last: date, busiest: date, articles: int) -> str:
        """The timeline in a sentence, for those who do not see it."""
        return (
            f"Artikel im Zeitverlauf, {first.isoformat()} bis {last.isoformat()}; "
            f"die meisten, {self.number(articles)}, ab {busiest.isoformat()}."
        )

    def download(self, name: str) -> str:
        """The button that gives the file in a format."""
        return f"{self.FORMATS[name].partition(' (')[0]} herunterladen"

    def exports(self, most: int) -> str:
        """What a download holds."""
        return (
            f"Ein ZIP mit den Treffern, höchstens {self.number(most)}, und einem Protokoll dieser"
            " Suche, mit dem `news-search replay` sie wiederholt."
        )

    def undated_left_out(self, number: int) -> str:
        """The button that brings undated articles back in."""
        return f"{count(number, 'undatierter', 'undatierte')} ausgelassen: einbeziehen"

    def only(self, label: str) -> str:
        """The button that adds a filter which the words seem to ask for."""
        return f"Nur {label}?"

    def without(self, label: str, matched: int) -> str:
        """The button that removes one filter, with what that would find."""
        return f"Ohne {label}: {self.number(matched)}"

    def similar_to(self, headline: str) -> str:
        """The chip of a search for similar passages."""
        return f"Ähnlich wie: {headline}"

    def chosen(self, field: Field, values: int) -> str:
        """All values chosen for a field, as one filter."""
        return f"{self.FIELDS[field]} ({self.number(values)} gewählt)"

    def dropped(self, param: str, values: Sequence[str], more: int) -> str:
        """Says which part of an address was not used: some values by name, and how many more."""
        named = ", ".join(f"„{value}“" for value in values)
        rest = f" und {self.number(more)} weitere" if more else ""
        asked = f"{self.PARAMS[param]} {named}{rest}"
        return f"Aus diesem Link weggelassen, da hier nicht vorhanden: {asked}."

    def surplus(self, param: str, most: int) -> str:
        """Says that an address had more values of a field than are taken."""
        named = f"mehr als {self.number(most)} Werte für {self.PARAMS[param]}"
        return f"Dieser Link nennt {named}; beachtet wurden nur die ersten {self.number(most)}."

    def reference(self, code: str) -> str:
        """Where to find an error in the log."""
        return f"Einzelheiten stehen im Protokoll unter {code}."

    def why(self, why: Why) -> str:
        """One sentence on where a hit's rank comes from."""
        reasons = []
        if why.semantic_rank is not None:
            reasons.append(f"{self.ordinal(why.semantic_rank)} nach Bedeutung")
        if why.keyword_rank is not None:
            reasons.append(f"{self.ordinal(why.keyword_rank)} nach Stichwörtern")
        elif why.bm25 is not None:
            reasons.append("keines der Wörter")
        if why.is_excerpt:
            reasons.append("als Auszug zurückgestuft")
        if why.is_lifted:
            reasons.append("wegen eines seltenen Namens oder einer seltenen Zahl vorgezogen")
        if not reasons:
            return "Nach Datum gezeigt: Die Anfrage hat keine Wörter für eine Rangfolge."
        text = ", ".join(reasons)
        return f"{text[0].upper()}{text[1:]}."

    def ordinal(self, number: int) -> str:
        """`1.`, `22.`, `113.`."""
        return f"{self.number(number)}."
