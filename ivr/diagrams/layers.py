"""Puts what leads to one another into rows, each below what leads to it, with as few crossings as can be had cheaply.

After Sugiyama, Tagawa and Toda, Methods for Visual Understanding of Hierarchical System Structures (1981): turn round
what leads back, give each its row, put places where an arrow passes a row, order each row by the middle of its
neighbours, and then move it as near to them as there is room.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

Pair = tuple[str, str]
Extent = Callable[[str], tuple[float, float]]
"""How far somebody reaches to the left and to the right of their middle."""
ROUNDS = 12
GAP = 26.0
"""Pixels between neighbours."""
PASSING = 7.0
"""How far an arrow that passes a row keeps others away, to each side."""


@dataclass(frozen=True)
class Rows:
    """Who stands in which row, in order; their middles; and the way of each arrow, row by row.

    A way begins in the upper row, whichever way the arrow points.
    """

    rows: Sequence[Sequence[str]]
    middles: Mapping[str, float]
    ways: Mapping[Pair, tuple[str, ...]]


def laid(names: Sequence[str], pairs: Sequence[Pair], extent: Extent, room: float) -> Rows:
    """Rows no wider than there is `room`, as far as that is possible."""
    down = _downward(names, pairs)
    rank = _narrowed(_ranks(names, down), extent, room)
    rows, ways = _with_passers(names, down, rank)
    reaches = _reaches(extent, set(names))
    _order(rows, ways)
    return Rows(rows, _middles(rows, ways, reaches), ways)


def _downward(names: Sequence[str], pairs: Sequence[Pair]) -> list[Pair]:
    """Every arrow, those that lead back turned round; one that leads to itself has no place here."""
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
    for name in sorted(names, key=lambda one: one in targets):  # those that nobody leads to come first
        if name not in entered:
            visit(name)
    return [pair for pair in down if pair[0] != pair[1]]


def _ranks(names: Sequence[str], down: Sequence[Pair]) -> dict[str, int]:
    """The row of each: as far down as the longest way that leads there."""
    rank = dict.fromkeys(names, 0)
    for _ in names:
        for start, end in down:
            rank[end] = max(rank[end], rank[start] + 1)
    return rank


def _narrowed(rank: Mapping[str, int], extent: Extent, room: float) -> dict[str, int]:
    """Rows that are too wide are made into several, one below the other."""
    narrow: dict[str, int] = {}
    row = 0
    for old in range(max(rank.values(), default=-1) + 1):
        used = 0.0
        for name in (name for name in rank if rank[name] == old):
            wide = sum(extent(name)) + GAP
            if used and used + wide > room:
                row, used = row + 1, 0.0
            narrow[name] = row
            used += wide
        row += 1
    return narrow


def _with_passers(
    names: Sequence[str], down: Sequence[Pair], rank: Mapping[str, int]
) -> tuple[list[list[str]], dict[Pair, tuple[str, ...]]]:
    """The rows, with a place in each for every arrow that passes through."""
    rows: list[list[str]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    for name in names:
        rows[rank[name]].append(name)
    ways: dict[Pair, tuple[str, ...]] = {}
    for start, end in down:
        passers = {row: f"{start}>{end}>{row}" for row in range(rank[start] + 1, rank[end])}
        for row, passer in passers.items():
            rows[row].append(passer)
        ways[start, end] = (start, *passers.values(), end)
    return rows, ways


def _reaches(extent: Extent, real: set[str]) -> Extent:
    return lambda name: extent(name) if name in real else (PASSING, PASSING)


def _neighbours(ways: Mapping[Pair, tuple[str, ...]]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Above and below each."""
    above, below = defaultdict[str, list[str]](list), defaultdict[str, list[str]](list)
    for way in ways.values():
        for upper, lower in pairwise(way):
            above[lower].append(upper)
            below[upper].append(lower)
    return above, below


def _order(rows: list[list[str]], ways: Mapping[Pair, tuple[str, ...]]) -> None:
    """Sort each row by the middle of its neighbours, downwards and upwards in turn; the best order stays."""
    above, below = _neighbours(ways)
    best, least = [list(row) for row in rows], _crossings(rows, below)
    for turn in range(ROUNDS):
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


def _middles(rows: Sequence[Sequence[str]], ways: Mapping[Pair, tuple[str, ...]], reaches: Extent) -> dict[str, float]:
    """The middle of each: as near to its neighbours' as those beside it leave room."""
    above, below = _neighbours(ways)
    middles: dict[str, float] = {}
    for row in rows:
        middles |= _spread(row, [0.0] * len(row), reaches)
    for turn in range(2 * ROUNDS):
        near, order = (above, rows) if turn % 2 == 0 else (below, rows[::-1])
        for row in order:
            wished = [_mean([middles[one] for one in near[name]], middles[name]) for name in row]
            middles |= _spread(row, wished, reaches)
    return middles


def _spread(row: Sequence[str], wished: Sequence[float], reaches: Extent) -> dict[str, float]:
    """As near to what is wished as possible without touching: the least squares, by pooling those that would."""
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
    return sum(numbers) / len(numbers) if numbers else otherwise
