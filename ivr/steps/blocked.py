"""Tells a blocked caller so, and until when, before a way to our advisers begins."""

from ivr.engine.environment import Environment
from ivr.engine.step import Decision, Go, Step, StepContext, Target
from ivr.engine.verbs import Speech
from ivr.helpline.call_variables import DATE_PROMPT, speak_date
from ivr.helpline.contacts import OURS
from ivr.helpline.spoken import spell_email, spell_postal_address


class Blocked(Step):
    """Goes on to `no` without a word; a caller whom staff have blocked hears until when, and goes on to `yes`.

    In a flow:

        ring:
          kind: blocked
          yes: instead              # what else there is for them
          no: hours

    They hear where to write to us, if a contact that is marked `ours` may be said. The environment has no adviser's
    number for a blocked caller, whatever a flow says, and the store takes no message, call back or text of theirs.
    """

    yes: Target
    no: Target
    shares = DATE_PROMPT | {"blocked": frozenset({"date"}), "blocked_write": frozenset({"address"})}
    waits = False

    def way_to_a_person(self) -> Target:
        return self.no

    def enter(self, context: StepContext) -> Decision:
        last_day, words = context.environment.blocked_until, context.words
        if last_day is None:
            return Go(self.no, context.state)
        address = _our_address(context.environment)
        said = words.say(
            words.speech("helpline.blocked", date=speak_date(last_day, words)),
            words.speech("helpline.blocked_write", address=address) if address else (),
        )
        return Go(self.yes, context.state, (said,))


def _our_address(environment: Environment) -> Speech:
    """Return where to write to us, as it is read out; nothing, if that may not be said today."""
    if email := environment.written_email(OURS):
        return spell_email(email)
    post = environment.written_post(OURS)
    return spell_postal_address(post) if post else ()


KIND = Blocked
