"""Passes on a complaint about data, and says by when we acknowledge it."""

from datetime import date

from ivr.engine.effects import EffectStatus, SubmitVoicemail
from ivr.engine.events import EffectResult, Event
from ivr.engine.step import Decision, Go, Perform, Step, StepContext, Target, own
from ivr.helpline.call_variables import DATE_PROMPT, MESSAGE, speak_date
from ivr.helpline.contacts import OURS
from ivr.helpline.data_complaints import ACKNOWLEDGEMENT, RECEIVED, last_day_to_acknowledge
from ivr.helpline.sms_bodies import SMS_PHRASES


class SendComplaint(Step):
    """It is in the list of complaints, with its last day, before a word is said of it.

    In a flow:

        send:
          kind: send_complaint
          kept: next                # after “we have received it, and confirm it by …”
          nothing: unheard          # by now we know that there are no words in it; left out: as `down`
          down: not_sent

    It follows a `begin_message` with `complaint: yes`. Whoever hangs up instead has sent it too. `acknowledgement` is
    the text with which staff confirm it; our own number may stand in it.
    """

    kept: Target
    nothing: Target | None = None
    down: Target
    says = {"prompt": frozenset({"date"}), ACKNOWLEDGEMENT: frozenset({RECEIVED, OURS})}
    shares = DATE_PROMPT | SMS_PHRASES

    def answers(self) -> frozenset[str]:
        return frozenset({ACKNOWLEDGEMENT})

    def writes_of(self) -> tuple[str, ...]:
        return (OURS,)

    def wants(self) -> frozenset[str]:
        return frozenset({MESSAGE})

    def enter(self, context: StepContext) -> Decision:
        return Perform(SubmitVoicemail(context.state.variables[MESSAGE]), context.state)

    def resume(self, context: StepContext, event: Event) -> Decision:
        match event:
            case EffectResult(EffectStatus.kept, day):
                by = date.fromisoformat(day) if day else last_day_to_acknowledge(context.environment.today)
                said = context.words.speech(own(context.at, "prompt"), date=speak_date(by, context.words))
                return Go(self.kept, context.state, (context.words.say(said),))
            case EffectResult(EffectStatus.nothing):
                return Go(self.nothing or self.down, context.state)
            case EffectResult():
                return Go(self.down, context.state)
        return self.enter(context)


KIND = SendComplaint
