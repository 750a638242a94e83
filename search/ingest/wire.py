"""What agencies say about using an item, alike in NewsML-G2, NITF and ninjs."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from search.ingest.record import Rejected

WITHDRAWN = {"canceled": "canceled", "cancelled": "canceled", "withheld": "withheld"}
"""Statuses of IPTC's `pubStatus` under which an article may not be used, and one misspelling."""

_SUBJECT_CODE = re.compile(r"(?<!\d)\d{8}(?!\d)")


def status_of(value: str | None) -> str | None:
    """`stat:canceled` or an address that ends so, without what stands before the name."""
    name = re.split(r"[:/#]", value.strip())[-1].lower() if value else ""
    return WITHDRAWN.get(name, name) or None


def version_of(value: object) -> int | None:
    """The number of a version; agencies write it as a number or as text."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value.strip()) <= 18:
        return int(value)
    return value if type(value) is int else None


def is_subject_code(value: str) -> bool:
    """Whether a code or an address holds a code of IPTC's subjects, such as `medtop:04000000`."""
    return bool(_SUBJECT_CODE.search(value))


def refuse_embargoed(until: str | None) -> None:
    """See that an item may be published now; `until` is None where it has no embargo.

    Raises:
        Rejected: it may not yet, or its embargo has no end that can be read.
    """
    if until is None:
        return
    end = _moment(until)
    if end is None:
        when = f"until {until.strip()!r}, which is no time" if until.strip() else "without an end"
        raise Rejected("embargoed", f"embargoed {when}; not added")
    if end > now():
        raise Rejected("embargoed", f"embargoed until {end.isoformat()}; add it again after that")


def now() -> datetime:
    """The time against which an embargo is held."""
    return datetime.now(UTC)


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
