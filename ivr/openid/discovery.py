"""What an identity provider publishes of itself: its addresses and its keys, asked for now and then.

https://openid.net/specs/openid-connect-discovery-1_0.html
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from ivr.identity_provider import IdentityProvider, SingleSignOnFailed

WELL_KNOWN = "/.well-known/openid-configuration"
TIMEOUT = 8.0
"""Seconds for each request: somebody waits for the page."""
KEPT = timedelta(hours=1)
KEYS_ANEW = timedelta(minutes=1)
"""How often keys are asked for because of one that we do not know: whoever makes keys up is not to have us ask."""
UNREACHABLE = "{name} cannot be reached just now. Please try again in a minute, or ask an administrator."


@cache
def certificates() -> SSLContext:
    """Return the certificates that we trust, read once: others wait for their pages while it goes on."""
    return httpx2.create_ssl_context()


@dataclass(frozen=True)
class Addresses:
    """Where an identity provider is asked for what; `methods` are the ways in which it lets us prove who we are."""

    authorization: str
    token: str
    keys: str
    userinfo: str | None
    methods: tuple[str, ...]


class Discovery:
    """Asks an identity provider about itself, and keeps the answer for an hour."""

    def __init__(self, provider: IdentityProvider, clock: Callable[[], datetime], timeout: float = TIMEOUT) -> None:
        self._provider, self._clock, self._timeout = provider, clock, timeout
        self._addresses: tuple[Addresses, datetime] | None = None
        self._keys: tuple[KeySet, datetime] | None = None

    async def addresses(self) -> Addresses:
        """Return where it is asked for what; raise SingleSignOnFailed."""
        if self._addresses is None or self._clock() - self._addresses[1] >= KEPT:
            self._addresses = self._read_addresses(await self._get(self._document)), self._clock()
        return self._addresses[0]

    async def keys(self, *, anew: bool = False) -> KeySet:
        """Return its keys, asked for `anew` where one is unknown; raise SingleSignOnFailed."""
        if self._keys is None or self._clock() - self._keys[1] >= (KEYS_ANEW if anew else KEPT):
            found = await self._get((await self.addresses()).keys)
            try:
                self._keys = KeySet.import_key_set(found), self._clock()  # type: ignore[arg-type]
            except (JoseError, KeyError, TypeError, ValueError, AttributeError) as error:
                raise self.failed(f"its keys cannot be read ({type(error).__name__})") from error
        return self._keys[0]

    def failed(self, why: str) -> SingleSignOnFailed:
        """Return the error for a provider that cannot be asked."""
        cause = f"the identity provider of IVR_OIDC_ISSUER ({self._provider.issuer}): {why}"
        return SingleSignOnFailed(UNREACHABLE.format(name=self._provider.name), cause)

    @property
    def _document(self) -> str:
        return self._provider.issuer.rstrip("/") + WELL_KNOWN

    async def _get(self, address: str) -> Mapping[str, Any]:
        try:
            async with httpx2.AsyncClient(timeout=self._timeout, verify=certificates()) as http:
                answer = await http.get(address, headers={"Accept": "application/json"})
            found = answer.json() if answer.status_code == 200 else None
        except httpx2.HTTPError as error:
            raise self.failed(f"{address} cannot be reached ({type(error).__name__})") from error
        except ValueError:  # not JSON, or not text
            found = None
        if not isinstance(found, dict):
            raise self.failed(f"{address} answers {answer.status_code} and no JSON object")
        return found

    def _read_addresses(self, found: Mapping[str, Any]) -> Addresses:
        if found.get("issuer") != self._provider.issuer:
            raise self.failed(f"it calls itself {found.get('issuer')!r}: set IVR_OIDC_ISSUER to exactly that")
        methods = found.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        return Addresses(
            self._address(found, "authorization_endpoint"),
            self._address(found, "token_endpoint"),
            self._address(found, "jwks_uri"),
            self._address(found, "userinfo_endpoint") if "userinfo_endpoint" in found else None,
            tuple(map(str, methods)) if isinstance(methods, list) else (),
        )

    def _address(self, found: Mapping[str, Any], name: str) -> str:
        """Return an address that it names; whoever is asked by HTTPS must name no other kind."""
        address, scheme = found.get(name), urlsplit(self._provider.issuer).scheme
        if not isinstance(address, str) or not address.startswith(f"{scheme}://"):
            raise self.failed(f"it names no {name} that can be used")
        return address
