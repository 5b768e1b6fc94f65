"""A table of cases for one review, or one warning: what is written in `tests/reviews/` and `tests/warnings/`.

A case says in `it` what must be true; its helpline is `tests/planted/good/`, with `edits` as there, or the `files` that
are written out. `found` is everything that the one rule has to say about it on the day `today`, in order. `turns` are
verbs by name that a step is made to do, for a rule about what no flow can get wrong.
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

from pydantic import BaseModel, ConfigDict, TypeAdapter
from ruamel.yaml import YAML

from ivr.commands.findings import means_for
from ivr.engine.content import Content, read_content
from ivr.engine.means import Heard, Means
from ivr.engine.verbs import ComeBack, Dial, Enqueue, Fetch, Gather, Hangup, Leave, Say, Turn, Verb
from ivr.steps import KINDS
from tests.checks.table import content_of
from tests.planted.folder import TODAY, Edit, Planted

SAY = Say(("Hello.",), "en-GB")
VERBS: dict[str, Verb] = {
    "Say": SAY,
    "Gather": Gather((SAY,)),
    "ComeBack": ComeBack(),
    "Dial": Dial("+447700900001", 20),
    "Enqueue": Enqueue("q", "person/offer"),
    "Fetch": Fetch("q"),
    "Leave": Leave(),
    "Hangup": Hangup(),
}


READ: dict[str, Content] = {}
HEARD: dict[int, tuple[Content, Means]] = {}
"""What was read, and rehearsed, for another rule already."""


class Reviewed(BaseModel):
    """A helpline on a day, and what one rule finds in it."""

    model_config = ConfigDict(extra="forbid")

    it: str
    today: date = TODAY
    translated: str | None = None
    edits: list[Edit] = []
    files: dict[str, str] | None = None
    turns: dict[str, list[str]] = {}
    found: list[str]

    def content(self, folder: Path) -> Content:
        """The helpline of this case, read once for all rules."""
        if self.files is not None:
            return content_of(self.files, folder)
        key = repr((self.translated, self.edits))
        if key not in READ:
            edited = Planted(it=self.it, translated=self.translated, edits=self.edits, finds=[], warns=[])
            READ[key] = read_content(edited.folder(folder), KINDS)
        return READ[key]

    def means(self, content: Content) -> Means:
        """What the rule is given."""
        if id(content) not in HEARD:
            HEARD[id(content)] = content, means_for(content, self.today, with_voice=False)
        means = replace(HEARD[id(content)][1], today=self.today)
        if not self.turns:
            return means
        turns = {at: Turn(tuple(VERBS[name] for name in names)) for at, names in self.turns.items()}
        heard = tuple(Heard(at, turn, content.language) for at, turn in turns.items())
        return Means(means.today, means.measure, means.refusals, heard)


def tables_in(folder: Path) -> dict[str, list[Reviewed]]:
    """Every table of a folder, by its rule."""
    cases = TypeAdapter(list[Reviewed])
    return {path.stem: cases.validate_python(YAML(typ="safe").load(path)) for path in sorted(folder.glob("*.yaml"))}
