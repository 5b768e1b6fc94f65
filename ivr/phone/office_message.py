"""A text as the telephone company's office keeps it (https://www.twilio.com/docs/messaging/api/message-resource)."""

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from secrets import token_hex
from typing import Any

VERSION = "2010-04-01"
WAY = ("accepted", "queued", "sending", "sent", "delivered", "undelivered", "failed")
"""How far a text can have got; news of it may come in another order."""
UNFINISHED = frozenset({"accepted", "queued", "sending"})


@dataclass
class Message:
    """One text that the office took; `listed` is false for one that its list does not show."""

    to: str
    sender: str
    body: str
    status_callback: str
    created: datetime
    listed: bool = True
    status: str = "queued"
    error: int | None = None
    sent: datetime | None = None
    sid: str = field(default_factory=lambda: f"SM{token_hex(16)}")

    def becomes(self, status: str, now: datetime, error: int | None = None) -> None:
        """Go on to a status, never back."""
        if WAY.index(status) >= WAY.index(self.status):
            self.status, self.error = status, error
        if status not in UNFINISHED and self.sent is None:
            self.sent = now

    def as_json(self, account: str) -> dict[str, Any]:
        """What the office tells of it."""
        return {
            "account_sid": account,
            "api_version": VERSION,
            "body": self.body,
            "date_created": format_datetime(self.created),
            "date_sent": format_datetime(self.sent) if self.sent else None,
            "date_updated": format_datetime(self.sent or self.created),
            "direction": "outbound-api",
            "error_code": self.error,
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
            "uri": f"/{VERSION}/Accounts/{account}/Messages/{self.sid}.json",
        }

    def news(self, status: str, account: str, error: int | None) -> dict[str, str]:
        """The form that tells somebody of a status."""
        form = {
            "AccountSid": account,
            "ApiVersion": VERSION,
            "From": self.sender,
            "MessageSid": self.sid,
            "MessageStatus": status,
            "SmsSid": self.sid,
            "SmsStatus": status,
            "To": self.to,
        }
        return form | ({"ErrorCode": str(error)} if error else {})
