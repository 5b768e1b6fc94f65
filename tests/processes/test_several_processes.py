"""`ivr serve --processes 2`: two processes answer at one address, and count together."""

import os
import re
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import urlencode

import httpx2
import pytest
from sqlalchemy import func, select
from twilio.request_validator import RequestValidator

from ivr.store.database import Store
from ivr.store.migrate import migrate
from ivr.store.tables import call_events
from tests.processes.ivr_process import IvrProcess
from tests.processes.test_many import wait_until
from tests.store.conftest import SECRETS, postgresql_url
from tests.worker.kill import PUBLIC_URL, settings

CALLS = 60


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "postgresql":
        return postgresql_url()
    url = f"sqlite:///{tmp_path}/helpline.db"
    migrate(url)
    return url


@pytest.fixture
async def served(database: str, tmp_path: Path) -> AsyncIterator[IvrProcess]:
    command = "serve", "--processes", "2", "--no-worker", "--port", "0"
    given = settings(database, "http://127.0.0.1:1") | {"IVR_ADVISERS": "+447700900001"}
    async with IvrProcess(tmp_path / "web", given, command).running() as process:
        yield process


async def rings(base_url: str, call: str) -> None:
    """A call, on a connection of its own: whichever process takes it answers."""
    form = {"CallSid": call, "CallStatus": "ringing", "From": "+447700900123", "To": "+448081570000"}
    headers = {
        "X-Twilio-Signature": RequestValidator("token").compute_signature(f"{PUBLIC_URL}/voice", form),
        "Content-Type": "application/x-www-form-urlencoded",
    }
    async with httpx2.AsyncClient(base_url=base_url, trust_env=False) as client:
        answer = await client.post("/voice", content=urlencode(form), headers=headers)
    assert "special needs helpline" in answer.text, answer.text


async def counted(base_url: str) -> float:
    """Return how many calls were answered, as /metrics tells it."""
    async with httpx2.AsyncClient(base_url=base_url, trust_env=False) as client:
        metrics = (await client.get("/metrics")).text
    found = re.search(r"^ivr_calls_total (\S+)$", metrics, re.MULTILINE)
    return float(found[1]) if found else 0.0


def pids(process: IvrProcess) -> list[int]:
    """Return the processes that serve, by the log."""
    return list(map(int, re.findall(r"Started server process \[(\d+)\]", process.log.read_text())))


async def test_two_processes_answer_and_metrics_add_up_both(served: IvrProcess, database: str) -> None:
    base_url = await served.base_url()

    async def both_serve() -> bool:
        return len(pids(served)) == 2

    await wait_until(both_serve, "two processes")
    for number in range(CALLS):
        await rings(base_url, f"CA{number}")
    assert await counted(base_url) == CALLS
    await served.stop()
    async with Store(database, SECRETS, patience=30) as store, store.begin() as db:
        assert await db.scalar(select(func.count()).select_from(call_events)) == CALLS, "nothing is lost on SIGTERM"


async def test_a_process_that_dies_is_replaced(served: IvrProcess) -> None:
    base_url = await served.base_url()

    async def both_serve() -> bool:
        return len(pids(served)) == 2

    await wait_until(both_serve, "two processes")
    os.kill(pids(served)[0], signal.SIGKILL)

    async def another_serves() -> bool:
        return len(pids(served)) == 3

    await wait_until(another_serves, "another process")
    await rings(base_url, "CA1")
