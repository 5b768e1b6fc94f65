"""A call as the telephone company's office keeps it (https://www.twilio.com/docs/voice/api/call-resource)."""

from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime
from secrets import token_hex
from typing import Any

from ivr.phone.office_message import VERSION

EVENTS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
"""The event by which news of a status is asked for; news of every other is of the last event, `completed`."""
ENDED = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
BEFORE_AN_ANSWER = frozenset({"queued", "initiated", "ringing"})


@dataclass(eq=False)
class Placed:
    """A call that the office was asked to place; `listed` is false for one that it does not admit to.

    `timeout` is in seconds, and how long it rings. `seconds` is how long it was talked.
    """

    to: str
    sender: str
    url: str
    created: datetime
    method: str = "POST"
    timeout: int = 60
    status_callback: str = ""
    callback_method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})
    listed: bool = True
    status: str = "queued"
    seconds: float = 0.0
    is_picked_up: bool = False
    sid: str = field(default_factory=lambda: f"CA{token_hex(16)}")
    _answered: float = 0.0
    _told: int = 0

    @property
    def has_ended(self) -> bool:
        """Whether it is over, or the office was told to end it."""
        return self.status in ENDED

    def ends(self, status: str) -> None:
        """What the app wants: `canceled` ends what nobody has answered yet, `completed` any call."""
        if self.status in BEFORE_AN_ANSWER:
            self.status = "canceled"
        elif status == "completed":
            self.status = "completed"

    def becomes(self, status: str, at: float = 0.0) -> None:
        """Go on to a status, at a second of the clock."""
        if status == "in-progress":
            self._answered = at
        if status == "completed":
            self.seconds = at - self._answered
        self.status = status

    def wants_news_of(self, status: str) -> bool:
        """Whether the app has asked to be told."""
        return bool(self.status_callback) and EVENTS.get(status, "completed") in self.events

    def news(self, status: str, account: str, now: datetime) -> dict[str, str]:
        """The form that tells somebody of a status."""
        form = {
            "AccountSid": account,
            "ApiVersion": VERSION,
            "CallSid": self.sid,
            "CallStatus": status,
            "CallbackSource": "call-progress-events",
            "Called": self.to,
            "Caller": self.sender,
            "Direction": "outbound-api",
            "From": self.sender,
            "SequenceNumber": str(self._told),
            "Timestamp": format_datetime(now),
            "To": self.to,
        }
        self._told += 1
        return form | ({"CallDuration": str(round(self.seconds))} if status == "completed" else {})

    def as_json(self, account: str) -> dict[str, Any]:
        """What the office tells of it."""
        return {
            "account_sid": account,
            "answered_by": None,
            "api_version": VERSION,
            "date_created": format_datetime(self.created),
            "direction": "outbound-api",
            "duration": str(round(self.seconds)) if self.has_ended else None,
            "from": self.sender,
            "parent_call_sid": None,
            "price": None,
            "sid": self.sid,
            "status": self.status,
            "to": self.to,
            "uri": f"/{VERSION}/Accounts/{account}/Calls/{self.sid}.json",
        }
