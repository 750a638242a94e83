"""JSON as it should be: no NaN, no bottomless nesting, objects only."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

from search.ingest import ninjs
from search.ingest.extras import MAX_DEPTH
from search.ingest.fields import Names
from search.ingest.record import Record, Rejected, Skip


def parsed(text: str) -> Any:  # noqa: ANN401  any JSON value
    """The value that a text is.

    Raises:
        Rejected: not JSON, a number that is none, or nested too deep.
    """
    try:
        return _DECODER.decode(text)
    except RecursionError as error:
        raise _too_deep() from error
    except ValueError as error:
        raise Rejected("bad_json", f"not JSON: {error}") from error


def parsed_leniently(text: str) -> Any:  # noqa: ANN401  any JSON value
    """The value that a text is, NaN and Infinity among its numbers.

    Raises:
        json.JSONDecodeError: not JSON; RecursionError: nested too deep.
    """
    try:
        return _LENIENT.decode(text)
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # an integer of more than 4,300 digits
        raise json.JSONDecodeError(str(error), text, 0) from error


def first_value(text: str, at: int) -> tuple[Any, int]:
    """The value that begins at a position, and where what follows it begins.

    Raises:
        json.JSONDecodeError: not JSON; RecursionError: nested too deep.
    """
    try:
        value, end = _LENIENT.raw_decode(text, _after_space(text, at))
    except json.JSONDecodeError:
        raise
    except ValueError as error:  # as above
        raise json.JSONDecodeError(str(error), text, at) from error
    return value, _after_space(text, end)


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    return space.end() if space else at


def as_object(value: object) -> dict[str, Any]:
    """The value, when it can be an article.

    Raises:
        Rejected: it is no object, or nested too deep.
    """
    if not isinstance(value, dict):
        raise Rejected("bad_json", f"an article is an object {{…}}, this is {_kind(value)}")
    if is_nested_deeper(value, MAX_DEPTH):
        raise _too_deep()
    return value


def record_of(
    value: dict[str, Any],
    names: Names,
    *,
    line: int | None = None,
    member: str | None = None,
    raw: bytes = b"",
    flags: tuple[str, ...] = (),
) -> Record | Skip:
    """The record that an object describes, in ninjs or under names of its own.

    Raises:
        Rejected: it cannot be an article, or not yet.
    """
    if ninjs.is_item(value) and not names.maps(value):
        return ninjs.record_of(value, line=line, member=member, raw=raw, flags=flags)
    return names.record(value, line=line, member=member, raw=raw, flags=flags)


def is_nested_deeper(value: object, depth: int) -> bool:
    """Whether objects and lists stand in each other more than `depth` times."""
    level = [value]
    for _ in range(depth + 1):
        level = [child for parent in level for child in _children(parent)]
        if not level:
            return False
    return True


def _children(value: object) -> list[Any]:
    values = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [child for child in values if isinstance(child, dict | list)]


def _too_deep() -> Rejected:
    return Rejected("too_deep", f"nested more than {MAX_DEPTH} levels deep")


def _kind(value: object) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")


def _refuse(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a JSON value")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:20]} is too large a number")
    return number


_SPACE = re.compile(r"\s*")
_DECODER = json.JSONDecoder(parse_constant=_refuse, parse_float=_finite, strict=False)
_LENIENT = json.JSONDecoder(strict=False)
