"""Is there money on the account?"""

from collections.abc import AsyncIterator

from ivr.doctor.our_numbers import not_told
from ivr.doctor.registry import Finding, Subject, check, error, warning
from ivr.telephony.provider_errors import ProviderError

TOP_UP = "pay in at Billing in Twilio's console, and turn on auto-recharge there"


@check
async def balance(subject: Subject) -> AsyncIterator[Finding]:
    """There is more on the account than IVR_LOW_BALANCE: once it is used up, no call comes in."""
    if subject.provider is None:
        return
    try:
        found = await subject.provider.account.balance()
    except ProviderError as failure:
        yield not_told("the balance", failure)
        return
    amount, low = f"{found.amount:.2f} {found.currency}", subject.settings.low_balance
    if found.amount <= min(low, 0):
        yield error(f"nothing is left on the account ({amount}): Twilio may stop calls at any moment", TOP_UP)
    elif found.amount < low:
        yield warning(f"{amount} are left on the account, less than IVR_LOW_BALANCE", TOP_UP)
