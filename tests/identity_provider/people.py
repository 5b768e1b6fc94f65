"""Somebody whom the identity provider knows."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Person:
    """What it says of somebody; without `is_verified` it says nothing of whose the e-mail address is."""

    subject: str = "jo"
    name: str = "Jo Marsh"
    email: str = "jo.marsh@devon.example"
    is_verified: bool | None = True
    groups: tuple[str, ...] = ("advisers",)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def claims(self) -> dict[str, Any]:
        """Return the claims about them."""
        verified = {} if self.is_verified is None else {"email_verified": self.is_verified}
        about = {"sub": self.subject, "name": self.name, "email": self.email, "groups": list(self.groups)}
        return {name: value for name, value in about.items() if value} | verified | self.more
