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


def sources_in(condition: Condition) -> Iterator[str]:
    """The sources that are chosen or ruled out."""
    match condition:
        case OneOf("source", values):
            yield from values
        case Not(inner):
            yield from sources_in(inner)
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from sources_in(part)
        case _:
            return


def names_sources(condition: Condition) -> bool:
    """Whether a source is chosen or ruled out."""
    return next(sources_in(condition), None) is not None


def rules_out_undated(condition: Condition) -> bool:
    """Whether its form alone shows that it admits no article without a date."""
    match condition:
        case Published():
            return True
        case AllOf(parts):
            return any(map(rules_out_undated, parts))
        case AnyOf(parts):
            return bool(parts) and all(map(rules_out_undated, parts))
        case _:
            return False


def letting_in_undated(condition: Condition, *, is_negated: bool = False) -> Condition:
    """The same asked of the undated, whom no date filter leaves out; itself where none does.

    What it says of articles with a date has no meaning. `is_negated`: it stands inside a `Not`,
    where a date filter admits the undated anyway.
    """
    match condition:
        case Published():
            return condition if is_negated else Undated()
        case Not(inner):
            return Not(letting_in_undated(inner, is_negated=not is_negated))
        case AllOf(parts):
            return AllOf(tuple(letting_in_undated(part, is_negated=is_negated) for part in parts))
        case AnyOf(parts) if Undated() not in parts:
            return AnyOf(tuple(letting_in_undated(part, is_negated=is_negated) for part in parts))
        case _:
            return condition
