"""The texts on topics that callers can ask for; an adviser can send one after a talk."""

from collections.abc import Iterator

from ivr.engine.environment import Environment
from ivr.engine.prompts import Words
from ivr.engine.step import own
from ivr.helpline.deadlines import Deadline
from ivr.helpline.next_step import Certificate, next_step
from ivr.helpline.sms_bodies import (
    BY_NEXT_STEP,
    DEADLINE,
    DEADLINES,
    GENERAL,
    PUT_THROUGH,
    contact_blanks,
    contact_values,
    date_values,
    render_sms,
)
from ivr.helpline.sms_step import SmsStep


class TopicText(SmsStep):
    """A step whose sentences are texts: one on each topic of `about`, a general one, and those about a deadline."""

    about: tuple[str, ...] = ()
    tells: dict[str, tuple[str, ...]] = {}

    def sentences(self) -> dict[str, frozenset[str]]:
        names = dict.fromkeys((*self.about, GENERAL), frozenset[str]()) | DEADLINES
        always = {PUT_THROUGH} | contact_blanks(self.contacts)
        return {name: dates | always for name, dates in names.items()}

    def optional_blanks(self) -> frozenset[str]:
        return super().optional_blanks() | {PUT_THROUGH}

    def stated(self) -> frozenset[str]:
        return super().stated().union(*self.tells.values())

    def stated_by(self, name: str) -> frozenset[str]:
        return super().stated_by(name).union(self.tells.get(name, ()))

    def may_be_sent(self, name: str, environment: Environment) -> bool:
        """Return whether every rule of law in a text may be stated today."""
        return environment.are_good(self.tells.get(name, ()))

    def body(
        self,
        at: str,
        name: str,
        words: Words,
        environment: Environment,
        found: Deadline | None,
        put_through: str | None = None,
    ) -> str:
        """Return a text in full; `at` is where the step is, `found` the deadline that the caller was told."""
        values = contact_values(self.contacts, environment, words) | date_values(found, words.language.tag)
        return render_sms(words, own(at, name), values | {PUT_THROUGH: put_through})

    def to_send(self, environment: Environment, found: Deadline | None) -> Iterator[tuple[str, Certificate | None]]:
        """Yield the texts that are true today, by name: those about a deadline that was told come first.

        What comes first about a deadline depends on the mediation certificate, of which the adviser must know.
        """
        names: dict[str, Certificate | None] = {}
        if found:
            for certificate in (Certificate.missing, Certificate.held):
                names.setdefault(BY_NEXT_STEP[next_step(found, certificate, environment.now)], certificate)
        names = names or {DEADLINE: None}
        for name, certificate in (names | dict.fromkeys((*self.about, GENERAL))).items():
            if self.may_be_sent(name, environment):
                yield name, certificate
