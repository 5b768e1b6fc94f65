"""The changes that an editor would make to one line of a file that YAML cannot read."""

import re
from collections.abc import Iterator
from typing import NamedTuple

UNBROKEN = "\N{NO-BREAK SPACE}"
"""Makes a text of what YAML would take for a sign, and is a space to whoever reads the words."""
NAME = r"[\w-]+"
SIGNS = r"[\[\]{}@`%&*!|>,#?]"
"""What has a meaning in YAML where a value begins."""
TAB, SPACE, QUOTE, BRACKET, SIGN, NO_COLON, INDENT, COLON = range(8)
"""The sorts of slips, the one first that is taken where two would explain it."""


class Mend(NamedTuple):
    """A line as it may have been meant, and what to tell its editor; `rank` is lowest for the surest."""

    rank: int
    line: str
    says: str


def mends(line: str) -> Iterator[Mend]:
    """Yield the line as it may have been meant, in each way that there is."""
    before, name, value = re.match(rf"(\s*(?:- )*)({NAME}:(?=\s)|)(.*)", line).groups()  # type: ignore[union-attr]
    if "\t" in before:
        for width in (0, 2, 4, 6, 8):
            says = f"this line begins with a tab, and YAML wants spaces: begin it with {_spaces(width)} instead"
            yield Mend(TAB, " " * width + line.lstrip(), says)
        return
    yield from _after_name(before, value)
    yield from _quotes(line)
    yield from _brackets(line)
    if re.match(rf"\s*{SIGNS}", value):
        says = f'a text that begins with “{value.strip()[0]}” must stand in quotes: "{value.strip()[:20]}…"'
        yield Mend(SIGN, f"{before}{name} {UNBROKEN}{value.lstrip()}" if name else f"{before}{UNBROKEN}{value}", says)
    yield from _indents(line)
    for colon in reversed([*re.finditer(r":(?=\s|$)", line)]):
        says = "a colon is read as the end of a name: leave it out, or put the whole text in quotes"
        yield Mend(COLON, f"{line[: colon.end()]}{UNBROKEN}{line[colon.end() :]}", says)
    if not (name or before.strip()) and (word := re.match(r"[a-z_]+(?=( \S+){0,2}$)", value)):
        yield Mend(NO_COLON, f"{before}{word[0]}:{value[word.end() :]}", f"a colon is missing after “{word[0]}”")


def _after_name(before: str, value: str) -> Iterator[Mend]:
    if found := re.match(rf"({NAME}:):(?=\s|$)", value):
        yield Mend(SPACE, f"{before}{found[1]}{value[found.end() :]}", f"there is a colon too many after “{found[1]}”")
    elif found := re.match(rf"({NAME}):(?=\S)", value):
        yield Mend(SPACE, f"{before}{found[0]} {value[found.end() :]}", f"a space is missing after “{found[0]}”")


def opens_quote(line: str) -> bool:
    """Return whether a quote begins or ends something in a line."""
    return re.search(r"""(^|[\s\[{,:\]}])["']|["']($|[\]},])""", line) is not None


def _quotes(line: str) -> Iterator[Mend]:
    if not opens_quote(line):
        return
    for sign in {'"', "'"} & set(line):
        says = f"a quote ({sign}) is opened here and not closed, or is one too many: quote both ends, or neither"
        yield Mend(QUOTE, f"{line.rstrip()}{sign}", says)
        yield Mend(QUOTE, re.sub(r"([\]},]+\s*)$", rf"{sign}\1", line), says)
        for found in re.finditer(sign, line):
            yield Mend(QUOTE, line[: found.start()] + line[found.end() :], says)


def _brackets(line: str) -> Iterator[Mend]:
    for opened, closed in ("[]", "{}"):
        if line.count(opened) > line.count(closed):
            yield Mend(BRACKET, line.rstrip() + closed, f"a bracket “{opened}” is opened here and not closed")
        if line.count(opened) < line.count(closed):
            for found in re.finditer(re.escape(closed), line):
                says = f"a bracket “{closed}” is closed here and not opened"
                yield Mend(BRACKET, line[: found.start()] + line[found.end() :], says)


def _indents(line: str) -> Iterator[Mend]:
    now = indent(line)
    for width in {0, 2, 4, 6, 8} - {now}:
        side = "right" if width < now else "left"
        says = f"this line stands too far {side}: begin it with {_spaces(width)} instead of {now or 'none'}"
        yield Mend(INDENT, " " * width + line.lstrip(), says)


def indent(line: str) -> int:
    """Return the number of spaces that a line begins with."""
    return len(line) - len(line.lstrip())


def _spaces(width: int) -> str:
    return f"{width} spaces" if width else "no space"
