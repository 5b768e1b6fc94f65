"""Renders the prompt script as plain text."""

from collections.abc import Iterator
from textwrap import fill

from ivr.prompt_script.script import Part, PromptScript

WIDE = 100
SIGNED = "Read and agreed: name ______________________________ date ______________"


def plain_text(document: PromptScript) -> str:
    """Return the prompt script as plain text."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: PromptScript) -> Iterator[str]:
    yield from ("EVERY WORD THAT THE HELPLINE CAN SAY", "")
    yield from (f"As of {document.as_of:%d %B %Y}. Fingerprint: {document.fingerprint}.", "", SIGNED)
    for chapter in document.chapters:
        yield from ("", "", chapter.name.upper(), "=" * len(chapter.name))
        for part in chapter.parts:
            yield from _part(part)
        yield from ("", SIGNED)
    yield from ("", "", "THE FACTS THAT ARE SAID", "=" * 23)
    for fact in document.facts:
        yield from ("", fact.name, _indented(fact.text), _indented(fact.source))


def _part(part: Part) -> Iterator[str]:
    yield from ("", f"{part.name}  ({part.kind})" if part.kind else part.name)
    for line in part.lines:
        yield from (f"  {line.title}", _indented(line.words))
    if part.keys:
        yield fill("; ".join(part.keys), WIDE, initial_indent="  leads on: ", subsequent_indent="    ")
    if part.facts:
        yield fill("; ".join(part.facts), WIDE, initial_indent="  names: ", subsequent_indent="    ")


def _indented(words: str) -> str:
    """Wrap and indent each line."""
    indent = "    "
    wrapped = (
        fill(line, WIDE, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)
        for line in words.splitlines()
    )
    return "\n".join(wrapped)
