"""Which article is which: the id a record brings, or one made of what it says."""

from __future__ import annotations

import json
from dataclasses import replace
from hashlib import blake2b
from typing import Any

from search.ingest.text import MISSING
from search.types import Article

MAX_ID_CHARS = 200


def own_id(value: object) -> str | None:
    """The record's own id as text; None when it has none or one that cannot be shown and typed."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    return (
        text if len(text) <= MAX_ID_CHARS and text.isprintable() and text not in MISSING else None
    )


def is_another(article: Article, there: Article) -> bool:
    """Whether two articles under one id are not the same: outlet, title, text and link all differ.

    An outlet may be renamed, a headline rewritten; an export's running number says nothing.
    """
    return (
        article.source.casefold() != there.source.casefold()
        and article.text != there.text
        and (article.title is None or article.title != there.title)
        and (article.url is None or article.url != there.url)
    )


def renamed(article: Article) -> Article:
    """The article under the hash of its id and outlet, where another one has its id."""
    flags = dict.fromkeys([*article.extras.get("flags", ()), "id_collision"])
    return replace(
        article,
        id=hashed_id(article.source, "id", article.id),
        extras={**article.extras, "original_id": article.id, "flags": list(flags)},
    )


def hashed_id(*parts: Any) -> str:  # noqa: ANN401  any JSON value
    """32 hexadecimal digits that the same parts always give."""
    text = json.dumps(parts, sort_keys=True, default=str)
    return blake2b(text.encode(), digest_size=16).hexdigest()
