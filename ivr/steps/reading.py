"""Reads something longer, page by page, at the listener's own pace."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from ivr.engine import verbs
from ivr.engine.prompts import Key
from ivr.engine.question import Cue, Question, Wrong
from ivr.engine.step import Decision, Go, Scene, Target, own
from ivr.helpline.notes import DATE, noted_date, said_date

ON = "1"


class Reading(Question):
    """Pages of at most half a minute; 1 goes on, * says the page again, # turns one back.

    In a flow:

        steps:
          kind: reading
          pages: [meeting, concern]
          then: menu
          otherwise: person/ring
          blanks: [contact_by]        # dates worked out earlier in the call
    """

    pages: Annotated[tuple[str, ...], Field(min_length=1)]
    then: Target
    blanks: tuple[str, ...] = ()
    shares = Question.shares | DATE | {"next_page": frozenset({"key"}), "page_keys": frozenset()}

    @property
    def plain(self) -> bool:
        return not self.blanks

    def pages_to_say(self) -> int:
        return len(self.pages)

    def sentences(self) -> dict[str, frozenset[str]]:
        pages = {page: frozenset(self.blanks) for page in self.pages}
        return {**pages, "then": frozenset({"key"})}

    def optional_blanks(self) -> frozenset[str]:
        return frozenset(self.blanks)

    def wants(self) -> frozenset[str]:
        return frozenset(self.blanks)

    def ways(self) -> Mapping[str, Target]:
        return {ON: self.then}

    def compose(self, scene: Scene, cue: Cue) -> tuple[verbs.Say, ...]:
        words = scene.words
        last = cue.page == len(self.pages) - 1
        on = words.speech(own(scene.at, "then") if last else "helpline.next_page", key=Key(ON))
        if cue.attempt:
            keys = words.speech("helpline.page_keys") if cue.attempt == 2 else ()
            return (self.lead(scene, cue), words.say(on, keys))
        dates = {name: said_date(noted_date(scene.memory.notes, name), words) for name in self.blanks}
        return (words.say(words.speech(own(scene.at, self.pages[cue.page]), **dates), on),)

    def answer(self, scene: Scene, keys: str) -> Decision | Wrong:
        if keys != ON:
            return Wrong()
        page = scene.memory.page + 1
        return self.ask(scene, Cue(page=page)) if page < len(self.pages) else Go(self.then, scene.memory)

    def back(self, scene: Scene) -> Decision:
        page = scene.memory.page - 1
        return self.ask(scene, Cue(page=page)) if page >= 0 else super().back(scene)


KIND = Reading
