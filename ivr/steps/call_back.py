"""Requests a callback from one of our advisers."""

from ivr.engine.effects import EffectStatus, RequestCallback
from ivr.engine.events import EffectResult, Event
from ivr.engine.step import Decision, Go, Perform, Step, StepContext, Target, own
from ivr.helpline.call_variables import announced_last_day
from ivr.helpline.phone_numbers import grouped
from ivr.helpline.sms_bodies import render_sms
from ivr.helpline.spoken import spell_number
from ivr.helpline.urgency import is_urgent
from ivr.helpline.working_days import england_and_wales


class CallBack(Step):
    """Puts the number on our list, with the topic and the last day they have reached, and says it back in full.

    In a flow:

        request:
          kind: call_back
          to: phone                         # where the confirmed number is kept
          part: part                        # where the part of the day is
          parts: [morning, afternoon, any]  # each with a sentence of its own, with {number} in it
          voicemail: voicemail              # where the answer is whether we may leave a message, if that is asked
          kept: next
          capped: capped            # enough were asked for, there or in all
          down: down                # it cannot be written down just now

    Whoever was asked about a message on their voicemail and did not say yes gets none. A caller who is on the list
    already keeps their place and hears so; their last answers count. One whose date is near is told not to wait for us,
    and `alert` is texted to whoever of us is on shift.
    """

    to: str
    part: str
    parts: tuple[str, ...]
    voicemail: str = ""
    kept: Target
    capped: Target
    down: Target
    says = dict.fromkeys(("again", "urgent", "alert"), frozenset[str]())

    def sentences(self) -> dict[str, frozenset[str]]:
        return dict.fromkeys(self.parts, frozenset({"number"})) | self.says

    def alerts(self) -> frozenset[str]:
        return frozenset({"alert"})

    def wants(self) -> frozenset[str]:
        return frozenset({self.to, self.part})

    def enter(self, context: StepContext) -> Decision:
        variables, topic, audience = context.state.variables, context.state.topic, context.state.audience
        alert = render_sms(context.words, own(context.at, "alert"), {}) if self._is_urgent(context) else ""
        number, part = variables[self.to], variables[self.part]
        may_leave = variables.get(self.voicemail) == "yes" if self.voicemail else None
        effect = RequestCallback(number, topic, announced_last_day(variables), part, alert, audience, may_leave)
        return Perform(effect, context.state)

    def resume(self, context: StepContext, event: Event) -> Decision:
        match event:
            case EffectResult(EffectStatus.kept, found):
                return self._kept(context, again=found == "again")
            case EffectResult(EffectStatus.capped):
                return Go(self.capped, context.state)
            case EffectResult():
                return Go(self.down, context.state)
        return self.enter(context)

    def _kept(self, context: StepContext, *, again: bool) -> Decision:
        variables, words = context.state.variables, context.words
        number = spell_number(grouped(variables[self.to]))
        said = [words.speech(own(context.at, variables[self.part]), number=number)]
        besides = {"again": again, "urgent": self._is_urgent(context)}
        said += [words.speech(own(context.at, name)) for name, is_so in besides.items() if is_so]
        return Go(self.kept, context.state, (words.say(*said),))

    def _is_urgent(self, context: StepContext) -> bool:
        today, calendar = context.environment.today, england_and_wales(context.environment.one_off_holidays)
        return is_urgent(announced_last_day(context.state.variables), today, today, calendar)


KIND = CallBack
