"""The page as a server: one process, security headers, named hosts only."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import socket
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import streamlit as st
import uvicorn
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.routing import Route
from streamlit import config
from streamlit.web import bootstrap

from search.errors import InputError, SearchError
from search.web import add_job, add_rights, archive, kept_files, provider_secrets, sign_in
from search.web.add_rights import MOST_MB, AddRights
from search.web.front import front
from search.web.gates import OriginGate, ProviderGate, ProxyGate
from search.web.log_records import PrintableRecord
from search.web.sign_in import PROXY_USER, ByProvider, ByProxy, SignIn

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FAREWELL_SECONDS = 2
"""How long open pages may keep the server from ending."""
EVERY_ADDRESS = ("0.0.0.0", "::")
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d{1,5})?|\[[0-9A-Fa-f:]+\](:\d{1,5})?")
_POLICY = {
    "default-src": "'self'",
    "script-src": "'self'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data: blob:",
    "font-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


def serve(
    index_path: Path,
    port: int,
    host: str = "127.0.0.1",
    *,
    names: Sequence[str] = (),
    signing_in: SignIn | None = None,
    allow_add: str | None = None,
) -> None:
    """Serve the page until interrupted; prints its address once it listens.

    Port 0 takes a free one. `names` are host names that readers may ask for, besides the
    configured ones; `signing_in` says who may read. With `allow_add` they may add: what lies below
    that folder too, or, where it is empty, everything on this machine if all of them sit at it.

    Raises:
        InputError: nothing can listen at that host and port, nobody could sign in, or there is no
            such folder.
    """
    os.environ[archive.PATH_VARIABLE] = str(index_path)
    logging.setLogRecordFactory(PrintableRecord)
    with _listen(host, port) as listener, suppress(KeyboardInterrupt):
        bound_port: int = listener.getsockname()[1]
        settings = uvicorn.Config(
            page(host, bound_port, names, signing_in, allow_add),
            access_log=False,
            log_level="warning",
            use_colors=False,
            proxy_headers=False,  # who asks is the peer, whatever a header says
            timeout_graceful_shutdown=FAREWELL_SECONDS,
        )
        try:
            _Server(settings, _address(host, bound_port)).run(sockets=[listener])
        finally:
            _end()  # also where a second Ctrl-C has cut short what `_lifespan` does


def page(
    host: str,
    port: int,
    names: Sequence[str] = (),
    signing_in: SignIn | None = None,
    allow_add: str | None = None,
) -> ASGIApp:
    """The page as an ASGI application for this host and port; arguments as for `serve`."""
    # Names the script whose settings are read next.
    app = st.App(page_script(), lifespan=_lifespan, routes=[Route("/", front)])
    bootstrap.load_config_options({"server.address": host, "server.port": port})
    hosts = _allow(host, names)
    is_local = signing_in is None and all(map(add_rights.is_loopback, [host, *hosts]))
    _let_add(add_rights.chosen(allow_add, is_local=is_local))
    guarded = OriginGate(_guarded(app, signing_in))
    return SecurityHeaders(TrustedHostMiddleware(guarded, allowed_hosts=hosts, www_redirect=False))


def _guarded(app: ASGIApp, signing_in: SignIn | None) -> ASGIApp:
    """The page for those who may read it."""
    sign_in.use(signing_in)
    match signing_in:
        case ByProvider():
            provider_secrets.check()
            return ProviderGate(app, signing_in)
        case ByProxy():
            config.set_option("server.trustedUserHeaders", {signing_in.header: PROXY_USER})
            return ProxyGate(app, signing_in)
        case None:
            return app


def _let_add(rights: AddRights | None) -> None:
    """Let readers add so; nobody else needs to send more than the few MB of the settings."""
    add_rights.use(rights)
    if rights is not None:
        # Counts the request, in which the file is framed.
        config.set_option("server.maxUploadSize", MOST_MB + 1)


def page_script() -> Path:
    """The script that draws the page: beside this module when installed, else in the checkout."""
    installed = Path(__file__).with_name("app.py")
    return installed if installed.exists() else Path(__file__).parents[2] / "app.py"


class SecurityHeaders:
    """Middleware that tells browsers what this page never does."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and add the headers to its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = security_headers(Headers(scope=scope).get("host", ""))

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(headers)
            await send(message)

        await self._app(scope, receive, send_with_headers)


def security_headers(host: str) -> dict[str, str]:
    """The headers for an answer to a request for `host`, which may name a port."""
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    policy = _POLICY | {"connect-src": f"'self'{sockets}"}
    return {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


class _Server(uvicorn.Server):
    def __init__(self, settings: uvicorn.Config, address: str) -> None:
        super().__init__(settings)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        sys.stdout.write(f"{self._address}\n")
        sys.stdout.flush()


@asynccontextmanager
async def _lifespan(_app: st.App) -> AsyncIterator[None]:
    """Opens the index before the first reader comes, without making the server wait for it."""
    opening = asyncio.create_task(asyncio.to_thread(_open_quietly))
    await asyncio.to_thread(kept_files.remove_leftovers)
    try:
        yield
    finally:
        await opening
        await asyncio.to_thread(_end)


def _end() -> None:
    """Let go of the index, with nobody writing to it; a second time does nothing.

    A thread that is in native code while the interpreter ends aborts the process.
    """
    if add_job.stop():
        archive.close()


def _open_quietly() -> None:
    # The page tells its readers about a missing or refused index and tries again.
    with suppress(SearchError, OSError):
        archive.open_archive()


def _allow(host: str, names: Sequence[str]) -> list[str]:
    """The host names that requests may ask for: the configured ones, `names` and our own."""
    configured: list[str] = list(config.get_option("server.allowedHosts"))
    own = [] if host in EVERY_ADDRESS else [host]
    hosts = list(dict.fromkeys([*configured, *names, *own]))
    config.set_option("server.allowedHosts", hosts)
    return hosts


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen()
    except (OSError, OverflowError) as error:
        listener.close()
        raise InputError(
            f"cannot listen at {host} port {port} ({error}); choose another with --port"
        ) from error
    return listener


def _address(host: str, port: int) -> str:
    shown = "127.0.0.1" if host in EVERY_ADDRESS else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
