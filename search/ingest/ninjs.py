"""ninjs, IPTC's news in JSON, versions 1 to 3: which objects are such items, and what they say.

In version 1 the texts are `headline`, `body_text`, `description_caption`; since 2 they are lists of
`{role, value}` under `headlines`, `bodies`, `descriptions`. Upper and lower case make no difference
here: version 3 writes `versionCreated`, the others `versioncreated`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from search.ingest.markup import Marked, fragment_text
from search.ingest.record import Record, RecordField, Rejected, Skip
from search.ingest.wire import WITHDRAWN, is_subject_code, refuse_embargoed, status_of, version_of
from search.links import web_link

_SIGNS = frozenset(
    "versioncreated pubstatus bodies headlines body_text body_html body_xhtml eventdetails".split()
)
_NO_ARTICLES = frozenset("picture graphic event planning".split())
_ARTICLES = frozenset("text composite".split())
_TEXTS = ("headline", "body", "description")
_NOT_KEPT = frozenset(
    "uri type language versioncreated firstcreated by byline headlines bodies descriptions "
    "associations renditions version pubstatus embargoed standard people organisations places "
    "objects person organisation place object subject subjects".split()
)
_RENAMED = {"copyrightnotice": "copyright", "usageterms": "usage_terms", "ednote": "ed_note"}
_MAX_ASSOCIATED = 100
_MAX_WRAPPED_CHARS = 120


class _Text(NamedTuple):
    role: str
    kind: str
    value: str


def is_item(value: object) -> bool:
    """Whether a JSON value is a ninjs item: it has a `uri`, and something only they have."""
    if not isinstance(value, dict) or not isinstance(value.get("uri"), str):
        return False
    if not _SIGNS.isdisjoint(map(str.lower, value)):
        return True
    standard = value.get("$standard", value.get("standard"))
    return isinstance(standard, dict) and "ninjs" in str(standard.get("name", "")).lower()


def record_of(
    value: Mapping[str, Any],
    *,
    line: int | None = None,
    member: str | None = None,
    raw: bytes = b"",
    flags: tuple[str, ...] = (),
) -> Record | Skip:
    """What an item says, or why it is no article.

    Raises:
        Rejected: it is embargoed, or an article without text.
    """
    item = {key.lower().lstrip("$"): it for key, it in value.items()}
    uri = item["uri"]
    fields: dict[RecordField, Any] = {
        "id": uri,
        "title": _headline(item),
        "source": _source(item),
        "authors": item.get("by") or item.get("byline"),
        "published": item.get("firstcreated") or item.get("versioncreated"),
        "updated": item.get("versioncreated") if item.get("firstcreated") else None,
        "url": uri if web_link(uri) else None,
        "section": _section(item),
        "language": item.get("language"),
    }
    rest = _rest(item)
    if rest["status"] in WITHDRAWN:
        return Record(fields, rest, flags, "field", line, member, raw, rest["status"])
    kind = item.get("type")
    kind = kind if isinstance(kind, str) else "event" if "eventdetails" in item else "text"
    if kind in _NO_ARTICLES:
        return Skip(f"a ninjs {kind}, not an article")
    embargo = item.get("embargoed")
    refuse_embargoed(None if embargo is None else str(embargo))
    marked, is_summary = _body(item)
    if kind not in _ARTICLES and (is_summary or not marked.text):
        return Skip(f"a ninjs {kind} without text")
    if not marked.text:
        raise Rejected("no_text", "a ninjs item without a body or a description")
    fields["text"] = _without_headline(marked.text, fields["title"])
    if marked.captions:
        rest["captions"] = [*marked.captions, *rest.get("captions", ())]
    flags = (*flags, "stub") if is_summary else flags
    return Record(fields, rest, flags, "field", line, member, raw)


def _texts(item: Mapping[str, Any], name: str) -> list[_Text]:
    """The texts of one name, as both shapes have them."""
    found = [_Text("main", "", it) for it in _strings(item.get(name))]
    plural = "bodies" if name == "body" else f"{name}s"
    for one in _objects(item.get(plural)):
        kind = str(one.get("contenttype", one.get("contentType", ""))).lower()
        found += [_Text(str(one.get("role", "")), kind, it) for it in _strings(one.get("value"))]
    for key, value in item.items():
        if key.startswith(f"{name}_"):
            role = key.removeprefix(f"{name}_")
            kind = "text/html" if role.endswith("html") else "text/plain"
            found += [_Text(role, kind, it) for it in _strings(value)]
    return [text for text in found if text.value.strip()]


def _headline(item: Mapping[str, Any]) -> str | None:
    headlines = _texts(item, "headline")
    main = [text.value for text in headlines if text.role in ("main", "")]
    return next(iter(main + [text.value for text in headlines]), None) or item.get("title")


def _body(item: Mapping[str, Any]) -> tuple[Marked, bool]:
    """Plain text, else HTML; else a description, which is a summary."""
    bodies = _texts(item, "body")
    plain = [Marked(_parted(text.value)) for text in bodies if text.kind in ("", "text/plain")]
    marked = (fragment_text(text.value) for text in bodies if "html" in text.kind)
    if body := next((one for one in (*plain, *marked) if one.text), None):
        return Marked(_with_lead(item, body.text), body.captions), False
    described = [t for t in _texts(item, "description") if t.role in ("text", "main", "", "lead")]
    return Marked(described[0].value.strip() if described else ""), True


def _parted(text: str) -> str:
    """Plain text in which every line is a paragraph, as some agencies write it, parted as ours."""
    lines = text.strip().splitlines()
    is_wrapped = all(len(line) <= _MAX_WRAPPED_CHARS for line in lines)
    return text.strip() if is_wrapped or "" in lines else "\n\n".join(lines)


def _with_lead(item: Mapping[str, Any], text: str) -> str:
    """Some agencies keep the first paragraph apart."""
    leads = [one.value.strip() for one in _texts(item, "description") if one.role == "lead"]
    if leads and leads[0][:60] not in text:
        return f"{leads[0]}\n\n{text}"
    return text


def _without_headline(text: str, title: object) -> str:
    first, _, rest = text.partition("\n")
    return rest.strip() if rest.strip() and first.strip() == str(title).strip() else text


def _source(item: Mapping[str, Any]) -> object:
    sources = [one.get("name") for one in _objects(item.get("infosources"))]
    candidates = [item.get("provider"), item.get("copyrightholder"), *sources]
    return next((it for it in [*candidates, item.get("infosource")] if it), None)


def _subjects(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [*_objects(item.get("subject")), *_objects(item.get("subjects"))]


def _section(item: Mapping[str, Any]) -> object:
    """The first subject of IPTC's; other subjects may be places or themes."""
    for one in _subjects(item):
        codes = (one.get("uri"), one.get("literal"), one.get("code"), one.get("qcode"))
        if any(isinstance(code, str) and is_subject_code(code) for code in codes):
            return one.get("name")
    return None


