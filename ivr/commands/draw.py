"""`ivr draw`: diagrams of the flows, with errors in red."""

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ivr.commands import completion
from ivr.commands.options import AsJson, Folder
from ivr.commands.output import print_document, show, write
from ivr.diagrams.builder import WHOLE, DiagramBuilder
from ivr.diagrams.diagram import Diagram
from ivr.diagrams.menu_tree import tree
from ivr.diagrams.svg import svg
from ivr.engine.content_reader import read_content
from ivr.engine.durations import Measure, words_at_150_wpm
from ivr.engine.prompts import Language
from ivr.lint.run import problems_in
from ivr.steps import KINDS


class Format(StrEnum):
    """The output format of a diagram."""

    svg = "svg"
    text = "text"


def _names(context: typer.Context) -> Iterator[str]:
    yield WHOLE
    yield from DiagramBuilder(read_content(completion.folder_of(context), KINDS), (), words_at_150_wpm).flows


def draw(
    folder: Folder,
    flow: Annotated[
        str | None, typer.Argument(help="One flow, or “whole”, to print.", autocompletion=completion.completion(_names))
    ] = None,
    out: Annotated[Path, typer.Option(help="The folder to write all diagrams to.")] = Path("docs/flows"),
    how: Annotated[Format, typer.Option("--format", help="text: the first menus alone.")] = Format.svg,
    voice: Annotated[bool, typer.Option("--voice", help="Measure seconds with the installed voice.")] = False,
    as_json: AsJson = False,
) -> None:
    """Draw every flow, and the whole helpline, as SVG; or print one of them.

    Arrows are labelled with keys and exits, boxes with seconds and errors. No other program is needed.

    Examples:

        ivr draw

        ivr draw whole > helpline.svg

        ivr draw --folder examples/westshire --out diagrams
    """
    content = read_content(folder, KINDS)
    builder = DiagramBuilder(
        content, tuple(problems_in(content)), _voice(content.language) if voice else words_at_150_wpm
    )
    if how is Format.text:
        print_document(tree(content))
    elif flow:
        print_document(svg(_named(builder, flow)))
    else:
        written = [(out / name, text) for name, text in files(builder)]
        for path, text in written:
            write(path, text)
        told = f"{len(builder.flows) + 1} diagrams in {out}"
        show({"files": [str(path) for path, _ in written]}, [told], as_json=as_json)


def files(builder: DiagramBuilder) -> Iterator[tuple[str, str]]:
    """Yield every file that `ivr draw` writes, with its name."""
    diagrams = [builder.whole(), *map(builder.flow, builder.flows)]
    for diagram in diagrams:
        yield f"{diagram.name}.svg", svg(diagram)
    shown = "".join(f"\n## {diagram.title}\n\n![{diagram.title}]({diagram.name}.svg)\n" for diagram in diagrams)
    yield "README.md", f"# Diagrams of the flows\n\nDrawn by `ivr draw`.\n{shown}"


def _named(builder: DiagramBuilder, name: str) -> Diagram:
    if name == WHOLE:
        return builder.whole()
    if name not in builder.flows:
        raise typer.BadParameter(f"There is no flow “{name}”: only {', '.join((WHOLE, *builder.flows))}.")
    return builder.flow(name)


def _voice(language: Language) -> Measure:
    """Return the measure by the installed voice, at the speed of the language."""
    from ivr.commands.lint_context import voice_measure
    from ivr.speech.espeak import WORDS_A_MINUTE

    return voice_measure(language.tag, round(WORDS_A_MINUTE * int(language.rate.rstrip("%")) / 100))
