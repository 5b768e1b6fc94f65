"""Records what the caller says."""

from collections.abc import Mapping

from ivr.engine import verbs
from ivr.engine.effects import UNMEASURED, EffectStatus, SaveRecording
from ivr.engine.events import Digits, EffectResult, Event, Recorded
from ivr.engine.question import AGAIN, PERSON, Attempt, NoMatch, Question
from ivr.engine.step import Decision, Go, Perform, StepContext, Target, own
from ivr.helpline.call_variables import ENDED_BY, MESSAGE, SHORTEST


class Record(Question):
    """The last words before the tone; then the caller speaks, until a key or a silence.

    In a flow:

        record:
          kind: record
          recorded: review
          unsure: unsure            # it is recorded, but nobody knows yet how long it is; left out: as `recorded`
          anew: anew                # star after speaking: they want to say it anew
          down: down                # it cannot be kept just now
          otherwise: unheard        # after three tries in which nothing was said

    The keys mean what they mean everywhere, and whoever has spoken loses nothing by them: 0 is a person, and what was
    said is kept; hash ends the message, as on every answering machine. A silence of `silence` seconds ends it too:
    people who are upset, or look for words, need longer than the usual five.
    """

    seconds: int = 180
    silence: int = 8
    recorded: Target
    unsure: Target | None = None
    anew: Target
    down: Target
    says = dict.fromkeys(("prompt", "unheard", "shorter", "plainer", "kept"), frozenset[str]())
    shares = {"wrong": frozenset[str](), "still_wrong": frozenset[str]()}

    unasked = frozenset({"recorded", "unsure", "down"})

    @property
    def plain(self) -> bool:
        return False

    def wants(self) -> frozenset[str]:
        return frozenset({MESSAGE})

    def ways(self) -> Mapping[str, Target]:
        return {"": self.recorded}

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[verbs.Say, ...]:
        if attempt.reason == "first":
            return (self._say(context, "prompt"),)
        lead = self.lead(context, attempt) if attempt.reason == "no_match" else self._say(context, "unheard")
        return (lead, self._say(context, "shorter" if attempt.number == 1 else "plainer"))

    def turn(self, context: StepContext, attempt: Attempt) -> verbs.Turn:
        record = verbs.Record(context.state.variables[MESSAGE], self.seconds, self.silence)
        return verbs.Turn((*self.compose(context, attempt), record, verbs.Redirect()))

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        return NoMatch()

    def resume(self, context: StepContext, event: Event) -> Decision:
        match event:
            case Recorded(seconds=int(seconds), gone=False, key=key) if key and seconds < SHORTEST:
                return super().resume(context, Digits(key))  # they have pressed a key and said nothing
            case Recorded():
                name = context.state.variables[MESSAGE]
                # Nor is 0 a length that we believe: the recording is not finished yet, and its news may say another.
                effect = SaveRecording(name, event.recording, event.seconds or None, event.gone)
                return Perform(effect, context.state.with_variable(ENDED_BY, event.key))
            case EffectResult(status=EffectStatus.nothing):
                return self._ask_again(context, "no_input")
            case EffectResult(status=EffectStatus.kept, value=value):
                return self._kept(context, is_sure=value != UNMEASURED)
            case EffectResult():
                return Go(self.down, context.state)
        return super().resume(context, event)

    def _kept(self, context: StepContext, *, is_sure: bool) -> Decision:
        match context.state.variables[ENDED_BY]:
            case key if key == PERSON:
                return Go(context.shared.person, context.state, (self._say(context, "kept"),))
            case key if key == AGAIN:
                return Go(self.anew, context.state)
        return Go(self.recorded if is_sure or not self.unsure else self.unsure, context.state)

    def _say(self, context: StepContext, name: str) -> verbs.Say:
        return context.words.say(context.words.speech(own(context.at, name)))


KIND = Record
