"""`ivr script`: prints every word that the service can say, for a manager to sign."""

from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ivr.commands.folder import Folder
from ivr.engine.content import read_content
from ivr.helpline.timezone import LONDON
from ivr.prompt_script.html import html
from ivr.prompt_script.manuscript import manuscript
from ivr.prompt_script.plain import plain
from ivr.steps import KINDS


class Format(StrEnum):
    """How the document is written."""

    text = "text"
    html = "html"


def script(
    folder: Folder,
    how: Annotated[Format, typer.Option("--format", help="html is one page, to be read or printed.")] = Format.text,
    out: Annotated[Path | None, typer.Option(help="A file to write it to; .html makes it a page.")] = None,
    today: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The date that it carries.")] = None,
) -> None:
    """Print every word that callers and advisers can hear or read, in order, with keys, facts and room to sign.

    The number on it changes with every word, so that what was signed can be told from what came after.

    Examples:

        ivr script

        ivr script --out script.html
    """
    made = today.date() if today else datetime.now(LONDON).date()
    document = manuscript(read_content(folder, KINDS), made)
    text = html(document) if how is Format.html or (out and out.suffix == ".html") else plain(document)
    if out is None:
        typer.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8")
        typer.echo(f"{sum(1 for _ in document.lines())} sentences in {out}")
