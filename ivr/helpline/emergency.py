"""The emergency message: what staff have every caller told at the beginning of a call, for a while."""

from dataclasses import dataclass
from datetime import datetime

GREETING = "greeting"
"""The kind of step that tells it."""


@dataclass(frozen=True, slots=True)
class EmergencyMessage:
    """Some words, and until when (aware) they are told."""

    text: str
    until: datetime
