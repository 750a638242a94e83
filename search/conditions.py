"""Questions about a condition: does it depend on words, on dates?"""

from __future__ import annotations

from collections.abc import Iterator

from search.types import AllOf, AnyOf, Condition, Contains, Not, OneOf, Published, Undated


def contained(condition: Condition) -> Iterator[Contains]:
    """What it asks of a passage's words, ruled out or not, in order."""
    match condition:
        case Contains():
            yield condition
        case Not(inner):
            yield from contained(inner)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from contained(part)
        case _:
            return


def has_words(condition: Condition) -> bool:
    """Whether it depends on a passage's words, and so differs within an article."""
    return next(contained(condition), None) is not None


def names_sources(condition: Condition) -> bool:
    """Whether a source is chosen or ruled out."""
    match condition:
        case OneOf(field):
            return field == "source"
        case Not(inner):
            return names_sources(inner)
        case AllOf(parts) | AnyOf(parts):
            return any(map(names_sources, parts))
        case _:
            return False


def has_date_filter(condition: Condition) -> bool:
    """Whether a missing date can leave an article out."""
    match condition:
        case Published():
            return True
        case AllOf(parts):
            return any(map(has_date_filter, parts))
        case AnyOf(parts):
            return bool(parts) and all(map(has_date_filter, parts))
        case _:
            return False


def without_dates(condition: Condition) -> Condition:
    """The same condition asked of the undated: each date filter becomes `Undated`."""
    match condition:
        case Published():
            return Undated()
        case AllOf(parts):
            return AllOf(tuple(map(without_dates, parts)))
        case AnyOf(parts):
            return AnyOf(tuple(map(without_dates, parts)))
        case _:
            return condition
