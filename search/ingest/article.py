"""From what a format says to an `Article`: every rule that holds for all formats, applied once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Literal
from urllib.parse import SplitResult

from search.ingest.authors import Byline, byline
from search.ingest.date_conflicts import conflicts, merged
from search.ingest.date_orders import DateOrders
from search.ingest.dates import DateOrder, read_date
from search.ingest.extras import has_half_characters, json_values, raw_value
from search.ingest.identity import hashed_id, own_id
from search.ingest.language import contradicts, detected, language_tag
from search.ingest.outlet import names_no_person, shown
from search.ingest.record import Record, RecordField, Rejected, reject
from search.ingest.text import MISSING, is_missing, normalised, one_line, shortened
from search.links import canonical_url, host, web_link
from search.outlet_names import Outlets, default_outlets
from search.types import Article, Precision, Reject, Withdrawal
from search.update_note import update_note

UNKNOWN_SOURCE = "Unknown"
STUB_WORDS = 60
MAX_TITLE_CHARS = 1_000
MAX_NAME_CHARS = 200
MAX_AUTHORS = 50

_PAYWALL = re.compile(
    r"(?:subscribe|sign in|log in|register) (?:now )?to (?:continue|keep|read)"
    r"|(?:continue|keep) reading (?:with|by|your|this|for)"
    r"|to (?:read|continue reading) the (?:full|rest)"
    r"|(?:article|story|content) is (?:only )?(?:available )?(?:for|to) (?:our )?subscribers"
)
_PAYWALL_WORDS = ("subscri", "sign in", "log in", "register", "reading", "to read")
_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_TEXT_KEYS = ("name", "main", "title", "value", "text", "label")


def article_of(
    record: Record, orders: DateOrders | None = None, outlets: Outlets | None = None
) -> Article:
    """The article that a record describes, normalised; what had to be guessed is flagged.

    `outlets` are by default those that are known by themselves or set.

    Raises:
        Rejected: it has no text, or the text is binary.
    """
    return _Draft(record, orders, outlets).article()


def withdrawal_of(record: Record) -> Withdrawal:
    """The notice that a record is; it names the article as the article's own record does."""
    return _Draft(record).withdrawal()


def prepared(article: Article, outlets: Outlets | None = None) -> Article:
    """An article made in code, under the rules that hold for files.

    Text, title and names are normalised, an id is made where there is none or an odd one, language
    and links are checked, the language is detected where it is missing. A date or link that cannot
    be one becomes None; what it was is kept in `extras`, and `extras["flags"]` names every such
    change. Preparing twice changes nothing more.

    Raises:
        ValueError: the article has no text, or the text is binary.
    """
    fields: dict[RecordField, Any] = {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "source": None if article.source == UNKNOWN_SOURCE else article.source,
        "authors": article.authors,
        "published": article.published,
        "updated": article.updated,
        "url": article.url,
        "section": article.section,
        "language": article.language,
    }
    rest = dict(article.extras)
    flags = rest.pop("flags", ())
    flags = tuple(flags) if isinstance(flags, list | tuple) else ()
    record = Record(fields, rest, tuple(flag for flag in flags if isinstance(flag, str)))
    try:
        draft = _Draft(record, outlets=outlets, precision=article.published_precision)
        finished = draft.article()
    except Rejected as why:
        raise ValueError(f"article {article.id!r}: {why.message}") from why
    if finished.published is None:
        return finished
    return replace(finished, published_from=article.published_from or "field")


def prepared_or_rejected(article: Article, outlets: Outlets | None = None) -> Article | Reject:
    """`prepared` for a run of many, which one bad article does not stop."""
    try:
        return prepared(article, outlets)
    except ValueError as error:
        if not isinstance(error.__cause__, Rejected):
            raise
        return reject(f"article {article.id!r}", error.__cause__)


