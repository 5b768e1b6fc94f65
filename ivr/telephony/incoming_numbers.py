"""The numbers of our account, and where the provider sends their calls and texts.

https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ivr.telephony.number_configuration import is_free_for_calls

NO_ADDRESS_NEEDED = "none"
EMERGENCY_CALLS, REGISTERED = "Active", "registered"


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
    can_call: bool = True
    can_text: bool = True
    bundle_sid: str | None = None
    lacks_address: bool = False
    """Whether the provider wants a postal address for it, and has none."""
    lacks_emergency_address: bool = False
    """Whether emergency calls may be made from it, and no address is registered to send help to."""

    @property
    def is_free_for_calls(self) -> bool:
        """Whether it can take calls, and they lead nowhere else."""
        return self.can_call and not self.trunk_takes_calls and is_free_for_calls(self.voice.url)

    @property
    def configuration(self) -> dict[str, str]:
        """Where its calls and texts are sent, by the parameters of an update."""
        return {
            "VoiceUrl": self.voice.url,
            "VoiceMethod": self.voice.method,
            "VoiceFallbackUrl": self.fallback.url,
            "VoiceFallbackMethod": self.fallback.method,
            "StatusCallback": self.status.url,
            "StatusCallbackMethod": self.status.method,
            "SmsUrl": self.sms.url,
            "SmsMethod": self.sms.method,
        }


def read_incoming_number(resource: Mapping[str, Any]) -> IncomingNumber:
    """Return a number as the API shows it; raises KeyError where a field is missing."""
    capabilities = resource["capabilities"] or {}
    return IncomingNumber(
        sid=str(resource["sid"]),
        number=str(resource["phone_number"]),
        voice=_webhook(resource, "voice_url", "voice_method"),
        fallback=_webhook(resource, "voice_fallback_url", "voice_fallback_method"),
        status=_webhook(resource, "status_callback", "status_callback_method"),
        sms=_webhook(resource, "sms_url", "sms_method"),
        trunk_takes_calls=bool(resource.get("trunk_sid") or resource.get("voice_application_sid")),
        application_takes_texts=bool(resource.get("sms_application_sid")),
        can_call=bool(capabilities.get("voice")),
        can_text=bool(capabilities.get("sms") or capabilities.get("SMS")),
        bundle_sid=resource.get("bundle_sid") or None,
        lacks_address=_lacks_address(resource),
        lacks_emergency_address=_lacks_emergency_address(resource),
    )


def _webhook(resource: Mapping[str, Any], url: str, method: str) -> Webhook:
    return Webhook(resource[url] or "", resource[method] or "")


def _lacks_address(resource: Mapping[str, Any]) -> bool:
    needs_one = resource.get("address_requirements") not in (None, NO_ADDRESS_NEEDED)
    return needs_one and not resource.get("address_sid")


def _lacks_emergency_address(resource: Mapping[str, Any]) -> bool:
    is_possible = resource.get("emergency_status") == EMERGENCY_CALLS
    return is_possible and resource.get("emergency_address_status") != REGISTERED
