"""`ivr draw`: makes pictures of the flows, with what is wrong with them in red."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ivr.commands.folder import Folder
from ivr.diagrams.drawn import WHOLE, Drawn
from ivr.diagrams.mermaid import mermaid, page
from ivr.diagrams.picture import Picture
from ivr.diagrams.svg import svg
from ivr.diagrams.tree import tree
from ivr.engine.content import read_content
from ivr.engine.durations import Measure, words_at_150_wpm
from ivr.engine.prompts import Language
from ivr.lint.run import problems_in
from ivr.steps import KINDS


class Format(StrEnum):
    """How a picture is printed."""

    svg = "svg"
    mermaid = "mermaid"
    text = "text"


def draw(
    folder: Folder,
    flow: Annotated[str | None, typer.Argument(help="One flow, or “whole”, to be printed.")] = None,
    out: Annotated[Path, typer.Option(help="Where all pictures are written.")] = Path("docs/flows"),
    how: Annotated[Format, typer.Option("--format", help="text: the first menus alone.")] = Format.svg,
    voice: Annotated[bool, typer.Option("--voice", help="Seconds of the voice that is installed.")] = False,
) -> None:
    """Draw every flow, and the whole helpline, as SVG and as Mermaid; or print one of them.

    Keys and exits stand on the arrows, seconds and mistakes on the boxes. No program or service is needed for it.

    Examples:

        ivr draw

        ivr draw school --format mermaid

        ivr draw whole > helpline.svg

        ivr draw --folder examples/westshire --out pictures
    """
    content = read_content(folder, KINDS)
    drawn = Drawn(content, tuple(problems_in(content)), _voice(content.language) if voice else words_at_150_wpm)
    if how is Format.text:
        typer.echo(tree(content), nl=False)
    elif flow:
        picture = _named(drawn, flow)
        typer.echo(svg(picture) if how is Format.svg else mermaid(picture), nl=False)
    else:
        for name, text in files(drawn):
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            (out / name).write_text(text, "utf-8")
        typer.echo(f"{len(drawn.flows) + 1} pictures in {out}")


def files(drawn: Drawn) -> Iterator[tuple[str, str]]:
    """Every file that `ivr draw` writes, by its name."""
    pictures = [drawn.whole(), *map(drawn.flow, drawn.flows)]
    for picture in pictures:
        yield f"{picture.name}.svg", svg(picture)
        yield f"{picture.name}.md", page(picture)
    links = "".join(f"- [{picture.name}]({picture.name}.md)\n" for picture in pictures)
    yield "README.md", f"# Pictures of the flows\n\nDrawn by `ivr draw`.\n\n{links}"


def _named(drawn: Drawn, name: str) -> Picture:
    if name == WHOLE:
        return drawn.whole()
    if name not in drawn.flows:
        raise typer.BadParameter(f"There is no flow “{name}”: only {', '.join((WHOLE, *drawn.flows))}.")
    return drawn.flow(name)


def _voice(language: Language) -> Measure:
    """The voice that is installed, at the speed of the language."""
    from ivr.commands.measures import voice_measure
    from ivr.speech.espeak import WORDS_A_MINUTE

    return voice_measure(language.tag, round(WORDS_A_MINUTE * int(language.rate.rstrip("%")) / 100))
