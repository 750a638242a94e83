"""RSS and Atom files, however ill-formed; nothing in them is fetched."""

from __future__ import annotations

import calendar
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from search.ingest.dates import read_date
from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.markup import Marked, fragment_text, unescaped_again
from search.ingest.record import Record, RecordField, Rejected, Skip
from search.ingest.xml_head import refuse_entities, root_of
from search.types import Reject

SUFFIXES = (".rss", ".atom")
MAX_FEED_BYTES = 32 * 1024 * 1024

_ROOTS = ("rss", "feed", "RDF", "channel")
_MAX_CATEGORIES = 50
_Entry = Mapping[str, Any]


def claims(file: File, names: Names) -> bool:
    """Whether the root is one of RSS or Atom."""
    root = root_of(file)
    return file.suffix in SUFFIXES or (root is not None and root.name in _ROOTS)


def read(file: File, names: Names) -> Iterator[Record | Reject | Skip]:
    """The entries in order, with the feed's title as their outlet where they name no other."""
    refuse_entities(file)
    feed, entries, flags = _parsed(file)
    for number, entry in enumerate(entries, start=1):
        member = f"entry {number}"
        try:
            yield _record(entry, feed, flags, member)
        except Rejected as why:
            yield file.reject(why, raw=repr(dict(entry)).encode("utf-8", "replace"), member=member)
    if not entries:
        yield Skip("a feed without entries")


def _parsed(file: File) -> tuple[_Entry, list[_Entry], tuple[str, ...]]:
    with file.open() as stream:
        data = stream.read(MAX_FEED_BYTES + 1)
    if len(data) > MAX_FEED_BYTES:
        raise Rejected("too_large", f"a feed of over {MAX_FEED_BYTES >> 20} MB")
    import feedparser

    charset = _charset(file, data)
    headers = {
        "content-type": f"application/xml; charset={charset}" if charset else "application/xml"
    }
    if file.url:
        headers["content-location"] = file.url
    try:
        # a stream, because text or bytes could be taken for the name of a file or an address
        result = feedparser.parse(io.BytesIO(data), response_headers=headers)
    except Exception as error:  # a lenient parser of anything may stumble over anything
        message = f"not a feed that can be read: {type(error).__name__}: {error}"
        raise Rejected("bad_xml", message[:200]) from error
    return result.feed, result.entries, _flags(result)


def _charset(file: File, data: bytes) -> str | None:
    """What goes before the XML declaration; servers say latin-1 of what is UTF-8."""
    if file.is_marked:
        return "utf-8"
    if file.charset and not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return file.charset
        return "utf-8"
    return file.charset


def _flags(result: Mapping[str, Any]) -> tuple[str, ...]:
    problem = type(result.get("bozo_exception")).__name__
    if problem in ("CharacterEncodingOverride", "CharacterEncodingUnknown"):
        return ("encoding_guessed",)
    return ("ill_formed",) if "SAX" in problem else ()


def _record(entry: _Entry, feed: _Entry, flags: tuple[str, ...], member: str) -> Record:
    content = _content(entry)
    marked = content if content.text else _value(entry.get("summary_detail"))
    if not marked.text:
        raise Rejected("empty_body", "an entry without content or summary")
    categories = _categories(entry)
    published = _date(entry, "published") or _date(entry, "created")
    updated = _date(entry, "updated")
    fields: dict[RecordField, Any] = {
        "title": _value(entry.get("title_detail")).text or None,
        "text": marked.text,
        "source": _title(entry.get("source")) or _title(feed),
        "authors": _authors(entry) or _authors(feed),
        "published": published or updated,
        "updated": updated if published else None,
        "url": entry.get("link"),
        "guid": entry.get("id"),
        "section": next(iter(categories), None),
        "language": _language(entry) or feed.get("language"),
    }
    rest = {
        "guid": entry.get("id"),
        "categories": categories,
        "feed": _title(feed),
        "feed_url": feed.get("link"),
        "copyright": entry.get("rights") or feed.get("rights"),
        "captions": list(marked.captions),
        "comments": entry.get("comments"),
    }
    kept = {key: value for key, value in rest.items() if value}
    return Record(fields, kept, flags if content.text else (*flags, "stub"), member=member)


def _content(entry: _Entry) -> Marked:
    """The longest of the contents."""
    contents = [_value(content) for content in entry.get("content", ())]
    return max(contents, key=lambda marked: len(marked.text), default=Marked(""))


def _value(detail: Mapping[str, Any] | None) -> Marked:
    """The text of a construct, unescaped once, and again where named entities are left of it."""
    value = str((detail or {}).get("value") or "")
    is_plain = (detail or {}).get("type") == "text/plain"
    marked = Marked(value.strip()) if is_plain else fragment_text(value)
    return Marked(unescaped_again(marked.text), marked.captions)


def _title(of: Mapping[str, Any] | None) -> str | None:
    return _value((of or {}).get("title_detail")).text or (of or {}).get("title") or None


def _authors(of: _Entry) -> list[str]:
    people = [one.get("name") or one.get("email") for one in of.get("authors", ())]
    return [name for name in people if name] or [name for name in [of.get("author")] if name]


def _categories(entry: _Entry) -> list[str]:
    tags = (tag.get("label") or tag.get("term") for tag in entry.get("tags", ()))
    return list(dict.fromkeys(tag for tag in tags if tag))[:_MAX_CATEGORIES]


def _language(entry: _Entry) -> str | None:
    """What stands at the content, or else at the title."""
    details = [*entry.get("content", ()), entry.get("title_detail") or {}]
    return next((one["language"] for one in details if one.get("language")), None)


def _date(entry: _Entry, name: str) -> str | datetime | None:
    """A date as written where our own rules read it, else as feedparser does.

    It knows spellings that only feeds use. `in` matters: asked for a date that is not there,
    feedparser gives another one.
    """
    raw = entry[name] if name in entry else None  # noqa: SIM401  get() gives the other one
    if not raw:
        return None
    read = read_date(raw).value
    if isinstance(read, datetime) or (read and ":" not in raw):
        return str(raw)
    parsed = entry.get(f"{name}_parsed")
    try:
        return datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else str(raw)
    except (OverflowError, ValueError, OSError):
        return str(raw)
