"""Which addresses may be asked, and where they lead."""

from __future__ import annotations

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import NamedTuple
from urllib.parse import quote

from search.fetching.refusal import Refused
from search.links import web_link

DEFAULT_PORTS = {"http": 80, "https": 443}
_TRANSLATED = ip_network("64:ff9b::/96")
_SAFE = "/%:@!$&'()*+,;=~-._"


class Address(NamedTuple):
    """The parts of an address as they are sent: ASCII, without fragment."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> str:
        """Scheme, host and port: what a robots.txt speaks for."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        port = "" if self.port == DEFAULT_PORTS[self.scheme] else f":{self.port}"
        return f"{self.scheme}://{host}{port}"


def address_of(url: str) -> Address:
    """The address that a URL is.

    Raises:
        Refused: it is none of the web, or has credentials.
    """
    parts = web_link(url)
    if parts is None or parts.hostname is None:
        raise Refused("bad_address", "not an http or https address")
    if parts.username is not None or parts.password is not None:
        raise Refused("bad_address", "a name or password in the address; it is not sent")
    try:
        host = (
            parts.hostname if parts.hostname.isascii() else parts.hostname.encode("idna").decode()
        )
    except UnicodeError as error:
        raise Refused("bad_address", f"a host that cannot be: {error}") from error
    target = quote(parts.path or "/", safe=_SAFE)
    if parts.query:
        target += "?" + quote(parts.query, safe=_SAFE + "?")
    return Address(parts.scheme, host, parts.port or DEFAULT_PORTS[parts.scheme], target)


def resolved(host: str, port: int, *, allow_private: bool) -> list[str]:
    """The IP addresses of a host, each of which may be asked.

    One that leads within a private network refuses the host: a name that leads to both is either
    not public or an attack. Whoever connects must use these, not the name, which may lead elsewhere
    a moment later.

    Raises:
        Refused: the name is not known, or leads where nobody outside may ask.
        OSError: the name cannot be looked up.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    numbers = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    private = [number for number in numbers if not is_public(number)]
    if private and not allow_private:
        msg = f"{host} is {private[0]}, within a private network; --allow-private lets it be asked"
        raise Refused("private_address", msg)
    return numbers


def is_public(number: str) -> bool:
    """Whether an IP address is one that anybody on the internet may ask.

    Of an IPv6 address that stands for an IPv4 one, that is looked at.
    """
    address = ip_address(number.partition("%")[0])
    if isinstance(address, IPv6Address):
        inner = _within(address)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _within(address: IPv6Address) -> IPv4Address | None:
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    if address.teredo is not None:
        return address.teredo[1]
    return address.ipv4_mapped or address.sixtofour
