"""Does the identity provider of IVR_OIDC_ISSUER answer, and is there a way in while it does not?"""

from collections.abc import AsyncIterator

from ivr.doctor.registry import Finding, Subject, check, warning
from ivr.identity_provider import SingleSignOnFailed
from ivr.store import accounts
from ivr.store.accounts import Account, Role

SEE = "see IVR_OIDC_… in .env.example and docs/single-sign-on.md"
NO_OTHER_WAY = "no administrator has a password or a passkey: nobody can sign in while the identity provider is down"


@check
async def single_sign_on(subject: Subject) -> AsyncIterator[Finding]:
    """The identity provider of staff, if there is one, publishes its addresses and keys, and an administrator can
    sign in without it."""
    provider = subject.settings.identity_provider
    if provider is None:
        return
    from ivr.openid.discovery import Discovery

    discovery = Discovery(provider, lambda: subject.now)
    try:
        await discovery.addresses()
        await discovery.keys()
    except SingleSignOnFailed as error:
        yield warning(error.cause, SEE)
    async with subject.store.read() as db:
        found = await accounts.read(db, subject.store.cipher)
    if not any(_comes_otherwise(one) for one in found):
        yield warning(NO_OTHER_WAY, "`ivr accounts reset NAME` gives one of them a link")


def _comes_otherwise(account: Account) -> bool:
    has_a_way = (account.has_password and account.has_app) or account.passkeys > 0
    return account.is_active and account.role is Role.administrator and has_a_way
