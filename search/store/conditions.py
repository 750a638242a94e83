"""A condition over metadata as SQL over the table `article`."""

from __future__ import annotations

import json
from typing import Any

from search.store.labels import fold
from search.types import AllOf, AnyOf, Condition, Contains, Not, OneOf, Published, Undated

Sql = tuple[str, list[Any]]
_LONGEST_CHAIN = 100


def has_words(condition: Condition) -> bool:
    """Whether it depends on a passage's words, which the database does not know."""
    match condition:
        case Contains():
            return True
        case Not(inner):
            return has_words(inner)
        case AllOf(parts) | AnyOf(parts):
            return any(has_words(part) for part in parts)
        case _:
            return False


def where(condition: Condition) -> Sql:
    """An SQL expression over `article` with its parameters; never NULL.

    Raises:
        ValueError: the condition has words.
    """
    match condition:
        case OneOf(field, values):
            keys = "SELECT value FROM json_each(?)"  # one parameter, however many values
            sql = f"number IN (SELECT article FROM label WHERE field = ? AND key IN ({keys}))"
            return sql, [field, json.dumps([fold(value) for value in values])]
        case Published(after, before):
            parts, parameters = ["day IS NOT NULL"], list[Any]()
            if after is not None:
                parts.append("day >= ?")
                parameters.append(after.toordinal())
            if before is not None:
                parts.append("day < ?")
                parameters.append(before.toordinal())
            return f"({' AND '.join(parts)})", parameters
        case Undated():
            return "day IS NULL", []
        case Not(inner):
            sql, parameters = where(inner)
            return f"NOT {sql}", parameters
        case AllOf(conditions):
            return _joined(conditions, " AND ", "1")
        case AnyOf(conditions):
            return _joined(conditions, " OR ", "0")
        case Contains():
            msg = "a condition on words cannot be asked of the database"
            raise ValueError(msg)


def _joined(conditions: tuple[Condition, ...], operator: str, empty: str) -> Sql:
    """In halves: SQLite takes no expression that is nested a thousand deep, nor a chain of them."""
    if len(conditions) > _LONGEST_CHAIN:
        half = len(conditions) // 2
        halves = conditions[:half], conditions[half:]
        parts = [_joined(part, operator, empty) for part in halves]
    else:
        parts = [where(condition) for condition in conditions]
    sql = operator.join(part for part, _ in parts) or empty
    return f"({sql})", [value for _, values in parts for value in values]
