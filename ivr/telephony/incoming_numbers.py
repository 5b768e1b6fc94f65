"""The numbers of our account, and where the provider sends their calls and texts.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Webhook:
    """An address that the provider asks, and how."""

    url: str
    method: str


@dataclass(frozen=True, slots=True)
class IncomingNumber:
    """A number of the account, by its SID. Addresses do not count where a trunk or an application `takes` its calls
    or its texts.
    """

    sid: str
    number: str = field(repr=False)
    voice: Webhook
    fallback: Webhook
    status: Webhook
    sms: Webhook
    trunk_takes_calls: bool
    application_takes_texts: bool


def read_incoming_number(resource: Mapping[str, Any]) -> IncomingNumber:
    """Return a number as the API shows it; raises KeyError where a field is missing."""
    return IncomingNumber(
        sid=str(resource["sid"]),
        number=str(resource["phone_number"]),
        voice=_webhook(resource, "voice_url", "voice_method"),
        fallback=_webhook(resource, "voice_fallback_url", "voice_fallback_method"),
        status=_webhook(resource, "status_callback", "status_callback_method"),
        sms=_webhook(resource, "sms_url", "sms_method"),
        trunk_takes_calls=bool(resource.get("trunk_sid") or resource.get("voice_application_sid")),
        application_takes_texts=bool(resource.get("sms_application_sid")),
    )


def _webhook(resource: Mapping[str, Any], url: str, method: str) -> Webhook:
    return Webhook(resource[url] or "", resource[method] or "")