class _Draft:
    """One record on its way to an article, collecting flags and extras as its fields are read."""

    def __init__(
        self,
        record: Record,
        orders: DateOrders | None = None,
        outlets: Outlets | None = None,
        precision: Precision | None = None,
    ) -> None:
        self.record, self.fields, self.precision = record, record.fields, precision
        self.orders = orders or DateOrders()
        self.outlets = outlets or default_outlets()
        self.flags = dict.fromkeys(record.flags)
        self.extras = json_values(record.rest)
        if "dropped_fields" in self.extras:
            self.flag("extras_dropped")

    def article(self) -> Article:
        text = self.text()
        title = self.line("title", MAX_TITLE_CHARS)
        url, link = self.link()
        source = self.source(link)
        outlet, authors = self.outlet_and_authors(source, link)
        language = self.language(title, text)
        order = self.orders.of(outlet, source)
        published, precision = self.published(language, order)
        updated = self.updated(language, order)
        self.note_conflicts(conflicts(published, precision, updated, url))
        if title is None:
            self.flag("title_inferred")
        if _is_stub(text):
            self.flag("stub")
        return Article(
            id=self.id(source, link, title, published, text),
            text=text,
            title=title,
            source=outlet,
            authors=authors,
            published=published,
            published_precision=precision,
            published_from=self.record.published_from if published else None,
            updated=updated or (update_note(text) < len(text) or None),
            url=url,
            section=self.line("section", MAX_NAME_CHARS),
            language=language,
            extras=self.all_extras(),
        )

    def withdrawal(self) -> Withdrawal:
        url, link = self.link()
        version = self.extras.get("version")
        return Withdrawal(
            article_id=self.id(self.source(link), link, None, None, url or ""),
            reason=self.record.withdrawn or "",
            version=version if isinstance(version, int) else None,
        )

    def text(self) -> str:
        value = self.fields.get("text")
        text, flags = ("", ()) if is_missing(value) else normalised(_paragraphs(value))
        if text in MISSING:
            raise Rejected("empty_body", "the article's text is empty")
        self.flag(*flags)
        return text

    def line(self, name: RecordField, max_chars: int) -> str | None:
        """A field of one line; what it wrapped besides stays in `extras`."""
        value = self.fields.get(name)
        if isinstance(value, Mapping | list) and len(value) > 1:
            self.keep_raw(f"raw_{name}", value)
        written = _plain(value) or ""
        if has_half_characters(written):
            self.flag("fixed_encoding")
        line = one_line(written)
        return line and self.cut(line, max_chars)

    def cut(self, line: str, max_chars: int) -> str:
        if len(line) <= max_chars:
            return line
        self.flag("truncated")
        return shortened(line, max_chars).rstrip(" ,;|")

    def link(self) -> tuple[str | None, SplitResult | None]:
        """The link as it is, and its parts."""
        url = (_plain(self.fields.get("url")) or "").strip()
        if url in MISSING:
            return None, None
        if (link := web_link(url)) is not None:
            return url, link
        self.flag("bad_url")
        self.keep_raw("raw_url", url)
        return None, None

    def source(self, link: SplitResult | None) -> str:
        """The outlet; else the host of the link; else "Unknown"."""
        name = self.line("source", MAX_NAME_CHARS)
        if name and name.startswith("http") and (home := web_link(name)):
            name, link = None, home
        if name and name != UNKNOWN_SOURCE:
            return name
        name = one_line(host(link)) if link else None
        self.flag("source_from_url" if name else "no_source")
        return self.cut(name, MAX_NAME_CHARS) if name else UNKNOWN_SOURCE

    def outlet_and_authors(
        self, given: str, link: SplitResult | None
    ) -> tuple[str, tuple[str, ...]]:
        """Told apart, whichever stands in the other's place."""
        value = self.fields.get("authors")
        found = byline(value, self.outlets)
        outlet, flags = shown(given, found.authors, link, self.outlets)
        if flags:
            self.flag(*flags)
            self.extras.setdefault("raw_source", given)
        elif names_no_person(given):
            found = byline(value, self.outlets, own=[given])
        return outlet, self.authors(found)

    def authors(self, found: Byline) -> tuple[str, ...]:
        if found.credits:
            self.flag("byline_credit")
            self.extras["byline_credits"] = [
                self.cut(name, MAX_NAME_CHARS) for name in found.credits[:MAX_AUTHORS]
            ]
        if found.is_trimmed:
            self.flag("byline_trimmed")
        if found.is_trimmed or found.credits:
            self.keep_raw("raw_authors", self.fields["authors"])
        if len(found.authors) > MAX_AUTHORS:
            self.flag("truncated")
        return tuple(self.cut(name, MAX_NAME_CHARS) for name in found.authors[:MAX_AUTHORS])

    def language(self, title: str | None, text: str) -> str | None:
        value = (_plain(self.fields.get("language")) or "").strip()
        if value not in MISSING:
            if tag := language_tag(value):
                if contradicts(tag, title, text):
                    self.flag("language_doubtful")
                return tag
            self.flag("bad_language")
            self.keep_raw("raw_language", value)
        guess = detected(title, text)
        if guess is None:
            return None
        self.flag("language_guessed")
        self.extras["language_confidence"] = guess[1]
        return guess[0]

    def published(
        self, language: str | None, order: DateOrder | None
    ) -> tuple[date | datetime | None, Precision | None]:
        value = self.fields.get("published")
        if is_missing(value):
            if not {"bad_date", "date_ambiguous"} & self.flags.keys():
                self.flag("no_date")
            return None, None
        read = read_date(value, language, order=order)
        self.flag(*read.flags)
        if _says_more(value, read.value):
            self.keep_raw("raw_date", value)
        return _to_precision(read.value, self.precision or read.precision)

    def updated(
        self, language: str | None, order: DateOrder | None
    ) -> date | datetime | Literal[True] | None:
        value = self.fields.get("updated")
        if value is True:
            return True
        if value is False or is_missing(value):
            return None
        read = read_date(value, language, order=order)
        self.flag(*read.flags if read.value else ("bad_updated",))
        if _says_more(value, read.value):
            self.keep_raw("raw_updated", value)
        return read.value

    def note_conflicts(self, found: dict[str, str]) -> None:
        """What stands against the date of publication, kept beside it."""
        if found:
            self.flag("date_conflict")
            self.extras["conflicting_dates"] = merged(self.extras.get("conflicting_dates"), found)

    def id(
        self,
        source: str,
        link: SplitResult | None,
        title: str | None,
        published: date | None,
        text: str,
    ) -> str:
        """The record's own; else a hash of it, of the link, of the guid, or of what it says."""
        value = self.fields.get("id")
        if own := own_id(value):
            return own
        if not is_missing(value):
            self.flag("odd_id")
            self.keep_raw("original_id", value)
            return hashed_id(source, "id", value)
        if link and (address := canonical_url(link)):
            return hashed_id(source, "url", address)
        if guid := self.fields.get("guid"):
            return hashed_id(source, "guid", guid)
        return hashed_id(source, "text", title, published and published.isoformat(), text)

    def flag(self, *names: str) -> None:
        self.flags.update(dict.fromkeys(names))

    def keep_raw(self, key: str, value: object) -> None:
        self.extras[key] = raw_value(value)

    def all_extras(self) -> dict[str, Any]:
        if {"fixed_encoding", "encoding_guessed"} & self.flags.keys():
            digest = hashlib.sha256(self.record.quoted()).hexdigest()
            self.extras.setdefault("raw_sha256", digest)
        return self.extras | {"flags": list(self.flags)} if self.flags else self.extras


