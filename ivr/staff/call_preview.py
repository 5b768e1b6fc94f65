"""What somebody would hear who rang at a moment, before a change to hours or rota is saved.

The engine that answers calls answers here too; nothing is rung, and nothing is kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from ivr.engine.call_flows import CallFlows
from ivr.engine.call_state import CallState
from ivr.engine.durations import spoken_parts
from ivr.engine.environment import Opening
from ivr.engine.run import PendingEffect, begin
from ivr.engine.verbs import Say
from ivr.helpline.contacts import ADVISERS, Contact
from ivr.helpline.emergency import EmergencyMessage
from ivr.helpline.environment import HelplineEnvironment
from ivr.helpline.legal_rules import LegalRule, good_rules
from ivr.helpline.opening_hours import OpeningHours
from ivr.helpline.rota import Adviser, RotaSnapshot, on_shift
from ivr.helpline.staff_hours import StaffHours
from ivr.helpline.timezone import LONDON


class Content(Protocol):
    """What callers hear, as far as a preview needs it; `ivr/loader.py` has it."""

    @property
    def flows(self) -> CallFlows:
        """Return the flows with their words."""

    @property
    def contacts(self) -> Mapping[str, Contact]:
        """Return whom callers are told of, by name."""

    @property
    def rules(self) -> Mapping[str, LegalRule]:
        """Return the rules of law that are stated, by name."""

    @property
    def hours(self) -> OpeningHours | None:
        """Return our opening hours; None: always open."""

    def hours_to_say(self, today: date, staff_hours: Sequence[StaffHours] = ()) -> str | None:
        """Return our opening hours in words, if they may be said on a day; those that staff set come first."""


@dataclass(frozen=True, slots=True)
class CallPreview:
    """What somebody hears who rings `at` a moment: at first, and when they then press 0 for a person.

    `rings` are the advisers whose telephones ring then, in their order; nobody's, if they hear that nobody is there.
    `is_gap`: nobody is on shift though we are open.
    """

    at: datetime
    opening: Opening
    first: tuple[Say, ...]
    for_a_person: tuple[Say, ...]
    rings: tuple[Adviser, ...] = field(repr=False)
    is_gap: bool = False


def environment_at(
    content: Content,
    rota: RotaSnapshot,
    at: datetime,
    *,
    own_number: str | None = None,
    emergency: EmergencyMessage | None = None,
) -> HelplineEnvironment:
    """Return the environment of a call at a moment (aware)."""
    here = at.astimezone(LONDON)
    return HelplineEnvironment(
        now=here,
        contacts=content.contacts,
        advisers=rota.advisers,
        own_number=own_number,
        hours=rota.hours(content.hours),
        own_hours=content.hours_to_say(here.date(), rota.staff_hours),
        good_rules=good_rules(content.rules, here.date()),
        one_off_holidays=rota.holidays,
        emergency=emergency,
        language=content.flows.words.language.tag,
    )


def preview(flows: CallFlows, environment: HelplineEnvironment) -> CallPreview:
    """Return what a caller hears in an environment."""
    opening, at = environment.opening(ADVISERS), environment.now
    rings = on_shift(environment.advisers, at) if opening.is_open else ()
    is_gap = not rings and (environment.hours is None or environment.hours.opening(at).is_open)
    first, for_a_person = (_heard(flows, step, environment) for step in (flows.answer, flows.person))
    return CallPreview(at, opening, first, for_a_person, rings, is_gap)


def _heard(flows: CallFlows, step: str, environment: HelplineEnvironment) -> tuple[Say, ...]:
    """Return what is said from a step on, until it waits for a key or for something to be done."""
    reply = begin(flows, step, environment, CallState())
    if isinstance(reply, PendingEffect):
        return reply.said
    return tuple(say for verb in reply.turn.verbs for say in spoken_parts(verb))
