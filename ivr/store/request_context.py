"""The context in which a call asks for an effect."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ivr.helpline.rota import Adviser
from ivr.store.cipher import Cipher
from ivr.store.quota_usage import Requester
from ivr.store.quotas import Quotas
from ivr.store.staff_alerts import StaffAlerts


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`call` is the CallSid; `key` names the call, the step, the turn and what the effect is about.

    `advisers` are those of the settings, who count while the rota has nobody. `alerts` tells advisers of what
    waits for them; without it they are not told. `caller` is the From that rings, as the provider gives it.
    """

    call: str
    key: str
    now: datetime
    quotas: Quotas
    advisers: tuple[Adviser, ...] = ()
    alerts: StaffAlerts | None = None
    caller: str = ""

    @property
    def requester(self) -> Requester:
        """Who asks for it."""
        return Requester(self.call, self.caller)

    def name(self, cipher: Cipher) -> str:
        """Return the id of what this creates: the same webhook delivered again gets the same."""
        return str(UUID(bytes=cipher.blind_index(f"name {self.key}")[:16]))
