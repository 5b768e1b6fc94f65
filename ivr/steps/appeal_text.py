"""Sends a text on how to appeal, besides the one that the caller asked for."""

from ivr.engine.effects import SendText
from ivr.engine.step import Decision, Go, Perform, StepContext, Target, own
from ivr.helpline.call_variables import DECISION, CouncilDecision
from ivr.helpline.sms_bodies import DEADLINE, contact_blanks, contact_values, render_sms
from ivr.helpline.sms_step import SmsStep


class AppealText(SmsStep):
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

    about: tuple[str, ...]
    kept: Target
    not_asked: Target
    capped: Target
    stopped: Target
    down: Target

    def sentences(self) -> dict[str, frozenset[str]]:
        return dict.fromkeys((decision.value for decision in CouncilDecision), contact_blanks(self.contacts))

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
