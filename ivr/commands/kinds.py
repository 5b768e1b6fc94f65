"""`ivr kinds`: documentation of every kind of step, from docstrings."""

import inspect
from collections.abc import Iterator

from ivr.commands.output import print_document
from ivr.engine.step import Step
from ivr.steps import KINDS


def kinds() -> None:
    """Print every kind of step with an example, as the page docs/steps.md.

    Example: `ivr kinds > docs/steps.md`.
    """
    print_document("\n".join((*page(), "")))


def page() -> Iterator[str]:
    """Yield the lines of the page."""
    yield "# The kinds of step"
    yield ""
    yield "Written by `ivr kinds`; the sentences named are those under the step's own name in the prompt files."
    yield "A step that waits for keys has `otherwise`, where a caller goes after three tries."
    yield "A step that was renamed lists its names in earlier releases under `formerly`, oldest first: `[old_name]`, or"
    yield "`[old_flow/old_name]`. Calls that stand there go on at the step. Remove the line in a later release."
    for name, kind in KINDS.items():
        yield from _section(name, kind)


def _section(name: str, kind: type[Step]) -> Iterator[str]:
    text = inspect.getdoc(kind) or ""
    before, _, after = text.partition("In a flow:")
    module = inspect.getdoc(inspect.getmodule(kind)) or ""
    yield from ("", f"## {name}", "", module.splitlines()[0], "", before.strip(), "", "```yaml")
    example, rest = example_of(kind), after.strip("\n").splitlines()
    yield from (example, "```")
    yield from ["", *notes] if (notes := [line for line in rest if line and not line.startswith(" ")]) else []
    if kind.says:
        yield from ("", "Says: " + ", ".join(_sentence(*one) for one in kind.says.items()) + ".")


def example_of(kind: type[Step]) -> str:
    """Return the YAML example in the docstring of a kind."""
    _, _, after = (inspect.getdoc(kind) or "").partition("In a flow:")
    lines = [line[4:] for line in after.splitlines() if line.startswith("    ")]
    return "\n".join(lines)


def _sentence(name: str, blanks: frozenset[str]) -> str:
    return f"`{name}`" + "".join(f" {{{blank}}}" for blank in sorted(blanks))
