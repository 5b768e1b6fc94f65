"""What the provider has to approve: who we are (a Business profile), and that we may have a number (a bundle)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

APPROVED = frozenset({"twilio-approved", "provisionally-approved"})
REJECTED = "twilio-rejected"


@dataclass(frozen=True, slots=True)
class Registration:
    """A profile or bundle by its SID: its `status`, in the provider's word, and until when it is valid."""

    sid: str
    status: str
    valid_until: datetime | None = None

    @property
    def is_approved(self) -> bool:
        """Whether it is approved, if only for now."""
        return self.status in APPROVED


def read_registration(resource: Mapping[str, Any]) -> Registration:
    """Return it as the API shows it; raises KeyError where a field is missing, ValueError for a date that is none."""
    until = resource.get("valid_until")
    return Registration(str(resource["sid"]), str(resource["status"]), datetime.fromisoformat(until) if until else None)
