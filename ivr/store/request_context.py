"""Who asks for something to be kept: one moment of one call."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ivr.helpline.rota import Adviser
from ivr.store.cipher import Cipher
from ivr.store.quotas import Quotas
from ivr.store.staff_alerts import StaffAlerts


@dataclass(frozen=True, slots=True)
class RequestContext:
    """`call` is the call's name at the provider; `key` the call, the step, the turn and what it is about.

    `advisers` are those of the settings, who count while the rota has nobody. `alerts` is how ours are told of what
    waits for them; without it they are not.
    """

    call: str
    key: str
    now: datetime
    quotas: Quotas
    advisers: tuple[Adviser, ...] = ()
    alerts: StaffAlerts | None = None

    def name(self, cipher: Cipher) -> str:
        """The name of what this asks for: the same webhook delivered again asks for the same."""
        return str(UUID(bytes=cipher.blind_index(f"name {self.key}")[:16]))
