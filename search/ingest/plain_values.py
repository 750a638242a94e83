"""The text of values that formats write as text, as a number, or wrapped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_TEXT_KEYS = ("name", "main", "title", "value", "text", "label")


def plain(value: object) -> str | None:
    """The text of a value that may be a number, or wrapped as `{"name": …}` or a list."""
    if isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return plain(next((v for key in _TEXT_KEYS if (v := value.get(key))), None))
    if isinstance(value, list | tuple):
        return plain(value[0]) if value else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return str(value)


def paragraphs(value: object) -> str:
    """The same of a text, whose paragraphs a list may hold; "" where there is none."""
    if isinstance(value, list | tuple):
        return "\n\n".join(_texts(value))
    return plain(value) or ""


def _texts(values: Iterable[object]) -> Iterable[str]:
    return (text for value in values if (text := plain(value)))
