"""JSON: an array of articles, an object that holds one such as {"articles": […]}, or one article.

Arrays are streamed, so they may be larger than memory.
"""

from __future__ import annotations

import codecs
import io
import json
import re
import sys
from collections.abc import Iterable, Iterator
from types import SimpleNamespace
from typing import Any

from search.ingest import json_lines, ninjs
from search.ingest.extras import MAX_DEPTH
from search.ingest.fields import Names
from search.ingest.files import File
from search.ingest.json_values import as_object, first_value, parsed_leniently, record_of
from search.ingest.record import Record, Rejected, Skip
from search.ingest.stream import recoded
from search.types import Reject

MAX_BYTES_AT_ONCE = 32 * 1024 * 1024
"""Larger files are streamed. Read at once, a NaN costs one article and not all that follow."""

_BEGINNING = re.compile(rb"\s*(?:\{\s*[\"}]|\[\s*[\[{\]])")
_MAX_ARRAY_DEPTH = 2
_NO_MORE = sys.maxsize


def claims(file: File, names: Names) -> bool:
    """Whether the content begins as an object or as an array of objects does."""
    return file.suffix == ".json" or bool(_BEGINNING.match(file.head))


def read(file: File, names: Names) -> Iterator[Record | Reject | Skip]:
    """The articles in order; one that cannot be read is a reject.

    A syntax error ends the file: the articles before it are read, and a reject says so.
    """
    value, flags = None, _flags_of_encoding(file)
    data = _at_once(file)
    if data is not None:
        try:
            text = file.decoder.decode(data)[0]
            value = parsed_leniently(text)
        except json.JSONDecodeError as error:
            if error.msg == "Extra data":  # one object after the other
                if "\n" in text[: error.pos].strip():
                    yield from _read_all(file, names, _one_after_another(text, names), flags)
                else:
                    yield from json_lines.read(file, names)
                return
        except RecursionError:
            pass
    if value is None:
        yield from _read_streamed(file, names, flags)
    else:
        yield from _read_all(file, names, _articles_in(value, names), flags)


def _at_once(file: File) -> bytes | None:
    """The content, unless it is large or damaged."""
    with file.open() as stream:
        try:
            data = stream.read(MAX_BYTES_AT_ONCE + 1)
        except Rejected:
            return None
    return data if len(data) <= MAX_BYTES_AT_ONCE else None


def _one_after_another(text: str, names: Names) -> Iterator[object]:
    """The articles in values over several lines each.

    Raises:
        Rejected: something is no value.
    """
    at = count = 0
    while at < len(text):
        try:
            value, at = first_value(text, at)
        except (json.JSONDecodeError, RecursionError) as error:
            raise _broken_off(count, error) from error
        for article in _articles_in(value, names):
            count += 1
            yield article


def _broken_off(count: int, error: Exception) -> Rejected:
    problem = " ".join(str(error).split())[:100]
    message = f"not JSON after {count:,} articles: {problem}; what follows was not read"
    return Rejected("bad_json", message)


def _articles_in(value: object, names: Names) -> list[Any]:
    """An array; the array of articles in an object that is none itself; or the one article."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or ninjs.is_item(value) or _is_article(value, names):
        return [value]
    arrays = _arrays(value, _MAX_ARRAY_DEPTH)
    with_text = [
        array for array in arrays if ninjs.is_item(array[0]) or "text" in names.recognised(array[0])
    ]
    arrays = with_text or arrays
    return arrays[0] if len(arrays) == 1 else [value]


def _is_article(value: dict[str, Any], names: Names) -> bool:
    try:
        record = names.record(value)
    except Rejected:
        return False
    text = record.fields["text"]
    return "stub" not in record.flags and not _is_array_of_objects(text)


def _arrays(value: dict[str, Any], depth: int) -> list[list[Any]]:
    found: list[list[Any]] = []
    for member in value.values():
        if _is_array_of_objects(member):
            found.append(member)
        elif isinstance(member, dict) and depth > 1:
            found += _arrays(member, depth - 1)
    return found


def _is_array_of_objects(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _read_all(
    file: File, names: Names, values: Iterable[object], flags: tuple[str, ...]
) -> Iterator[Record | Reject | Skip]:
    for number, value in enumerate(values, start=1):
        raw, member = b"", f"article {number}"
        try:
            article = as_object(value)
            raw = _written(article)
            yield record_of(article, names, raw=raw, member=member, flags=flags)
        except Rejected as why:
            yield file.reject(why, raw=raw, member=member)


def _written(value: dict[str, Any]) -> bytes:
    """The object as JSON, to quote and hash: a parser keeps no bytes."""
    try:
        return json.dumps(value, allow_nan=False).encode()
    except ValueError as error:
        raise Rejected("bad_json", "a number is NaN, Infinity or too large") from error


def _read_streamed(
    file: File, names: Names, flags: tuple[str, ...]
) -> Iterator[Record | Reject | Skip]:
    import ijson

    count = 0
    try:
        with _in_utf8(file) as stream:
            for item in _read_all(file, names, _elements(stream), flags):
                count += 1
                yield item
    except (ijson.JSONError, UnicodeDecodeError) as error:
        yield file.reject(_broken_off(count, error), raw=file.head[:1_000])
    else:
        if not count:
            yield file.reject(Rejected("no_text", "no array of articles in it"))


def _elements(stream: io.BufferedIOBase) -> Iterator[object]:
    """The elements of the first array of objects, built one at a time.

    ijson's own `items` keeps a path as long as the nesting is deep for every event: 100 kB of
    brackets took more than 20 GB. Here what is nested too deep is left out, as `as_object` sees.
    """
    import ijson
    from ijson.common import ObjectBuilder

    depth, array_depth, previous, builder = 0, None, None, None
    # not `read`, which drops what it has when the rest turns out damaged
    source = SimpleNamespace(read=stream.read1)
    for event, value in ijson.basic_parse(source, use_float=True):
        depth -= event in ("end_map", "end_array")
        if array_depth is None and event == "start_map" and previous == "start_array":
            array_depth = depth
        if array_depth is not None:
            if depth < array_depth:
                array_depth = _NO_MORE
            elif depth - array_depth <= MAX_DEPTH + 2:
                builder = builder or ObjectBuilder()
                builder.event(event, value)
            if builder and depth == array_depth and event not in ("start_map", "start_array"):
                yield builder.value
                builder = None
        depth += event in ("start_map", "start_array")
        previous = event


def _flags_of_encoding(file: File) -> tuple[str, ...]:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(file.head)
    except UnicodeDecodeError:
        return ("encoding_guessed",)
    return ()


def _in_utf8(file: File) -> io.BufferedIOBase:
    stream = file.open()
    return recoded(stream, file.decoder.guess()) if _flags_of_encoding(file) else stream
