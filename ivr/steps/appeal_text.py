"""Sends a text on how to appeal, besides the one that the caller asked for."""

from ivr.engine.effect_step import EffectStep
from ivr.engine.effects import SendText
from ivr.engine.step import Decision, Go, Perform, StepContext, Target, own
from ivr.helpline.call_variables import DECISION, CouncilDecision
from ivr.helpline.sms_bodies import DEADLINE, SMS_PHRASES, contact_blanks, contact_values, render_sms


class AppealText(EffectStep):
    """Says nothing itself: its sentences are the texts, one for each decision of the council.

    In a flow:

        appeal_text:
          kind: appeal_text
          to: mobile                # where the confirmed number is kept
          about: [deadline, appeal] # the flows after which it is sent
          contacts: [send_tribunal]
          kept: kept
          not_asked: kept           # the call is about something else, or we know of no decision
          capped: kept
          stopped: stopped
          down: kept
    """

    to: str
    about: tuple[str, ...]
    contacts: tuple[str, ...] = ()
    kept: Target
    not_asked: Target
    capped: Target
    stopped: Target
    down: Target
    shares = SMS_PHRASES

    def sentences(self) -> dict[str, frozenset[str]]:
        return {decision.value: contact_blanks(self.contacts) for decision in CouncilDecision}

    def optional_blanks(self) -> frozenset[str]:
        return contact_blanks(self.contacts)

    def texted(self) -> frozenset[str]:
        return frozenset(self.sentences())

    def writes_of(self) -> tuple[str, ...]:
        return self.contacts

    def wants(self) -> frozenset[str]:
        return frozenset({self.to})

    def enter(self, context: StepContext) -> Decision:
        variables, words = context.state.variables, context.words
        decision = variables.get(DECISION, "")
        if context.state.topic not in self.about or decision not in CouncilDecision.__members__:
            return Go(self.not_asked, context.state)
        values = contact_values(self.contacts, context.environment, words)
        return Perform(
            SendText(variables[self.to], render_sms(words, own(context.at, decision), values), DEADLINE), context.state
        )


KIND = AppealText
