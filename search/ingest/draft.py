"""One record on its way to an article: every rule for its fields, whatever the format."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
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
from search.ingest.plain_values import paragraphs, plain
from search.ingest.precision import says_more, to_precision
from search.ingest.record import Record, RecordField, Rejected
from search.ingest.stubs import is_stub
from search.ingest.text import MISSING, is_missing, normalised, one_line, shortened
from search.links import canonical_url, host, web_link
from search.outlet_names import Outlets, default_outlets
from search.types import UNKNOWN_SOURCE, Article, Precision, Withdrawal
from search.update_note import update_note

MAX_TITLE_CHARS = 1_000
MAX_NAME_CHARS = 200
MAX_AUTHORS = 50


class Draft:
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
            self._flag("extras_dropped")

    def article(self) -> Article:
        """The record as an article; raises Rejected where it has no text, or the text is binary."""
        text = self._text()
        title = self._line("title", MAX_TITLE_CHARS)
        url, link = self._link()
        source = self._source(link)
        outlet, authors = self._outlet_and_authors(source, link)
        language = self._language(title, text)
        order = self.orders.of(outlet, source)
        published, precision = self._published(language, order)
        updated = self._updated(language, order)
        self._note_conflicts(conflicts(published, precision, updated, url))
        if title is None:
            self._flag("title_inferred")
        if is_stub(text):
            self._flag("stub")
        return Article(
            id=self._id(source, link, title, published, text),
            text=text,
            title=title,
            source=outlet,
            authors=authors,
            published=published,
            published_precision=precision,
            published_from=self.record.published_from if published else None,
            updated=updated or (update_note(text) < len(text) or None),
            url=url,
            section=self._line("section", MAX_NAME_CHARS),
            language=language,
            extras=self._all_extras(),
        )

    def withdrawal(self) -> Withdrawal:
        """The record as a notice, under the id that its article has."""
        url, link = self._link()
        version = self.extras.get("version")
        return Withdrawal(
            article_id=self._id(self._source(link), link, None, None, url or ""),
            reason=self.record.withdrawn or "",
            version=version if isinstance(version, int) else None,
        )

    def _text(self) -> str:
        value = self.fields.get("text")
        text, flags = ("", ()) if is_missing(value) else normalised(paragraphs(value))
        if text in MISSING:
            raise Rejected("empty_body", "the article's text is empty")
        self._flag(*flags)
        return text

    def _line(self, name: RecordField, max_chars: int) -> str | None:
        """A field of one line; what it wrapped besides stays in `extras`."""
        value = self.fields.get(name)
        if isinstance(value, Mapping | list) and len(value) > 1:
            self._keep_raw(f"raw_{name}", value)
        written = plain(value) or ""
        if has_half_characters(written):
            self._flag("fixed_encoding")
        line = one_line(written)
        return line and self._cut(line, max_chars)

    def _cut(self, line: str, max_chars: int) -> str:
        if len(line) <= max_chars:
            return line
        self._flag("truncated")
        return shortened(line, max_chars).rstrip(" ,;|")

    def _link(self) -> tuple[str | None, SplitResult | None]:
        """The link as it is, and its parts."""
        url = (plain(self.fields.get("url")) or "").strip()
        if url in MISSING:
            return None, None
        if (link := web_link(url)) is not None:
            return url, link
        self._flag("bad_url")
        self._keep_raw("raw_url", url)
        return None, None

    def _source(self, link: SplitResult | None) -> str:
        """The outlet; else the host of the link; else "Unknown"."""
        name = self._line("source", MAX_NAME_CHARS)
        if name and name.startswith("http") and (home := web_link(name)):
            name, link = None, home
        if name and name != UNKNOWN_SOURCE:
            return name
        name = one_line(host(link)) if link else None
        self._flag("source_from_url" if name else "no_source")
        return self._cut(name, MAX_NAME_CHARS) if name else UNKNOWN_SOURCE

    def _outlet_and_authors(
        self, given: str, link: SplitResult | None
    ) -> tuple[str, tuple[str, ...]]:
        """Told apart, whichever stands in the other's place."""
        value = self.fields.get("authors")
        found = byline(value, self.outlets)
        outlet, flags = shown(given, found.authors, link, self.outlets)
        if flags:
            self._flag(*flags)
            self.extras.setdefault("raw_source", given)
        elif names_no_person(given):
            found = byline(value, self.outlets, own=[given])
        return outlet, self._authors(found)

    def _authors(self, found: Byline) -> tuple[str, ...]:
        if found.credits:
            self._flag("byline_credit")
            self.extras["byline_credits"] = [
                self._cut(name, MAX_NAME_CHARS) for name in found.credits[:MAX_AUTHORS]
            ]
        if found.is_trimmed:
            self._flag("byline_trimmed")
        if found.is_trimmed or found.credits:
            self._keep_raw("raw_authors", self.fields["authors"])
        if len(found.authors) > MAX_AUTHORS:
            self._flag("truncated")
        return tuple(self._cut(name, MAX_NAME_CHARS) for name in found.authors[:MAX_AUTHORS])

    def _language(self, title: str | None, text: str) -> str | None:
        value = (plain(self.fields.get("language")) or "").strip()
        if value not in MISSING:
            if tag := language_tag(value):
                if contradicts(tag, title, text):
                    self._flag("language_doubtful")
                return tag
            self._flag("bad_language")
            self._keep_raw("raw_language", value)
        guess = detected(title, text)
        if guess is None:
            return None
        self._flag("language_guessed")
        self.extras["language_confidence"] = guess[1]
        return guess[0]

    def _published(
        self, language: str | None, order: DateOrder | None
    ) -> tuple[date | datetime | None, Precision | None]:
        value = self.fields.get("published")
        if is_missing(value):
            if not {"bad_date", "date_ambiguous"} & self.flags.keys():
                self._flag("no_date")
            return None, None
        read = read_date(value, language, order=order)
        self._flag(*read.flags)
        if says_more(value, read.value):
            self._keep_raw("raw_date", value)
        return to_precision(read.value, self.precision or read.precision)

    def _updated(
        self, language: str | None, order: DateOrder | None
    ) -> date | datetime | Literal[True] | None:
        value = self.fields.get("updated")
        if value is True:
            return True
        if value is False or is_missing(value):
            return None
        read = read_date(value, language, order=order)
        self._flag(*read.flags if read.value else ("bad_updated",))
        if says_more(value, read.value):
            self._keep_raw("raw_updated", value)
        return read.value

    def _note_conflicts(self, found: dict[str, str]) -> None:
        """What stands against the date of publication, kept beside it."""
        if found:
            self._flag("date_conflict")
            self.extras["conflicting_dates"] = merged(self.extras.get("conflicting_dates"), found)

    def _id(
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
            self._flag("odd_id")
            self._keep_raw("original_id", value)
            return hashed_id(source, "id", value)
        if link and (address := canonical_url(link)):
            return hashed_id(source, "url", address)
        if guid := self.fields.get("guid"):
            return hashed_id(source, "guid", guid)
        return hashed_id(source, "text", title, published and published.isoformat(), text)

    def _flag(self, *names: str) -> None:
        self.flags.update(dict.fromkeys(names))

    def _keep_raw(self, key: str, value: object) -> None:
        self.extras[key] = raw_value(value)

    def _all_extras(self) -> dict[str, Any]:
        if {"fixed_encoding", "encoding_guessed"} & self.flags.keys():
            digest = hashlib.sha256(self.record.quoted()).hexdigest()
            self.extras.setdefault("raw_sha256", digest)
        return self.extras | {"flags": list(self.flags)} if self.flags else self.extras
