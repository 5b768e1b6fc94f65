"""Rules about what steps keep of a call, and what later steps want of it."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.lint.names import wanted_in_vain
from ivr.lint.registry import LintContext, rule


@rule(
    "unkept_note",
    "start",
    "A step that says back what a caller keyed, or works with it, finds it: some step keeps it under that name.",
)
def unkept_note(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a name that no `keep` has: often one that was misspelt."""
    keepers = {note: at for at, step in content.steps.items() for note in step.keeps()}
    wanted: dict[str, list[Problem]] = {}
    for at, step in content.steps.items():
        for note in sorted(step.wants() - keepers.keys()):
            if not content.may_hold("flows/", note):
                says = f"{at} wants what is kept as “{note}”, and no step keeps anything so"
                wanted.setdefault(note, []).append(content.at_value(at, says, note))
    unwanted = keepers.keys() - {note for step in content.steps.values() for note in step.wants()}
    yield from wanted_in_vain(wanted, keepers, unwanted, lambda note, says: content.at_value(keepers[note], says, note))
