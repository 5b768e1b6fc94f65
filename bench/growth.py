"""What a key press costs when there is more of everything: steps, calls so far, texts that wait."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from uuid import uuid4

from bench import closed_loop, helpline, made_up
from bench.helpline import MENU
from bench.machine import Cores
from bench.served import Command, Served, served

WHEN = "2026-11-20 09:00:00.000000"
Fill = Callable[[sqlite3.Connection, int], None]


def past_calls(db: sqlite3.Connection, number: int) -> None:
    """Calls that are over, each with its record."""
    rows = ((str(uuid4()), n.to_bytes(32), WHEN, WHEN, WHEN) for n in range(number))
    db.executemany(
        "insert into calls (id, mark, began, last, topics, how, ended) values (?, ?, ?, ?, 'school', 'text', ?)", rows
    )


def waiting_texts(db: sqlite3.Connection, number: int) -> None:
    """Texts that nobody has sent yet."""
    rows = ((str(uuid4()), b"n" * 40, n.to_bytes(32), b"b" * 200, WHEN, WHEN, WHEN) for n in range(number))
    db.executemany(
        "insert into texts (id, number, mark, body, topic, state, promised, due, changed, attempts, doubled, looks) "
        "values (?, ?, ?, ?, 'school', 'waiting', ?, ?, ?, 0, 0, 0)",
        rows,
    )


def by_rows(fill: Fill, sizes: Sequence[int], cores: Cores, rounds: int, number: int) -> dict[int, list[float]]:
    """Microseconds of work for a key press, with so many rows."""
    with TemporaryDirectory() as folder:
        return _measured({size: _filled(Path(folder), fill, size) for size in sizes}, cores, rounds, number)


def by_steps(sizes: Sequence[int], cores: Cores, rounds: int, number: int) -> dict[int, list[float]]:
    """The same, with so many more steps loaded."""
    with TemporaryDirectory() as folder:
        return _measured({size: _with_steps(Path(folder), size) for size in sizes}, cores, rounds, number)


Setup = tuple[Path, Sequence[str]]


def _filled(folder: Path, fill: Fill, size: int) -> Setup:
    here = folder / str(size)
    here.mkdir()
    helpline.settings(here)
    with sqlite3.connect(here / "helpline.db") as db:
        fill(db, size)
    return here, ()


def _with_steps(folder: Path, size: int) -> Setup:
    here = folder / str(size)
    here.mkdir()
    return here, (str(made_up.written(here, size)),)


def _measured(setups: dict[int, Setup], cores: Cores, rounds: int, number: int) -> dict[int, list[float]]:
    """The smallest and the largest take turns too."""
    work: dict[int, list[float]] = {size: [] for size in setups}
    with _serving(setups, cores) as servers:
        for _ in range(rounds):
            for size, there in servers.items():
                before = there.cpu
                closed_loop.run(there.port, MENU.requests(number))
                sleep(0.5)
                work[size].append((there.cpu - before) / number * 1e6)
    return work


@contextmanager
def _serving(setups: dict[int, Setup], cores: Cores) -> Iterator[dict[int, Served]]:
    first = MENU.requests(1)[0]
    with ExitStack() as stack:
        yield {
            size: stack.enter_context(served(_command(more), cores.server, first, helpline.settings(here)))
            for size, (here, more) in setups.items()
        }


def _command(more: Sequence[str]) -> Command:
    return lambda port: helpline.command(port, *more)
