"""Has the provider approved us, and our numbers?"""

from collections.abc import AsyncIterator, Iterator, Sequence
from datetime import datetime, timedelta

from ivr.doctor.our_numbers import not_told, ours
from ivr.doctor.registry import Finding, Subject, check, error, warning
from ivr.helpline.phone_numbers import UNITED_KINGDOM
from ivr.telephony.account import Account
from ivr.telephony.compliance import REJECTED, Registration
from ivr.telephony.incoming_numbers import IncomingNumber
from ivr.telephony.provider_errors import ProviderError

SOON = timedelta(days=60)
PROFILE = "finish the Business profile under Trust Hub in Twilio's console"
BUNDLE = "see Phone Numbers > Regulatory Compliance in Twilio's console"


@check
async def approvals(subject: Subject) -> AsyncIterator[Finding]:
    """A Business profile is approved, without which few calls are taken at once, and so is the regulatory bundle of
    each number of ours."""
    if subject.provider is None:
        return
    account = subject.provider.account
    try:
        profiles, details = await account.business_profiles(), await account.details()
        for found in _of_profiles(profiles, is_subaccount=details.is_subaccount):
            yield found
    except ProviderError as failure:
        yield not_told("Business profiles", failure)
    try:
        for number in ours(subject, await account.numbers()):
            async for found in _of_number(account, number, subject.now):
                yield found
    except ProviderError as failure:
        yield not_told("regulatory bundles", failure)


def _of_profiles(profiles: Sequence[Registration], *, is_subaccount: bool) -> Iterator[Finding]:
    if any(one.is_approved for one in profiles):
        return
    few = "only two or three calls are taken at once, and the others are refused"
    if profiles:
        yield error(f"no Business profile is approved ({profiles[0].status}): {few}", PROFILE)
    elif is_subaccount:
        says = f"the account is part of another and has no Business profile of its own: unless that has one, {few}"
        yield warning(says, "look there, under Trust Hub in Twilio's console")
    else:
        yield error(f"there is no Business profile: {few}", PROFILE)


async def _of_number(account: Account, number: IncomingNumber, now: datetime) -> AsyncIterator[Finding]:
    name = f"number {number.sid}"
    if number.lacks_address:
        yield warning(f"{name}: Twilio wants a postal address for it, and has none", BUNDLE)
    if number.lacks_emergency_address:
        says = f"{name}: emergency calls may be made from it, and no emergency address is registered"
        yield warning(says, "give one at the number in Twilio's console")
    if number.bundle_sid is None:
        if number.number.startswith(UNITED_KINGDOM):
            yield warning(f"{name}: no regulatory bundle is assigned to it, and Twilio may take it back", BUNDLE)
        return
    bundle = await account.bundle(number.bundle_sid)
    if bundle.status == REJECTED:
        yield error(f"{name}: its regulatory bundle was rejected, and Twilio may take it back", BUNDLE)
    elif not bundle.is_approved:
        yield warning(f"{name}: its regulatory bundle is not approved yet ({bundle.status})", BUNDLE)
    elif bundle.valid_until and bundle.valid_until < now + SOON:
        yield warning(f"{name}: its regulatory bundle is valid until {bundle.valid_until:%d %b %Y}", BUNDLE)
