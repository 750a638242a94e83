"""The fetcher: one address after the other, as slowly as their sites ask."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from urllib.parse import urljoin

from search.fetching import robots
from search.fetching.address import Address, address_of
from search.fetching.answer import Answer, Headers, Seen, body
from search.fetching.refusal import Refused
from search.types import Fetching

_ACCEPT = "text/html, application/rss+xml, application/atom+xml, application/xml, */*;q=0.5"
_NOT_MODIFIED = 304
_REDIRECTS = (301, 302, 303, 307, 308)
_COME_BACK = (429, 503)


class Fetcher:
    """Fetches addresses, one request at a time; remembers robots.txt and when each host was asked.

    Not to be shared between threads: one at a time is its courtesy.
    """

    def __init__(self, settings: Fetching | None = None) -> None:
        self._settings = settings or Fetching()
        self._robots = robots.Robots(self._robots_txt)
        self._asked_at: dict[str, float] = {}
        self._agent = self._settings.user_agent or f"{robots.NAME}/{version('news-search')}"

    def fetch(self, url: str, seen: Seen | None = None) -> Answer | None:
        """What is at an address; None where it is still what was seen.

        Raises:
            Refused: it cannot or must not be read.
        """
        for _ in range(self._settings.max_redirects + 1):
            address = address_of(url)
            delay = self._robots.delay(address.origin, address.target)
            with self._answered(address, max(delay, self._settings.delay_seconds), url, seen) as (
                status,
                headers,
                pieces,
            ):
                if target := _redirect(status, headers):
                    url = urljoin(url, target)
                    continue
                if status == _NOT_MODIFIED and seen and seen.url == url:
                    return None
                if status != 200:
                    raise Refused("bad_status", f"it answers with status {status}")
                headers.require_text()
                content = body(pieces, headers, self._settings.max_bytes)
                return Answer(url, content, headers.charset(), headers.seen(url))
        raise Refused("bad_address", f"more than {self._settings.max_redirects} redirects")

    def _robots_txt(self, url: str) -> tuple[int, bytes]:
        """A status and a body, redirects followed; the body cut off where it is too large."""
        for _ in range(self._settings.max_redirects + 1):
            with self._asked(address_of(url), {}) as (status, headers, pieces):
                if target := _redirect(status, headers):
                    url = urljoin(url, target)
                    continue
                if status != 200:
                    return status, b""
                return status, body(pieces, headers, robots.MAX_BYTES)
        return 404, b""  # as RFC 9309 has it

    @contextmanager
    def _answered(
        self, address: Address, delay: float, url: str, seen: Seen | None
    ) -> Iterator[tuple[int, Headers, Iterator[bytes]]]:
        """The answer, waited for where the server asks to come back later."""
        for attempt in range(self._settings.retries + 1):
            self._wait_for_turn(address.host, delay)
            with self._asked(address, _conditions(url, seen)) as (status, headers, pieces):
                wait = self._seconds_to_wait(headers, attempt) if status in _COME_BACK else None
                if wait is None or attempt == self._settings.retries:
                    yield status, headers, pieces
                    return
            if wait > self._settings.max_wait_seconds:
                msg = f"status {status}; it asks to come back in {wait:,.0f} s"
                raise Refused("bad_status", msg)
            time.sleep(wait)

    @contextmanager
    def _asked(
        self, address: Address, conditions: dict[str, str]
    ) -> Iterator[tuple[int, Headers, Iterator[bytes]]]:
        from search.fetching.connection import requested  # the library, when it is needed

        sent = {
            "Host": address.origin.partition("://")[2],
            "User-Agent": self._agent,
            "Accept": _ACCEPT,
            "Accept-Encoding": "gzip",
            "Connection": "close",
        } | conditions
        headers = [
            (name.encode("latin-1"), value.encode("latin-1")) for name, value in sent.items()
        ]
        try:
            with requested(address, headers, self._settings) as answer:
                yield answer.status, Headers.of(answer.headers), iter(answer.iter_stream())
        finally:
            self._asked_at[address.host] = time.monotonic()

    def _wait_for_turn(self, host: str, delay: float) -> None:
        """Wait as long as a site asks for, or we do, since the last request to it.

        Raises:
            Refused: that is longer than is waited.
        """
        last = self._asked_at.get(host)
        if last is None:
            return
        wait = last + delay - time.monotonic()
        if wait > self._settings.max_wait_seconds:
            msg = f"its robots.txt asks for {delay:,.0f} s between requests; ask for it later"
            raise Refused("refused_by_robots", msg)
        time.sleep(max(0.0, wait))

    def _seconds_to_wait(self, headers: Headers, attempt: int) -> float:
        """What Retry-After says, in seconds or as a date; else longer each time."""
        said = headers.one("retry-after") or ""
        if said.isdecimal():
            return float(said)
        try:
            then = parsedate_to_datetime(said)
        except ValueError:
            return self._settings.delay_seconds * 2.0**attempt
        then = then if then.tzinfo else then.replace(tzinfo=UTC)
        return max(0.0, (then - datetime.now(UTC)).total_seconds())


def _conditions(url: str, seen: Seen | None) -> dict[str, str]:
    if seen is None or seen.url != url:
        return {}
    named = {"If-None-Match": seen.etag, "If-Modified-Since": seen.last_modified}
    return {name: value for name, value in named.items() if value}


def _redirect(status: int, headers: Headers) -> str | None:
    return headers.one("location") if status in _REDIRECTS else None
