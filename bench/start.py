"""From the start of a process to its first answered call; and its memory, when there was much to do."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bench import closed_loop, helpline
from bench.helpline import MENU
from bench.machine import Cores
from bench.rows import BARE, COMMANDS
from bench.served import Served, served
from bench.webhooks import form_of, name_of_call, request_of

RING = request_of("/voice", form_of(name_of_call(0)))


def seconds_to_answer(cores: Cores, rounds: int) -> tuple[list[float], list[float]]:
    """Of the bare server, and of `ivr serve`, in turn. The first, in which Python compiles them, does not count."""
    bare: list[float] = []
    ours: list[float] = []
    with TemporaryDirectory() as folder:
        settings = helpline.settings(Path(folder))
        for _ in range(rounds + 1):
            for found, command, more in ((bare, COMMANDS[BARE], None), (ours, _serve, settings)):
                began = perf_counter()
                with served(command, cores.server, RING, more):
                    found.append(perf_counter() - began)
    return bare[1:], ours[1:]


def _serve(port: int) -> Sequence[str]:
    return ["-m", "ivr", "serve", "--no-worker", "--port", str(port)]


def memory_over(there: Served, presses: int, looks: int = 10) -> list[float]:
    """Megabytes, before and in the course of so many key presses, as fast as they are answered."""
    found = [there.megabytes]
    for _ in range(looks):
        closed_loop.run(there.port, MENU.requests(presses // looks))
        found.append(there.megabytes)
    return found
