"""Autofix: corrects what is safe to correct in flows and prompts, line by line, and keeps comments as they are."""

import re
from collections.abc import Iterator
from pathlib import Path

from ivr.engine.content import Content
from ivr.engine.yaml import Source
from ivr.errors import Problem
from ivr.helpline.gsm7 import smart
from ivr.lint.rules.menus import CHOICES, WrittenMenu, expected_keys, menus_in
from ivr.lint.sentences import texted

CURLY = "“”‘’"


def fix(content: Content, folder: Path) -> Iterator[Problem]:
    """Rewrite the files in which something is fixed, and yield a problem for each line that was.

    The keys of menus are numbered in the order in which they stand; the curly quotes of texts become straight ones;
    spaces at the ends of lines go. A file that the YAML reader refuses is left alone.
    """
    for file, source in sorted(content.sources.items()):
        if source.problems:
            continue
        lines = (folder / file).read_text("utf-8").splitlines(keepends=True)
        before = list(lines)
        fixed = [*_keys(content, source, lines), *_quotes(content, source, lines), *_spaces(source, lines)]
        if lines != before:
            (folder / file).write_text("".join(lines), "utf-8")
        yield from sorted(fixed)


def _keys(content: Content, source: Source, lines: list[str]) -> Iterator[Problem]:
    for menu in menus_in(content):
        if menu.source is source:
            yield from _renumbered(menu, lines)


def _renumbered(menu: WrittenMenu, lines: list[str]) -> Iterator[Problem]:
    for key, expected in zip(menu.keys, expected_keys(menu.keys), strict=True):
        line = menu.source.line(menu.name, CHOICES, key)
        written = re.compile(rf"^(\s*)([\"']?){re.escape(key)}\2(?=\s*:)")
        if key != expected and written.search(lines[line - 1]):
            lines[line - 1] = written.sub(rf"\g<1>{expected}", lines[line - 1])
            yield Problem(menu.source.file, line, f"the key {key} is {expected} now")


def _quotes(content: Content, source: Source, lines: list[str]) -> Iterator[Problem]:
    """Straighten quotes, only in texts: a voice does not mind."""
    for name in texted(content):
        file, *path = content.written[name]
        if file == source.file:
            first = source.line(*path)
            for line in range(first, _end(source, first, len(lines)) + 1):
                if fixed := _straight(lines[line - 1]):
                    lines[line - 1] = fixed
                    yield Problem(file, line, "curly quotes are straight now")


def _straight(line: str) -> str | None:
    """Return the line with straight quotes; None where a quote would begin a value, which has a meaning in YAML."""
    _, _, value = line.rpartition(": ")
    if not any(sign in line for sign in CURLY) or value.lstrip().startswith(tuple(f"{CURLY}\"'")):
        return None
    return line.translate({ord(sign): smart(sign) for sign in CURLY})


def _end(source: Source, first: int, last: int) -> int:
    """Return the last line of the entry that begins in the line `first`."""
    return min((line - 1 for line in source.lines.values() if line > first), default=last)


def _spaces(source: Source, lines: list[str]) -> Iterator[Problem]:
    for place, line in enumerate(lines):
        fixed = re.sub(r"[ \t]+(?=\r?\n?$)", "", line)
        if fixed != line:
            lines[place] = fixed
            yield Problem(source.file, place + 1, "the spaces at the end of this line are gone")
