"""The Message resource (https://www.twilio.com/docs/messaging/api/message-resource)."""

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from typing import Any

from ivr.simulator.twilio_api.identifiers import API_VERSION, new_sid

STATUS_ORDER = ("accepted", "queued", "sending", "sent", "delivered", "undelivered", "failed")
"""A message only moves forward in this order, in whatever order its statuses are reported."""
PENDING_STATUSES = frozenset({"accepted", "queued", "sending"})


@dataclass
class MessageResource:
    """A message. One that is not `listed` is missing from the message list."""

    to: str
    sender: str
    body: str
    status_callback: str
    date_created: datetime
    listed: bool = True
    status: str = "queued"
    error_code: int | None = None
    date_sent: datetime | None = None
    sid: str = field(default_factory=lambda: new_sid("SM"))
    direction: str = "outbound-api"

    def set_status(self, status: str, now: datetime, error_code: int | None = None) -> None:
        """Go on to a status; ignore one that the message has passed."""
        if STATUS_ORDER.index(status) >= STATUS_ORDER.index(self.status):
            self.status, self.error_code = status, error_code
        if status not in PENDING_STATUSES and self.date_sent is None:
            self.date_sent = now

    def as_json(self, account_sid: str) -> dict[str, Any]:
        """Return the resource as the API shows it."""
        return {
            "account_sid": account_sid,
            "api_version": API_VERSION,
            "body": self.body,
            "date_created": format_datetime(self.date_created),
            "date_sent": format_datetime(self.date_sent) if self.date_sent else None,
            "date_updated": format_datetime(self.date_sent or self.date_created),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.sender,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": "1",
            "price": None,
            "price_unit": None,
            "sid": self.sid,
            "status": self.status,
            "to": self.to,
            "uri": f"/{API_VERSION}/Accounts/{account_sid}/Messages/{self.sid}.json",
        }

    def status_callback_form(self, status: str, account_sid: str, error_code: int | None) -> dict[str, str]:
        """Return the form of a status callback.

        See https://www.twilio.com/docs/messaging/guides/track-outbound-message-status.
        """
        form = {
            "AccountSid": account_sid,
            "ApiVersion": API_VERSION,
            "From": self.sender,
            "MessageSid": self.sid,
            "MessageStatus": status,
            "SmsSid": self.sid,
            "SmsStatus": status,
            "To": self.to,
        }
        return form | ({"ErrorCode": str(error_code)} if error_code else {})
