"""What a format had besides, as JSON values that any store can keep."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

MAX_VALUE_CHARS = 10_000
MAX_DEPTH = 32
MAX_RAW_CHARS = 1_000
RESERVED = frozenset(
    {"flags", "original_id", "language_confidence", "dropped_fields", "raw_sha256"}
    | {"raw_title", "raw_source", "raw_date", "raw_updated", "raw_url", "raw_section"}
    | {"raw_language", "raw_authors", "byline_credits", "conflicting_dates"}
)
"""Keys that the readers themselves write."""

_SURROGATE = re.compile("[\ud800-\udfff]")


def json_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as plain JSON, without those that are too large; `dropped_fields` names these."""
    kept: dict[str, Any] = {}
    dropped: list[str] = []
    for key, value in values.items():
        try:
            plain = json_value(value)
            size = len(plain) if isinstance(plain, str) else len(json.dumps(plain))
        except ValueError:
            size = MAX_VALUE_CHARS + 1
        if size > MAX_VALUE_CHARS:
            dropped.append(encodable(str(key))[:100])
        else:
            kept[encodable(str(key))] = plain
    if dropped:
        kept["dropped_fields"] = dropped
    return kept


def raw_value(value: object) -> Any:  # noqa: ANN401  any JSON value
    """What a field was before it was read, cut to 1,000 characters."""
    plain = json_value(value)
    text = plain if isinstance(plain, str) else json.dumps(plain)
    return plain if len(text) <= MAX_RAW_CHARS else text[:MAX_RAW_CHARS]


def json_value(value: object, depth: int = 0) -> Any:  # noqa: ANN401  any JSON value
    """A value as plain JSON: dates in ISO 8601, mappings with text keys, other objects as text.

    Raises:
        ValueError: nested more than 32 deep.
    """
    if depth > MAX_DEPTH:
        raise ValueError("nested too deep")
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, str):
        return encodable(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {encodable(str(k)): json_value(v, depth + 1) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [json_value(member, depth + 1) for member in value]
    return value.isoformat() if isinstance(value, date) else encodable(str(value))


def encodable(text: str) -> str:
    """The text without halves of surrogate pairs, which no file or database takes."""
    return _SURROGATE.sub("\ufffd", text) if has_half_characters(text) else text


def has_half_characters(text: str) -> bool:
    """Whether halves of surrogate pairs are in it; JSON may write them, and they are nothing."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
