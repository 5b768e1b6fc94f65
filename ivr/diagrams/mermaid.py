"""Writes a picture as Mermaid, which many places that show text can draw."""

from collections.abc import Iterator

from ivr.diagrams.letters import wrapped
from ivr.diagrams.picture import Box, Picture
from ivr.diagrams.sized import SMALL, WORDS_SHOWN, on_arrow

RED = "stroke:#b3261e,fill:#fdeceb,color:#b3261e"


def mermaid(picture: Picture) -> str:
    """The whole diagram, without the fence around it."""
    return "\n".join(_lines(picture)) + "\n"


def page(picture: Picture) -> str:
    """A page of documentation: the drawn picture, and the same to be read as text."""
    return f"# {picture.title}\n\n![{picture.title}]({picture.name}.svg)\n\n```mermaid\n{mermaid(picture)}```\n"


def _lines(picture: Picture) -> Iterator[str]:
    yield "flowchart TD"
    names = {box.name: f"b{number}" for number, box in enumerate(picture.boxes)}
    for box in picture.boxes:
        yield f'  {names[box.name]}["{_told(box)}"]'
        if box.enters:
            yield f'  {names[box.name]}e(["{_plain(", ".join(box.enters))}"]) --> {names[box.name]}'
        for number, stub in enumerate(box.leaves):
            out = f"{names[box.name]}o{number}"
            yield f'  {names[box.name]} {_arrow(stub.labels)} {out}(["{_plain(stub.to)}"])'
            if stub.missing:
                yield f"  style {out} {RED}"
        if box.problems:
            yield f"  style {names[box.name]} {RED}"
    for arrow in picture.arrows:
        yield f"  {names[arrow.start]} {_arrow(arrow.labels)} {names[arrow.end]}"
    for number, says in enumerate(picture.problems):
        yield f'  p{number}["{_plain(says)}"]'
        yield f"  style p{number} {RED}"


def _arrow(labels: tuple[str, ...]) -> str:
    return f'-- "{_plain(on_arrow(labels))}" -->' if labels else "-->"


def _told(box: Box) -> str:
    words = wrapped(box.words, SMALL, 180, WORDS_SHOWN)
    lines = [f"{box.kind}, {box.seconds}" if box.seconds else box.kind, *words, *box.problems]
    return "<br/>".join([f"<b>{_plain(box.name)}</b>", *map(_plain, filter(None, lines))])


def _plain(text: str) -> str:
    """Without what Mermaid, or the page around it, would take for its own.

    >>> _plain('press "1" & <go>')
    'press #quot;1#quot; #amp; #lt;go#gt;'
    """
    for sign, name in (("#", "#35;"), ("&", "#amp;"), ('"', "#quot;"), ("<", "#lt;"), (">", "#gt;")):
        text = text.replace(sign, name)
    return text
