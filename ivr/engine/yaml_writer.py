"""Writes one value into a YAML file: its own bytes change, and nothing else.

Comments, quotes, folding and the other values stay as they are. Where the style of the value cannot hold the new text,
it is put in double quotes, which hold any (docs/decisions/040-one-value-is-written.md).
"""

import re
from collections.abc import Iterator

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ivr.engine.yaml import INVISIBLE, Plain, Where, parsed
from ivr.engine.yaml_scalars import FOLDED, LITERAL
from ivr.engine.yaml_spans import HEADER, ValueSpan, candidates
from ivr.errors import IvrError

LAST_BREAK = re.compile(r"(\r\n|\n|\r)\Z")


class CannotWrite(IvrError):
    """A value that cannot be written: there is no text of that name, or the file cannot be read as it is."""


def value_at(content: Plain, path: Where) -> Plain | None:
    """Return what stands in a file's content under a path; None if nothing does.

    >>> value_at({"menu": {"wrong": "No."}}, ("menu", "wrong"))
    'No.'
    """
    for name in path:
        if isinstance(content, list):
            content = dict(zip(map(str, range(len(content))), content, strict=True))
        if not isinstance(content, dict) or name not in content:
            return None
        content = content[name]
    return content


def replace_value(text: str, path: Where, value: str) -> str:
    """Return the text of a file in which another value stands under a path. Raises CannotWrite.

    >>> print(replace_value("wrong: No.  # short\\n", ("wrong",), "No: it is not."))
    wrong: "No: it is not."  # short
    <BLANKLINE>
    """
    before = parsed(text, "")
    present = value_at(before.content, path)
    cannot_be_read = any(problem.rule != INVISIBLE for problem in before.problems)
    if cannot_be_read or not isinstance(present, str):
        raise CannotWrite(f"there is no text to change under {'.'.join(path)}")
    if value == present:
        return text
    standing = _find(text, path)
    wanted = _with(before.content, path, value)
    for candidate in candidates(text, standing, value):
        after = parsed(candidate, "")
        if after.content == wanted and (not value or after.is_odd <= before.is_odd):
            return candidate
    raise CannotWrite(f"this text cannot be written under {'.'.join(path)}")


def _with(content: Plain, path: Where, value: str) -> Plain:
    if not path:
        return value
    name, *rest = path
    if isinstance(content, dict):
        return {key: _with(inner, tuple(rest), value) if key == name else inner for key, inner in content.items()}
    return [_with(inner, tuple(rest), value) if str(n) == name else inner for n, inner in enumerate(content)]


def _find(text: str, path: Where) -> ValueSpan:
    """Return where a value stands. The parser in Python is asked, whose marks count characters."""
    node, column = yaml.compose(text, Loader=yaml.BaseLoader), 0
    for name in path:
        column, node = next(_named(node, name))
    if not isinstance(node, ScalarNode):
        raise CannotWrite(f"there is no text to change under {'.'.join(path)}")
    start, end = node.start_mark.index, node.end_mark.index
    if node.style in (LITERAL, FOLDED):  # the line breaks after it are its own only if it says so
        header = HEADER.match(text, start)
        keeps = header is not None and header[3] == "+"
        end = start + len((LAST_BREAK.sub("", text[start:end])) if keeps else text[start:end].rstrip())
    return ValueSpan(start, end, node.style or "", column)


def _named(node: Node | None, name: str) -> Iterator[tuple[int, Node]]:
    """Yield what stands under a name, with the column of that name, or of the dash of an item."""
    if isinstance(node, MappingNode):
        yield from ((key.start_mark.column, value) for key, value in node.value if key.value == name)
    elif isinstance(node, SequenceNode):
        yield from ((node.start_mark.column, item) for n, item in enumerate(node.value) if str(n) == name)
