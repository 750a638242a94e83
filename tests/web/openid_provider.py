"""An OpenID provider on this machine: discovery, one page with a form, tokens signed by its key."""

import threading
import time
from base64 import b64decode
from contextlib import contextmanager
from secrets import token_urlsafe
from socket import create_server
from urllib.parse import unquote, urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "news-search", "the client's secret"
ADA = {"sub": "1", "email": "ada@paper.example", "email_verified": True, "name": "Ada"}
EVE = {"sub": "2", "email": "eve@elsewhere.example", "email_verified": True, "name": "Eve"}
MALLORY = {"sub": "3", "email": "ada@paper.example", "email_verified": False, "name": "Mallory"}
PEOPLE = {one["name"]: one for one in (ADA, EVE, MALLORY)}


class Provider:
    """Asks who is there and believes it; gives each code once, to the client with the secret."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.signed_out = 0
        self._key = RSAKey.generate_key(2048, {"kid": "test", "use": "sig", "alg": "RS256"})
        self._codes: dict[str, dict[str, object]] = {}
        self.app = Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._metadata),
                Route("/keys", self._keys),
                Route("/authorize", self._ask),
                Route("/authorize", self._answer, methods=["POST"]),
                Route("/token", self._tokens, methods=["POST"]),
                Route("/end", self._end),
            ]
        )

    async def _metadata(self, _: Request) -> JSONResponse:
        places = {
            "authorization_endpoint": "authorize",
            "token_endpoint": "token",
            "jwks_uri": "keys",
            "end_session_endpoint": "end",
        }
        return JSONResponse(
            {
                "issuer": self.address,
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
            }
            | {name: f"{self.address}/{path}" for name, path in places.items()}
        )

    async def _keys(self, _: Request) -> JSONResponse:
        return JSONResponse({"keys": [self._key.as_dict(private=False)]})

    async def _ask(self, _: Request) -> HTMLResponse:
        buttons = "".join(f"<button name=who value={name}>{name}</button>" for name in PEOPLE)
        return HTMLResponse(f"<title>Provider</title><form method=post>{buttons}</form>")

    async def _answer(self, request: Request) -> RedirectResponse:
        asked = request.query_params
        assert asked["client_id"] == CLIENT_ID
        async with request.form() as form:
            person = PEOPLE[form["who"]]
        code = token_urlsafe()
        self._codes[code] = {**person, "nonce": asked["nonce"]}
        back = urlencode({"code": code, "state": asked["state"]})
        return RedirectResponse(f"{asked['redirect_uri']}?{back}", status_code=303)

    async def _tokens(self, request: Request) -> JSONResponse:
        given = b64decode(request.headers["authorization"].removeprefix("Basic ")).decode()
        assert [unquote(part) for part in given.split(":")] == [CLIENT_ID, CLIENT_SECRET]
        async with request.form() as form:
            claims = self._codes.pop(form["code"])
        now = int(time.time())
        claims |= {"iss": self.address, "aud": CLIENT_ID, "iat": now, "exp": now + 600}
        signed = jwt.encode({"alg": "RS256", "kid": "test"}, claims, self._key)
        return JSONResponse({"access_token": "a", "token_type": "Bearer", "id_token": signed})

    async def _end(self, request: Request) -> RedirectResponse:
        self.signed_out += 1
        return RedirectResponse(request.query_params["post_logout_redirect_uri"])


@contextmanager
def provider():
    """A provider that answers until the end of the block."""
    with create_server(("127.0.0.1", 0)) as listener:
        one = Provider(f"http://127.0.0.1:{listener.getsockname()[1]}")
        server = uvicorn.Server(uvicorn.Config(one.app, log_level="warning", lifespan="off"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield one
        finally:
            server.should_exit = True
            thread.join(20)
