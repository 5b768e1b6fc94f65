"""What a step may ask of the outside world while a call goes on."""

from datetime import date
from typing import Protocol


class Desk(Protocol):
    """Answers the steps' questions; made at the edge, once per webhook."""

    @property
    def today(self) -> date:
        """Today's date where the caller is."""

    def numbers(self, who: str) -> tuple[str, ...]:
        """The numbers to ring for somebody, to be tried in turn; none if we have none."""

    def spoken_number(self, who: str) -> str | None:
        """The number as it may be said today, in groups ("0800 064 4488"); None if it may not be said."""

    def spoken_hours(self, who: str) -> str | None:
        """When somebody answers, in words; None if we are not sure."""
