"""Do callers hear the right thing while all our own servers are down?"""

import asyncio
from collections.abc import AsyncIterator

from ivr.doctor.our_numbers import for_calls, is_here, not_told
from ivr.doctor.registry import Finding, Subject, check, error, warning
from ivr.fallback_document import render
from ivr.provisioning.fallback import asset_name
from ivr.telephony.incoming_numbers import IncomingNumber
from ivr.telephony.protected_asset import Place, ProtectedAsset
from ivr.telephony.provider_errors import ProviderError

UPLOAD = "`ivr twilio fallback`"
NOBODY = "while all our servers are down, callers are put through to nobody: IVR_ADVISERS is empty"


@check
async def fallback(subject: Subject) -> AsyncIterator[Finding]:
    """The document that plays while we are down is at the provider, is that of today, and nobody else can read it."""
    helpline = subject.content()
    if subject.provider is None or helpline is None:  # which other checks tell of
        return
    document = render(helpline, subject.settings, subject.now)
    if not subject.settings.advisers:
        yield warning(NOBODY, f"name two or three advisers there, whatever the rota says, and then {UPLOAD}")
    try:
        account = subject.provider.account
        for one in for_calls(subject, await account.numbers()):
            if one.fallback.url and not is_here(one.fallback.url, subject.settings.public_url):
                asset = account.protected_asset(asset_name(one.sid), asyncio.sleep)
                async for found in _of_number(one, asset, document):
                    yield found
    except ProviderError as failure:
        yield not_told("the fallback document", failure)


async def _of_number(one: IncomingNumber, asset: ProtectedAsset, document: bytes) -> AsyncIterator[Finding]:
    name = f"number {one.sid}"
    place = await asset.find()
    if place is None or place.url != one.fallback.url:
        says = f"{name}: nobody can tell whether the fallback document is that of today, where it is now"
        yield warning(says, "`ivr twilio connect` puts it where it can be read back")
        return
    if one.fallback.method != "GET":
        says = f"{name}: the fallback document is asked for by {one.fallback.method}, and it is a file"
        yield error(says, "`ivr twilio connect` sets GET")
    async for found in _of_document(name, asset, place, document):
        yield found


async def _of_document(name: str, asset: ProtectedAsset, place: Place, document: bytes) -> AsyncIterator[Finding]:
    on_the_air = await asset.read(place)
    if on_the_air is None:
        yield error(
            f"{name}: the provider does not give the fallback document to itself: callers hear an error", UPLOAD
        )
    elif on_the_air != document:
        yield warning(f"{name}: the fallback document is older than the advisers, the contacts or the words", UPLOAD)
    if await asset.is_public(place):
        yield error(f"{name}: anybody can read the fallback document, and advisers' numbers in it", UPLOAD)
