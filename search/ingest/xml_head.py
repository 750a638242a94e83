"""The beginning of an XML file: what its root is called, and what must not be parsed."""

from __future__ import annotations

import re
from typing import NamedTuple

from search.ingest.files import File
from search.ingest.record import Rejected

_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)")
_DOCTYPE = re.compile(rb"<!DOCTYPE\s+(?:[\w.-]*:)?([\w.-]*)", re.IGNORECASE)
_SUBSET_END = re.compile(rb"\]\s*>")
_NO_SPACE = re.compile(rb"\S")


class Root(NamedTuple):
    """The root element without its prefix, and whether entities are declared before it."""

    name: str
    declares_entities: bool


def root_of(file: File) -> Root | None:
    """The root of an XML file; None when the file begins as no markup does.

    Where the head ends within the declarations, the root is the one that DOCTYPE names.
    """
    return _root_in(file.head)


def refuse_entities(file: File) -> None:
    """See that a file declares no entity: they hold bombs and other files.

    Raises:
        Rejected: it does.
    """
    root = root_of(file)
    if root and root.declares_entities:
        raise unsafe()


def unsafe() -> Rejected:
    """What a file with entities of its own is told."""
    return Rejected("unsafe_xml", "it declares entities, which may be a bomb or another file")


def _root_in(head: bytes) -> Root | None:
    at, name, declares_entities = 0, "", False
    while found := _NO_SPACE.search(head, at):
        at = found.start()
        if head.startswith(b"<?", at):
            end = head.find(b"?>", at) + 2
        elif head.startswith(b"<!--", at):
            end = head.find(b"-->", at + 4) + 3
        elif doctype := _DOCTYPE.match(head, at):
            name, end = doctype[1].decode(), _after_doctype(head, at)
            declares_entities |= b"<!ENTITY" in head[at : end if end > at else None]
        else:
            root = _ROOT.match(head, at)
            return Root(root[1].decode(), declares_entities) if root else None
        if end <= at:  # the head ends first
            break
        at = end
    return Root(name, declares_entities) if name else None


def _after_doctype(head: bytes, at: int) -> int:
    """Where a DOCTYPE with or without declarations of its own ends; 0 when it does not."""
    end, subset = head.find(b">", at), head.find(b"[", at)
    if 0 <= subset < end:
        found = _SUBSET_END.search(head, subset)
        return found.end() if found else 0
    return end + 1
