"""The Call resource (https://www.twilio.com/docs/voice/api/call-resource)."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from typing import Any

from ivr.simulator.twilio_api.identifiers import API_VERSION, new_sid

EVENT_OF_STATUS = {"initiated": "initiated", "ringing": "ringing", "in-progress": "answered"}
"""The `StatusCallbackEvent` that reports a status; all others are reported by `completed`."""
FINAL_STATUSES = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
UNANSWERED_STATUSES = frozenset({"queued", "initiated", "ringing"})


@dataclass(eq=False)
class CallResource:
    """A call: an outbound one that was created through the API, or an inbound one.

    `timeout` is how long it rings, `seconds` how long it lasted once answered. The network sets `is_dialled` when it
    begins to place the call. A call that is not `listed` cannot be found through the API. It executes `twiml`, or what
    is at the `url`; if it is `recorded`, each side is in a channel of its own.
    """

    to: str
    sender: str
    url: str
    date_created: datetime
    method: str = "POST"
    timeout: int = 60
    status_callback: str = ""
    status_callback_method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})
    listed: bool = True
    status: str = "queued"
    seconds: float = 0.0
    is_dialled: bool = False
    direction: str = "outbound-api"
    sid: str = field(default_factory=lambda: new_sid("CA"))
    twiml: str = ""
    recorded: bool = False
    _answered_at: float = 0.0
    _sequence_number: int = 0

    @property
    def has_ended(self) -> bool:
        """True if the status is final, set by the network or through the API."""
        return self.status in FINAL_STATUSES

    def update(self, status: str) -> None:
        """Cancel or complete the call as the client asks: `canceled` ends only a call that nobody has answered."""
        if self.status in UNANSWERED_STATUSES:
            self.status = "canceled"
        elif status == "completed":
            self.status = "completed"

    def set_status(self, status: str, at: float = 0.0) -> None:
        """Go on to a status, at a second of the simulated clock."""
        if status == "in-progress":
            self._answered_at = at
        if status == "completed":
            self.seconds = at - self._answered_at
        self.status = status

    def wants_callback_for(self, status: str) -> bool:
        """Return whether the client asked for a status callback for this status."""
        return bool(self.status_callback) and EVENT_OF_STATUS.get(status, "completed") in self.events

    def status_callback_form(self, status: str, account_sid: str, now: datetime) -> dict[str, str]:
        """Return the form of the next status callback.

        See https://www.twilio.com/docs/voice/api/call-resource#statuscallback.
        """
        form = {
            "AccountSid": account_sid,
            "ApiVersion": API_VERSION,
            "CallSid": self.sid,
            "CallStatus": status,
            "CallbackSource": "call-progress-events",
            "Called": self.to,
            "Caller": self.sender,
            "Direction": "outbound-api",
            "From": self.sender,
            "SequenceNumber": str(self._sequence_number),
            "Timestamp": format_datetime(now),
            "To": self.to,
        }
        self._sequence_number += 1
        return form | ({"CallDuration": str(round(self.seconds))} if status == "completed" else {})

    @property
    def _end_time(self) -> datetime:
        return self.date_created + timedelta(seconds=round(self.seconds))

    def as_json(self, account_sid: str) -> dict[str, Any]:
        """Return the resource as the API shows it."""
        return {
            "account_sid": account_sid,
            "answered_by": None,
            "api_version": API_VERSION,
            "date_created": format_datetime(self.date_created),
            "direction": self.direction,
            "duration": str(round(self.seconds)) if self.has_ended else None,
            "end_time": format_datetime(self._end_time) if self.has_ended else None,
            "from": self.sender,
            "parent_call_sid": None,
            "price": None,
            "sid": self.sid,
            "status": self.status,
            "to": self.to,
            "uri": f"/{API_VERSION}/Accounts/{account_sid}/Calls/{self.sid}.json",
        }
