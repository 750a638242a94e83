"""NITF: the article in `<nitf>`, a document of its own or the content of something else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.markup import marked_text
from search.ingest.record import Record, RecordField, Rejected
from search.ingest.wire import WITHDRAWN, refuse_embargoed, status_of, version_of
from search.ingest.xml_head import root_of
from search.ingest.xml_items import find, find_all, items, line_of, text_at

if TYPE_CHECKING:
    from search.ingest.xml_items import Element

_DOCDATA = "head/docdata"
_HEAD = "body/body.head"


class Content(NamedTuple):
    """What is in an article's content, wherever it stands."""

    fields: dict[RecordField, Any]
    rest: dict[str, Any]
    flags: tuple[str, ...] = ()


def claims(file: File, names: Names) -> bool:
    """Whether the root is `nitf`."""
    root = root_of(file)
    return root is not None and root.name == "nitf"


def read(file: File, names: Names) -> Iterator[Record]:
    """The one article, or the notice that it is withdrawn."""
    for nitf in items(file, ["nitf"]):
        content = content_of(nitf)
        fields = content.fields | _document_fields(nitf)
        rest = content.rest | _document_rest(nitf)
        status = rest.get("status")
        if status in WITHDRAWN:
            yield Record(fields, rest, withdrawn=status)
            continue
        _refuse_embargoed(nitf, status)
        if not fields.get("text"):
            raise Rejected("no_text", "NITF without body.content")
        yield Record(fields, rest, content.flags)


def content_of(nitf: Element) -> Content:
    """Headline, byline, text and what else the body says; its abstract where it has no text."""
    head = find(nitf, _HEAD)
    abstract = marked_text(one).text if (one := find(head, "abstract")) is not None else None
    body = find(nitf, "body/body.content")
    text, captions = marked_text(body) if body is not None else ("", ())
    fields: dict[RecordField, Any] = {
        "title": text_at(head, "hedline/hl1") or text_at(nitf, "head/title"),
        "text": text or abstract,
        "authors": [name for one in find_all(head, "byline") if (name := _name(one))],
        "language": nitf.get("{http://www.w3.org/XML/1998/namespace}lang"),
    }
    rest = {
        "subtitle": text_at(head, "hedline/hl2"),
        "abstract": abstract if text else None,
        "dateline": text_at(head, "dateline"),
        "credit": text_at(nitf, "body/body.end/tagline"),
        "distributor": text_at(head, "distributor"),
        "captions": list(captions),
    }
    return Content(fields, rest, () if text or not abstract else ("stub",))


def _document_fields(nitf: Element) -> dict[RecordField, Any]:
    data, publication = find(nitf, _DOCDATA), find(nitf, "head/pubdata")
    released = _attribute(data, "date.release", "norm")
    issued = _attribute(data, "date.issue", "norm")
    printed = publication.get("date.publication") if publication is not None else None
    published = released or issued or printed
    return {
        "id": _attribute(data, "doc-id", "id-string"),
        "source": (publication.get("name") if publication is not None else None)
        or text_at(nitf, f"{_HEAD}/distributor/org")
        or text_at(nitf, f"{_HEAD}/distributor")
        or _attribute(data, "doc.copyright", "holder")
        or _attribute(data, "doc-id", "regsrc"),
        "published": published or _attribute(nitf, f"{_HEAD}/dateline/story.date", "norm"),
        "section": publication.get("position.section") if publication is not None else None,
    }


def _document_rest(nitf: Element) -> dict[str, Any]:
    data = find(nitf, _DOCDATA)
    status = data.get("management-status") if data is not None else None
    keywords = [one.get("key") for one in find_all(data, "key-list/keyword")]
    subjects = [
        one.get("tobject.subject.matter") or one.get("tobject.subject.type")
        for one in find_all(nitf, "head/tobject/tobject.subject")
    ]
    return {
        "guid": _attribute(data, "doc-id", "id-string"),
        "version": version_of(_attribute(data, "du-key", "version")),
        "status": status_of(status) or "usable",
        "urgency": _attribute(data, "urgency", "ed-urg"),
        "slugline": _attribute(data, "du-key", "key"),
        "copyright": _copyright(find(data, "doc.copyright")),
        "ed_note": _attribute(data, "ed-msg", "info"),
        "keywords": [one for one in keywords if one],
        "subjects": [one for one in subjects if one],
    }


def _refuse_embargoed(nitf: Element, status: str | None) -> None:
    """An embargo ends with the release."""
    release = _attribute(find(nitf, _DOCDATA), "date.release", "norm")
    if release is not None or status == "embargoed":
        refuse_embargoed(release or "")


def _copyright(element: Element | None) -> str | None:
    if element is None:
        return None
    return " ".join(filter(None, (element.get("year"), element.get("holder")))) or None


def _name(byline: Element) -> str | None:
    """The names in a byline, without the job titles beside them."""
    names = [line for person in find_all(byline, "person") if (line := line_of(person))]
    if names:
        return "; ".join(names)
    parts = [byline.text, *(child.tail for child in byline)]
    return " ".join(" ".join(filter(None, parts)).split()).strip(" ,;") or None


def _attribute(element: Element | None, path: str, name: str) -> str | None:
    found = find(element, path)
    value = None if found is None else found.get(name)
    return value.strip() or None if value else None
