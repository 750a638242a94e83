"""Every error this package raises on purpose.

SearchError
├── QueryError           a query that cannot be read as meant
├── InputError           no such file, nothing to read
├── ModelError           an encoder that cannot be loaded, or is not the one expected
└── StoreError
    ├── IndexNotFound    nothing there
    ├── IndexLocked      another process is writing
    ├── IndexRefused     another model, another format version
    ├── IndexDamaged     files that are not what was committed
    └── ArticleNotFound  no article with that id

Each message says what happened, where, and what to do. A wrong argument is a ValueError.
"""

from __future__ import annotations

import re
import shlex


class SearchError(Exception):
    """The base of every error below."""


class QueryError(SearchError):
    """A query that cannot be read as meant.

    `position` is the offset in `text` of the character at fault; `suggestion` is what could be
    written instead of what stands from there to `end`, or None.
    """

    def __init__(
        self,
        message: str,
        *,
        text: str = "",
        position: int = 0,
        end: int | None = None,
        suggestion: str | None = None,
    ) -> None:
        self.text, self.position, self.suggestion = text, position, suggestion
        self.end = len(text) if end is None else end
        self.reason = message
        lines = [message, *self.where.splitlines()]
        if suggestion:
            lines.append(f"write: {suggestion}")
        super().__init__("\n  ".join(lines))

    @property
    def corrected(self) -> str | None:
        """The whole text with the suggestion in its place, and the rest as it was; or None."""
        if self.suggestion is None:
            return None
        return self.text[: self.position] + self.suggestion + self.text[self.end :]

    @property
    def where(self) -> str:
        """The text in one line, and a caret below the character at fault; empty without a text."""
        line = re.sub(r"\s", " ", self.text)
        return line and f"{line}\n{' ' * self.position}^"


class InputError(SearchError):
    """Nothing could be read: a missing path, an unknown mapping."""


class ModelError(SearchError):
    """A model that cannot be loaded, or does not do what is asked of it."""


class StoreError(SearchError):
    """The base of the errors about an index on disk."""


def not_encoded(article_id: str, passage: int, why: str) -> StoreError:
    """That a passage, counted from 0, stands in the way of all that await their vectors behind it.

    Nothing is lost by it, and words find the article.
    """
    return StoreError(
        f"article {article_id!r}, passage {passage + 1}: {why}; what is stored stays, and words"
        f" find it; for meaning to go on: news-search remove {shlex.quote(article_id)}, then add"
        " again without that article"
    )


class IndexNotFound(StoreError):  # noqa: N818  these read as statements
    """There is no index at that path."""


class IndexLocked(StoreError):  # noqa: N818
    """Another process is writing to this index."""


class IndexRefused(StoreError):  # noqa: N818
    """The index was made with another model or format version."""


class IndexDamaged(StoreError):  # noqa: N818
    """Files of the index are not what was committed."""


class ArticleNotFound(StoreError):  # noqa: N818
    """No article or passage with that id."""
