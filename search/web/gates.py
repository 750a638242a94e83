"""What stands before the page: for other web sites, and for those who are not signed in.

Every gate sees requests and websockets before Streamlit does; those to sign in let nothing through
by default.
"""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse
from streamlit.auth_util import get_cookie_with_chunks, get_origin_from_redirect_uri
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from search.web.sign_in import ByProvider, ByProxy, Claims

HEALTH = "/_stcore/health"
"""Says that the process lives, and nothing else: whoever watches over it is no reader."""
OPEN_PATHS = frozenset(
    {
        "/",
        "/favicon.png",
        HEALTH,
        "/_stcore/host-config",
        "/_stcore/stream",  # the page is drawn through it, the one to sign in too
        "/auth/login",
        "/auth/logout",
        "/oauth2callback",
    }
)
"""What a browser needs to show the page on which readers sign in, and to sign them in."""
OPEN_FOLDER = "/static/"
"""Streamlit's own scripts, styles and fonts."""

_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_log = logging.getLogger(__name__)


class OriginGate:
    """Refuses a websocket that a page of another host or port opens; one without an Origin is none.

    Streamlit compares too, but takes more for its own, and asks the network what the machine's
    address is before it refuses, while every reader waits.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        origins = Headers(scope=scope).getlist("origin") if scope["type"] == "websocket" else []
        host = Headers(scope=scope).get("host", "") if origins else ""
        if not all(is_same_site(origin, host) for origin in origins):
            _log.warning("refused a websocket for %r to a page of %r", host, origins)
            await _refuse("This is not a page of this site.\n", scope, receive, send)
            return
        if origins:
            # In the very words of the Origin, since Streamlit knows no default ports.
            scope = {**scope, "headers": list(scope["headers"])}
            MutableHeaders(scope=scope)["host"] = urlsplit(origins[0]).netloc
        await self._app(scope, receive, send)


def is_same_site(origin: str, host: str) -> bool:
    """Whether a page of that origin asks for its own host and port, as the header Host has them."""
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    port = _DEFAULT_PORTS.get(parts.scheme, "")
    theirs, ours = (name.lower().removesuffix(port) for name in (parts.netloc, host))
    return theirs == ours != ""


class ProviderGate:
    """Lets who is not signed in reach the page to sign in on, and nothing else."""

    def __init__(self, app: ASGIApp, sign_in: ByProvider) -> None:
        self._app, self._sign_in = app, sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] == "lifespan" or self._is_open(scope["path"]) or self._is_readers(scope):
            await self._app(scope, receive, send)
        else:
            await _refuse("Sign in first.\n", scope, receive, send)

    def _is_open(self, path: str) -> bool:
        return path in OPEN_PATHS or path.startswith(OPEN_FOLDER)

    def _is_readers(self, scope: Scope) -> bool:
        return self._sign_in.admits(cookie_claims(HTTPConnection(scope).cookies))


class ProxyGate:
    """Lets through what the trusted proxy asks for a reader whom it names."""

    def __init__(self, app: ASGIApp, sign_in: ByProxy) -> None:
        self._app, self._sign_in = app, sign_in

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it and write why into the log."""
        if scope["type"] == "lifespan" or scope["path"] == HEALTH:
            await self._app(scope, receive, send)
            return
        address = (scope.get("client") or ("",))[0]
        reason = self._sign_in.refusal(address, scope["headers"])
        if reason is None:
            await self._app(scope, receive, send)
        else:
            _log.warning("refused a request of %s: %s", address or "nobody", reason)
            await _refuse("This page is read through its sign-in.\n", scope, receive, send)


def cookie_claims(cookies: dict[str, str]) -> Claims:
    """The claims in the cookie that signing in has set; none unless it is signed by us, for us."""
    secret = get_cookie_secret()

    def unsigned(name: str) -> bytes | None:
        signed = cookies.get(name)
        return None if signed is None else decode_signed_value(secret, name, signed)

    content = get_cookie_with_chunks(unsigned, USER_COOKIE_NAME)
    claims: dict[str, Any] = json.loads(content) if content else {}
    return claims if claims.get("origin") == get_origin_from_redirect_uri() else {}


async def _refuse(why: str, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})  # before accepting: answered with 403
    else:
        await PlainTextResponse(why, status_code=403)(scope, receive, send)
