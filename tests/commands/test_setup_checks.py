"""What `ivr setup` finds out about an answer, at a fake provider that is asked over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from ivr.commands.setup_checks import checks
from ivr.simulator.twilio_api.account import CALLER_ID, SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.server import served

FURTHER = "+447700900555"


@pytest.fixture
async def answers() -> AsyncIterator[dict[str, str]]:
    """What is answered so far, with an account that has a number to show and two mobile ones."""
    account = TwilioAccount(token="token")
    account.incoming_numbers = [IncomingNumberResource(number) for number in (CALLER_ID, SENDER, FURTHER)]
    async with served(account) as url:
        yield {
            "TWILIO_API_URL": url,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": "token",
            "IVR_SECRET_KEY": "A" * 43,
            "IVR_SMS_FROM": SENDER,
        }


@pytest.mark.parametrize("given", ["token", "older,token", "token,newer"])
async def test_while_a_token_is_replaced_both_may_stand_there(answers: dict[str, str], given: str) -> None:
    verdict = await checks().works["TWILIO_AUTH_TOKEN"](answers | {"TWILIO_AUTH_TOKEN": given})
    assert not verdict.refused
    assert verdict.told == ["Twilio knows the account. It is active."]


async def test_a_number_in_use_is_not_offered_for_the_test_call(answers: dict[str, str]) -> None:
    offer = checks().offers["IVR_CANARY_NUMBER"]
    assert await offer(answers) == [FURTHER]
    assert await offer(answers | {"IVR_CANARY_NUMBER": FURTHER}) == [FURTHER]


@asynccontextmanager
async def dead_man_service(status: int) -> AsyncIterator[str]:
    """Serve one that answers each ping with a status, and yield its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(f"HTTP/1.1 {status} So\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".encode())
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as listening:
        yield f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/secret"


@pytest.mark.parametrize(("status", "refused"), [(200, ""), (404, "does not know this address: it answered 404")])
async def test_a_dead_man_service_is_asked_at_once(answers: dict[str, str], status: int, refused: str) -> None:
    async with dead_man_service(status) as address:
        verdict = await checks().works["IVR_PING_URL"](answers | {"IVR_PING_URL": address})
    assert verdict.refused.endswith(refused)
    assert ("takes it" in "".join(verdict.told)) == (not refused)


async def test_a_dead_man_service_that_is_not_there_is_told_without_its_address(answers: dict[str, str]) -> None:
    async with dead_man_service(200) as address:
        pass
    verdict = await checks().works["IVR_PING_URL"](answers | {"IVR_PING_URL": address})
    assert verdict.refused == "the dead-man service cannot be reached (ConnectError)"
