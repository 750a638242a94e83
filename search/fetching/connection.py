"""One request over one connection, to an address that was looked up once, within a time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from ssl import SSLContext, SSLError
from typing import Any

import httpcore2

from search.fetching.address import Address, resolved
from search.fetching.refusal import Refused
from search.types import Fetching

Headers = Sequence[tuple[bytes, bytes]]


@contextmanager
def requested(
    address: Address, headers: Headers, settings: Fetching
) -> Iterator[httpcore2.Response]:
    """The answer to a GET request; its body is still to be read, within the same time.

    Raises:
        Refused: the address is private, or its server cannot be reached, breaks off or is too slow.
    """
    backend = _Backend(settings)
    url = httpcore2.URL(
        scheme=address.scheme.encode(),
        host=address.host.encode(),
        port=address.port,
        target=address.target.encode(),
    )
    timeout = {"connect": settings.connect_seconds, "read": settings.read_seconds,
               "write": settings.read_seconds}  # fmt: skip
    try:
        with (
            httpcore2.ConnectionPool(network_backend=backend, max_connections=1) as pool,
            pool.stream("GET", url, headers=headers, extensions={"timeout": timeout}) as answer,
        ):
            yield answer
    except httpcore2.TimeoutException as error:
        took = "too long" if backend.is_late else "longer than is waited for an answer"
        raise Refused("unreachable", f"it takes {took}") from error
    except (httpcore2.NetworkError, httpcore2.ProtocolError, OSError) as error:
        raise Refused("unreachable", _reason(error)) from error


def _reason(error: BaseException) -> str:
    cause = error.__cause__ or error
    if isinstance(cause, SSLError):
        return f"its certificate is not trusted or TLS failed: {cause.reason or cause}"[:200]
    return str(getattr(cause, "strerror", None) or str(cause) or type(cause).__name__).lower()[:200]


class _Clock:
    """The time that is left of what a whole answer may take."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    @property
    def is_over(self) -> bool:
        return time.monotonic() >= self._end

    def least(self, timeout: float | None) -> float:
        """The timeout, or what is left where that is less.

        Raises:
            httpcore2.ReadTimeout: nothing is.
        """
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout("the time for an answer is over")
        return left if timeout is None else min(left, timeout)


class _Backend(httpcore2.NetworkBackend):
    """Connects to what a name led to when it was checked, so that it cannot lead elsewhere."""

    def __init__(self, settings: Fetching) -> None:
        self._settings = settings
        self._clock = _Clock(settings.total_seconds)
        self._plain = httpcore2.SyncBackend()

    @property
    def is_late(self) -> bool:
        return self._clock.is_over

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        numbers = resolved(host, port, allow_private=self._settings.allow_private)
        problem: Exception = httpcore2.ConnectError("the name leads nowhere")
        for number in numbers:
            try:
                stream = self._plain.connect_tcp(
                    number, port, self._clock.least(timeout), local_address, socket_options
                )
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                problem = error
            else:
                return _Timed(stream, self._clock)
        raise problem


class _Timed(httpcore2.NetworkStream):
    """A stream of which no step takes longer than what is left: drops cannot be made to drip."""

    def __init__(self, stream: httpcore2.NetworkStream, clock: _Clock) -> None:
        self._stream, self._clock = stream, clock

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._clock.least(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._clock.least(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore2.NetworkStream:
        seconds = self._clock.least(timeout)
        return _Timed(self._stream.start_tls(ssl_context, server_hostname, seconds), self._clock)

    def get_extra_info(self, info: str) -> Any:  # noqa: ANN401  as in httpcore2
        return self._stream.get_extra_info(info)
