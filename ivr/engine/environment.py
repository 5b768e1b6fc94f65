"""What a step may ask about the outside world during a call."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from msgspec import Struct

from ivr.engine.prompts import Words
from ivr.engine.verbs import Say, Turn


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether somebody is there to be rung; if not, why (the name of a sentence) and when they next are, if known."""

    is_open: bool
    reason: str = ""
    opens: datetime | None = None


@dataclass(frozen=True, slots=True)
class OneOffHoliday:
    """A bank holiday that staff added to the published ones, such as for a coronation; it may not be certain yet."""

    day: date
    name: str
    is_confirmed: bool = False


class Environment(Protocol):
    """Answers the steps' queries; one is made for each webhook."""

    @property
    def today(self) -> date:
        """Today's date in London."""

    @property
    def now(self) -> datetime:
        """The time in London."""

    @property
    def one_off_holidays(self) -> tuple[OneOffHoliday, ...]:
        """The bank holidays that staff added."""

    @property
    def emergency_message(self) -> Say | None:
        """What staff have every caller told at the beginning of a call, if anything."""

    @property
    def caller(self) -> str:
        """The number that the call comes from, as the provider gives it; "" where there is no call."""

    @property
    def blocked_until(self) -> date | None:
        """The last day on which staff have whoever calls put through to none of us; None if they are not blocked."""

    def numbers(self, who: str) -> tuple[str, ...]:
        """Return the numbers to ring for somebody, to be tried in turn; none if we have none.

        Ours are not rung for a caller who is blocked.
        """

    def spoken_number(self, who: str) -> str | None:
        """Return the number as it may be said today, in groups ("0800 064 4488"); None if it may not be said."""

    def spoken_hours(self, who: str) -> str | None:
        """Return when somebody answers, in words; None if we are not sure."""

    def opening(self, who: str) -> Opening:
        """Return whether somebody answers at this hour; those whose hours we are not sure of count as always there."""

    def are_good(self, rules: Iterable[str]) -> bool:
        """Return whether these rules of law may all be stated today."""

    def name(self, who: str) -> str | None:
        """Return what somebody is called, on the same terms as their number; None if they may not be named today."""

    def written_email(self, who: str) -> str | None:
        """Return their e-mail address, on the same terms."""

    def written_post(self, who: str) -> str | None:
        """Return their postal address, its lines set apart by commas, on the same terms."""


class Shared(Struct, frozen=True, eq=False):
    """What all steps of a helpline share: two of its entries, its topics, sentences and prepared turns."""

    answer: str
    person: str
    topics: Mapping[str, str]
    words: Words
    turns: Mapping[tuple[str, tuple[str, int, int]], Turn] = {}
    """By step and attempt, every turn that depends on nothing of the call."""
