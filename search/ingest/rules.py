"""How files are to be read where they do not say it themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from search.ingest.date_orders import DateOrders
from search.ingest.fields import Names
from search.outlet_names import Outlets, default_outlets
from search.types import Guess, Reject

Noted = Callable[[Reject | Guess], None]


def _no_note(item: Reject | Guess) -> None:
    """For those who do not ask."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What fields are called, what 06/10/2022 means, which names are one outlet, and who is told.

    `note` is called with every reject, and with what had to be guessed in an article, when it is
    met.
    """

    names: Names = field(default_factory=Names)
    orders: DateOrders = field(default_factory=DateOrders)
    outlets: Outlets = field(default_factory=default_outlets)
    note: Noted = _no_note

    @classmethod
    def of(
        cls,
        mapping: Mapping[str, str] | None = None,
        date_orders: Mapping[str, str] | None = None,
        outlets: str | Path | None = None,
        noted: Noted | None = None,
    ) -> Rules:
        """From what `NewsIndex.add` takes.

        `mapping` says which field of the files is which of ours, as in `{"title": "headline"}`; it
        overrules the names in `search.ingest.fields.NAMES`. `date_orders` says how an outlet writes
        days, as in `{"Evening Post": "day-first", "*": "month-first"}`. `outlets` is a file that
        says which names are one outlet, by default that of the environment variable
        NEWS_SEARCH_OUTLETS.

        Raises:
            InputError: an unknown field in `mapping`, an unknown order, a file of outlets that
                cannot be read.
        """
        names, orders = Names(mapping), DateOrders(date_orders)
        return cls(names, orders, Outlets.of(outlets), noted or _no_note)
