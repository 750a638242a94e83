"""Fetching: the only part that uses the network, and only for addresses that were given.

Nothing else in the package asks a server for anything.
"""

from search.fetching.answer import Answer, Seen
from search.fetching.fetcher import Fetcher
from search.fetching.refusal import Refused
from search.fetching.remembered import Remembered

__all__ = ["Answer", "Fetcher", "Refused", "Remembered", "Seen"]
