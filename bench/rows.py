"""A key press, beside what others do: in rounds that take turns, so that a noisy minute touches every row."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from time import sleep

from bench import closed_loop, helpline, open_loop
from bench.helpline import MENU, deadlines
from bench.machine import Cores
from bench.numbers import percentile
from bench.served import Command, Served, served

BARE, OURS, COMPUTED, OBVIOUS, FLASK = "bare", "menu", "deadline", "obvious", "flask"
SIGNED, RECORDED = "signed", "obvious and recorded"
SETTLES = 0.5
"""Seconds in which records are written, after a round."""
GUNICORN = ("--worker-class", "gthread", "--threads", "4", "--log-level", "error", "bench.servers.flask_sample:app")
COMMANDS: Mapping[str, Command] = {
    BARE: lambda port: ["-m", "bench.servers.bare", str(port)],
    SIGNED: lambda port: ["-m", "bench.servers.signed", str(port)],
    OURS: helpline.command,
    OBVIOUS: lambda port: ["-m", "bench.servers.obvious", str(port)],
    RECORDED: lambda port: ["-m", "bench.servers.obvious", str(port)],
    FLASK: lambda port: ["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *GUNICORN],
}


@dataclass
class Rows:
    """By row, a figure for each round: requests a second, and microseconds of the server's work for each."""

    per_second: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    work: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    busy: list[float] = field(default_factory=list)
    """The load's own share of its core while the bare server was asked."""
    errors: int = 0
    open: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    """The 99th percentile in milliseconds, of requests that came at a steady pace."""


@contextmanager
def all_served(folder: Path, cores: Cores) -> Iterator[dict[str, Served]]:
    """Every server at once, on the same core: those that are not asked do nothing."""
    first = MENU.requests(1)[0]
    settings = {OURS: helpline.settings(folder), RECORDED: {"RECORDS": str(folder / "obvious.db")}}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(served(command, cores.server, first, settings.get(name)))
            for name, command in COMMANDS.items()
        }


def measured(servers: Mapping[str, Served], rounds: int, number: int, per_second: float, seconds: float) -> Rows:
    """So many rounds of each row; `number` requests in a round, a quarter for those who are slow."""
    rows, computed = Rows(), cycle(deadlines(servers[OURS]))
    made: dict[str, Callable[[], list[bytes]]] = {
        BARE: lambda: MENU.requests(number),
        SIGNED: lambda: MENU.requests(number),
        OURS: lambda: MENU.requests(number),
        COMPUTED: lambda: [one for _ in range(number // 8) for one in next(computed).requests(8)],
        OBVIOUS: lambda: MENU.requests(number // 4),
        RECORDED: lambda: MENU.requests(number // 4),
        FLASK: lambda: MENU.requests(number // 4),
    }
    for _ in range(rounds):
        for name, requests in made.items():
            _one_round(rows, name, servers[OURS if name == COMPUTED else name], requests())
    for _ in range(rounds):
        for name in (BARE, OURS):
            took, errors = open_loop.run(servers[name].port, MENU.requests(int(per_second * seconds)), per_second)
            rows.open[name].append(percentile(took, 99) * 1000)
            rows.errors += errors
    return rows


def _one_round(rows: Rows, name: str, there: Served, requests: Sequence[bytes]) -> None:
    before = there.cpu
    done = closed_loop.run(there.port, requests)
    if name in (OURS, COMPUTED):
        sleep(SETTLES)
    rows.work[name].append((there.cpu - before) / done.requests * 1e6)
    rows.per_second[name].append(done.per_second)
    rows.errors += done.errors
    if name == BARE:
        rows.busy.append(done.busy / done.seconds)
