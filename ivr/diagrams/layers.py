"""Layered graph layout: nodes in rows, each below what leads to it, with few crossings.

After Sugiyama, Tagawa and Toda, Methods for Visual Understanding of Hierarchical System Structures (1981): reverse
back edges, rank the nodes, insert dummy nodes where an edge passes a row, order each row by the barycentre of its
neighbours, and then assign coordinates.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import fsum

Pair = tuple[str, str]
Extent = Callable[[str], tuple[float, float]]
"""The distance from the centre of a node to its left and to its right edge."""
SWEEPS = 12
GAP = 26.0
"""Pixels between neighbours of a row."""
DUMMY_WIDTH = 7.0
"""Pixels that an edge passing a row keeps free, to each side."""


@dataclass(frozen=True)
class Layers:
    """The nodes of each row, in order; the x of their centres; and the path of each edge, row by row.

    A path begins in the upper row, whichever way the edge points.
    """

    rows: Sequence[Sequence[str]]
    x: Mapping[str, float]
    paths: Mapping[Pair, tuple[str, ...]]


def assign_layers(names: Sequence[str], pairs: Sequence[Pair], extent: Extent, room: float) -> Layers:
    """Return rows no wider than `room`, as far as that is possible."""
    down = _acyclic(names, pairs)
    rank = _split_wide_rows(_ranks(names, down), extent, room)
    rows, paths = _with_dummy_nodes(names, down, rank)
    reaches = _reaches(extent, set(names))
    _reduce_crossings(rows, paths)
    return Layers(rows, _x_coordinates(rows, paths, reaches), paths)


def _acyclic(names: Sequence[str], pairs: Sequence[Pair]) -> list[Pair]:
    """Return all edges, back edges reversed, without self-loops."""
    ahead = defaultdict(list)
    for start, end in pairs:
        ahead[start].append(end)
    entered, left, down = set[str](), set[str](), dict[Pair, None]()

    def visit(name: str) -> None:
        entered.add(name)
        for end in ahead[name]:
            if end in entered and end not in left:
                down[end, name] = None
            else:
                down[name, end] = None
            if end not in entered:
                visit(end)
        left.add(name)

    targets = {end for _, end in pairs}
    for name in sorted(names, key=lambda one: one in targets):  # roots come first
        if name not in entered:
            visit(name)
    return [pair for pair in down if pair[0] != pair[1]]


def _ranks(names: Sequence[str], down: Sequence[Pair]) -> dict[str, int]:
    """Return the row of each node: the length of the longest path that leads there."""
    rank = dict.fromkeys(names, 0)
    for _ in names:
        for start, end in down:
            rank[end] = max(rank[end], rank[start] + 1)
    return rank


def _split_wide_rows(rank: Mapping[str, int], extent: Extent, room: float) -> dict[str, int]:
    """Split rows that are too wide into several, one below the other."""
    narrow: dict[str, int] = {}
    row = 0
    for old in range(max(rank.values(), default=-1) + 1):
        used = 0.0
        for name in (name for name in rank if rank[name] == old):
            wide = fsum(extent(name)) + GAP
            if used and used + wide > room:
                row, used = row + 1, 0.0
            narrow[name] = row
            used += wide
        row += 1
    return narrow


def _with_dummy_nodes(
    names: Sequence[str], down: Sequence[Pair], rank: Mapping[str, int]
) -> tuple[list[list[str]], dict[Pair, tuple[str, ...]]]:
    """Return the rows with a dummy node in each for every edge that passes through."""
    rows: list[list[str]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for name in names:
        rows[rank[name]].append(name)
    paths: dict[Pair, tuple[str, ...]] = {}
    for start, end in down:
        dummies = {row: f"{start}>{end}>{row}" for row in range(rank[start] + 1, rank[end])}
        for row, dummy in dummies.items():
            rows[row].append(dummy)
        paths[start, end] = (start, *dummies.values(), end)
    return rows, paths


def _reaches(extent: Extent, real: set[str]) -> Extent:
    return lambda name: extent(name) if name in real else (DUMMY_WIDTH, DUMMY_WIDTH)


def _neighbours(paths: Mapping[Pair, tuple[str, ...]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return the neighbours above and below each node."""
    above, below = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for path in paths.values():
        for upper, lower in pairwise(path):
            above[lower].append(upper)
            below[upper].append(lower)
    return above, below


def _reduce_crossings(rows: list[list[str]], paths: Mapping[Pair, tuple[str, ...]]) -> None:
    """Sort each row by the barycentre of its neighbours, downwards and upwards in turn, and keep the best order."""
    above, below = _neighbours(paths)
    best, least = [list(row) for row in rows], _crossings(rows, below)
    for turn in range(SWEEPS):
        near, sweep = (above, range(len(rows))) if turn % 2 == 0 else (below, range(len(rows) - 1, -1, -1))
        for number in sweep:
            place = {name: at for row in rows for at, name in enumerate(row)}
            rows[number].sort(key=lambda name: _mean([place[one] for one in near[name]], place[name]))
        if (now := _crossings(rows, below)) < least:
            best, least = [list(row) for row in rows], now
    rows[:] = best


def _crossings(rows: Sequence[Sequence[str]], below: Mapping[str, list[str]]) -> int:
    place = {name: at for row in rows for at, name in enumerate(row)}
    found = 0
    for row in rows:
        ends = [(place[name], place[one]) for name in row for one in below.get(name, ())]
        found += sum((a < c and b > d) or (a > c and b < d) for i, (a, b) in enumerate(ends) for c, d in ends[:i])
    return found


def _x_coordinates(
    rows: Sequence[Sequence[str]], paths: Mapping[Pair, tuple[str, ...]], reaches: Extent
) -> dict[str, float]:
    """Return the x of each node: as near to its neighbours' as those beside it leave room."""
    above, below = _neighbours(paths)
    x: dict[str, float] = {}
    for row in rows:
        x |= _spread(row, [0.0] * len(row), reaches)
    for turn in range(2 * SWEEPS):
        near, order = (above, rows) if turn % 2 == 0 else (below, rows[::-1])
        for row in order:
            wished = [_mean([x[one] for one in near[name]], x[name]) for name in row]
            x |= _spread(row, wished, reaches)
    return x


def _spread(row: Sequence[str], wished: Sequence[float], reaches: Extent) -> dict[str, float]:
    """Return the x nearest to those wished for, without overlap: isotonic regression by pooling adjacent violators."""
    offsets, offset = [0.0], 0.0
    for one, other in pairwise(row):
        offset += reaches(one)[1] + GAP + reaches(other)[0]
        offsets.append(offset)
    pools: list[tuple[float, int]] = []
    for wish, apart in zip(wished, offsets, strict=False):
        pools.append((wish - apart, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (before, many), (after, more) = pools[-2:]
            pools[-2:] = [((before * many + after * more) / (many + more), many + more)]
    places = [place for place, many in pools for _ in range(many)]
    return {name: place + apart for name, place, apart in zip(row, places, offsets, strict=False)}


def _mean(numbers: Sequence[float], otherwise: float) -> float:
    return fsum(numbers) / len(numbers) if numbers else otherwise  # sum adds floats differently since Python 3.12
