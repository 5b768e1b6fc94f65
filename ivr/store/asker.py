"""Who asks for something to be kept: one moment of one call."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from ivr.helpline.rota import Adviser
from ivr.store.alerts import Alerts
from ivr.store.caps import Caps
from ivr.store.cipher import Cipher


@dataclass(frozen=True, slots=True)
class Asker:
    """`call` is the call's name at the provider; `key` the call, the step, the turn and what it is about.

    `advisers` are those of the settings, who count while the rota has nobody. `alerts` is how ours are told of what
    waits for them; without it they are not.
    """

    call: str
    key: str
    now: datetime
    caps: Caps
    advisers: tuple[Adviser, ...] = ()
    alerts: Alerts | None = None

    def name(self, cipher: Cipher) -> str:
        """The name of what this asks for: the same webhook delivered again asks for the same."""
        return str(UUID(bytes=cipher.mark(f"name {self.key}")[:16]))
