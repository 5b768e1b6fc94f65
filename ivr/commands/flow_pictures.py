"""The diagrams of the flows for the telephone in the browser, as `ivr draw` draws them."""

import asyncio
from collections.abc import Hashable, Sequence
from pathlib import Path

from ivr.diagrams.builder import WHOLE, DiagramBuilder
from ivr.diagrams.svg import svg
from ivr.engine.content_reader import read_content
from ivr.errors import InvalidInput, Problem
from ivr.steps import KINDS


class FlowPictures:
    """Draws the files of a folder as they are on disk, mistakes included, each picture once for each state of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._state: Hashable = None
        self._builder: DiagramBuilder | None = None
        self._drawn: dict[str, str] = {}

    async def picture(self, name: str, state: Hashable, problems: Sequence[Problem]) -> str:
        """Return the SVG of a flow or of the whole helpline; raises InvalidInput for a name that no flow has.

        `state` is anything that changes with the files, `problems` are the mistakes that they have now.
        """
        if self._builder is None or state != self._state:
            content = await asyncio.to_thread(read_content, self._folder, KINDS)
            self._builder, self._drawn, self._state = DiagramBuilder(content, tuple(problems)), {}, state
        builder = self._builder
        if name not in (WHOLE, *builder.flows):
            raise InvalidInput(f"There is no flow “{name}”.")
        if name not in self._drawn:
            diagram = builder.whole() if name == WHOLE else builder.flow(name)
            self._drawn[name] = await asyncio.to_thread(svg, diagram)
        return self._drawn[name]
