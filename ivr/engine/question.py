"""Questions: the keys that mean the same everywhere, no input, no match, and the number of attempts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from ivr.engine.events import Digits, Event
from ivr.engine.step import Decision, Go, Stay, Step, StepContext, Target, own
from ivr.engine.verbs import Gather, Redirect, Say, Turn

PERSON, AGAIN, BACK = "0", "*", "#"
TIMEOUTS = (10, 20, 30)
"""Seconds to wait for a key, at the first attempt and at those after it.

Somebody on text relay hears us through an operator who types every word: a menu of twenty seconds takes a minute to
type. Whoever has not pressed a key by then is given longer, not less.
"""
ATTEMPTS = len(TIMEOUTS)
TRY_NAMES = ("prompt", "shorter", "plainer")


class Attempt(NamedTuple):
    """An attempt to get an answer: the first, perhaps in brief, after no key, or after one that means nothing here."""

    reason: Literal["first", "brief", "no_input", "no_match"] = "first"
    number: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Keys that are no answer here; `says` explains it where the general sentence would not do."""

    says: Say | None = None


class Question(Step):
    """A step that asks for keys. A kind says what to ask (`compose`) and what an answer means (`answer`)."""

    otherwise: Target
    num_digits: ClassVar[int] = 1
    unasked: ClassVar[frozenset[str]] = frozenset()
    """The exits besides `otherwise` that can be taken without a key."""
    shares = {"silence": frozenset(), "wrong": frozenset(), "still_wrong": frozenset()}

    @property
    def plain(self) -> bool:
        """Whether the words depend on nothing of the call, and so can be rendered once for all callers."""
        return True

    @property
    def for_anybody(self) -> bool:
        return self.plain

    def silent_exits(self) -> Iterator[Target]:
        names = {"otherwise", "stale"} | self.unasked
        yield from (target for path, target in self.exits() if path[0] in names)

    def pages_to_say(self) -> int:
        """Return the number of pages."""
        return 1

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[Say, ...]:
        """Return what is said for an attempt."""
        raise NotImplementedError

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        """Return what keys mean; 0, * and # never come here."""
        raise NotImplementedError

    def again(self, context: StepContext) -> Decision:
        """Ask once more, as at the first attempt."""
        return self.ask(context, Attempt(page=context.state.page))

    def back(self, context: StepContext) -> Decision:
        """Go to the question before this one; at the first one, ask again."""
        history = context.state.history
        return Go(history[-1] if history else context.at, context.state)

    def attempts_to_say(self) -> Iterator[Attempt]:
        """Yield every attempt at which this step speaks."""
        for page in range(self.pages_to_say()):
            yield Attempt(page=page)
            for number in range(1, ATTEMPTS):
                yield Attempt("no_input", number, page)
                yield Attempt("no_match", number, page)

    def turn(self, context: StepContext, attempt: Attempt) -> Turn:
        """Return the turn of an attempt: its words, and a wait for keys."""
        return Turn((Gather(self.compose(context, attempt), self.num_digits, TIMEOUTS[attempt.number]), Redirect()))

    def ask(self, context: StepContext, attempt: Attempt) -> Stay:
        """Say what belongs to an attempt and wait."""
        state = context.state.with_attempt(attempt.number, attempt.page)
        return Stay(context.shared.turns.get((context.at, attempt)) or self.turn(context, attempt), state)

    def enter(self, context: StepContext) -> Decision:
        return self.ask(context, Attempt(page=context.state.page))

    def resume(self, context: StepContext, event: Event) -> Decision:
        match event:
            case Digits(keys) if keys == PERSON:
                return Go(context.shared.person, context.state)
            case Digits(keys) if keys == BACK:
                return self.back(context)
            case Digits(keys) if keys.endswith(AGAIN):  # a * after some digits of a number: start it again
                return self.again(context)
            case Digits(keys):
                answer = self.answer(context, keys)
                return self._ask_again(context, "no_match", answer.says) if isinstance(answer, NoMatch) else answer
            case _:
                return self._ask_again(context, "no_input")

    def _ask_again(
        self, context: StepContext, reason: Literal["no_input", "no_match"], says: Say | None = None
    ) -> Decision:
        """Ask once more, more plainly; after the last attempt, take the exit that leads to a person."""
        number = context.state.attempts + 1
        if number >= ATTEMPTS:
            return Go(self.otherwise, context.state)
        stay = self.ask(context, Attempt(reason, number, context.state.page))
        return Stay(stay.turn.after((says,)), stay.state, personal=True) if says else stay

    def lead(self, context: StepContext, attempt: Attempt) -> Say:
        """Return the general sentence that opens a second or third attempt."""
        if attempt.reason == "no_input":
            return context.words.say(context.words.speech("helpline.silence"))
        return context.words.say(
            context.words.speech("helpline.wrong" if attempt.number == 1 else "helpline.still_wrong")
        )


class DigitsQuestion(Question):
    """A question for several keys, a date or a number, which keeps what was keyed.

    A kind explains what is wrong with it before it is asked for again.
    """

    keep: str
    got: Target
    says = dict.fromkeys(TRY_NAMES, frozenset[str]())
    shares = {"silence": frozenset[str]()}

    def ways(self) -> Mapping[str, Target]:
        return {"": self.got}

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[Say, ...]:
        question = context.words.say(context.words.speech(own(context.at, TRY_NAMES[attempt.number])))
        return (self.lead(context, attempt), question) if attempt.reason == "no_input" else (question,)
