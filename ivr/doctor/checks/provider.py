"""Does the provider take our token, and do its numbers lead to us?"""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urldefrag

from ivr.doctor.our_numbers import for_calls, is_here
from ivr.doctor.registry import Finding, Subject, check, error, skipped, warning
from ivr.telephony.account import ACTIVE, AccountDetails
from ivr.telephony.connection_overrides import in_a_call, with_retries
from ivr.telephony.incoming_numbers import IncomingNumber, Webhook
from ivr.telephony.number_configuration import changes, for_calls_back, for_test_calls, same_address
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.signature import spellings

CONNECT = "`ivr twilio connect`"


@check
async def provider(subject: Subject) -> AsyncIterator[Finding]:
    """The provider takes our token, and its numbers send calls and texts to IVR_PUBLIC_URL."""
    if subject.provider is None:
        says = "the provider is not asked: TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN is not set"
        yield skipped(says, "set both to have texts, a queue and recordings")
        return
    account = subject.provider.account
    try:
        details = await account.details()
        numbers = await account.numbers()
        verified = await account.verified_caller_ids()
    except ProviderError as failure:
        yield error(
            f"the provider does not tell of our account: {failure.reason}",
            "see TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_API_URL",
        )
        return
    for found in (
        *_account(details, subject.settings.auth_token),
        *_calls(subject, numbers),
        *_texts(subject, numbers),
        *_caller_id(subject, numbers, verified),
        *_calls_back(subject, numbers),
        *_test_calls(subject, numbers),
    ):
        yield found


def _account(details: AccountDetails, auth_token: str) -> Iterator[Finding]:
    if details.status != ACTIVE:
        yield error(f"our account at the provider is {details.status}", "see Twilio's console, or its support")
    if details.is_trial:
        says = "a trial account says so to callers, and rings and texts verified numbers only"
        yield error(says, "upgrade it in Twilio's console")
    if details.primary_token and details.primary_token not in auth_token.split(","):
        says = "TWILIO_AUTH_TOKEN is not the primary token: Twilio signs with another, and every webhook is refused"
        yield error(says, "set it to the auth token on the first page of Twilio's console, and restart all processes")


def _calls(subject: Subject, numbers: list[IncomingNumber]) -> Iterator[Finding]:
    url, rings_us = subject.settings.public_url, for_calls(subject, numbers)
    if not rings_us:
        says = "no number of our account sends its calls here"
        yield error(says, f"{CONNECT} sets Voice URL to {url}/voice (POST) at IVR_NUMBER")
    for one in rings_us:
        yield from _of_number(one, url)


def _of_number(one: IncomingNumber, url: str) -> Iterator[Finding]:
    name = f"number {one.sid} for calls"
    if not one.can_call:
        yield error(f"{name}: it cannot take calls", "take a number with voice")
    if one.trunk_takes_calls:
        mend = "configure it with webhooks in Twilio's console, and then " + CONNECT
        yield error(f"{name}: a trunk or an application takes its calls", mend)
    elif not _asks(one.voice, f"{url}/voice"):
        yield error(f"{name}: calls are not sent to {url}/voice by POST", f"{CONNECT} sets Voice URL to that, POST")
    elif not same_address(one.voice.url, in_a_call(f"{url}/voice")):
        says = f"{name}: while we do not answer, callers wait fifteen seconds for the fallback"
        yield warning(says, f"{CONNECT} sets Voice URL to {in_a_call(f'{url}/voice')}")
    if not one.fallback.url or is_here(one.fallback.url, url):
        says = f"{name}: while all our servers are down, callers hear an error"
        yield warning(says, f"{CONNECT} puts the fallback document at Twilio, and sets its address")
    if not _asks(one.status, f"{url}/voice/status"):
        says = f"{name}: we are not told when calls end"
        yield warning(says, f"{CONNECT} sets call status changes to {with_retries(f'{url}/voice/status')} (POST)")
    else:
        yield from _retries(one.status, name, f"{url}/voice/status")


def _texts(subject: Subject, numbers: list[IncomingNumber]) -> Iterator[Finding]:
    url, sender = subject.settings.public_url, subject.settings.sms_from
    if sender is None:
        yield skipped("no text is offered: IVR_SMS_FROM is not set", "set it to a UK mobile number of our account")
        return
    found = next((one for one in numbers if one.number == sender), None)
    if found is None:
        yield error("IVR_SMS_FROM is not a number of our account", "take one of those that `ivr twilio` shows")
        return
    if not found.can_text:
        yield error(f"number {found.sid} of IVR_SMS_FROM cannot text", "take a UK mobile number of the account")
    if found.application_takes_texts or not _asks(found.sms, f"{url}/sms"):
        says = f"number {found.sid} for texts: those that come in, STOP among them, are not sent to {url}/sms by POST"
        yield error(says, f"{CONNECT} sets the URL for messages to {with_retries(f'{url}/sms')}, POST")
    else:
        yield from _retries(found.sms, f"number {found.sid} for texts", f"{url}/sms")


def _caller_id(subject: Subject, numbers: list[IncomingNumber], verified: list[str]) -> Iterator[Finding]:
    shown = subject.settings.caller_id
    if shown and shown not in verified and all(one.number != shown for one in numbers):
        says = "IVR_CALLER_ID is neither a number of our account nor verified there: nobody can be rung"
        yield error(says, "verify it as a caller id in Twilio's console, or take a number of the account")


def _calls_back(subject: Subject, numbers: list[IncomingNumber]) -> Iterator[Finding]:
    """Find numbers that people are shown when we ring or text them, and that nobody answers."""
    settings = subject.settings
    wanted, calls = for_calls_back(settings.public_url, None), for_calls(subject, numbers)
    for one in numbers:
        is_shown = one.number in (settings.sms_from, settings.caller_id) and one not in calls
        if is_shown and one.is_free_for_calls and any(changes(one.configuration, wanted)):
            says = f"number {one.sid} is shown to those whom we ring or text, and does not answer when they ring back"
            yield warning(says, f"{CONNECT} sends its calls here too")


def _test_calls(subject: Subject, numbers: list[IncomingNumber]) -> Iterator[Finding]:
    settings = subject.settings
    if settings.canary_number is None:
        return
    number = next((one for one in numbers if one.number == settings.canary_number), None)
    if number is None:
        yield warning("the number of the test call is not a number of the account", "see IVR_CANARY_NUMBER")
    elif list(changes(number.configuration, for_test_calls(settings.public_url))):
        yield warning(f"number {number.sid} for test calls does not answer them as an adviser would", CONNECT)


def _asks(webhook: Webhook, url: str) -> bool:
    return webhook.method == "POST" and urldefrag(webhook.url).url in spellings(url)


def _retries(webhook: Webhook, name: str, url: str) -> Iterator[Finding]:
    """Find a webhook that brings news and is not sent again, or has a fragment that its signature may not count."""
    if not same_address(webhook.url, with_retries(url)):
        says = f"{name}: what we could not store is not sent to {url} again"
        yield warning(says, f"{CONNECT} sets that address to {with_retries(url)}")
