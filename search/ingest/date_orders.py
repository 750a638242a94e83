"""Which outlets write the day first, and which the month, where the numbers do not say."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast, get_args

from search.errors import InputError
from search.ingest.dates import DateOrder

EVERY_OUTLET = "*"


class DateOrders:
    """The order of each outlet, by its name in any case; `*` is every other one.

    Raises:
        InputError: an order that is none.
    """

    def __init__(self, orders: Mapping[str, str] | None = None) -> None:
        known = get_args(DateOrder)
        for outlet, order in (orders or {}).items():
            if order not in known:
                msg = f"{outlet}={order}: an order of dates is one of {', '.join(known)}"
                raise InputError(msg)
        self._orders = {
            outlet.strip().casefold(): cast(DateOrder, order)
            for outlet, order in (orders or {}).items()
        }

    def of(self, *names: str) -> DateOrder | None:
        """The order in which an outlet of these names writes, if that was said of one of them."""
        said = (self._orders.get(name.casefold()) for name in (*names, EVERY_OUTLET))
        return next(filter(None, said), None)
