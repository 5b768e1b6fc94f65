"""Stages with more and more virtual users, until one core no longer answers in time."""

import asyncio
import threading
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.helpline import running_helpline
from tests.bench.machine import Cores
from tests.bench.server_process import ServerProcess
from tests.bench.stats import percentile
from tests.bench.virtual_users import run_users
from tests.processes.load_balancer import PROVIDER_TIMEOUT

P99_LIMIT = 0.25
"""Seconds: the ramp-up ends after a stage with a longer p99."""


@dataclass(frozen=True)
class Stage:
    """The results of a constant number of virtual users; latencies in seconds, memory over time in megabytes.

    `callback_p99` is of the status callbacks at the end of calls, for which no caller waits; the provider gave up on
    `lost_callbacks` of them, and a worker has to look those calls up.
    """

    virtual_users: int
    responses: int
    p50: float
    p99: float
    callback_p99: float
    lost_callbacks: int
    errors: int
    error_names: tuple[str, ...]
    texts: int
    person_calls: int
    megabytes: tuple[float, ...]


def ramp_up(start: int, seconds: float, stage_seconds: float, limit: int, cores: Cores) -> list[Stage]:
    """Run the first stage for `seconds`, then stages of `stage_seconds` with half as many users more each."""
    stages, number = [], start
    with TemporaryDirectory() as folder, running_helpline(Path(folder), cores) as server:
        stages.append(_stage(server, number, seconds))
        while stage_seconds and stages[-1].p99 <= P99_LIMIT and number < limit:
            number += number // 2
            stages.append(_stage(server, number, stage_seconds))
    return stages


def _stage(server: ServerProcess, number: int, seconds: float) -> Stage:
    megabytes: list[float] = []
    is_over = threading.Event()

    def sample_memory() -> None:
        while not is_over.wait(seconds / 20):
            megabytes.append(server.megabytes)

    sampling = threading.Thread(target=sample_memory)
    sampling.start()
    found = asyncio.run(run_users(number, seconds, server.port))
    is_over.set()
    sampling.join()
    latencies = found.latencies or [PROVIDER_TIMEOUT]
    return Stage(
        virtual_users=number,
        responses=len(found.latencies),
        p50=percentile(latencies, 50),
        p99=percentile(latencies, 99),
        callback_p99=percentile(found.callback_latencies or [0.0], 99),
        lost_callbacks=found.lost_callbacks,
        errors=len(found.errors),
        error_names=tuple(sorted(set(found.errors))),
        texts=found.texts,
        person_calls=found.person_calls,
        megabytes=tuple(megabytes),
    )
