"""A condition over metadata as SQL over the table `article`."""

from __future__ import annotations

import json
from typing import Any

from search.store.labels import fold
from search.types import (
    AllOf,
    AnyOf,
    Condition,
    Contains,
    Not,
    OneOf,
    Published,
    Undated,
    UrlHas,
)

Sql = tuple[str, list[Any]]
_LONGEST_CHAIN = 100


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
        case Published():
            return _published(condition)
        case Undated():
            return "day IS NULL", []
        case UrlHas(part):
            return "instr(lower(coalesce(url, '')), lower(?)) > 0", [part]
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


def _published(condition: Published) -> Sql:
    parts, parameters = ["day IS NOT NULL"], list[Any]()
    if condition.after is not None:
        parts.append("day >= ?")
        parameters.append(condition.after.toordinal())
    if condition.before is not None:
        parts.append("day < ?")
        parameters.append(condition.before.toordinal())
    return f"({' AND '.join(parts)})", parameters


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
