"""The one place that asks: the keys that mean the same everywhere, silence, wrong keys, and how often."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from ivr.engine.events import Digits, Event
from ivr.engine.step import Decision, Go, Stay, Step, StepContext, Target
from ivr.engine.verbs import Gather, Redirect, Say, Turn

PERSON, AGAIN, BACK = "0", "*", "#"
TIMEOUTS = (10, 20, 30)
"""Seconds to wait for a key, at the first try and at those after it.

Somebody on text relay hears us through an operator who types every word: a menu of twenty seconds takes a minute to
type. Whoever has not pressed a key by then is given longer, not less.
"""
ATTEMPTS = len(TIMEOUTS)


class Attempt(NamedTuple):
    """Why we speak: for the first time, into a silence, or after a key that does nothing here."""

    why: Literal["fresh", "silence", "wrong"] = "fresh"
    attempt: int = 0
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

    def silent_exits(self) -> Iterator[Target]:
        names = {"otherwise", "stale"} | self.unasked
        yield from (target for path, target in self.exits() if path[0] in names)

    def pages_to_say(self) -> int:
        """How many stops the step has."""
        return 1

    def compose(self, context: StepContext, attempt: Attempt) -> tuple[Say, ...]:
        """What to say for a cue."""
        raise NotImplementedError

    def answer(self, context: StepContext, keys: str) -> Decision | NoMatch:
        """What the keys mean; 0, * and # never come here."""
        raise NotImplementedError

    def again(self, context: StepContext) -> Decision:
        """The same once more, as if it were the first time."""
        return self.ask(context, Attempt(page=context.state.page))

    def back(self, context: StepContext) -> Decision:
        """To the question before this one; at the first one, the same again."""
        history = context.state.history
        return Go(history[-1] if history else context.at, context.state)

    def attempts_to_say(self) -> Iterator[Attempt]:
        """Every occasion on which this step speaks."""
        for page in range(self.pages_to_say()):
            yield Attempt(page=page)
            for attempt in range(1, ATTEMPTS):
                yield Attempt("silence", attempt, page)
                yield Attempt("wrong", attempt, page)

    def turn(self, context: StepContext, attempt: Attempt) -> Turn:
        """The words of a cue, made into a wait for keys."""
        return Turn((Gather(self.compose(context, attempt), self.num_digits, TIMEOUTS[attempt.attempt]), Redirect()))

    def ask(self, context: StepContext, attempt: Attempt) -> Stay:
        """Say what belongs to a cue and wait."""
        state = context.state.asked(attempt.attempt, attempt.page)
        return Stay(context.flows.turns.get((context.at, attempt)) or self.turn(context, attempt), state)

    def enter(self, context: StepContext) -> Decision:
        return self.ask(context, Attempt(page=context.state.page))

    def resume(self, context: StepContext, event: Event) -> Decision:
        match event:
            case Digits(keys) if keys == PERSON:
                return Go(context.flows.person, context.state)
            case Digits(keys) if keys == BACK:
                return self.back(context)
            case Digits(keys) if keys.endswith(AGAIN):  # a * after some digits of a number: start it again
                return self.again(context)
            case Digits(keys):
                answer = self.answer(context, keys)
                return self._ask_again(context, "wrong", answer.says) if isinstance(answer, NoMatch) else answer
            case _:
                return self._ask_again(context, "silence")

    def _ask_again(self, context: StepContext, why: Literal["silence", "wrong"], says: Say | None = None) -> Decision:
        """Ask once more, more plainly; after three tries, the exit that leads to a person."""
        attempt = context.state.attempts + 1
        if attempt >= ATTEMPTS:
            return Go(self.otherwise, context.state)
        stay = self.ask(context, Attempt(why, attempt, context.state.page))
        return Stay(stay.turn.after((says,)), stay.state) if says else stay

    def lead(self, context: StepContext, attempt: Attempt) -> Say:
        """The general sentence that opens a second or third try."""
        name = {"silence": "silence", "wrong": "wrong" if attempt.attempt == 1 else "still_wrong"}[attempt.why]
        return context.words.say(context.words.speech(f"helpline.{name}"))
