"""What signing in with a provider needs to know, checked before anybody tries to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from urllib.parse import SplitResult, urlsplit

import streamlit as st
from streamlit import config
from streamlit.auth_util import is_authlib_installed
from streamlit.errors import StreamlitSecretNotFoundError
from streamlit.web.server.starlette.starlette_websocket import is_host_allowed

from search.errors import InputError
from search.web.sign_in import SHORTEST_SECRET_CHARS

KEYS = ("redirect_uri", "cookie_secret", "client_id", "client_secret", "server_metadata_url")
CALLBACK = "/oauth2callback"


def check() -> None:
    """Be sure that readers can sign in; the server's settings must be known by now.

    Raises:
        InputError: a library is not installed; secrets.toml cannot be read, or its `[auth]` lacks
            something or holds what cannot work.
    """
    if not is_authlib_installed() or find_spec("httpx") is None:
        raise InputError(
            "--sign-in oidc needs Authlib and httpx; "
            "install them with: pip install 'authlib>=1.3.2' httpx"
        )
    files = " or ".join(config.get_option("secrets.files"))
    try:
        auth: Mapping[str, object] = st.secrets.get("auth", {})
    except StreamlitSecretNotFoundError as error:  # none, or one that is no TOML
        raise InputError(f"--sign-in oidc: {error}") from error
    faults = "; ".join(_faults(auth))
    if faults:
        raise InputError(f"--sign-in oidc: [auth] in {files}: {faults}")


def _faults(auth: Mapping[str, object]) -> Iterator[str]:
    values = {key: str(auth.get(key) or "") for key in KEYS}
    missing = [key for key, value in values.items() if not value]
    if missing:
        yield f"there is no {', no '.join(missing)}"
        return
    back, metadata = (_address(values[key]) for key in ("redirect_uri", "server_metadata_url"))
    if back is None or back.path != CALLBACK:
        yield f"redirect_uri is not the page's address followed by {CALLBACK}"
    elif not is_host_allowed(back.hostname):
        yield f"redirect_uri leads to {back.hostname}; add --allow-host {back.hostname}"
    if metadata is None:
        yield "server_metadata_url is not an address"
    if len(values["cookie_secret"]) < SHORTEST_SECRET_CHARS:
        yield f"cookie_secret has fewer than {SHORTEST_SECRET_CHARS} characters"


def _address(text: str) -> SplitResult | None:
    try:
        address = urlsplit(text)
    except ValueError:
        return None
    return address if address.scheme in ("http", "https") and address.hostname else None
