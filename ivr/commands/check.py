"""`ivr check`: reads flows and prompts and says everything that is wrong with them."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from ivr.checks import RULES, problems_in
from ivr.commands.folder import Folder
from ivr.engine.content import Content, read_content
from ivr.errors import Problem
from ivr.helpline.wall_clock import LONDON
from ivr.steps import KINDS
from ivr.warnings import warnings_in


def check(
    folder: Folder,
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The date to warn by.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False,
) -> None:
    """Check flows and prompts; every mistake is told with its file and line, and the exit is 1 if there is one.

    What staff should see to soon is told as a warning, which is no mistake.

    Examples: `ivr check`, `ivr check --folder . --json`, `ivr check --today 2028-01-01`.
    """
    content = read_content(folder, KINDS)
    problems = problems_in(content)
    warnings = warnings_in(content, today.date() if today else datetime.now(LONDON).date())
    if as_json:
        typer.echo(json.dumps(_as_json(problems, warnings), indent=2, ensure_ascii=False))
    else:
        _tell(content, problems, warnings)
    raise typer.Exit(1 if problems else 0)


def _as_json(problems: Sequence[Problem], warnings: Sequence[Problem]) -> list[dict[str, object]]:
    mistakes = [asdict(problem) | {"warning": False} for problem in problems]
    return mistakes + [asdict(warning) | {"warning": True} for warning in warnings]


def _tell(content: Content, problems: Sequence[Problem], warnings: Sequence[Problem]) -> None:
    for problem in problems:
        typer.echo(str(problem), err=True)
    for warning in warnings:
        typer.echo(f"{warning} (warning)", err=True)
    found = f"{len(problems)} to mend" if problems else "all is well"
    soon = f", {len(warnings)} to see to soon" if warnings else ""
    typer.echo(f"{len(content.steps)} steps, {len(content.sentences)} sentences, {len(RULES)} rules: {found}{soon}")
