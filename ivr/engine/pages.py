"""What every question that is read page by page has in common, at the listener's own pace."""

from collections.abc import Mapping

from ivr.engine.prompts import Key
from ivr.engine.question import Cue, Question, Wrong
from ivr.engine.step import Decision, Go, Scene, Target, own
from ivr.engine.verbs import Say, Speech

ON = "1"


class Pages(Question):
    """1 goes on, * says the page again, # turns one back. A kind says what stands on each page (`page`)."""

    then: Target
    says = {"then": frozenset({"key"})}
    shares = Question.shares | {"next_page": frozenset({"key"}), "page_keys": frozenset()}

    def page(self, scene: Scene, number: int) -> tuple[Speech, ...]:
        """The sentences of a page."""
        raise NotImplementedError

    def ways(self) -> Mapping[str, Target]:
        return {ON: self.then}

    def compose(self, scene: Scene, cue: Cue) -> tuple[Say, ...]:
        words = scene.words
        is_last = cue.page == self.pages_to_say() - 1
        on = words.speech(own(scene.at, "then") if is_last else "helpline.next_page", key=Key(ON))
        if cue.attempt:
            keys = words.speech("helpline.page_keys") if cue.attempt == 2 else ()
            return (self.lead(scene, cue), words.say(on, keys))
        return (words.say(*self.page(scene, cue.page), on),)

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        if keys != ON:
            return Wrong()
        page = scene.memory.page + 1
        return self.ask(scene, Cue(page=page)) if page < self.pages_to_say() else Go(self.then, scene.memory)

    def back(self, scene: Scene) -> Decision:
        page = scene.memory.page - 1
        return self.ask(scene, Cue(page=page)) if page >= 0 else super().back(scene)
