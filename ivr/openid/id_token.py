"""Verifies the ID token, in which the identity provider says who somebody is.

https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation
"""

from datetime import datetime, timedelta
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, InvalidKeyIdError, JoseError
from joserfc.jws import JWSRegistry

from ivr.identity_provider import IdentityProvider, SingleSignOnFailed
from ivr.openid.discovery import Discovery

ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519"]
"""Signatures with a public key only: neither `none`, nor one that whoever knows a public key could make."""
LEEWAY = timedelta(seconds=60)
"""By how much two clocks may differ."""
NOT_BELIEVED = "What {name} said of you could not be verified. Please try again; if it stays so, tell an administrator."


async def verified(
    token: str, nonce: str, provider: IdentityProvider, discovery: Discovery, now: datetime
) -> dict[str, Any]:
    """Return the claims of an ID token; raise SingleSignOnFailed."""
    try:
        claims = await _claims(token, nonce, provider, discovery)
        claims.validate(now=int(now.timestamp()), leeway=int(LEEWAY.total_seconds()))
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        cause = f"the ID token of IVR_OIDC_ISSUER is refused ({_why(error)})"
        raise SingleSignOnFailed(NOT_BELIEVED.format(name=provider.name), cause) from error
    return dict(claims)


async def _claims(token: str, nonce: str, provider: IdentityProvider, discovery: Discovery) -> CodeIDToken:
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    try:
        opened = jwt.decode(token, await discovery.keys(), registry=registry)
    except InvalidKeyIdError:  # it has a new key
        opened = jwt.decode(token, await discovery.keys(anew=True), registry=registry)
    wanted = {"iss": {"value": provider.issuer}, "aud": {"value": provider.client_id}}
    params = {"nonce": nonce, "client_id": provider.client_id}
    return CodeIDToken(opened.claims, opened.header, wanted, params)


def _why(error: Exception) -> str:
    """Return what is wrong with it, and the setting or command that mends it, if there is one."""
    about = str(error)
    if isinstance(error, ExpiredTokenError) or "future" in about or "not yet" in about:
        return f"{about}; is this machine's clock right? `ivr clock` tells"
    if isinstance(error, InvalidClaimError) and "aud" in about:
        return f"{about}; it is for another application: see IVR_OIDC_CLIENT_ID"
    return about or type(error).__name__
