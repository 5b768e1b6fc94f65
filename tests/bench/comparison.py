"""Compares one key press on our server with other servers, in interleaved rounds, so that noise affects all of them."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import cycle
from pathlib import Path
from time import sleep

from tests.bench import helpline
from tests.bench.helpline import MENU_KEY, deadline_keys
from tests.bench.load_generator import closed_loop, open_loop
from tests.bench.machine import Cores
from tests.bench.server_process import Command, ServerProcess, running_server
from tests.bench.stats import percentile

RECORDS_WRITTEN = 0.5
"""Seconds after a round in which the call records are written."""
GUNICORN = "--worker-class gthread --threads 4 --log-level error tests.bench.servers.flask_sample:app"


class Workload(StrEnum):
    """A server, or one of several requests to our own server."""

    BASELINE = "baseline"
    SIGNATURE_ONLY = "signature_only"
    MENU_UNRECORDED = "menu_unrecorded"
    MENU = "menu"
    NEW_CALL = "new_call"
    DEADLINE = "deadline"
    REFERENCE = "reference"
    REFERENCE_WITH_RECORDS = "reference_with_records"
    FLASK = "flask"


OURS = {Workload.MENU, Workload.NEW_CALL, Workload.DEADLINE}
"""The requests to our server."""
SLOW = {Workload.REFERENCE, Workload.REFERENCE_WITH_RECORDS, Workload.FLASK}
COMMANDS: Mapping[Workload, Command] = {
    Workload.BASELINE: lambda port: ["-m", "tests.bench.servers.bare_starlette", str(port)],
    Workload.SIGNATURE_ONLY: lambda port: ["-m", "tests.bench.servers.signature_only", str(port)],
    Workload.MENU: helpline.command,
    Workload.MENU_UNRECORDED: lambda port: helpline.command(port, "--no-records"),
    Workload.REFERENCE: lambda port: ["-m", "tests.bench.servers.reference", str(port)],
    Workload.REFERENCE_WITH_RECORDS: lambda port: ["-m", "tests.bench.servers.reference", str(port)],
    Workload.FLASK: lambda port: ["-m", "gunicorn", "--bind", f"127.0.0.1:{port}", *GUNICORN.split()],
}


@dataclass
class Comparison:
    """By workload, one figure per round: closed-loop throughput, CPU time per request, and open-loop p99."""

    per_second: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    cpu_microseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    load_generator_share: list[float] = field(default_factory=list)
    """The load generator's CPU time as a share of the baseline's rounds."""
    errors: int = 0
    p99_milliseconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))


@contextmanager
def running_servers(folder: Path, cores: Cores) -> Iterator[dict[Workload, ServerProcess]]:
    """Start all servers on the same core; those without requests are idle."""
    first = MENU_KEY.requests(1)[0]
    records = {"REFERENCE_RECORDS": str(folder / "reference.db")}
    ours = helpline.settings(folder)
    settings = {Workload.MENU: ours, Workload.MENU_UNRECORDED: ours, Workload.REFERENCE_WITH_RECORDS: records}
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(running_server(command, cores.server, first, settings.get(name)))
            for name, command in COMMANDS.items()
        }


def compare(
    servers: Mapping[Workload, ServerProcess], rounds: int, number: int, rate: float, seconds: float
) -> Comparison:
    """Run closed-loop rounds of `number` requests, a quarter for slow servers, then open-loop rounds at `rate`."""
    found, deadlines = Comparison(), cycle(deadline_keys(servers[Workload.MENU]))

    def requests_for(name: Workload) -> list[bytes]:
        if name is Workload.DEADLINE:
            return [one for _ in range(number // 8) for one in next(deadlines).requests(8)]
        if name is Workload.NEW_CALL:
            return helpline.new_calls(number)
        return MENU_KEY.requests(number // 4 if name in SLOW else number)

    for _ in range(rounds):
        for name in Workload:
            server = servers[Workload.MENU if name in OURS else name]
            _closed_loop_round(found, name, server, requests_for(name))
    for _ in range(rounds):
        for name in (Workload.BASELINE, Workload.MENU):
            latencies, errors = open_loop(servers[name].port, MENU_KEY.requests(int(rate * seconds)), rate)
            found.p99_milliseconds[name].append(percentile(latencies, 99) * 1000)
            found.errors += errors
    return found


def _closed_loop_round(found: Comparison, name: Workload, server: ServerProcess, requests: Sequence[bytes]) -> None:
    before = server.cpu_seconds
    done = closed_loop(server.port, requests)
    if name in OURS:
        sleep(RECORDS_WRITTEN)
    found.cpu_microseconds[name].append((server.cpu_seconds - before) / done.requests * 1e6)
    found.per_second[name].append(done.per_second)
    found.errors += done.errors
    if name == Workload.BASELINE:
        found.load_generator_share.append(done.cpu_seconds / done.seconds)
