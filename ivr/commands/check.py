"""`ivr check`: reads flows and prompts and says everything that is wrong with them."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ivr.checks import RULES, problems_in
from ivr.config import CONTENT
from ivr.engine.content import read_content
from ivr.steps import KINDS


def check(
    folder: Annotated[Path, typer.Option(help="The folder with flows/ and prompts/.")] = CONTENT,
    as_json: Annotated[bool, typer.Option("--json", help="For a machine to read.")] = False,
) -> None:
    """Check flows and prompts; every mistake is told with its file and line, and the exit is 1 if there is one.

    Examples: `ivr check`, `ivr check --folder . --json`.
    """
    content = read_content(folder, KINDS)
    problems = problems_in(content)
    if as_json:
        typer.echo(json.dumps([asdict(problem) for problem in problems], indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            typer.echo(str(problem), err=True)
        typer.echo(f"{len(content.steps)} steps, {len(content.sentences)} sentences, {len(RULES)} rules: ", nl=False)
        typer.echo("all is well" if not problems else f"{len(problems)} to mend")
    raise typer.Exit(1 if problems else 0)
