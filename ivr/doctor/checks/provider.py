"""Does the provider take our token, and do its numbers lead to us?"""

from collections.abc import AsyncIterator, Iterator
from urllib.parse import urldefrag, urlsplit

from ivr.doctor.registry import Finding, Subject, check, error, skipped, warning
from ivr.helpline.phone_numbers import parse_number
from ivr.telephony.connection_overrides import with_retries
from ivr.telephony.incoming_numbers import IncomingNumber, Webhook
from ivr.telephony.provider_errors import ProviderError
from ivr.telephony.signature import spellings

ACTIVE = "active"
CONSOLE = "at the number in Twilio's console"


@check
async def provider(subject: Subject) -> AsyncIterator[Finding]:
    """The provider takes our token, and its numbers send calls and texts to IVR_PUBLIC_URL."""
    if subject.provider is None:
        says = "the provider is not asked: TWILIO_ACCOUNT_SID or TWILIO_AUTH_TOKEN is not set"
        yield skipped(says, "set both to have texts, a queue and recordings")
        return
    try:
        status = await subject.provider.account_status()
        numbers = await subject.provider.incoming_numbers()
        verified = await subject.provider.verified_caller_ids()
    except ProviderError as failure:
        yield error(
            f"the provider does not tell of our account: {failure.reason}",
            "see TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_API_URL",
        )
        return
    if status != ACTIVE:
        yield error(f"our account at the provider is {status}", "see Twilio's console, or its support")
    for found in (*_calls(subject, numbers), *_texts(subject, numbers), *_caller_id(subject, numbers, verified)):
        yield found


def _calls(subject: Subject, numbers: list[IncomingNumber]) -> Iterator[Finding]:
    url, own = subject.settings.public_url, parse_number(subject.settings.number or "")
    rings_us = [one for one in numbers if one.number == own or _is_here(one.voice.url, url)]
    if not rings_us:
        yield error("no number of our account sends its calls here", f"{CONSOLE} set Voice URL to {url}/voice (POST)")
    for one in rings_us:
        yield from _of_number(one, url)


def _of_number(one: IncomingNumber, url: str) -> Iterator[Finding]:
    name = f"number {one.sid}"
    if one.trunk_takes_calls:
        yield error(f"{name}: a trunk or an application takes its calls", f"{CONSOLE} configure with webhooks")
    elif not _asks(one.voice, f"{url}/voice"):
        yield error(f"{name}: calls are not sent to {url}/voice by POST", f"{CONSOLE} set Voice URL to that, POST")
    if not one.fallback.url or _is_here(one.fallback.url, url):
        says = f"{name}: while all our servers are down, callers hear an error"
        yield warning(
            says, f"host `ivr fallback` elsewhere (a TwiML Bin), and set its address as fallback URL {CONSOLE}"
        )
    if not _asks(one.status, f"{url}/voice/status"):
        says = f"{name}: we are not told when calls end"
        yield warning(says, f"{CONSOLE} set call status changes to {with_retries(f'{url}/voice/status')} (POST)")
    else:
        yield from _retries(one.status, name, f"{url}/voice/status")


def _texts(subject: Subject, numbers: list[IncomingNumber]) -> Iterator[Finding]:
    url, sender = subject.settings.public_url, subject.settings.sms_from
    if sender is None:
        yield skipped("no text is offered: IVR_SMS_FROM is not set", "set it to a UK mobile number of our account")
        return
    found = next((one for one in numbers if one.number == sender), None)
    if found is None:
        yield error("IVR_SMS_FROM is not a number of our account", "take one of those in Twilio's console")
    elif found.application_takes_texts or not _asks(found.sms, f"{url}/sms"):
        says = f"number {found.sid}: texts that come in, STOP among them, are not sent to {url}/sms by POST"
        yield error(says, f"{CONSOLE} set the URL for messages to {with_retries(f'{url}/sms')}, POST")
    else:
        yield from _retries(found.sms, f"number {found.sid}", f"{url}/sms")


def _caller_id(subject: Subject, numbers: list[IncomingNumber], verified: list[str]) -> Iterator[Finding]:
    shown = subject.settings.caller_id
    if shown and shown not in verified and all(one.number != shown for one in numbers):
        says = "IVR_CALLER_ID is neither a number of our account nor verified there: nobody can be rung"
        yield error(says, "verify it as a caller id in Twilio's console, or take a number of the account")


def _asks(webhook: Webhook, url: str) -> bool:
    return webhook.method == "POST" and urldefrag(webhook.url).url in spellings(url)


def _retries(webhook: Webhook, name: str, url: str) -> Iterator[Finding]:
    """Find a webhook that brings news and is not sent again, or has a fragment that its signature may not count."""
    if webhook.url not in map(with_retries, spellings(url)):
        says = f"{name}: what we could not store is not sent to {url} again"
        yield warning(says, f"{CONSOLE} set that address to {with_retries(url)}")


def _is_here(url: str, ours: str) -> bool:
    return bool(url) and urlsplit(url).hostname == urlsplit(ours).hostname
