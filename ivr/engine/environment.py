"""What a step may ask of the outside world while a call goes on."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether somebody is there to be rung; if not, why (the name of a sentence) and when they next are, if known."""

    is_open: bool
    reason: str = ""
    opens: datetime | None = None


class Environment(Protocol):
    """Answers the steps' questions; made at the edge, once per webhook."""

    @property
    def today(self) -> date:
        """Today's date where the caller is."""

    @property
    def now(self) -> datetime:
        """The time where the caller is."""

    @property
    def caller(self) -> str:
        """The number that the call comes from, as the provider gives it; "" where there is no call."""

    def numbers(self, who: str) -> tuple[str, ...]:
        """The numbers to ring for somebody, to be tried in turn; none if we have none."""

    def spoken_number(self, who: str) -> str | None:
        """The number as it may be said today, in groups ("0800 064 4488"); None if it may not be said."""

    def spoken_hours(self, who: str) -> str | None:
        """When somebody answers, in words; None if we are not sure."""

    def opening(self, who: str) -> Opening:
        """Whether somebody answers at this hour; those whose hours we are not sure of count as always there."""

    def is_good(self, rule: str) -> bool:
        """Whether a rule of law may be stated today."""

    def name(self, who: str) -> str | None:
        """What somebody is called, on the same terms as their number; None if they may not be named today."""

    def written_email(self, who: str) -> str | None:
        """Their e-mail address, on the same terms."""

    def written_post(self, who: str) -> str | None:
        """Where to write to them, as it stands on an envelope, its lines set apart by commas; on the same terms."""
