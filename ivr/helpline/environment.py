"""The steps' environment, from the contacts, the rota and the operator's settings."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from ivr.engine.environment import OneOffHoliday, Opening
from ivr.engine.verbs import Say
from ivr.helpline.canary import is_canary
from ivr.helpline.contacts import ADVISERS, OURS, Contact, ourselves
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.rota import Adviser, on_shift
from ivr.helpline.staffing import staffed_opening
from ivr.helpline.timezone import today_in_london


def nobody_is_blocked(number: str) -> None:
    """Return no end of a block, for any number."""


class HelplineEnvironment(Struct, frozen=True):
    """The environment of one webhook: who is there at this moment (`now`, in London), and what may be said.

    `own_number` is the operator's; unset, we do not say it. `hours` are our own; without any we are always open.
    `own_hours` are the same in words. `caller` is the number that rings us. `good_rules` are
    the rules of law that may be stated today. `one_off_holidays` are the bank holidays that staff added;
    `emergency` is the message that they set, in a `language` (its tag). `block_of` returns until when they have blocked
    a number; it is asked only where a step asks, as to look a number up takes longer than to answer most key presses.
    `canary` is the number of test calls: a call from there rings nobody but that number itself.
    """

    now: datetime
    contacts: Mapping[str, Contact] = {}
    advisers: tuple[Adviser, ...] = ()
    own_number: str | None = None
    hours: OpeningHours | None = None
    caller: str = ""
    own_hours: str | None = None
    good_rules: frozenset[str] = frozenset()
    one_off_holidays: tuple[OneOffHoliday, ...] = ()
    emergency: EmergencyMessage | None = None
    language: str = ""
    block_of: Callable[[str], datetime | None] = nobody_is_blocked
    canary: str | None = None

    @property
    def today(self) -> date:
        return self.now.date()

    @property
    def emergency_message(self) -> Say | None:
        if self.emergency is None or self.emergency.until <= self.now:
            return None
        return Say((self.emergency.text,), self.language)

    @property
    def blocked_until(self) -> date | None:
        until = self.block_of(self.caller)
        return today_in_london(until - timedelta(microseconds=1)) if until and until > self.now else None

    def numbers(self, who: str) -> tuple[str, ...]:
        if self.canary and is_canary(self.caller, self.canary):
            return (self.canary,)
        if who == ADVISERS and self.blocked_until:
            return ()
        if who == ADVISERS:
            return tuple(adviser.number for adviser in on_shift(self.advisers, self.now))
        return self.contacts[who].numbers_to_dial(self.today)

    def spoken_number(self, who: str) -> str | None:
        return self.own_number if who == OURS else self.contacts[who].number_to_say(self.today)

    def spoken_hours(self, who: str) -> str | None:
        return self.own_hours if who == OURS else self.contacts[who].hours_to_say(self.today)

    def opening(self, who: str) -> Opening:
        if who in (ADVISERS, OURS):
            return staffed_opening(self.hours, self.advisers, self.now)
        return self.contacts[who].opening(self.now, self.one_off_holidays)

    def are_good(self, rules: Iterable[str]) -> bool:
        return self.good_rules.issuperset(rules)

    def name(self, who: str) -> str | None:
        return None if who == OURS else self.contacts[who].name_to_say(self.today)

    def written_email(self, who: str) -> str | None:
        contact = self._contact(who)
        return contact.email_to_write(self.today) if contact else None

    def written_post(self, who: str) -> str | None:
        contact = self._contact(who)
        return contact.post_to_write(self.today) if contact else None

    def _contact(self, who: str) -> Contact | None:
        return ourselves(self.contacts) if who == OURS else self.contacts[who]
