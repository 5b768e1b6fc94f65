"""Reads a telephone number slowly, twice, and offers to ring it or to text it."""

from collections.abc import Mapping

from ivr.engine import verbs
from ivr.engine.prompts import Key
from ivr.engine.question import Attempt, NoMatch, Question
from ivr.engine.step import Decision, Go, StepContext, Target, own
from ivr.engine.verbs import Speech
from ivr.helpline.hours_speech import WEEK
from ivr.helpline.sms_bodies import CONTACT_TO_TEXT
from ivr.helpline.spoken import invite_to_write, spell_number


class Contact(Question):
    """One entry of contacts.yaml. A number that may not be said today is left out: the step takes `unknown`.

    In a flow:

        number:
          kind: contact
          who: mediation
          then: next
          through: ring             # may be left out
          text: texts/start         # so may this
          unknown: no_number
          otherwise: person/ring
    """

    who: str
    then: Target
    through: Target | None = None
    text: Target | None = None
    unknown: Target
    informs: bool = True
    shares = {
        **Question.shares,
        **WEEK,
        "pen": frozenset(),
        "number_again": frozenset({"number"}),
        "hours": frozenset({"hours"}),
        "page_keys": frozenset(),
    }

    unasked = frozenset({"unknown"})

    @property
    def plain(self) -> bool:
        return False

    @property
    def for_anybody(self) -> bool:
        return True

    def speaks_of(self) -> str:
        return self.who

    def sentences(self) -> dict[str, frozenset[str]]:
        return {"prompt": frozenset({"number", "name"}), **dict.fromkeys(self._offered(), frozenset({"key"}))}

    def optional_blanks(self) -> frozenset[str]:
        return frozenset({"name"})

    def ways(self) -> Mapping[str, Target]:
        return {str(key): target for key, target in enumerate(self._offered().values(), start=1)}

    def _offered(self) -> Mapping[str, Target]:
        """Return the ways on, in the order of their keys, each by the name of its sentence."""
        ways = {"then": self.then, "through": self.through, "text": self.text}
        return {name: target for name, target in ways.items() if target}

    def enter(self, context: StepContext) -> Decision:
        if context.environment.spoken_number(self.who) is None:
            return Go(self.unknown, context.state)
        return super().enter(context)

    def again(self, context: StepContext) -> Decision:
        return self.enter(context)  # it may be the day after by now

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[verbs.Say, ...]:
        words = context.words
        offered = enumerate(self._offered(), start=1)
        keys = [words.speech(own(context.at, name), key=Key(str(key))) for key, name in offered]
        if attempt.number == 2:
            keys.append(words.speech("helpline.page_keys"))
        if attempt.number:
            return (self.lead(context, attempt), words.say(*keys))
        return (words.say(invite_to_write(words)), words.say(*self._number(context), *keys))

    def _number(self, context: StepContext) -> tuple[Speech, ...]:
        words = context.words
        number = spell_number(context.environment.spoken_number(self.who) or "")
        hours = context.environment.spoken_hours(self.who)
        return (
            words.speech(own(context.at, "prompt"), number=number, name=context.environment.name(self.who) or ""),
            words.speech("helpline.number_again", number=number),
            words.speech("helpline.hours", hours=hours) if hours else (),
        )

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        offered = {str(key): way for key, way in enumerate(self._offered().items(), start=1)}
        if keys not in offered:
            return NoMatch()
        name, target = offered[keys]
        state = context.state.with_variable(CONTACT_TO_TEXT, self.who) if name == "text" else context.state
        return Go(target, state)


KIND = Contact
