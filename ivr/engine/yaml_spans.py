"""Where a value stands in a YAML file, and the ways to put another text there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from ivr.engine.yaml_scalars import BLANK, DOUBLE, FOLDED, LITERAL, Layout, block_lines, flow_lines, quoted

INDENT = 2
NARROWEST, WIDEST = 80, 120
"""Characters of a line: as long as the longest of the file, within these."""
BREAK = re.compile(r"\r\n|\n|\r")
HEADER = re.compile(r"([|>])(\d?)([-+]?)(\d?)([^\r\n]*)")
"""Of a literal or folded value: its style, its indent and what becomes of its last line breaks, a comment."""


@dataclass(frozen=True)
class ValueSpan:
    """The characters from `start` to `end`, a value in some style; its name begins in a column."""

    start: int
    end: int
    style: str
    column: int


def candidates(text: str, span: ValueSpan, value: str) -> Iterator[str]:
    """Yield the file with the value in its own style, then in others that may hold it."""
    written = _blocks if span.style in (LITERAL, FOLDED) else _flows
    for start, words in written(text, span, value):
        yield text[:start] + words + text[span.end :]


def _flows(text: str, span: ValueSpan, value: str) -> Iterator[tuple[int, str]]:
    line_start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    written = BREAK.split(text[span.start : span.end])
    lines = [line.strip() for line in written]
    column = span.start - line_start
    indent = _indent_of(written[1:]) or span.column + INDENT
    is_below = not text[line_start : span.start].strip()
    layout = Layout(column, column if is_below else indent, _width(text), lines)
    gap = "" if text[span.start - 1].isspace() or lines != [""] else " "
    for style in dict.fromkeys((span.style if value else DOUBLE, DOUBLE)):
        made = flow_lines(value, style, layout)
        start, lead = span.start, gap
        if len(made) > 1 and len(lines) == 1 and not is_below:  # it begins under its name now
            start = line_start + len(text[line_start : span.start].rstrip())
            lead = _line_break(text) + " " * layout.indent
            made = flow_lines(value, style, Layout(layout.indent, layout.indent, layout.width, lines))
        yield start, lead + _joined(made, layout.indent, text)
    yield span.start, gap + quoted(value)


def _blocks(text: str, span: ValueSpan, value: str) -> Iterator[tuple[int, str]]:
    header, *lines = BREAK.split(text[span.start : span.end])
    style, digit, chomping, digit_after, comment = HEADER.fullmatch(header).groups()  # type: ignore[union-attr]
    digit = digit or digit_after
    indent = span.column + int(digit) if digit else _indent_of(lines) or span.column + INDENT
    made = block_lines(value, style, Layout(indent, indent, _width(text), [line[indent:] for line in lines]))
    breaks = len(value) - len(value.rstrip("\n"))
    for how in dict.fromkeys((chomping, "-", "", "+")):
        lines = [BLANK, *made, *([BLANK] * (breaks - 1) if how == "+" else [])]
        for width in dict.fromkeys((digit, str(indent - span.column))):
            yield span.start, f"{style}{width}{how}{comment}{_joined(lines, indent, text)}"
    yield span.start, quoted(value) + comment


def _joined(lines: list[str], indent: int, text: str) -> str:
    """Return lines joined, each but the first and the blank ones with its indent."""
    first, *others = lines
    return _line_break(text).join((first, *(f"{' ' * indent}{line}" if line else "" for line in others)))


def _indent_of(lines: list[str]) -> int:
    """Return the indent of the first of some lines that has words, 0 if none has."""
    first = next((line for line in lines if line.strip()), "")
    return sum(1 for _ in takewhile(" ".__eq__, first))


def _width(text: str) -> int:
    return min(max(NARROWEST, *(len(line) for line in BREAK.split(text))), WIDEST)


def _line_break(text: str) -> str:
    found = BREAK.search(text)
    return found[0] if found else "\n"
