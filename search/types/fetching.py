"""How addresses are fetched."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fetching:
    """How addresses are fetched: one request at a time, within these bounds.

    `allow_private` lets addresses within private networks be asked. `total_seconds` is for a whole
    answer, `delay_seconds` between two requests to a host where its robots.txt asks for no more.
    Asked to come back later (429, 503), it does up to `retries` times where that is within
    `max_wait_seconds`. Watched, an address is asked every `again_seconds`. `max_bytes` holds for an
    answer as sent, and unpacked. `user_agent` is by default `news-search/` and the version.
    """

    allow_private: bool = False
    connect_seconds: float = 10.0
    read_seconds: float = 20.0
    total_seconds: float = 60.0
    delay_seconds: float = 1.0
    max_wait_seconds: float = 60.0
    retries: int = 2
    again_seconds: float = 300.0
    max_redirects: int = 5
    max_bytes: int = 32 * 1024 * 1024
    user_agent: str | None = None
