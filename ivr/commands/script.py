"""`ivr script`: every word that the helpline can say, for a manager to sign."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ivr.commands.arguments import Folder
from ivr.engine.content_reader import read_content
from ivr.helpline.timezone import LONDON
from ivr.prompt_script.html import html
from ivr.prompt_script.script import prompt_script
from ivr.prompt_script.text import plain_text
from ivr.steps import KINDS


class Format(StrEnum):
    """The output format."""

    text = "text"
    html = "html"


def script(
    folder: Folder,
    how: Annotated[Format, typer.Option("--format", help="html is one page, for screen or print.")] = Format.text,
    out: Annotated[Path | None, typer.Option(help="The file to write; .html makes it a page.")] = None,
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The date on the document.")] = None,
) -> None:
    """Print every word that callers and advisers can hear or read, in call order, with keys, contacts and signatures.

    Its fingerprint changes with every word, so that the signed version can be told from later ones.

    Examples:

        ivr script

        ivr script --out script.html
    """
    as_of = today.date() if today else datetime.now(LONDON).date()
    document = prompt_script(read_content(folder, KINDS), as_of)
    text = html(document) if how is Format.html or (out and out.suffix == ".html") else plain_text(document)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8")
        typer.echo(f"{sum(1 for _ in document.lines())} sentences in {out}")
