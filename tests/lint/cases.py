"""The cases of the linter: `tables/<rule>.yaml` for one rule each, `planted/*.yaml` for all rules together.

Both edit the good helpline, with `edits` and `translated` (tests/lint/helplines.py); a case of a table may have
`files` instead, written out. What must be found stands there as "file:line: sentence".
"""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter
from ruamel.yaml import YAML

from ivr.commands.lint_context import context_for
from ivr.engine.content import Content
from ivr.engine.content_reader import read_content
from ivr.engine.verbs import Dial, DialQueue, Enqueue, Gather, Hangup, Leave, Redirect, Say, Turn, Verb
from ivr.lint.registry import Heard, LintContext, Rule
from ivr.steps import KINDS
from tests.lint.helplines import HERE, TODAY, Edit, content_of, copied

SAY = Say(("Hello.",), "en-GB")
VERBS: dict[str, Verb] = {
    "Say": SAY,
    "Gather": Gather((SAY,)),
    "Redirect": Redirect(),
    "Dial": Dial("+447700900001", 20),
    "Enqueue": Enqueue("q", "person/offer"),
    "DialQueue": DialQueue("q"),
    "Leave": Leave(),
    "Hangup": Hangup(),
}
EXPLORED: dict[str, tuple[Content, LintContext]] = {}
"""What was read, and explored, for a case of another rule already."""


class Planted(BaseModel):
    """Mistakes planted in the good helpline: all errors and all warnings of all rules, in no order."""

    model_config = ConfigDict(extra="forbid")

    it: str
    translated: str | None = None
    edits: list[Edit] = []
    finds: list[str] = []
    warns: list[str] = []


class Case(BaseModel):
    """A helpline on a day, and all that one rule reports about it, in order.

    `turns` are verbs by name that a step is made to do, for a rule about what no flow can get wrong.
    """

    model_config = ConfigDict(extra="forbid")

    it: str
    today: date = TODAY
    translated: str | None = None
    edits: list[Edit] = []
    files: dict[str, str] | None = None
    turns: dict[str, list[str]] = {}
    found: list[str]

    def found_by(self, rule: Rule, folder: Path) -> list[str]:
        """Return what a rule reports."""
        content, context = self._explored(rule, folder)
        context = replace(context, today=self.today)
        if self.turns:
            turns = {at: Turn(tuple(VERBS[name] for name in names)) for at, names in self.turns.items()}
            context = replace(context, heard=tuple(Heard(at, turn, content.language) for at, turn in turns.items()))
        return [str(problem) for problem in sorted(set(rule.check(content, context)))]

    def _explored(self, rule: Rule, folder: Path) -> tuple[Content, LintContext]:
        if self.files is not None:
            content = content_of(self.files, folder)
            needs_heard = rule.stage != "start"
            return content, context_for(content, self.today, with_voice=False) if needs_heard else LintContext()
        key = repr((self.translated, self.edits))
        if key not in EXPLORED:
            content = read_content(copied(folder, self.edits, self.translated), KINDS)
            EXPLORED[key] = content, context_for(content, self.today, with_voice=False)
        return EXPLORED[key]


def _read(path: Path) -> Any:
    return YAML(typ="safe").load(path)


def tables() -> dict[str, list[Case]]:
    """Return every table by its rule."""
    table = TypeAdapter(list[Case])
    return {path.stem: table.validate_python(_read(path)) for path in sorted((HERE / "tables").glob("*.yaml"))}


def planted() -> dict[str, Planted]:
    """Return every planted mistake by its file's name."""
    return {path.stem: Planted(**_read(path)) for path in sorted((HERE / "planted").glob("*.yaml"))}