def _rest(item: Mapping[str, Any]) -> dict[str, Any]:
    """What an item has besides. Who and what it is about stays, by name."""
    rest = {
        _RENAMED.get(key, key): value
        for key, value in item.items()
        if key not in _NOT_KEPT and not key.startswith(_TEXTS)
    }
    status = item.get("pubstatus")
    associated = _associated(item)
    captions = [text.value for one in associated for text in _texts(one, "description")]
    named = {
        "subjects": [one["name"] for one in _subjects(item) if isinstance(one.get("name"), str)],
        "associated": [one["uri"] for one in associated if isinstance(one.get("uri"), str)],
        "captions": list(dict.fromkeys(captions)),
    }
    return (
        rest
        | {key: value for key, value in named.items() if value}
        | {
            "guid": item["uri"],
            "version": version_of(item.get("version")),
            "status": status_of(status if isinstance(status, str) else None) or "usable",
            "type": item.get("type"),
        }
    )


def _associated(item: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Pictures and the like: a list since version 2, named members before."""
    value = item.get("associations")
    members = list(value.values()) if isinstance(value, dict) else value
    lowered = ({key.lower(): it for key, it in one.items()} for one in _objects(members))
    return list(lowered)[:_MAX_ASSOCIATED]


def _objects(value: object) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return [value]
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
