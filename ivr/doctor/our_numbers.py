"""Which numbers of the account are ours, and what a check says where the provider does not answer."""

from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from ivr.doctor.registry import Finding, Subject, skipped
from ivr.helpline.phone_numbers import parse_number
from ivr.telephony.incoming_numbers import IncomingNumber
from ivr.telephony.provider_errors import ProviderError


def for_calls(subject: Subject, numbers: Sequence[IncomingNumber]) -> list[IncomingNumber]:
    """Return the numbers that callers ring: IVR_NUMBER, and whichever sends its calls to us but that of test calls, and
    those that are only rung back.
    """
    url, own = subject.settings.public_url, parse_number(subject.settings.number or "")
    apart = [one for one in numbers if one.is_free_for_calls or one.number == subject.settings.canary_number]
    return [one for one in numbers if one.number == own or (one not in apart and is_here(one.voice.url, url))]


def ours(subject: Subject, numbers: Iterable[IncomingNumber]) -> Iterator[IncomingNumber]:
    """Yield the numbers for calls, and the one for texts."""
    numbers = list(numbers)
    calls = for_calls(subject, numbers)
    yield from calls
    yield from (one for one in numbers if one.number == subject.settings.sms_from and one not in calls)


def is_here(url: str, ours: str) -> bool:
    """Return whether an address is on the host of our own."""
    try:
        return bool(url) and urlsplit(url).hostname == urlsplit(ours).hostname
    except ValueError:  # what was written at the number may be no address at all
        return False


def not_told(what: str, failure: ProviderError) -> Finding:
    """Return the finding of what the provider does not tell."""
    return skipped(f"the provider does not tell of {what}: {failure.reason}", "see it in Twilio's console")