def _plain(value: object) -> str | None:
    """The text of a value that may be a number, or wrapped as `{"name": …}` or a list."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return _plain(next((v for key in _TEXT_KEYS if (v := value.get(key))), None))
    if isinstance(value, list | tuple):
        return _plain(value[0]) if value else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(value)


def _paragraphs(value: object) -> str:
    if isinstance(value, list | tuple):
        return "\n\n".join(_texts(value))
    return _plain(value) or ""


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (text for value in values if (text := _plain(value)))


def _to_precision(
    value: date | datetime | None, precision: Precision | None
) -> tuple[date | datetime | None, Precision | None]:
    """A datetime exactly when the second is known."""
    if value is None or precision is None:
        return None, None
    if isinstance(value, datetime):
        return (value, "second") if precision == "second" else (value.date(), precision)
    return value, "day" if precision == "second" else precision


def _says_more(raw: object, value: date | datetime | None) -> bool:
    """Whether the date as written holds what the date as read does not."""
    if value is None or not isinstance(raw, str):
        return value is None or not isinstance(raw, date)
    return raw.strip() not in (value.isoformat(), f"{value.isoformat()[:19]}Z")


def _is_stub(text: str) -> bool:
    end = text[-300:].lower()
    if any(word in end for word in _PAYWALL_WORDS) and _PAYWALL.search(end):
        return True
    if len(text) > STUB_WORDS * 20:
        return False
    words = len(text.split())
    if not text.isascii():
        words += len(_WITHOUT_SPACES.findall(text)) // 2  # about two characters a word
    return words < STUB_WORDS
