"""Field names as news exports use them, and which of ours they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, cast

from search.errors import InputError
from search.ingest.extras import RESERVED
from search.ingest.markup import fragment_text, is_fragment
from search.ingest.record import Record, RecordField, Rejected
from search.ingest.text import is_missing

SUMMARIES = (
    *("description", "short_description", "summary", "abstract", "standfirst"),
    *("snippet", "teaser", "lead"),
)
"""Taken for the text where there is no other; the article is then a stub."""

NAMES: dict[RecordField, tuple[str, ...]] = {
    "id": ("id", "uuid", "article_id", "doc_id", "guid"),
    "title": ("title", "headline", "head", "article_title", "heading", "name"),
    "text": (
        *("text", "body", "content", "article", "maintext", "article_body", "body_text"),
        *("full_text", "article_text", "article_content", "paragraphs", "story"),
        *SUMMARIES,
    ),
    "source": (
        *("source", "outlet", "publisher", "source_name", "publication", "news_outlet"),
        *("newspaper", "site_name", "provider", "source_domain", "domain", "site"),
    ),
    "authors": ("authors", "author", "byline", "author_name", "creator", "creators", "writer"),
    "published": (
        *("published", "publish_date", "published_at", "date_published", "publication_date"),
        *("pub_date", "published_date", "date_publish", "web_publication_date", "issued", "date"),
        *("datetime", "timestamp", "created", "created_at", "date_created"),
    ),
    "updated": (
        *("updated", "modified", "date_modified", "updated_at", "modified_at", "last_modified"),
        *("date_modify", "last_updated"),
    ),
    "url": ("url", "link", "canonical_url", "permalink", "web_url", "article_url", "href"),
    "section": ("section", "category", "section_name", "desk", "news_desk", "categories"),
    "language": ("language", "lang", "in_language", "language_code", "locale"),
}
"""Our field → theirs. The first that holds something wins, the others go to `extras`.

Case, hyphens, underscores and spaces make no difference: `pubDate` is `pub_date`, `_id` is `id`.
"""

_ALIASES: dict[str, RecordField] = {"author": "authors", "lang": "language"}
_PUNCTUATION = re.compile(r"[^a-z0-9]+")
_RENAMED = {key: f"original_{key}" for key in RESERVED}


class _Plan(NamedTuple):
    """How records with the same keys are read: our fields with their keys, and the other keys."""

    picked: tuple[tuple[RecordField, tuple[str, ...]], ...]
    rest: tuple[str, ...]


class Names:
    """Which keys of a record mean which field: the known names, and a mapping that overrules them.

    Raises:
        InputError: the mapping has a field that articles do not have.
    """

    def __init__(self, mapping: Mapping[str, str] | None = None) -> None:
        self._candidates = {field: tuple(map(_key, names)) for field, names in NAMES.items()}
        self._mapped: dict[RecordField, str] = {}
        for ours, theirs in (mapping or {}).items():
            field = _ALIASES.get(ours, cast(RecordField, ours))
            if field not in NAMES:
                raise InputError(
                    f"no field {ours!r} to map {theirs!r} to; known: {', '.join(NAMES)}"
                )
            self._mapped[field] = theirs
        self._plan = lru_cache(maxsize=1_000)(self._make_plan)

    def record(
        self,
        values: Mapping[str, Any],
        *,
        line: int | None = None,
        member: str | None = None,
        raw: bytes = b"",
        flags: tuple[str, ...] = (),
    ) -> Record:
        """The record that an object or a row describes.

        Raises:
            Rejected: none of its fields is an article's text.
        """
        plan = self._plan(tuple(values))
        fields: dict[RecordField, Any] = {}
        rest = {_RENAMED.get(k, k): values[k] for k in plan.rest if not is_missing(values[k])}
        for field, keys in plan.picked:
            used, *others = [key for key in keys if not is_missing(values[key])] or [keys[0]]
            fields[field] = value = values[used]
            rest |= {_RENAMED.get(key, key): values[key] for key in others}
            if field == "text" and _key(used) in _SUMMARY_KEYS:
                flags = (*flags, "stub")
            if field == "text" and isinstance(value, str) and is_fragment(value):
                marked = fragment_text(value)
                fields[field], flags = marked.text, (*flags, "markup_removed")
                rest |= {"captions": list(marked.captions)} if marked.captions else {}
        if "text" not in fields:
            self.require_text(values)
        return Record(fields, rest, flags, line=line, member=member, raw=raw)

    def maps(self, values: Iterable[str]) -> bool:
        """Whether the mapping speaks of one of these keys."""
        return any(key in values for key in self._mapped.values())

    def recognised(self, columns: Iterable[str]) -> set[RecordField]:
        """Our fields that some of the columns hold."""
        return {field for field, _ in self._plan(tuple(columns)).picked}

    def _make_plan(self, keys: tuple[str, ...]) -> _Plan:
        by_key: dict[str, list[str]] = {}
        for key in keys:
            by_key.setdefault(_key(key), []).append(key)
        taken = {key for key in self._mapped.values() if key in keys}
        picked: list[tuple[RecordField, tuple[str, ...]]] = []
        for field, names in self._candidates.items():
            mapped = self._mapped.get(field)
            if mapped is not None:
                found = [mapped] if mapped in keys else by_key.get(_key(mapped), [])
            else:
                found = [k for name in names for k in by_key.get(name, ()) if k not in taken]
            if found:
                picked.append((field, tuple(found)))
        used = {key for _, found in picked for key in found}
        return _Plan(tuple(picked), tuple(key for key in keys if key not in used))

    def require_text(self, keys: Iterable[str]) -> None:
        """See that one of the keys is an article's text.

        Raises:
            Rejected: none is.
        """
        keys = list(keys)
        if "text" in self.recognised(keys):
            return
        wanted = self._mapped.get("text", "text")
        found = ", ".join(keys[:20]) or "none"
        raise Rejected(
            "no_text",
            f"no field {wanted!r} with the article's text (fields: {found}); "
            'name it with a mapping such as {"text": "body"}',
        )


def _key(name: str) -> str:
    """A name without what spellings differ in; namespaces as in `dc:title` are dropped too."""
    return _PUNCTUATION.sub("", name.rpartition(":")[2].lower())


_SUMMARY_KEYS = frozenset(map(_key, SUMMARIES))
