"""CPU time per key press with more and more steps loaded, past calls in the database, and queued texts."""

import shutil
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from time import sleep
from uuid import uuid4

from tests.bench.helpline import MENU_KEY, running_helpline, settings
from tests.bench.load_generator import closed_loop
from tests.bench.machine import Cores
from tests.bench.server_process import ROOT

TIMESTAMP = "2026-11-20 09:00:00.000000"
STEPS_PER_FLOW = 100
InsertRows = Callable[[sqlite3.Connection, int], None]
ServerArguments = tuple[str, ...]


def past_calls(db: sqlite3.Connection, number: int) -> None:
    """Insert calls that are over, each with an event."""
    db.executemany(
        "insert into calls (blind_index, began, last, ended, topics, outcome, events) "
        "values (?, ?, ?, ?, 'school', 'text', 1)",
        ((n.to_bytes(32), TIMESTAMP, TIMESTAMP, TIMESTAMP) for n in range(number)),
    )
    db.executemany(
        "insert into call_events (call, at, version, turn, step, attempt, page, happened, topic, detail) "
        "values (?, ?, '', 1, 'school/menu', 0, 0, 'Digits', 'school', '')",
        ((n.to_bytes(32), TIMESTAMP) for n in range(number)),
    )


def queued_texts(db: sqlite3.Connection, number: int) -> None:
    """Insert texts that are still to be sent."""
    times = (TIMESTAMP,) * 3
    rows = ((str(uuid4()), b"n" * 40, n.to_bytes(32), b"b" * 200, *times) for n in range(number))
    db.executemany(
        "insert into sms_outbox (id, number, blind_index, body, topic, state, "
        "promised, due, changed, attempts, resent, looks) "
        "values (?, ?, ?, ?, 'school', 'waiting', ?, ?, ?, 0, 0, 0)",
        rows,
    )


def by_rows(insert: InsertRows, sizes: Sequence[int], cores: Cores, rounds: int, number: int) -> dict[int, list[float]]:
    """Return the microseconds per key press, for each number of rows, in each round."""

    def prepare(folder: Path, size: int) -> ServerArguments:
        settings(folder)
        with closing(sqlite3.connect(folder / "helpline.db")) as db, db:  # closed, and committed
            insert(db, size)
        return ()

    return _measure(prepare, sizes, cores, rounds, number)


def by_steps(sizes: Sequence[int], cores: Cores, rounds: int, number: int) -> dict[int, list[float]]:
    """Return the microseconds per key press, for each number of additional steps, in each round."""
    return _measure(lambda folder, size: (str(write_content(folder, size)),), sizes, cores, rounds, number)


def _measure(
    prepare: Callable[[Path, int], ServerArguments], sizes: Sequence[int], cores: Cores, rounds: int, number: int
) -> dict[int, list[float]]:
    """Measure all sizes in every round, so that noise affects each of them."""
    microseconds: dict[int, list[float]] = {size: [] for size in sizes}
    with TemporaryDirectory() as parent, ExitStack() as stack:
        servers = {}
        for size in sizes:
            folder = Path(parent) / str(size)
            folder.mkdir()
            arguments = prepare(folder, size)
            servers[size] = stack.enter_context(running_helpline(folder, cores, *arguments))
        for _ in range(rounds):
            for size, server in servers.items():
                before = server.cpu_seconds
                closed_loop(server.port, MENU_KEY.requests(number))
                sleep(0.5)
                microseconds[size].append((server.cpu_seconds - before) / number * 1e6)
    return microseconds


def write_content(folder: Path, number: int) -> Path:
    """Copy the helpline's flows and prompts and add this many steps, all of which can be reached."""
    for name in ("flows", "prompts"):
        shutil.copytree(ROOT / name, folder / name)
    for first in range(0, number, STEPS_PER_FLOW):
        steps = min(STEPS_PER_FLOW, number - first)
        _write_flow(folder, first // STEPS_PER_FLOW, steps, is_last=first + STEPS_PER_FLOW >= number)
    welcome = folder / "flows/welcome.yaml"
    welcome.write_text(welcome.read_text("utf-8").replace("go: health_or_care/menu", "go: more0/s0"), "utf-8")
    return folder


def _write_flow(folder: Path, place: int, number: int, is_last: bool) -> None:
    name, following = f"more{place}", "health_or_care/menu" if is_last else f"more{place + 1}/s0"
    steps, prompts = [], []
    for n in range(number):
        to = f"s{n + 1}" if n + 1 < number else following
        steps.append(f"s{n}:\n  kind: menu\n  choices:\n    1: {{say: further, go: {to}}}\n  otherwise: person/ring\n")
        prompts.append(f"s{n}:\n  further: For step {n} of {name}, press {{key}}.\n  shorter: Press {{further}}.\n")
    (folder / f"flows/{name}.yaml").write_text("\n".join(steps), "utf-8")
    (folder / f"prompts/en-GB/{name}.yaml").write_text("\n".join(prompts), "utf-8")
