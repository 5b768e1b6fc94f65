"""Who sends our texts, and how."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from ivr.telephony.sms_id import seal_sms_id


@dataclass(frozen=True)
class SmsSender:
    """A number that texts go out from, and what it can bear.

    `public_url` is where the provider reaches us; `secrets` seal the ids in its addresses, the first of them.
    `per_second` is how many texts may be sent in a second, by all workers together. `patience` is how long news of a
    text may take before we ask.
    """

    number: str
    public_url: str
    secrets: Sequence[bytes] = field(repr=False)
    per_second: float = 1.0
    patience: timedelta = timedelta(seconds=60)

    def status_url(self, id: str) -> str:
        """Where the provider is to tell us what becomes of a text."""
        return f"{self.public_url}/sms/status?t={seal_sms_id(self.secrets, id)}"
