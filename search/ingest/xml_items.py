"""The elements of an XML file one at a time, with nothing resolved, fetched or expanded."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from search.ingest.files import File
from search.ingest.record import Rejected
from search.ingest.xml_head import refuse_entities, unsafe

if TYPE_CHECKING:
    Element = Any
    """An lxml element."""

MAX_ITEM_BYTES = 64 * 1024 * 1024
SAFE = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
"""For every XML parser that is made in this house."""


def items(file: File, names: Sequence[str]) -> Iterator[Element]:
    """Every outermost element of one of these names, in any namespace, when it is complete.

    Each is emptied when the next one is asked for, so that memory holds one.

    Raises:
        Rejected: entities are declared; or here it is not XML, and what follows is not read.
    """
    refuse_entities(file)
    from lxml import etree

    with file.open() as stream:
        source = _Measured(stream)
        events = etree.iterparse(
            source,
            events=("end",),
            tag=[f"{{*}}{name}" for name in names],
            encoding="utf-8" if file.is_marked else None,
            **SAFE,
        )
        try:
            for _, element in events:
                if _declares_entities(element):
                    raise unsafe()
                yield element
                _forget(element)
                source.since = 0
        except etree.XMLSyntaxError as error:
            message = f"not XML: {error.msg}; what follows was not read"
            raise Rejected("bad_xml", message) from error
        except (LookupError, UnicodeError) as error:  # an encoding that is none
            raise Rejected("bad_xml", f"not XML: {error}") from error


def local_name(element: Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2]


def text_at(element: Element | None, path: str) -> str | None:
    """The text of the first element at a path such as `itemMeta/title`, on one line.

    Namespaces do not matter. None where there is no such element or no text in it.
    """
    return line_of(find(element, path))


def line_of(element: Element | None) -> str | None:
    """All text in an element, on one line; None where there is none."""
    if element is None:
        return None
    return " ".join("".join(element.itertext(tag=None)).split()) or None


def find(element: Element | None, path: str) -> Element | None:
    """The first element at a path, whatever the namespaces."""
    return None if element is None else element.find(_anywhere(path))


def find_all(element: Element | None, path: str) -> list[Element]:
    """Every element at a path, whatever the namespaces."""
    return [] if element is None else element.findall(_anywhere(path))


@cache
def _anywhere(path: str) -> str:
    parts = (part if part in ("", ".") else f"{{*}}{part}" for part in path.split("/"))
    return "/".join(parts)


def _declares_entities(element: Element) -> bool:
    declarations = element.getroottree().docinfo.internalDTD
    return declarations is not None and next(declarations.iterentities(), None) is not None


def _forget(element: Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


class _Measured:
    """A stream that refuses to go on without a complete element for too long."""

    def __init__(self, stream: io.BufferedIOBase) -> None:
        self._stream = stream
        self.since = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read1(size)
        self.since += len(data)
        if self.since > MAX_ITEM_BYTES:
            message = f"no item ends within {MAX_ITEM_BYTES >> 20} MB"
            raise Rejected("too_large", message)
        return data
