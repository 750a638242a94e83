"""What an article said before, and what was changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple

from search.types.articles import Article, Span


@dataclass(frozen=True, slots=True)
class Version:
    """What an article said until `replaced_at`, or says now, where that is None.

    An older version that came after a newer one has the time of its coming. The number that its
    agency gave it, if any, is `article.version`.
    """

    article: Article
    replaced_at: datetime | None = None


ChangedField = Literal["title", "source", "authors", "published", "updated", "url", "section"]
PieceKind = Literal["kept", "removed", "added"]


class FieldChange(NamedTuple):
    """A field that differs between two versions, and what it is in both."""

    field: ChangedField
    old: str | tuple[str, ...] | date | Literal[True] | None
    new: str | tuple[str, ...] | date | Literal[True] | None


class Piece(NamedTuple):
    """A part of two texts, by its span in either.

    Of what was removed, `new` is an empty span at its place; of what was added, `old` is.
    """

    kind: PieceKind
    old: Span
    new: Span


@dataclass(frozen=True, slots=True)
class Difference:
    """What a newer version changed: fields, and the texts cut into pieces, in order.

    The pieces kept and removed are the old text without gaps, those kept and added the new one. No
    piece is followed by one of its kind; what is removed stands before what is added in its place.
    """

    fields: tuple[FieldChange, ...]
    pieces: tuple[Piece, ...]

    @property
    def is_empty(self) -> bool:
        """Whether both say the same."""
        return not self.fields and all(piece.kind == "kept" for piece in self.pieces)
