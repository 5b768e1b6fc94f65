"""Names the slip of the pen for which a file is not the YAML that its editor meant, and mends it to read on.

A parser notices a slip late: a quote that is never closed, at the next quote; a line that stands too far left, at the
line after it. So the changes that an editor would make are tried on the lines before, one line at a time, and the
one with which the parser comes farthest tells what the slip is. The file is read as mended, for the rest of it to be
checked too; what was mended is a problem of its own, so no call is ever answered by a guess.
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from yaml import YAMLError

from ivr.engine.yaml import (
    SYNTAX,
    Mapping,
    Node,
    Scalar,
    Source,
    compose,
    error_line,
    has_stray_quote,
    is_odd_item,
    joined,
    parsed,
    words_of,
)
from ivr.engine.yaml import Sequence as List
from ivr.engine.yaml_mends import INDENT, QUOTE, Mend, indent, mends, opens_quote

FAR_BACK = 20
"""Lines before the one in which the parser gave up that are tried."""
MOST_SLIPS = 4
LONGEST = 50_000
"""Characters of a text that is mended: the longest of ours has a third of that."""
END = 1 << 30


class Slip(NamedTuple):
    """A line, from 1, and what is wrong with it."""

    line: int
    says: str


class Trial(NamedTuple):
    """What comes of a mend in its place; the likeliest is the least."""

    unread: int
    doubtful: int
    rank: int
    lost: int
    unevenness: int
    distance: int
    place: int
    mend: Mend


def read_mended(path: Path, name: str) -> Source:
    """Return the content of a file with its slips mended, and with a problem for each.

    A line that was mended may not hold what its editor meant: what is missing elsewhere may stand in it.
    """
    text, slips = mended(path.read_text("utf-8"))
    source = parsed(text, name)
    for slip in slips:
        source.refuse(SYNTAX, slip.line, slip.says)
        source.slipped |= words_of(text.split("\n")[slip.line - 1])
    source.unread |= source.slipped
    return source


def mended(text: str) -> tuple[str, list[Slip]]:
    """Return a text with its slips mended as far as they can be, and those slips."""
    lines, slips = text.split("\n"), list[Slip]()
    while len(text) < LONGEST and (stop := _read(lines).stop) < END:
        best = min((trial for place in _places(lines, stop) for trial in _trials(lines, place, stop)), default=None)
        if best is None:
            break
        lines[best.place] = best.mend.line
        slips.append(Slip(best.place + 1, best.mend.says))
        if len(slips) > MOST_SLIPS:
            return text, []  # it is no slip of single lines
    return "\n".join(lines), slips


def _trials(lines: list[str], place: int, stop: int) -> Iterator[Trial]:
    """Yield the mends of a line that bring the parser farther."""
    for mend in mends(lines[place]):
        after = [*lines[:place], mend.line, *lines[place + 1 :]]
        read = _read(after)
        if _is_progress(mend, read.stop, place, stop, _paragraph(lines, place)[1]):
            uneven, far = _unevenness(after, place), stop - place
            yield Trial(-read.stop, read.doubtful, mend.rank, -read.names, uneven, far, place, mend)


def _is_progress(mend: Mend, comes_to: int, place: int, stop: int, end: int) -> bool:
    """Return whether a mend brings the parser farther than before.

    A quote that is closed may uncover another slip; a line that slipped alone leaves the others of its paragraph,
    which ends at `end`, in order.
    """
    if mend.rank == INDENT:
        return comes_to > max(stop, end)
    return comes_to > stop or (mend.rank == QUOTE and place < comes_to < stop)


class Read(NamedTuple):
    """How far a text is read: the place of the first line that cannot be meant, the names, and those with nothing."""

    stop: int = END
    names: int = 0
    doubtful: int = 0


def _read(lines: list[str]) -> Read:
    try:
        root = compose("\n".join(lines))
    except YAMLError as error:
        return Read(min(error_line(error), len(lines)) - 1)
    except RecursionError:
        return Read()  # nobody wrote it by hand
    every = [node for node in _collections(root) if isinstance(node, Mapping)]
    stop = min((line - 1 for line in _every_misread(root, lines)), default=END)
    return Read(stop, sum(len(_names(one)) for one in every), sum(map(_doubtful, every)))


def _doubtful(node: Mapping) -> int:
    """Return how many names have nothing behind them, or stand there twice, or begin as a sentence does, or are keys
    and fields together.
    """
    names = _names(node)
    keys = sum(map(str.isdigit, names))
    empty = sum(_is_empty(value) for _, value in node.pairs)
    sentences = sum(name[:1].isupper() for name in names)
    return len(names) - len(set(names)) + empty + sentences + min(keys, len(names) - keys)


def _names(node: Mapping) -> list[str]:
    return [key.value for key, _ in node.pairs if isinstance(key, Scalar)]


def _collections(node: Node | None) -> Iterator[Mapping | List]:
    """Yield every mapping and every list of a document."""
    if isinstance(node, Mapping | List):
        yield node
        inside = node.values if isinstance(node, List) else [value for _, value in node.pairs]
        for inner in inside:
            yield from _collections(inner)


def _every_misread(root: Node | None, lines: list[str]) -> Iterator[int]:
    """Yield the lines of what is YAML and can hardly be meant.

    A name of several words, a name with no space after its colon, the name of a step among the fields of another, a
    field among the keys of a menu or a key among its fields, an item of a list in the item before it.
    """
    if isinstance(root, Mapping) and indent(lines[root.line - 1]) > 0:
        yield root.line
    for node in _collections(root):
        if isinstance(node, Mapping):
            yield from _misread(node, lines)
        else:
            yield from (item.line + (not has_stray_quote(item)) for item in node.values if is_odd_item(item))


def _misread(node: Mapping, lines: list[str]) -> Iterator[int]:
    seen, empty = list[str](), False
    for key, value in node.pairs:
        if isinstance(key, Scalar):
            empty = empty or _is_empty(value)
            is_among_others = bool(seen) and key.value.isdigit() != seen[0].isdigit()
            is_sentence = key.is_plain and re.search(r"\s|:$", key.value) is not None
            if is_sentence or is_among_others or (empty and (key.value in seen or _stands_apart(lines, key.line))):
                yield key.line
            if joined(key, value) or has_stray_quote(value):
                yield value.line
            seen.append(key.value)


def _stands_apart(lines: list[str], line: int) -> bool:
    """Return whether a line, from 1, is indented and has a blank one above it, or comments and then a blank one."""
    above = line - 2
    while above > 0 and lines[above].lstrip().startswith("#"):
        above -= 1
    return lines[line - 1][:1].isspace() and not lines[above].strip()


def _is_empty(node: Node) -> bool:
    """Return whether nothing stands behind a name."""
    return isinstance(node, Scalar) and node.is_plain and not node.value


def _places(lines: list[str], stop: int) -> list[int]:
    """Return the places of the lines that may have the slip: the first of the file, the nearest, the suspicious."""
    places = [at for at, line in enumerate(lines[: stop + 1]) if line.strip() and not line.lstrip().startswith("#")]
    return [
        at
        for at in places
        if at == places[0] or stop - at <= FAR_BACK or opens_quote(lines[at]) or indent(lines[at]) % 2
    ]


def _unevenness(lines: list[str], place: int) -> int:
    """Return how much the left edge goes in and out in the paragraph of a line: a line that slipped sticks out."""
    first, last = _paragraph(lines, place)
    indents = [*map(indent, lines[first : last + 1])]
    odd = sum(width % 2 for width in indents)
    return 10 * odd + indents[0] + sum(abs(one - other) for one, other in pairwise(indents))


def _paragraph(lines: list[str], place: int) -> tuple[int, int]:
    """Return the first and the last line between two blank ones."""
    first, last = place, place
    while first and lines[first - 1].strip():
        first -= 1
    while last + 1 < len(lines) and lines[last + 1].strip():
        last += 1
    return first, last
