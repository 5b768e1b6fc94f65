"""`ivr check`: reads flows and prompts and says everything that is wrong with them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ivr.commands.arguments import Today, today_of
from ivr.commands.folder import Folder
from ivr.commands.lint_context import context_for
from ivr.commands.measures import voice_measure_or
from ivr.engine.content import Content, read_content
from ivr.lint.fix import fix as fix_files
from ivr.lint.pages import rules_page, seconds_page
from ivr.lint.rules import RULES
from ivr.lint.run import Finding, findings
from ivr.steps import KINDS

NARROWEST = 160
"""Columns of a table that nobody looks at in a terminal: a log, a file."""


def check(
    folder: Folder,
    today: Today = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False,
    strict: Annotated[bool, typer.Option("--strict", help="A fact that has run out is an error.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Mend what is safe to mend, and say what was.")] = False,
    voice: Annotated[bool, typer.Option(help="Measure seconds with a voice too, where one is installed.")] = True,
    seconds: Annotated[bool, typer.Option("--seconds", help="Print docs/seconds.md instead.")] = False,
    rules: Annotated[bool, typer.Option("--rules", help="Print docs/rules.md instead.")] = False,
) -> None:
    """Check flows and prompts; every mistake is told with its file and line, and the exit is 1 if there is one.

    What staff should see to soon is told as a warning, which is no mistake.

    Examples: `ivr check`, `ivr check --fix`, `ivr check --strict --json`, `ivr check --today 2028-01-01`.
    """
    if rules:
        return typer.echo("\n".join(rules_page()))
    if fix:
        for fixed in fix_files(read_content(folder, KINDS), folder):
            typer.echo(f"{fixed} (mended)", err=True)
    content = read_content(folder, KINDS)
    context = context_for(content, today_of(today), with_voice=voice)
    if seconds:
        return typer.echo(
            "\n".join(seconds_page(content, context.heard, voice_measure_or(content.language.tag, lambda speech: 0.0)))
        )
    found = findings(content, context, strict=strict)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False))
    else:
        _tell(content, found)
    raise typer.Exit(1 if any(one.severity == "error" for one in found) else 0)


def _tell(content: Content, found: Sequence[Finding]) -> None:
    console = Console(stderr=True, highlight=False, markup=False)
    if not console.is_terminal:
        console.width = NARROWEST
    errors = [one for one in found if one.severity == "error"]
    warnings = [one for one in found if one.severity == "warning"]
    for title, some in (("To mend", errors), ("To see to soon", warnings)):
        if some:
            console.print(_table(title, some))
    mend = f"{len(errors)} to mend" if errors else "all is well"
    soon = f", {len(warnings)} to see to soon" if warnings else ""
    typer.echo(f"{len(content.steps)} steps, {len(content.sentences)} sentences, {len(RULES)} rules: {mend}{soon}")


def _table(title: str, found: Sequence[Finding]) -> Table:
    table = Table(title=title, title_justify="left", box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True, style="dim")
    for one in found:
        table.add_row(f"{one.file}:{one.line}:", one.says, one.rule)
    return table
