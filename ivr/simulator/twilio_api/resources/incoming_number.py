"""The IncomingPhoneNumber resource (https://www.twilio.com/docs/phone-numbers/api/incomingphonenumber-resource)."""

from dataclasses import dataclass, field
from typing import Any

from ivr.simulator.twilio_api.identifiers import API_VERSION, new_sid


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

    def as_json(self, account_sid: str) -> dict[str, Any]:
        """Return the resource as the API shows it."""
        return {
            "account_sid": account_sid,
            "capabilities": {"fax": False, "mms": False, "sms": True, "voice": True},
            "friendly_name": self.number,
            "phone_number": self.number,
            "sid": self.sid,
            "sms_application_sid": self.sms_application_sid,
            "sms_fallback_method": "POST",
            "sms_fallback_url": "",
            "sms_method": self.sms_method,
            "sms_url": self.sms_url,
            "status_callback": self.status_callback,
            "status_callback_method": self.status_callback_method,
            "trunk_sid": self.trunk_sid,
            "uri": f"/{API_VERSION}/Accounts/{account_sid}/IncomingPhoneNumbers/{self.sid}.json",
            "voice_application_sid": self.voice_application_sid,
            "voice_fallback_method": "POST",
            "voice_fallback_url": self.voice_fallback_url,
            "voice_method": self.voice_method,
            "voice_url": self.voice_url,
        }
