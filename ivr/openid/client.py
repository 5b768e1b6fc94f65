"""Asks an identity provider who somebody is: the authorization code flow with PKCE, state and nonce.

https://openid.net/specs/openid-connect-core-1_0.html#CodeFlowAuth, https://datatracker.ietf.org/doc/html/rfc7636
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import AsyncOAuth2Client

from ivr.identity_provider import Identity, IdentityProvider, SingleSignOnFailed
from ivr.openid.discovery import TIMEOUT, Discovery, certificates
from ivr.openid.id_token import NOT_BELIEVED, verified

SCOPE = "openid email profile"
POST, BASIC = "client_secret_post", "client_secret_basic"
"""How we prove who we are. In a form every sign of a secret means the same to everybody, so that is taken if it can."""
VERIFIED = (True, "true", "1", 1)
"""How providers say it; Entra ID in `xms_edov`, the others in `email_verified`."""


class OpenIdClient:
    """Leads people to an identity provider, and learns from it who they are once they come back."""

    def __init__(
        self, provider: IdentityProvider, redirect_uri: str, clock: Callable[[], datetime], timeout: float = TIMEOUT
    ) -> None:
        self._provider, self._redirect_uri, self._clock, self._timeout = provider, redirect_uri, clock, timeout
        self._discovery = Discovery(provider, clock, timeout)

    @property
    def provider(self) -> IdentityProvider:
        """Return the settings of the identity provider."""
        return self._provider

    async def address(self, state: str, nonce: str, verifier: str) -> str:
        """Return where somebody is sent to say who they are; raise SingleSignOnFailed."""
        endpoint = (await self._discovery.addresses()).authorization
        async with self._http("none") as http:
            address, _ = http.create_authorization_url(endpoint, state=state, code_verifier=verifier, nonce=nonce)
        return str(address)

    async def identity(self, code: str, nonce: str, verifier: str) -> Identity:
        """Return who somebody is by the code with which they came back; raise SingleSignOnFailed."""
        tokens = await self._tokens(code, verifier)
        id_token = tokens.get("id_token")
        if not isinstance(id_token, str):
            raise self._failed("the token endpoint gave no ID token: is `openid` allowed for IVR_OIDC_CLIENT_ID?")
        claims = await verified(id_token, nonce, self.provider, self._discovery, self._clock())
        return self._identity({**await self._besides(claims, tokens), **claims})

    async def _tokens(self, code: str, verifier: str) -> Mapping[str, Any]:
        addresses = await self._discovery.addresses()
        method = POST if POST in addresses.methods else BASIC
        try:
            async with self._http(method) as http:
                found = await http.fetch_token(
                    addresses.token, grant_type="authorization_code", code=code, code_verifier=verifier
                )
        except AuthlibBaseError as error:
            raise self._failed(_said(error.error)) from error
        except httpx2.HTTPError as error:
            raise self._discovery.failed(f"its token endpoint failed ({type(error).__name__})") from error
        except ValueError as error:
            raise self._discovery.failed("its token endpoint answered no JSON object") from error
        return dict(found)

    async def _besides(self, claims: Mapping[str, Any], tokens: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return what the userinfo endpoint says, for providers that leave e-mail or groups out of the ID token."""
        address = (await self._discovery.addresses()).userinfo
        if address is None or {"email", self.provider.groups_claim} <= claims.keys():
            return {}
        headers = {"Authorization": f"Bearer {tokens.get('access_token')}"}
        try:
            async with httpx2.AsyncClient(timeout=self._timeout, verify=certificates()) as http:
                answer = await http.get(address, headers=headers)
            found = answer.json() if answer.status_code == 200 else {}
        except (httpx2.HTTPError, ValueError):
            return {}
        # https://openid.net/specs/openid-connect-core-1_0.html#UserInfoResponse: it must be about the same person
        return found if isinstance(found, dict) and found.get("sub") == claims["sub"] else {}

    def _identity(self, claims: Mapping[str, Any]) -> Identity:
        subject, claim = claims.get("sub"), self.provider.groups_claim
        if not isinstance(subject, str) or not subject:
            raise self._failed("its ID token names nobody (`sub`)")
        if claim not in claims and claim in (claims.get("_claim_names") or {}):
            raise self._failed(
                f"somebody is in more groups than fit into “{claim}”: have it send only the groups of this application"
            )
        return Identity(
            self.provider.issuer,
            subject,
            _text(claims.get("name") or claims.get("preferred_username")),
            _text(claims.get("email")),
            claims.get("email_verified", claims.get("xms_edov")) in VERIFIED,
            _texts(claims.get(claim)),
        )

    def _failed(self, cause: str) -> SingleSignOnFailed:
        return SingleSignOnFailed(NOT_BELIEVED.format(name=self.provider.name), cause)

    def _http(self, method: str) -> AsyncOAuth2Client:
        return AsyncOAuth2Client(
            client_id=self.provider.client_id,
            client_secret=self.provider.client_secret,
            token_endpoint_auth_method=method,
            scope=SCOPE,
            redirect_uri=self._redirect_uri,
            code_challenge_method="S256",
            timeout=self._timeout,
            verify=certificates(),
        )


def _said(error: str) -> str:
    if error == "invalid_client":
        return "the token endpoint refuses us (invalid_client): see IVR_OIDC_CLIENT_ID and IVR_OIDC_CLIENT_SECRET"
    return f"the token endpoint refuses the code ({error})"


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _texts(value: object) -> tuple[str, ...]:
    values = value if isinstance(value, list) else [value]
    return tuple(one for one in values if isinstance(one, str))
