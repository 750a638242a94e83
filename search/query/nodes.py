"""What a query is made of once its operators are read: a small tree."""

from __future__ import annotations

from dataclasses import dataclass

from search.types import Span


@dataclass(frozen=True, slots=True)
class Word:
    """A bare word; with `is_prefix` one that stands for all that begin with it."""

    text: str
    span: Span
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words in quotes; `within` is the N of "a b"~N, None for side by side."""

    text: str
    span: Span
    within: int | None = None


@dataclass(frozen=True, slots=True)
class FieldValues:
    """A field with its values, any of which will do; `name` as typed."""

    name: str
    values: tuple[Word | Phrase, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Negated:
    """What must not be."""

    node: Node
    span: Span


@dataclass(frozen=True, slots=True)
class Group:
    """Parts that stand side by side (`is_or` False) or of which one will do (True).

    `required` says of each part whether AND joins it to another: bare words that merely stand side
    by side are no condition.
    """

    is_or: bool
    nodes: tuple[Node, ...]
    required: tuple[bool, ...]
    span: Span


Node = Word | Phrase | FieldValues | Negated | Group
