"""One party's half of a call, as webhooks name it."""

from dataclasses import dataclass, field
from uuid import uuid4

ACCOUNT_SID = "AC" + "0" * 32
API_VERSION = "2010-04-01"


def new_sid(kind: str) -> str:
    """An identifier as Twilio makes them: two letters and 32 hexadecimal digits."""
    return kind + uuid4().hex


@dataclass(frozen=True)
class Leg:
    """Who calls whom; `parent` is the call that dialled this one, `placed` says that the app had it placed."""

    caller: str
    called: str
    parent: str | None = None
    sid: str = field(default_factory=lambda: new_sid("CA"))
    placed: bool = False

    @property
    def is_outbound(self) -> bool:
        """Whether somebody is called, rather than calls us."""
        return self.placed or self.parent is not None

    @property
    def direction(self) -> str:
        """The direction in Twilio's word."""
        if self.parent:
            return "outbound-dial"
        return "outbound-api" if self.placed else "inbound"

    def form(self, status: str) -> dict[str, str]:
        """The fields every voice webhook has (twilio.com/docs/voice/twiml#twilios-request-to-your-application)."""
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
