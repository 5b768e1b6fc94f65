"""The IncomingPhoneNumber resource (https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource)."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

from ivr.simulator.twilio_api.identifiers import API_VERSION, new_sid

PARAMETERS = {
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "SmsUrl": "sms_url",
    "SmsMethod": "sms_method",
}
"""The parameters of an update, and the fields that they set."""
BOUGHT = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)


@dataclass(eq=False)
class IncomingNumberResource:
    """A number of the account, and the addresses that it asks."""

    number: str
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    status_callback: str = ""
    status_callback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    trunk_sid: str | None = None
    voice_application_sid: str | None = None
    sms_application_sid: str | None = None
    sid: str = field(default_factory=lambda: new_sid("PN"))
    voice_fallback_method: str = "POST"
    can_call: bool = True
    can_text: bool = True
    bundle_sid: str | None = None
    address_requirements: str = "none"
    address_sid: str | None = None
    emergency_status: str = "Inactive"

    def update(self, form: dict[str, str]) -> None:
        """Set the fields of these parameters."""
        for parameter, value in form.items():
            setattr(self, PARAMETERS[parameter], value)

    def as_json(self, account_sid: str) -> dict[str, Any]:
        """Return the resource as the API shows it."""
        return {
            "account_sid": account_sid,
            "address_requirements": self.address_requirements,
            "address_sid": self.address_sid,
            "api_version": API_VERSION,
            "beta": False,
            "bundle_sid": self.bundle_sid,
            "capabilities": {"fax": False, "mms": False, "sms": self.can_text, "voice": self.can_call},
            "date_created": format_datetime(BOUGHT),
            "date_updated": format_datetime(BOUGHT),
            "emergency_address_sid": None,
            "emergency_address_status": "unregistered",
            "emergency_status": self.emergency_status,
            "friendly_name": self.number,
            "identity_sid": None,
            "origin": "twilio",
            "phone_number": self.number,
            "sid": self.sid,
            "sms_application_sid": self.sms_application_sid,
            "sms_fallback_method": "POST",
            "sms_fallback_url": "",
            "sms_method": self.sms_method,
            "sms_url": self.sms_url,
            "status": "in-use",
            "status_callback": self.status_callback,
            "status_callback_method": self.status_callback_method,
            "trunk_sid": self.trunk_sid,
            "type": "local",
            "uri": f"/{API_VERSION}/Accounts/{account_sid}/IncomingPhoneNumbers/{self.sid}.json",
            "voice_application_sid": self.voice_application_sid,
            "voice_caller_id_lookup": False,
            "voice_fallback_method": self.voice_fallback_method,
            "voice_fallback_url": self.voice_fallback_url,
            "voice_method": self.voice_method,
            "voice_receive_mode": "voice",
            "voice_url": self.voice_url,
        }
