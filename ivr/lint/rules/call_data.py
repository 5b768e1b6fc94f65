"""Rules about what steps keep of a call, and what later steps want of it."""

from collections.abc import Iterator

from ivr.engine.content import Content
from ivr.errors import Problem
from ivr.lint.context import LintContext
from ivr.lint.registry import rule


@rule(
    "unkept_note",
    "start",
    "A step that says back what a caller keyed, or works with it, finds it: some step keeps it under that name.",
)
def unkept_note(content: Content, context: LintContext) -> Iterator[Problem]:
    """Report a name that no `keep` has: often one that was misspelt."""
    kept = {note for step in content.steps.values() for note in step.keeps()}
    for at, step in content.steps.items():
        for note in sorted(step.wants() - kept):
            field = next((name for name, value in step if note == value), "")
            yield content.at_step(at, f"{at} wants what is kept as “{note}”, and no step keeps anything so", field)
