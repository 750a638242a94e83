"""NewsML-G2: news items, alone or many in a message, with NITF, XHTML or plain text inline."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from search.ingest import nitf
from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.markup import Marked, fragment_text, marked_text
from search.ingest.record import Record, RecordField, Rejected, Skip
from search.ingest.wire import WITHDRAWN, is_subject_code, refuse_embargoed, status_of, version_of
from search.ingest.xml_head import root_of
from search.ingest.xml_items import find, find_all, items, line_of, local_name, text_at
from search.links import web_link
from search.types import Reject

if TYPE_CHECKING:
    from search.ingest.xml_items import Element

_NO_ARTICLES = ("packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
_ITEMS = ("newsItem", *_NO_ARTICLES)
_ROOTS = ("newsMessage", "contentSet", *_ITEMS)
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_SUMMARIES = ("summary", "abstract", "lead")
_MAX_SUBJECTS = 50


def claims(file: File, names: Names) -> bool:
    """Whether the root is an item of NewsML-G2, a message of items, or an item's content."""
    root = root_of(file)
    return root is not None and root.name in _ROOTS


def read(file: File, names: Names) -> Iterator[Record | Reject | Skip]:
    """The items in order; one that cannot be read is a reject, one without text is skipped."""
    root = root_of(file)
    tags = ("contentSet",) if root and root.name == "contentSet" else _ITEMS
    count = 0
    for count, item in enumerate(items(file, tags), start=1):
        name = local_name(item)
        if name in _NO_ARTICLES:
            yield Skip(f"a {name}, which holds no article")
            continue
        member = item.get("guid") or f"item {count}"
        try:
            yield _item(item, member)
        except Rejected as why:
            yield file.reject(why, raw=_raw(item), member=member)
    if not count:
        yield Skip("a message without items")


def _item(item: Element, member: str) -> Record | Skip:
    fields, rest = _metadata(item)
    status = rest["status"]
    if status in WITHDRAWN:
        return Record(fields, rest, member=member, withdrawn=status)
    embargo = find(item, "itemMeta/embargoed")
    refuse_embargoed(None if embargo is None else embargo.text or "")
    content = _content(item)
    text, flags = content.fields.get("text"), content.flags
    kind = rest["class"]
    if not text and kind in (None, "text"):
        text, flags = _summary(item), ("stub",)
        if not text:
            raise Rejected("no_text", "a text item without text inline")
    elif not text:
        return Skip(f"a {kind} item without text")
    # what the item says of itself comes before what its content does
    merged = content.fields | {key: value for key, value in fields.items() if value}
    rest = content.rest | {key: value for key, value in rest.items() if value is not None}
    return Record(merged | {"text": text}, rest, flags, member=member, raw=_raw(item))


def _metadata(item: Element) -> tuple[dict[RecordField, Any], dict[str, Any]]:
    meta, content, rights = (find(item, name) for name in ("itemMeta", "contentMeta", "rightsInfo"))
    guid = item.get("guid")
    provider = _label(find(meta, "provider"))
    version_created = text_at(meta, "versionCreated")
    first_created = text_at(meta, "firstCreated")
    language = find(content, "language")
    fields: dict[RecordField, Any] = {
        "id": guid,
        "title": text_at(content, "headline") or text_at(meta, "title"),
        "source": provider or _label(find(rights, "copyrightHolder")),
        "authors": _authors(content),
        "published": first_created or version_created,
        "updated": version_created if first_created else None,
        "url": guid if guid and web_link(guid) else None,
        "section": next((name for name, code in _subjects(content) if is_subject_code(code)), None),
        "language": item.get(_LANG) if language is None else language.get("tag"),
    }
    embargo, signal = find(meta, "embargoed"), find(meta, "signal")
    status = find(meta, "pubStatus")
    kind = find(meta, "itemClass")
    rest = {
        "guid": guid,
        "version": version_of(item.get("version")),
        "status": "usable" if status is None else status_of(_code(status)),
        "class": None if kind is None else _short(_code(kind)),
        "embargoed": None if embargo is None else line_of(embargo),
        "provider": provider,
        "slugline": text_at(content, "slugline"),
        "urgency": text_at(content, "urgency"),
        "copyright": text_at(rights, "copyrightNotice"),
        "copyright_holder": _label(find(rights, "copyrightHolder")),
        "usage_terms": text_at(rights, "usageTerms"),
        "ed_note": text_at(meta, "edNote"),
        "signal": None if signal is None else _short(_code(signal)),
        "service": _label(find(meta, "service")),
        "genre": _label(find(content, "genre")),
        "dateline": text_at(content, "dateline"),
        "located": _label(find(content, "located")),
        "credit": text_at(content, "creditline"),
        "info_source": _label(find(content, "infoSource")),
        "content_created": text_at(content, "contentCreated"),
        "subjects": [name for name, _ in _subjects(content)],
    }
    return fields, rest


def _authors(content: Element | None) -> list[str] | str | None:
    """The byline as written, else the creators by name."""
    byline = text_at(content, "by")
    creators = [text_at(one, "name") for one in find_all(content, "creator")]
    return byline or [name for name in creators if name]


def _subjects(content: Element | None) -> list[tuple[str, str]]:
    """Names and codes; what has a code alone says nothing to a reader."""
    subjects = ((text_at(one, "name"), _code(one)) for one in find_all(content, "subject"))
    return [(name, code) for name, code in subjects if name][:_MAX_SUBJECTS]


def _content(item: Element) -> nitf.Content:
    """The first content inline that holds text."""
    is_set = local_name(item) == "contentSet"
    for one in item if is_set else find_all(item, "contentSet/*"):
        name = local_name(one) if isinstance(one.tag, str) else ""
        content = nitf.Content({}, {})
        if name == "inlineXML":
            content = _inline_xml(one)
        elif name == "inlineData":
            content = _marked(_inline_data(one))
        if content.fields.get("text"):
            return content
    return nitf.Content({}, {})


def _inline_xml(inline: Element) -> nitf.Content:
    document = next((child for child in inline if isinstance(child.tag, str)), None)
    if document is None:
        return nitf.Content({}, {})
    if local_name(document) == "nitf":
        return nitf.content_of(document)
    if local_name(document) in ("html", "body", "div", "article", "section", "p"):
        return _marked(marked_text(document), document.get(_LANG))
    return nitf.Content({}, {})


def _inline_data(inline: Element) -> Marked:
    data = "".join(inline.itertext())
    is_marked = "html" in inline.get("contenttype", "")
    return fragment_text(data) if is_marked else Marked(data.strip())


def _marked(marked: Marked, language: str | None = None) -> nitf.Content:
    captions = {"captions": list(marked.captions)} if marked.captions else {}
    return nitf.Content({"text": marked.text, "language": language}, captions)


def _summary(item: Element) -> str | None:
    for one in find_all(item, "contentMeta/description"):
        if _short(one.get("role", "")) in _SUMMARIES:
            return line_of(one)
    return None


def _label(element: Element | None) -> str | None:
    """What a person calls it: its name, else the last part of its code, else its address."""
    if element is None:
        return None
    code = element.get("literal") or _short(element.get("qcode", "")) or element.get("uri")
    return text_at(element, "name") or code or None


def _code(element: Element) -> str:
    return str(element.get("qcode") or element.get("uri") or element.get("literal") or "")


def _short(code: str) -> str | None:
    return code.rpartition(":")[2].rpartition("/")[2] or None


def _raw(item: Element) -> bytes:
    from lxml import etree

    raw: bytes = etree.tostring(item, with_tail=False)
    return raw
