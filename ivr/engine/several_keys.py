"""What every question for several keys, a date or a number, has in common."""

from collections.abc import Mapping

from ivr.engine.question import Cue, Question
from ivr.engine.step import Scene, Target, own
from ivr.engine.verbs import Say

TRY_NAMES = ("prompt", "shorter", "plainer")


class SeveralKeys(Question):
    """Keeps what was keyed; what is wrong with it is explained by the kind, before it is asked for again."""

    keep: str
    got: Target
    says = dict.fromkeys(TRY_NAMES, frozenset[str]())
    shares = {"silence": frozenset[str]()}

    def ways(self) -> Mapping[str, Target]:
        return {"": self.got}

    def compose(self, scene: Scene, cue: Cue) -> tuple[Say, ...]:
        asked = scene.words.say(scene.words.speech(own(scene.at, TRY_NAMES[cue.attempt])))
        return (self.lead(scene, cue), asked) if cue.why == "silence" else (asked,)
