"""The balancer of a bad day asks another process when one cannot be reached, and times what is heard."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx2
import pytest

from ivr.phone.office import Office
from ivr.phone.office_server import served
from torture.gate import Gate

NOWHERE = "http://127.0.0.1:1"


@pytest.fixture
async def alive() -> AsyncIterator[str]:
    async with served(Office(clock=lambda: datetime.now(UTC))) as address:
        yield address


async def asked(gate: Gate) -> int:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(gate), base_url="http://gate") as client:
        return (await client.post("/voice/school/menu?m=x", content=b"Digits=1")).status_code


async def test_another_is_asked_when_one_cannot_be_reached(alive: str) -> None:
    gate = Gate([alive, NOWHERE])
    assert await asked(gate) == 404  # the office knows no such address, and says so itself
    assert gate.asked_again == 1
    await gate.close()


async def test_a_process_that_came_while_another_went_is_asked(alive: str) -> None:
    gate = Gate()

    async def goes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        gate.addresses = [alive]
        writer.close()

    async with await asyncio.start_server(goes, "127.0.0.1", 0) as going:
        gate.addresses = [f"http://127.0.0.1:{going.sockets[0].getsockname()[1]}"]
        assert await asked(gate) == 404
    assert gate.asked_again == 1
    await gate.close()


async def test_where_nobody_answers_the_gate_says_so() -> None:
    gate = Gate([NOWHERE])
    assert await asked(gate) == 502
    [answer] = gate.answers
    assert (answer.status, answer.is_heard) == (502, True)
    await gate.close()
