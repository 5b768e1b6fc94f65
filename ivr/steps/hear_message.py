"""Plays the caller what they have said."""

from collections.abc import Mapping

from msgspec import structs

from ivr.engine import verbs
from ivr.engine.effects import EffectStatus, PlayVoicemail
from ivr.engine.events import EffectResult, Event, NoInput
from ivr.engine.prompts import Key
from ivr.engine.question import Attempt, NoMatch, Question
from ivr.engine.step import Decision, Go, Perform, Stay, StepContext, Target, own
from ivr.helpline.call_variables import MESSAGE

ON = "1"
WAITS = 3
SECONDS_TO_WAIT = 4
SECONDS_AFTER = 1


class HearMessage(Question):
    """The message, then on by itself; 1 goes on at once, * plays it again, # goes back.

    In a flow:

        hear:
          kind: hear_message
          heard: review
          otherwise: review

    A recording takes the telephone company some seconds to finish, and us one or two to fetch. So a caller who is
    quick is asked to wait a little, three times; then they hear that it is safe, though it cannot be played now.
    """

    heard: Target
    says = {
        "prompt": frozenset[str](),
        "keys": frozenset({"key"}),
        "not_yet": frozenset[str](),
        "unplayable": frozenset[str](),
    }

    unasked = frozenset({"heard"})

    @property
    def plain(self) -> bool:
        return False

    def wants(self) -> frozenset[str]:
        return frozenset({MESSAGE})

    def ways(self) -> Mapping[str, Target]:
        return {ON: self.heard}

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[verbs.Say, ...]:
        return (
            self.lead(context, attempt),
            context.words.say(context.words.speech(own(context.at, "keys"), key=Key(ON))),
        )

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        return Go(self.heard, context.state) if keys == ON else NoMatch()

    def enter(self, context: StepContext) -> Decision:
        return Perform(PlayVoicemail(context.state.variables[MESSAGE]), structs.replace(context.state, attempts=0))

    def again(self, context: StepContext) -> Decision:
        return self.enter(context)

    def resume(self, context: StepContext, event: Event) -> Decision:
        state = context.state
        match event:
            case EffectResult(status=EffectStatus.kept, value=url):
                played = verbs.Gather((self._say(context, "prompt"), verbs.Play(url)), timeout=SECONDS_AFTER)
                return self._wait(context, played, tried=0)
            case EffectResult(status=EffectStatus.nothing) if state.tried < WAITS:
                waited = verbs.Gather((self._say(context, "not_yet"),), timeout=SECONDS_TO_WAIT)
                return self._wait(context, waited, tried=state.tried + 1)
            case EffectResult():
                return Go(self.heard, state, (self._say(context, "unplayable"),))
            case NoInput() if not state.attempts:
                return self.enter(context) if state.tried else Go(self.heard, state)
        return super().resume(context, event)

    def _wait(self, context: StepContext, gather: verbs.Gather, tried: int) -> Stay:
        return Stay(verbs.Turn((gather, verbs.Redirect())), structs.replace(context.state, tried=tried))

    def _say(self, context: StepContext, name: str) -> verbs.Say:
        return context.words.say(context.words.speech(own(context.at, name)))


KIND = HearMessage
