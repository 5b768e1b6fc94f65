"""Reads something longer, page by page, at the listener's own pace."""

from typing import Annotated

from pydantic import Field

from ivr.engine.pages import Pages
from ivr.engine.step import StepContext, own
from ivr.engine.verbs import Speech


class Reading(Pages):
    """Pages of at most half a minute.

    In a flow:

        steps:
          kind: reading
          pages: [meeting, concern]
          then: menu
          otherwise: person/ring
    """

    pages: Annotated[tuple[str, ...], Field(min_length=1)]

    def pages_to_say(self) -> int:
        return len(self.pages)

    def sentences(self) -> dict[str, frozenset[str]]:
        return dict.fromkeys(self.pages, frozenset[str]()) | self.says

    def page(self, context: StepContext, number: int) -> tuple[Speech, ...]:
        return (context.words.speech(own(context.at, self.pages[number])),)


KIND = Reading
