"""A call leg: one party's half of a call, with its own CallSid."""

from dataclasses import dataclass, field

from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID, API_VERSION, new_sid


@dataclass(frozen=True)
class Leg:
    """Who calls whom. `parent` is the CallSid of the leg that dialled this one; the REST API created `placed` ones."""

    caller: str
    called: str
    parent: str | None = None
    sid: str = field(default_factory=lambda: new_sid("CA"))
    placed: bool = False

    @property
    def is_outbound(self) -> bool:
        """True if the leg goes to somebody who is rung."""
        return self.placed or self.parent is not None

    @property
    def direction(self) -> str:
        """The `Direction` of the Call resource."""
        if self.parent:
            return "outbound-dial"
        return "outbound-api" if self.placed else "inbound"

    def form(self, status: str) -> dict[str, str]:
        """Return the fields of every voice webhook.

        See https://www.twilio.com/docs/voice/twiml#twilios-request-to-your-application.
        """
        form = {
            "CallSid": self.sid,
            "AccountSid": ACCOUNT_SID,
            "From": self.caller,
            "To": self.called,
            "Caller": self.caller,
            "Called": self.called,
            "CallStatus": status,
            "Direction": self.direction,
            "ApiVersion": API_VERSION,
        }
        return form | {"ParentCallSid": self.parent} if self.parent else form
