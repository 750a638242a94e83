"""The formats in which hits are taken away, by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from search.exporting.citations import bibtex, csl, ris
from search.exporting.quotes import json_lines, markdown
from search.exporting.table import table
from search.types import Hit


class Format(NamedTuple):
    """How hits are written; the text is UTF-8, its pieces in order."""

    suffix: str
    write: Callable[[Iterable[Hit]], Iterator[str]]


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "csv": Format(".csv", table),
        "jsonl": Format(".jsonl", json_lines),
        "markdown": Format(".md", markdown),
        "ris": Format(".ris", ris),
        "bibtex": Format(".bib", bibtex),
        "csl": Format(".json", csl),
    }
)


def exported(name: str, hits: Sequence[Hit]) -> bytes:
    """The hits as a file in one of `FORMATS`; half characters, which no file can hold, as �."""
    return "".join(FORMATS[name].write(hits)).encode("utf-8", "replace")
