"""What the kinds of step that send or schedule texts have in common."""

from ivr.engine.step import EffectStep
from ivr.helpline.sms_bodies import SMS_PHRASES, contact_blanks


class SmsStep(EffectStep):
    """Says nothing itself: its sentences are texts, and may be sent without the contacts that are not sure today."""

    to: str
    contacts: tuple[str, ...] = ()
    shares = SMS_PHRASES

    def optional_blanks(self) -> frozenset[str]:
        return contact_blanks(self.contacts)

    def texted(self) -> frozenset[str]:
        return frozenset(self.sentences())

    def writes_of(self) -> tuple[str, ...]:
        return self.contacts

    def wants(self) -> frozenset[str]:
        return frozenset({self.to})
