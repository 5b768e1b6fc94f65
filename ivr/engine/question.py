"""The one place that asks: the keys that mean the same everywhere, silence, wrong keys, and how often."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from ivr.engine.events import Digits, Event
from ivr.engine.step import Decision, Go, Scene, Stay, Step, Target
from ivr.engine.verbs import ComeBack, Gather, Say, Turn

PERSON, AGAIN, BACK = "0", "*", "#"
PATIENCE = (10, 20, 30)
"""Seconds to wait for a key, at the first try and at those after it.

Somebody on text relay hears us through an operator who types every word: a menu of twenty seconds takes a minute to
type. Whoever has not pressed a key by then is given longer, not less.
"""
ATTEMPTS = len(PATIENCE)


class Cue(NamedTuple):
    """Why we speak: for the first time, into a silence, or after a key that does nothing here."""

    why: Literal["fresh", "silence", "wrong"] = "fresh"
    attempt: int = 0
    page: int = 0


@dataclass(frozen=True, slots=True)
class Wrong:
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

    def compose(self, scene: Scene, cue: Cue) -> tuple[Say, ...]:
        """What to say for a cue."""
        raise NotImplementedError

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        """What the keys mean; 0, * and # never come here."""
        raise NotImplementedError

    def again(self, scene: Scene) -> Decision:
        """The same once more, as if it were the first time."""
        return self.ask(scene, Cue(page=scene.memory.page))

    def back(self, scene: Scene) -> Decision:
        """To the question before this one; at the first one, the same again."""
        trail = scene.memory.trail
        return Go(trail[-1] if trail else scene.at, scene.memory)

    def cues(self) -> Iterator[Cue]:
        """Every occasion on which this step speaks."""
        for page in range(self.pages_to_say()):
            yield Cue(page=page)
            for attempt in range(1, ATTEMPTS):
                yield Cue("silence", attempt, page)
                yield Cue("wrong", attempt, page)

    def turn(self, scene: Scene, cue: Cue) -> Turn:
        """The words of a cue, made into a wait for keys."""
        return Turn((Gather(self.compose(scene, cue), self.num_digits, PATIENCE[cue.attempt]), ComeBack()))

    def ask(self, scene: Scene, cue: Cue) -> Stay:
        """Say what belongs to a cue and wait."""
        memory = scene.memory.asked(cue.attempt, cue.page)
        return Stay(scene.service.turns.get((scene.at, cue)) or self.turn(scene, cue), memory)

    def enter(self, scene: Scene) -> Decision:
        return self.ask(scene, Cue(page=scene.memory.page))

    def resume(self, scene: Scene, event: Event) -> Decision:
        match event:
            case Digits(keys) if keys == PERSON:
                return Go(scene.service.person, scene.memory)
            case Digits(keys) if keys == BACK:
                return self.back(scene)
            case Digits(keys) if keys.endswith(AGAIN):  # a * after some digits of a number: start it again
                return self.again(scene)
            case Digits(keys):
                answer = self.answer(scene, keys)
                return self._ask_again(scene, "wrong", answer.says) if isinstance(answer, Wrong) else answer
            case _:
                return self._ask_again(scene, "silence")

    def _ask_again(self, scene: Scene, why: Literal["silence", "wrong"], says: Say | None = None) -> Decision:
        """Ask once more, more plainly; after three tries, the exit that leads to a person."""
        attempt = scene.memory.attempts + 1
        if attempt >= ATTEMPTS:
            return Go(self.otherwise, scene.memory)
        stay = self.ask(scene, Cue(why, attempt, scene.memory.page))
        return Stay(stay.turn.after((says,)), stay.memory) if says else stay

    def lead(self, scene: Scene, cue: Cue) -> Say:
        """The general sentence that opens a second or third try."""
        name = {"silence": "silence", "wrong": "wrong" if cue.attempt == 1 else "still_wrong"}[cue.why]
        return scene.words.say(scene.words.speech(f"helpline.{name}"))
