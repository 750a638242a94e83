"""A view as the parameters of an address, and back: every view is a link.

Words in the address are fixed (`mode=meaning`), never a widget's label, so a link stays good when
a label or a count changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import get_args

from search.types import GROUPS, SORTS, Field, Mode
from search.web.view import MAX_VALUES, View, When, read_text

MAX_PAGE = 1_000_000
MAX_ID_CHARS = 200

_MODES: dict[str, Mode] = {"hybrid": "hybrid", "meaning": "semantic", "keywords": "keyword"}
_MODE_WORDS = {mode: word for word, mode in _MODES.items()}
_FIELDS: dict[str, Field] = {
    "src": "source",
    "sec": "section",
    "author": "author",
    "lang": "language",
}


@dataclass(frozen=True, slots=True)
class Dropped:
    """Values of one parameter of an address that were not used.

    They are none of ours, or `is_surplus`: more than the first `MAX_VALUES` of their field.
    """

    param: str
    values: tuple[str, ...]
    is_surplus: bool = False


def read(params: Mapping[str, Sequence[str]]) -> tuple[View, tuple[Dropped, ...]]:
    """The view that an address names, and what in it could not be used.

    Parameters that are not ours, and empty ones, are passed over.
    """
    view, dropped = View(), []
    for param, read_values in _READERS.items():
        values = _given(params, param)
        if not any(values):
            continue
        if param in _FIELDS and len(values) > MAX_VALUES:
            dropped.append(Dropped(param, tuple(values[MAX_VALUES:]), is_surplus=True))
            values = values[:MAX_VALUES]
        read_view = read_values(view, values)
        if read_view is None:
            dropped.append(Dropped(param, (" ".join(values).strip(),)))
        else:
            view = read_view
    return view, tuple(dropped)


def write(view: View) -> dict[str, list[str]]:
    """The parameters that name `view`; what is as on a first visit is left out."""
    params = _all_params(view)
    return {param: values for param, values in params.items() if values != _FIRST_VISIT[param]}


def keep_known(
    view: View, values: Mapping[Field, Collection[str]]
) -> tuple[View, tuple[Dropped, ...]]:
    """`view` without chosen values that are not among `values`, and what was dropped of each field.

    Case is ignored, as an index does; what stays is spelled as in `values`.
    """
    dropped = []
    for param, field in _FIELDS.items():
        spelling = {value.casefold(): value for value in values[field]}
        chosen = view.chosen(field)
        kept = [spelling[value.casefold()] for value in chosen if value.casefold() in spelling]
        unknown = tuple(value for value in chosen if value.casefold() not in spelling)
        if unknown:
            dropped.append(Dropped(param, unknown))
        view = view.choosing(field, tuple(dict.fromkeys(kept)))
    return view, tuple(dropped)


def _given(params: Mapping[str, Sequence[str]], param: str) -> Sequence[str]:
    """The values of a parameter that say something; those of a field each once."""
    values = [value for value in params.get(param, ()) if value or param == "range"]
    return list(dict.fromkeys(values)) if param in _FIELDS else values


def _all_params(view: View) -> dict[str, list[str]]:
    return {
        "q": [view.text],
        **{param: list(view.chosen(field)) for param, field in _FIELDS.items()},
        "when": [view.when],
        "range": [day.isoformat() if day else "" for day in (view.first, view.last)],
        "undated": ["1" if view.undated else ""],
        "mode": [_MODE_WORDS[view.mode]],
        "sort": [view.sort],
        "group": [view.group],
        "page": [str(view.page)],
        "like": [view.like or ""],
        "open": [view.open or ""],
    }


_FIRST_VISIT = _all_params(View())

# Each reads the values of one parameter into a view, or returns None where it cannot.


def _read_query(view: View, values: Sequence[str]) -> View | None:
    return replace(view, text=read_text(values[-1])[0])


def _field_reader(field: Field) -> Callable[[View, Sequence[str]], View | None]:
    return lambda view, values: view.choosing(field, tuple(values))


def _read_when(view: View, values: Sequence[str]) -> View | None:
    for when in get_args(When):
        if when == values[-1]:
            return replace(view, when=when)
    return None


def _read_range(view: View, values: Sequence[str]) -> View | None:
    if len(values) != 2:
        return None
    try:
        first, last = (date.fromisoformat(value) if value else None for value in values)
    except ValueError:
        return None
    if first and last and last < first:
        return None
    if last == date.max:  # which has no day after it, as a search would name
        last = None
    return replace(view, when="any", first=first, last=last)


def _read_undated(view: View, values: Sequence[str]) -> View | None:
    return replace(view, undated=True) if values[-1] == "1" else None


def _read_mode(view: View, values: Sequence[str]) -> View | None:
    mode = _MODES.get(values[-1])
    return replace(view, mode=mode) if mode else None


def _read_sort(view: View, values: Sequence[str]) -> View | None:
    for sort in SORTS:
        if sort == values[-1]:
            return replace(view, sort=sort)
    return None


def _read_group(view: View, values: Sequence[str]) -> View | None:
    for group in GROUPS:
        if group == values[-1]:
            return replace(view, group=group)
    return None


def _read_page(view: View, values: Sequence[str]) -> View | None:
    written = values[-1]
    if not (written.isascii() and written.isdigit() and len(written) <= len(str(MAX_PAGE))):
        return None
    page = int(written)
    return replace(view, page=page) if 1 <= page <= MAX_PAGE else None


def _read_like(view: View, values: Sequence[str]) -> View | None:
    return replace(view, like=values[-1]) if len(values[-1]) <= MAX_ID_CHARS else None


def _read_open(view: View, values: Sequence[str]) -> View | None:
    return replace(view, open=values[-1]) if len(values[-1]) <= MAX_ID_CHARS else None


_READERS: dict[str, Callable[[View, Sequence[str]], View | None]] = {
    "q": _read_query,
    **{param: _field_reader(field) for param, field in _FIELDS.items()},
    "when": _read_when,
    "range": _read_range,
    "undated": _read_undated,
    "mode": _read_mode,
    "sort": _read_sort,
    "group": _read_group,
    "page": _read_page,
    "like": _read_like,
    "open": _read_open,
}
