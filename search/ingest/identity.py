"""Which article is which: the id a record brings, or one made of what it says."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

from search.ingest.text import MISSING

MAX_ID_CHARS = 200


def own_id(value: object) -> str | None:
    """The record's own id as text; None when it has none or one that cannot be shown and typed."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    return (
        text if len(text) <= MAX_ID_CHARS and text.isprintable() and text not in MISSING else None
    )


def hashed_id(*parts: Any) -> str:  # noqa: ANN401  any JSON value
    """32 hexadecimal digits that the same parts always give."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return blake2b(text.encode(), digest_size=16).hexdigest()
