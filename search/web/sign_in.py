"""Who may read the page: nobody is asked, a provider signs readers in, or a proxy in front has.

`news-search serve` chooses once, before the page is drawn; everybody reads the same archive.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hmac import compare_digest
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from search.errors import InputError

PROXY_USER = "proxy_user"
"""Under this name `st.user` holds what the proxy's header says."""
USER_HEADER = "X-Forwarded-User"
SECRET_HEADER = "X-Proxy-Secret"
SECRET_VARIABLE = "NEWS_SEARCH_PROXY_SECRET"
SHORTEST_SECRET_CHARS = 32

Network = IPv4Network | IPv6Network
Claims = Mapping[str, Any]
"""What is known of a reader: the provider's claims, or the proxy's header."""


@dataclass(frozen=True, slots=True)
class ByProvider:
    """Readers sign in with OpenID Connect.

    `people` are addresses and domains in lower case, the latter without `@`; with none, everybody
    whom the provider lets in may read.
    """

    people: frozenset[str] = frozenset()

    def admits(self, claims: Claims) -> bool:
        """Whether these are the claims of somebody who is signed in and may read."""
        if claims.get("is_logged_in") is not True:
            return False
        return not self.people or not self.people.isdisjoint(_verified_names(claims))

    def name(self, claims: Claims) -> str:
        """What the reader is called; empty where the claims name nobody."""
        known = (claims.get(claim) for claim in ("email", "name", "sub"))
        return next((str(name) for name in known if name), "")


@dataclass(frozen=True, slots=True)
class ByProxy:
    """A proxy has signed readers in, and names them in a header.

    It is known by its address and, where there is a secret, by that in `SECRET_HEADER`.
    """

    proxies: tuple[Network, ...]
    header: str = USER_HEADER
    secret: str | None = None

    def admits(self, claims: Claims) -> bool:
        """Whether the proxy named a reader."""
        return bool(claims.get(PROXY_USER))

    def name(self, claims: Claims) -> str:
        """What the proxy calls the reader: headers are bytes, and proxies write them as UTF-8."""
        return str(claims.get(PROXY_USER) or "").encode("latin-1").decode("utf-8", "replace")

    def refusal(self, address: str, headers: Sequence[tuple[bytes, bytes]]) -> str | None:
        """Why a request is not one of the proxy's for a reader; None where it is.

        `address` is the peer's; the names of `headers` are in lower case.
        """
        if not self._is_proxy(address):
            return "not from a trusted proxy"
        if self.secret is not None:
            given = _values(headers, SECRET_HEADER)
            if len(given) != 1 or not compare_digest(given[0], self.secret.encode()):
                return f"without the secret in {SECRET_HEADER}"
        named = _values(headers, self.header)
        if not named or named == [b""]:
            return f"without {self.header}"
        # An intermediary may write two headers as one: a reader's own, and then the proxy's.
        if len(named) > 1 or b"," in named[0]:
            return f"with several names in {self.header}"
        return None

    def _is_proxy(self, address: str) -> bool:
        try:
            peer = ip_address(address)
        except ValueError:  # a socket that has no address
            return False
        if isinstance(peer, IPv6Address) and peer.ipv4_mapped:  # as `--host ::` sees IPv4
            peer = peer.ipv4_mapped
        return any(peer in network for network in self.proxies)


SignIn = ByProvider | ByProxy

_in_use: list[SignIn] = []


def use(sign_in: SignIn | None) -> None:
    """Ask readers of this process's page to be signed in so, or not at all."""
    _in_use[:] = [] if sign_in is None else [sign_in]


def in_use() -> SignIn | None:
    """How readers of this process's page sign in; None where nobody is asked."""
    return _in_use[0] if _in_use else None


def chosen(
    way: str | None, people: Sequence[str], proxies: Sequence[str], header: str | None
) -> SignIn | None:
    """The way to sign in that was asked for: `oidc`, `header`, or None.

    `people` are addresses and domains, with or without a leading `@`; `proxies` addresses and
    networks. The proxy's secret is read from SECRET_VARIABLE, since arguments are no secret.

    Raises:
        InputError: what belongs to another way, or cannot be meant.
    """
    if people and way != "oidc":
        raise InputError("--allow-people goes with --sign-in oidc; a proxy has its own list")
    if (proxies or header) and way != "header":
        raise InputError("--trusted-proxy and --user-header go with --sign-in header")
    match way:
        case "oidc":
            return ByProvider(frozenset(map(_person, people)))
        case "header":
            return _by_proxy(proxies, header or USER_HEADER, os.environ.get(SECRET_VARIABLE))
        case _:
            return None


def _person(text: str) -> str:
    name = text.strip().lower().removeprefix("@")
    if not re.fullmatch(r"([^@\s]+@)?[^@\s]+", name):
        raise InputError(
            f"--allow-people: {text!r} is neither an address nor a domain; "
            "write ada@paper.example or paper.example"
        )
    return name


def _by_proxy(proxies: Sequence[str], header: str, secret: str | None) -> ByProxy:
    if not proxies:
        raise InputError(
            "--sign-in header needs to know whom to believe; "
            "name the proxy's address, as in --trusted-proxy 127.0.0.1"
        )
    if secret is not None and len(secret) < SHORTEST_SECRET_CHARS:
        raise InputError(f"{SECRET_VARIABLE} has fewer than {SHORTEST_SECRET_CHARS} characters")
    return ByProxy(tuple(map(_network, proxies)), header, secret)


def _network(text: str) -> Network:
    try:
        network = ip_network(text)
    except ValueError as error:
        raise InputError(f"--trusted-proxy: {error}") from error
    if network.prefixlen == 0:
        raise InputError(f"--trusted-proxy: {text} is every address there is; name the proxy's")
    return network


def _values(headers: Sequence[tuple[bytes, bytes]], name: str) -> list[bytes]:
    wanted = name.lower().encode()
    return [value.strip() for header, value in headers if header == wanted]


def _verified_names(claims: Claims) -> set[str]:
    """The reader's address and its domain, if the provider says that it checked the address."""
    address = str(claims.get("email") or "").lower()
    is_verified = claims.get("email_verified") in (True, "true")  # some write it as text
    if not is_verified or address.count("@") != 1:
        return set()
    return {address, address.partition("@")[2]}
