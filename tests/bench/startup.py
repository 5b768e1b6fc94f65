"""Seconds from the start of a process to its first answered call, and its memory under load."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.comparison import COMMANDS, Workload
from tests.bench.helpline import MENU_KEY, settings
from tests.bench.load_generator import closed_loop
from tests.bench.machine import Cores
from tests.bench.server_process import ServerProcess, running_server
from tests.bench.twilio_requests import call_sid, signed_request, voice_form

INCOMING_CALL = signed_request("/voice", voice_form(call_sid(0)))


def startup_seconds(cores: Cores, rounds: int) -> tuple[list[float], list[float]]:
    """Return those of the baseline and of `ivr serve`, interleaved, after one warm-up round that writes bytecode."""
    baseline: list[float] = []
    ours: list[float] = []
    with TemporaryDirectory() as folder:
        environment = settings(Path(folder))
        for _ in range(rounds + 1):
            for found, command, more in (
                (baseline, COMMANDS[Workload.BASELINE], None),
                (ours, _ivr_serve, environment),
            ):
                began = perf_counter()
                with running_server(command, cores.server, INCOMING_CALL, more):
                    found.append(perf_counter() - began)
    return baseline[1:], ours[1:]


def _ivr_serve(port: int) -> Sequence[str]:
    return ["-m", "ivr", "serve", "--no-worker", "--port", str(port)]


def memory_megabytes(server: ServerProcess, key_presses: int, samples: int = 10) -> list[float]:
    """Return the memory before, and ten times during, this many key presses at full speed."""
    found = [server.megabytes]
    for _ in range(samples):
        closed_loop(server.port, MENU_KEY.requests(key_presses // samples))
        found.append(server.megabytes)
    return found
