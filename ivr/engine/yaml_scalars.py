"""How a text is written in each of YAML's styles, and folded (https://yaml.org/spec/1.1/#id903915)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

PLAIN, SINGLE, DOUBLE, LITERAL, FOLDED = "", "'", '"', "|", ">"
"""The styles, by the sign that a value begins with."""
_NAMED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0"}
_BREAKS = "\x85\u2028\u2029\ufeff"
BLANK = ""


@dataclass(frozen=True)
class Layout:
    """Where a value stands: the column of its first line, the indent of the others, the width of the file, its lines.

    `lines` are those that stand there now, each without its indent.
    """

    column: int
    indent: int
    width: int
    lines: Sequence[str]


def quoted(value: str) -> str:
    """Return any text in double quotes, in one line.

    >>> print(quoted('Say "yes".' + chr(7)))
    "Say \\"yes\\".\\x07"
    """
    return f'"{_escaped(value, keep="")}"'


def flow_lines(value: str, style: str, layout: Layout) -> list[str]:
    """Return a plain or quoted value as lines. Those of now that say the same still are kept as they are."""
    written = {SINGLE: value.replace("'", "''"), DOUBLE: _escaped(value, keep="\n")}.get(style, value)
    return _folded(f"{style}{written}{style}", layout)


def block_lines(value: str, style: str, layout: Layout) -> list[str]:
    """Return the lines under the header of a literal or folded value; its last line breaks are the header's matter."""
    words = value.rstrip("\n")
    return words.split("\n") if style == LITERAL else _folded(words, layout)


def _escaped(value: str, keep: str) -> str:
    return "".join(sign if sign in keep else _escape(sign) for sign in value)


def _escape(sign: str) -> str:
    if sign in _NAMED:
        return _NAMED[sign]
    if sign == " " or (sign.isprintable() and sign not in _BREAKS):
        return sign
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _folded(written: str, layout: Layout) -> list[str]:
    """Return lines that YAML joins by spaces, with a blank one for each line break of the value."""
    wanted = list(_tokens(written.split("\n")))
    if len(layout.lines) < 2 and BLANK not in wanted and layout.column + len(written) <= layout.width:
        return [written]
    standing = [list(_tokens([line])) if line else [BLANK] for line in layout.lines]
    first = _kept(wanted, standing[:-1])
    head = sum(map(len, standing[:first]))
    last = _kept(wanted[head:][::-1], [line[::-1] for line in reversed(standing[first:])])
    tail = sum(map(len, standing[len(standing) - last :]))
    middle = wanted[head : len(wanted) - tail]
    taken = 0 if first else layout.column - layout.indent
    changed = _wrapped(middle, layout.width - layout.indent, taken)
    return [*layout.lines[:first], *changed, *layout.lines[len(layout.lines) - last :]] or [BLANK]


def _tokens(paragraphs: Sequence[str]) -> Iterator[str]:
    """Yield the words of a text, and a blank for each line break; a line whose spaces matter is one word."""
    for place, paragraph in enumerate(paragraphs):
        if place:
            yield BLANK
        if re.search(r"^\s|\s\s|[^\S ]|\s$", paragraph):
            yield paragraph
        elif paragraph:
            yield from paragraph.split(" ")


def _kept(wanted: Sequence[str], standing: Sequence[Sequence[str]]) -> int:
    """Return how many of the lines that stand there the words begin with."""
    place = 0
    for count, line in enumerate(standing):
        if list(wanted[place : place + len(line)]) != list(line):
            return count
        place += len(line)
    return len(standing)


def _wrapped(words: Sequence[str], width: int, taken: int) -> Iterator[str]:
    """Yield lines of at most `width` characters; of the first, some are taken by the name before it."""
    line = ""
    for word in words:
        if line and (word == BLANK or taken + len(line) + 1 + len(word) > width):
            yield line
            line, taken = "", 0
        if word == BLANK:
            yield BLANK
        else:
            line = f"{line} {word}" if line else word
    if line:
        yield line
