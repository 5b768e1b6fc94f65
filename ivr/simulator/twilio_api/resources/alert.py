"""The Alert resource of the Monitor API, and the Notification of old.

See https://www.twilio.com/docs/usage/monitor-alert and https://www.twilio.com/docs/usage/api/notification.
"""

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from ivr.simulator.twilio_api.identifiers import API_VERSION, iso_date, new_sid

LOG = {"error": "0", "warning": "1"}
"""How a notification writes the level."""


@dataclass(eq=False)
class AlertResource:
    """Something that went wrong for Twilio: an error code, and the address that it asked for."""

    code: int
    url: str
    at: datetime
    level: str = "error"
    method: str = "POST"
    sid: str = field(default_factory=lambda: new_sid("NO"))

    @property
    def _more_info(self) -> str:
        return f"https://www.twilio.com/docs/errors/{self.code}"

    def as_json(self, account_sid: str, base: str) -> dict[str, Any]:
        """Return the alert as the list shows it."""
        return {
            "account_sid": account_sid,
            "alert_text": f"sourceComponent=14100&httpResponse=502&ErrorCode={self.code}&LogLevel={self.level.upper()}",
            "api_version": API_VERSION,
            "date_created": iso_date(self.at),
            "date_generated": iso_date(self.at),
            "date_updated": iso_date(self.at),
            "error_code": str(self.code),
            "log_level": self.level,
            "more_info": self._more_info,
            "request_method": self.method,
            "request_url": self.url,
            "resource_sid": "CA" + self.sid[2:],
            "service_sid": None,
            "sid": self.sid,
            "url": f"{base}/v1/Alerts/{self.sid}",
        }

    def as_notification(self, account_sid: str) -> dict[str, Any]:
        """Return the same as a notification of the API for calls."""
        return {
            "account_sid": account_sid,
            "api_version": API_VERSION,
            "call_sid": "CA" + self.sid[2:],
            "date_created": format_datetime(self.at),
            "date_updated": format_datetime(self.at),
            "error_code": str(self.code),
            "log": LOG[self.level],
            "message_date": format_datetime(self.at),
            "message_text": "",
            "more_info": self._more_info,
            "request_method": self.method,
            "request_url": self.url,
            "sid": self.sid,
            "uri": f"/{API_VERSION}/Accounts/{account_sid}/Notifications/{self.sid}.json",
        }
