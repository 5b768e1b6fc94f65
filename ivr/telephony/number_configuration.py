"""Where a number is to send its calls and texts, by the parameters of an update of it.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource#update-an-incomingphonenumber-resource
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urldefrag

from ivr.telephony.connection_overrides import in_a_call, with_retries
from ivr.telephony.signature import spellings

CALLED_BACK = "?called=back"
"""Ends the address of numbers that are only rung back, so that nobody takes one for the number that callers ring."""
NOWHERE = ("", "https://demo.twilio.com/welcome/voice/")
"""Where calls lead of a number that was never set up; there, Twilio thanks for its choice."""

Configuration = Mapping[str, str]
"""Parameters such as `VoiceUrl` and `VoiceMethod`, and their values."""


@dataclass(frozen=True, slots=True)
class Change:
    """A parameter of a number, what it is and what it is to be."""

    parameter: str
    old: str
    new: str


def for_calls(public_url: str, fallback_url: str | None) -> Configuration:
    """Return the configuration of the number that callers ring; without a fallback address, the one there stays.

    A fallback is fetched by GET: it is a file.
    """
    ours = {
        "VoiceUrl": in_a_call(f"{public_url}/voice"),
        "VoiceMethod": "POST",
        "StatusCallback": with_retries(f"{public_url}/voice/status"),
        "StatusCallbackMethod": "POST",
    }
    return ours | ({"VoiceFallbackUrl": fallback_url, "VoiceFallbackMethod": "GET"} if fallback_url else {})


def for_calls_back(public_url: str, fallback_url: str | None) -> Configuration:
    """Return the configuration of a number that we show, and which is rung back."""
    return {**for_calls(public_url, fallback_url), "VoiceUrl": in_a_call(f"{public_url}/voice{CALLED_BACK}")}


def is_free_for_calls(voice_url: str) -> bool:
    """Return whether the calls of a number lead nowhere, or are here because it is rung back.

    >>> is_free_for_calls(""), is_free_for_calls("https://helpline.example/voice?called=back#ct=2000")
    (True, True)
    >>> is_free_for_calls("https://office.example/voice")
    False
    """
    return voice_url in NOWHERE or urldefrag(voice_url).url.endswith(f"/voice{CALLED_BACK}")


def for_texts(public_url: str) -> Configuration:
    """Return the configuration of the number that people text."""
    return {"SmsUrl": with_retries(f"{public_url}/sms"), "SmsMethod": "POST"}


def for_test_calls(public_url: str) -> Configuration:
    """Return the configuration of the number of test calls: it answers as an adviser would, and no text to it does."""
    return {"VoiceUrl": in_a_call(f"{public_url}/voice/canary"), "VoiceMethod": "POST", "SmsUrl": ""}


def changes(present: Configuration, wanted: Configuration) -> Iterator[Change]:
    """Yield what is to be changed."""
    for parameter, new in wanted.items():
        old = present[parameter]
        if not (same_address(old, new) if _is_address(parameter) else old == new):
            yield Change(parameter, old, new)


def same_address(one: str, other: str) -> bool:
    """Return whether two addresses are the same; the standard port may be written out.

    >>> same_address("https://helpline.example:443/voice#rc=2", "https://helpline.example/voice#rc=2")
    True
    >>> same_address("https://helpline.example/voice", "https://helpline.example/voice#rc=2")
    False
    """
    return one == other or (bool(one and other) and _fragment(one) == _fragment(other) and _same_page(one, other))


def _same_page(one: str, other: str) -> bool:
    try:
        return urldefrag(one).url in spellings(urldefrag(other).url)
    except (KeyError, ValueError):  # what was written at the number may be no address at all
        return False


def _fragment(url: str) -> str:
    return url.partition("#")[2]


def _is_address(parameter: str) -> bool:
    return not parameter.endswith("Method")
