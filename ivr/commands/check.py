"""`ivr check`: the linter of flows and prompts."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from ivr.commands.lint_context import context_for, voice_measure_or
from ivr.commands.options import AsJson, At, Folder
from ivr.commands.output import as_json_text, print_document, tell
from ivr.commands.words_only import WordsOnly
from ivr.engine.content import Content
from ivr.engine.content_reader import read_content
from ivr.helpline.timezone import today_in_london
from ivr.lint.registry import LintContext, Severity
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
    every: Annotated[bool, typer.Option("--all", help="Print accepted findings too (flows/accepted.yaml).")] = False,
) -> None:
    """Check flows and prompts, and print errors and warnings with file and line; exits with 1 if there are errors.

    A warning is something that staff should see to soon. What follows from a mistake is not printed, and neither is
    what flows/accepted.yaml accepts.

    Examples: `ivr check`, `ivr check --fix`, `ivr check --strict --json`, `ivr check --at 2028-01-01`.
    """
    if rules:
        return _print_rules()
    if fix:
        _fix(folder)
    content = read_content(folder, KINDS)
    context = context_for(content, today_in_london(at), with_voice=voice)
    if seconds:
        return _print_seconds(content, context)
    judged = findings(content, context, strict=strict)
    standing = [one for one in judged if not one.accepted]
    found = judged if every else standing
    if as_json:
        tell(as_json_text([asdict(one) for one in found]))
    else:
        _print(found)
        _print_counts(content, standing, accepted=len(judged) - len(standing))
    raise typer.Exit(1 if any(one.severity == "error" for one in standing) else 0)


# What only some options need is imported for them: `ivr check` runs after every change of a sentence.


def _print_rules() -> None:
    from ivr.lint.pages import rules_page

    print_document("\n".join((*rules_page(), "")))


def _print_seconds(content: Content, context: LintContext) -> None:
    from ivr.lint.pages import seconds_page

    by_voice = voice_measure_or(content.language.tag, lambda speech: 0.0)
    print_document("\n".join((*seconds_page(content, context.heard, by_voice), "")))


def _fix(folder: Path) -> None:
    from ivr.lint.fix import fix

    for fixed in fix(read_content(folder, KINDS), folder):
        tell(f"{fixed} (fixed)", err=True)


def _print(found: Sequence[Finding]) -> None:
    console = WordsOnly(stderr=True)
    if not console.is_terminal:
        console.width = PIPE_WIDTH
    titles = {"Errors": _of("error", found), "Warnings": _of("warning", found)}
    titles["Accepted"] = [one for one in found if one.accepted]
    for title, some in titles.items():
        if some:
            console.print(_table(title, some))


def _print_counts(content: Content, found: Sequence[Finding], accepted: int) -> None:
    content_counts = f"{len(content.steps)} steps, {len(content.sentences)} sentences, {len(RULES)} rules"
    counts = f"{_count(_of('error', found), 'error')}, {_count(_of('warning', found), 'warning')}"
    tell(f"{content_counts}: {counts}{f', {accepted} accepted' if accepted else ''}")


def _of(severity: Severity, found: Sequence[Finding]) -> list[Finding]:
    return [one for one in found if one.severity == severity and not one.accepted]


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
