"""Why an address was not read."""

from __future__ import annotations


class Refused(Exception):  # noqa: N818  it reads as a statement
    """An address cannot or must not be read; `code` is as in `search.ingest.CODES`."""

    def __init__(self, code: str, message: str) -> None:
        self.code, self.message = code, message
        super().__init__(message)
