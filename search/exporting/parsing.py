"""A record out of JSON that anybody may have written: every value is checked before it is used."""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Mapping, Set
from dataclasses import MISSING, fields
from datetime import date, datetime
from typing import Any, NamedTuple

from search.exporting.recording import KIND, Asked, RecordedHit, SearchRecord
from search.types import GROUPS, MODES, SORTS, Count


class _Kind(NamedTuple):
    """What a value must be: in words, and as a test."""

    said: str
    admits: Callable[[Any], bool]


def record_of(values: object) -> SearchRecord:
    """What `SearchRecord.json` gave. What has a default may be missing: older records lack it.

    Raises:
        ValueError: it is something else; the message names the field, and what it must be.
    """
    told = _checked("", values, _RECORD, _optional(SearchRecord))
    del told["kind"]
    told["asked"] = _asked(told["asked"])
    for name in ("matched", "ranked"):
        told[name] = Count(**_checked(name, told[name], _COUNT))
    told["hits"] = tuple(
        RecordedHit(**_checked(f"hits[{at}]", hit, _HIT)) for at, hit in enumerate(told["hits"])
    )
    told["notes"] = tuple(told["notes"])
    told["made_at"] = datetime.fromisoformat(told["made_at"])
    return SearchRecord(**told)


def _asked(values: object) -> Asked:
    told = _checked("asked", values, _ASKED, _optional(Asked))
    told["now"] = date.fromisoformat(told["now"])
    lists = {name: tuple(value) for name, value in told.items() if isinstance(value, list)}
    return Asked(**told | lists)


def _optional(noun: type[Asked] | type[SearchRecord]) -> frozenset[str]:
    return frozenset(one.name for one in fields(noun) if one.default is not MISSING)


def _checked(
    where: str,
    values: Any,  # noqa: ANN401  anything that JSON can hold
    kinds: Mapping[str, _Kind],
    optional: Set[str] = frozenset(),
) -> dict[str, Any]:
    """A copy of the JSON object found at the field `where`, which has these fields and no other.

    Raises:
        ValueError: it has not, or a value is not of its kind.
    """
    _demand(where or "the record", values, _OBJECT)
    path = f"{where}." if where else ""
    for name in values:
        if name not in kinds:
            msg = f"{path}{reprlib.repr(name)} is no field of this version"
            raise ValueError(msg)
    for name, kind in kinds.items():
        if name in values:
            _demand(path + name, values[name], kind)
        elif name not in optional:
            msg = f"{path}{name} is missing; it must be {kind.said}"
            raise ValueError(msg)
    return dict(values)


def _demand(where: str, value: object, kind: _Kind) -> None:
    if not kind.admits(value):
        msg = f"{where} must be {kind.said}, not {reprlib.repr(value)}"
        raise ValueError(msg)


# The kinds


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _is_number(value: object, least: int) -> bool:
    return type(value) is int and value >= least  # a bool is an int too, and no number here


def _is_read_by(read: Callable[[str], object], value: object) -> bool:
    if not isinstance(value, str):
        return False
    try:
        read(value)
    except ValueError:
        return False
    return True


def _is_digest(value: object) -> bool:
    return isinstance(value, str) and len(value) == 64 and set(value) <= set("0123456789abcdef")


def _is_model_name(value: object) -> bool:
    # Looked for as a folder: no file system has longer names, and says so by an error of its own.
    return isinstance(value, str) and len(value.encode("utf-8", "surrogatepass")) <= 255


def _or_null(kind: _Kind) -> _Kind:
    return _Kind(f"{kind.said} or null", lambda value: value is None or kind.admits(value))


def _one_of(names: tuple[str, ...]) -> _Kind:
    return _Kind(f"one of {', '.join(names)}", lambda value: value in names)


_TEXT = _Kind("a text", _is_text)
_TEXTS = _Kind(
    "a list of texts", lambda value: isinstance(value, list) and all(map(_is_text, value))
)
_TRUTH = _Kind("true or false", lambda value: isinstance(value, bool))
_NUMBER = _Kind("a whole number from 0", lambda value: _is_number(value, 0))
_RANK = _Kind("a whole number from 1", lambda value: _is_number(value, 1))
_DAY = _Kind("a day (2026-11-24)", lambda value: _is_read_by(date.fromisoformat, value))
_MOMENT = _Kind(
    "a moment (2026-11-24T09:30:00+01:00)", lambda value: _is_read_by(datetime.fromisoformat, value)
)
_DIGEST = _Kind("64 hexadecimal digits", _is_digest)
_MODEL = _Kind("a name of at most 255 bytes", _is_model_name)
_OBJECT = _Kind("an object", lambda value: isinstance(value, dict))
_LIST = _Kind("a list", lambda value: isinstance(value, list))

_ASKED = {
    "text": _TEXT,
    "now": _DAY,
    "mode": _one_of(MODES),
    "sort": _one_of(SORTS),
    "group": _one_of(GROUPS),
    "source": _TEXTS,
    "author": _TEXTS,
    "section": _TEXTS,
    "language": _TEXTS,
    "after": _or_null(_TEXT),
    "before": _or_null(_TEXT),
    "include_undated": _TRUTH,
    "like": _or_null(_TEXT),
}
_COUNT = {"passages": _NUMBER, "articles": _NUMBER}
_HIT = {
    "rank": _RANK,
    "passage": _TEXT,
    "article": _TEXT,
    "title": _or_null(_TEXT),
    "source": _TEXT,
    "published": _or_null(_TEXT),
}
_RECORD = {
    "kind": _one_of((KIND,)),
    "asked": _OBJECT,
    "read": _TEXT,
    "notes": _TEXTS,
    "mode": _one_of(MODES),
    "matched": _OBJECT,
    "ranked": _OBJECT,
    "hits": _LIST,
    "is_all": _TRUTH,
    "is_choice": _TRUTH,
    "generation": _NUMBER,
    "model": _TEXT,
    "program": _TEXT,
    "made_at": _MOMENT,
    "reranker": _or_null(_MODEL),
    "awaiting": _NUMBER,
    "file": _or_null(_TEXT),
    "sha256": _or_null(_DIGEST),
    "version": _NUMBER,
}
