"""`ivr check`: the linter of flows and prompts."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from ivr.commands.content_folder import Folder
from ivr.commands.lint_context import context_for, voice_measure_or
from ivr.commands.options import AsJson, At
from ivr.engine.content import Content
from ivr.engine.content_reader import read_content
from ivr.helpline.timezone import today_in_london
from ivr.lint.fix import fix as fix_files
from ivr.lint.pages import rules_page, seconds_page
from ivr.lint.rules import RULES
from ivr.lint.run import Finding, findings
from ivr.steps import KINDS

PIPE_WIDTH = 160
"""Columns of a table that is not printed to a terminal."""


def check(
    folder: Folder,
    at: At,
    as_json: AsJson = False,
    strict: Annotated[bool, typer.Option("--strict", help="Report facts past their last valid day as errors.")] = False,
    fix: Annotated[bool, typer.Option("--fix", help="Correct what is safe to correct.")] = False,
    voice: Annotated[bool, typer.Option(help="Measure seconds with a voice too, if one is installed.")] = True,
    seconds: Annotated[bool, typer.Option("--seconds", help="Print docs/seconds.md instead.")] = False,
    rules: Annotated[bool, typer.Option("--rules", help="Print docs/rules.md instead.")] = False,
) -> None:
    """Check flows and prompts, and print errors and warnings with file and line; exits with 1 if there are errors.

    A warning is something that staff should see to soon.

    Examples: `ivr check`, `ivr check --fix`, `ivr check --strict --json`, `ivr check --at 2028-01-01`.
    """
    if rules:
        return typer.echo("\n".join(rules_page()))
    if fix:
        for fixed in fix_files(read_content(folder, KINDS), folder):
            typer.echo(f"{fixed} (fixed)", err=True)
    content = read_content(folder, KINDS)
    context = context_for(content, today_in_london(at), with_voice=voice)
    if seconds:
        return typer.echo(
            "\n".join(seconds_page(content, context.heard, voice_measure_or(content.language.tag, lambda speech: 0.0)))
        )
    found = findings(content, context, strict=strict)
    if as_json:
        typer.echo(json.dumps([asdict(one) for one in found], indent=2, ensure_ascii=False))
    else:
        _print(content, found)
    raise typer.Exit(1 if any(one.severity == "error" for one in found) else 0)


def _print(content: Content, found: Sequence[Finding]) -> None:
    console = Console(stderr=True, highlight=False, markup=False)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    errors = [one for one in found if one.severity == "error"]
    warnings = [one for one in found if one.severity == "warning"]
    for title, some in (("Errors", errors), ("Warnings", warnings)):
        if some:
            console.print(_table(title, some))
    counts = f"{len(content.steps)} steps, {len(content.sentences)} sentences, {len(RULES)} rules"
    typer.echo(f"{counts}: {_count(errors, 'error')}, {_count(warnings, 'warning')}")


def _count(found: Sequence[Finding], noun: str) -> str:
    return f"{len(found) or 'no'} {noun}{'' if len(found) == 1 else 's'}"


def _table(title: str, found: Sequence[Finding]) -> Table:
    table = Table(title=title, title_justify="left", box=None, show_header=False, pad_edge=False)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    table.add_column(no_wrap=True, style="dim")
    for one in found:
        table.add_row(f"{one.file}:{one.line}:", one.says, one.rule)
    return table
