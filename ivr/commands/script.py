"""`ivr script`: every word that the helpline can say, for a manager to sign."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ivr.commands.options import AsJson, At, Folder
from ivr.commands.output import print_document, show, write
from ivr.engine.content_reader import read_content
from ivr.helpline.timezone import today_in_london
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
    at: At,
    how: Annotated[Format, typer.Option("--format", help="html is one page, for screen or print.")] = Format.text,
    out: Annotated[Path | None, typer.Option(help="The file to write; .html makes it a page.")] = None,
    as_json: AsJson = False,
) -> None:
    """Print every word that callers and advisers can hear or read, in call order, with keys, contacts and signatures.

    Its fingerprint changes with every word, so that the signed version can be told from later ones.

    Examples:

        ivr script

        ivr script --out script.html
    """
    document = prompt_script(read_content(folder, KINDS), today_in_london(at))
    if out is None and as_json:
        return show(document, [], as_json=True)
    text = html(document) if how is Format.html or (out and out.suffix == ".html") else plain_text(document)
    if out is None:
        return print_document(text)
    write(out, text)
    sentences = sum(1 for _ in document.lines())
    return show({"file": str(out), "sentences": sentences}, [f"{sentences} sentences in {out}"], as_json=as_json)
