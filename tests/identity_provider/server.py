"""The identity provider: its routes, and a server on a port of its own."""

import asyncio
import threading
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qsl, urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from tests.identity_provider.faults import Fault
from tests.identity_provider.people import Person
from tests.identity_provider.tokens import Keys

CLIENT_ID, CLIENT_SECRET = "helpline", "a secret of ours: ü%"
SLOW = 5.0
"""Seconds; nobody in the tests waits for them."""
WELL_KNOWN = "/.well-known/openid-configuration"


@dataclass
class IdentityServer:
    """An identity provider at which `person` is the one who says who they are; `asked` counts requests by path.

    With `shows_a_page` people see a page there and press a button, as they do at real ones. With `is_thin` the ID
    token has no more than it must, and the rest is at the userinfo endpoint.
    """

    clock: Callable[[], datetime]
    issuer: str = ""
    person: Person = field(default_factory=Person)
    faults: set[Fault] = field(default_factory=set)
    keys: Keys = field(default_factory=Keys)
    asked: list[str] = field(default_factory=list)
    shows_a_page: bool = False
    is_thin: bool = False
    methods: tuple[str, ...] = ("client_secret_post", "client_secret_basic")
    userinfo: dict[str, Any] | None = None
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)

    @property
    def app(self) -> Starlette:
        """Return the application."""
        routes = {
            WELL_KNOWN: self._about,
            "/keys": self._keys,
            "/authorize": self._authorize,
            "/go-on": self._go_on,
            "/token": self._token,
            "/userinfo": self._userinfo,
            "/favicon.ico": self._icon,
        }
        methods = ["GET", "POST"]
        return Starlette(routes=[Route(path, self._told(answer), methods=methods) for path, answer in routes.items()])

    def _told(self, answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def with_faults(request: Request) -> Response:
            self.asked.append(request.url.path)
            if Fault.IS_SLOW in self.faults:
                await asyncio.sleep(SLOW)
            if Fault.IS_DOWN in self.faults:
                return Response("down", 503)
            if Fault.TALKS_NONSENSE in self.faults:
                return HTMLResponse("<h1>Welcome</h1>")
            found: Response = await answer(request)
            return found

        return with_faults

    async def _about(self, request: Request) -> Response:
        at = "ftp://login.example" if Fault.NAMES_ANOTHER_SCHEME in self.faults else self.issuer
        return JSONResponse(
            {
                "issuer": "https://other.example" if Fault.HAS_ANOTHER_NAME in self.faults else self.issuer,
                "authorization_endpoint": f"{at}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "userinfo_endpoint": f"{self.issuer}/userinfo",
                "token_endpoint_auth_methods_supported": list(self.methods),
                # An attacker who can change this must not have us believe weaker signatures.
                "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
            }
        )

    async def _keys(self, request: Request) -> Response:
        return JSONResponse({} if Fault.GIVES_NO_KEYS in self.faults else self.keys.published)

    async def _authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["response_type"] == "code" and asked["client_id"] == CLIENT_ID
        assert asked["code_challenge_method"] == "S256" and "openid" in asked["scope"].split()
        if self.shows_a_page:
            name = self.person.name
            go_on = f"/go-on?{urlencode(asked)}"
            page = f'<title>Log in</title><h1>Log in</h1><a href="{go_on.replace("&", "&amp;")}">Go on as {name}</a>'
            return HTMLResponse(f'<!doctype html><html lang="en">{page}')
        return await self._go_on(request)

    async def _go_on(self, request: Request) -> Response:
        asked = dict(request.query_params)
        if Fault.DENIES in self.faults:
            why = "AADSTS50105: jo.marsh@devon.example is not assigned."
            said = {"error": "access_denied", "error_description": why}
        else:
            code = token_urlsafe(16)
            self._codes[code] = asked
            said = {"code": code, "iss": self.issuer}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(said | {'state': asked['state']})}", 302)

    async def _token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await _form(request)).items()}
        basic = b64decode(request.headers.get("authorization", "").removeprefix("Basic ")).decode("latin-1")
        given = (
            f"{form.get('client_id')}:{form.get('client_secret')}" if "client_secret_post" in self.methods else basic
        )
        if given != f"{CLIENT_ID}:{CLIENT_SECRET}" or Fault.KNOWS_NO_CLIENT in self.faults:
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self._codes.pop(form["code"], None)
        if asked is None or asked["redirect_uri"] != form["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).decode().rstrip("=")
        if challenge != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        tokens = {"access_token": "access", "token_type": "Bearer"}
        if Fault.GIVES_NO_ID_TOKEN not in self.faults:
            tokens["id_token"] = self._id_token(asked["nonce"])
        return JSONResponse(tokens)

    async def _userinfo(self, request: Request) -> Response:
        assert request.headers["authorization"] == "Bearer access"
        return JSONResponse(self._claims() if self.userinfo is None else self.userinfo)

    async def _icon(self, request: Request) -> Response:
        return Response(status_code=204)

    def _claims(self) -> dict[str, Any]:
        if Fault.TOO_MANY_GROUPS not in self.faults:
            return self.person.claims
        left = {name: value for name, value in self.person.claims.items() if name != "groups"}
        return left | {"_claim_names": {"groups": "src1"}}

    def _id_token(self, nonce: str) -> str:
        about = self._claims()
        if self.is_thin:
            about = {"sub": about["sub"]}
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "nonce": nonce} | about
        return self.keys.signed(claims, int(self.clock().timestamp()), self.faults)


async def _form(request: Request) -> dict[str, str]:

    return dict(parse_qsl((await request.body()).decode()))


@contextmanager
def identity_server(clock: Callable[[], datetime], host: str = "127.0.0.1") -> Iterator[IdentityServer]:
    """Yield an identity provider that listens on a port of its own, in a thread."""
    made = IdentityServer(clock)
    server = uvicorn.Server(uvicorn.Config(made.app, host=host, port=0, log_level="critical", access_log=False))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.02)
    made.issuer = f"http://{host}:{server.servers[0].sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join()
