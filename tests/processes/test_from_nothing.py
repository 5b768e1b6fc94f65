"""From nothing to a call: what docs/operating.md says is typed, and the provider's number rings."""

import asyncio
import json
import os
import re
import sys
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from socket import socket

import pytest

from ivr.simulator.phone import Phone
from ivr.simulator.twilio_api.account import CALLER_ID, SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.resources.registration import RegistrationResource
from ivr.simulator.twilio_api.server import served
from tests.phone_calls import CALLER
from tests.processes.ivr_process import ROOT, IvrProcess
from tests.processes.load_balancer import LoadBalancer

CALLS = "+448081570000"
TOKEN = "token"
PAGE = (ROOT / "docs/operating.md").read_text()


@pytest.fixture
async def twilio() -> AsyncIterator[tuple[TwilioAccount, str]]:
    """An account with an approved Business profile, and three numbers that lead nowhere; and its address."""
    account = TwilioAccount(token=TOKEN)
    account.incoming_numbers = [IncomingNumberResource(number) for number in (CALLS, CALLER_ID, SENDER)]
    account.profiles, account.building = [RegistrationResource()], (0, "completed")
    async with served(account) as url:
        yield account, url


def free_port() -> int:
    with socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def typed() -> list[str]:
    """Return the commands that the page says are typed after `ivr setup`."""
    [block] = re.findall(r"Then, where `\.env` is:\n\n\s+```sh\n(.*?)```", PAGE, re.DOTALL)
    return [line.strip().removeprefix("ivr ") for line in block.strip().splitlines()]


async def ivr(folder: Path, api_url: str, arguments: Sequence[str], answers: Sequence[str] = ()) -> tuple[int, str]:
    """Type a command, and answer what it asks; return its exit code and what it printed."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("IVR_", "TWILIO_"))}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ivr", *arguments),
        cwd=folder,
        env=inherited | {"TWILIO_API_URL": api_url, "PYTHONPATH": str(ROOT), "NO_PROXY": "*"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate("".join(f"{answer}\n" for answer in answers).encode())
    return process.returncode or 0, printed.decode()


async def test_what_the_page_says_brings_a_call_to_the_helpline(
    twilio: tuple[TwilioAccount, str], tmp_path: Path
) -> None:
    account, api_url = twilio
    port = free_port()
    answers = (
        f"http://localhost:{port}",
        ACCOUNT_SID,
        "not the token",
        TOKEN,
        "1",
        "1",
        "1",
        "07700 900001",
        "",
        "",
        "",
        "",
        "",
    )
    code, told = await ivr(tmp_path, api_url, ["setup"], answers)
    assert code == 0, told
    assert "Twilio refuses this token with that account SID" in told
    assert "Twilio knows the account. It is active." in told
    migrate, serve, connect, doctor = typed()
    code, told = await ivr(tmp_path, api_url, migrate.split())
    assert code == 0, told
    command = (*serve.split(), "--port", str(port))
    async with IvrProcess(tmp_path / "log", {"TWILIO_API_URL": api_url}, command).running() as process:
        await process.base_url()
        code, told = await ivr(tmp_path, api_url, connect.split(), ["y"])
        assert code == 0, told
        code, told = await ivr(tmp_path, api_url, [*doctor.split(), "--json"])
        errors = [one for one in json.loads(told[told.index("{") :])["findings"] if one["severity"] == "error"]
        assert not errors, errors
        assert code == 0
        await rings(account)


async def rings(account: TwilioAccount) -> None:
    """Ring the number as the provider does, at the address that it was given."""
    number = next(one for one in account.incoming_numbers if one.number == CALLS)
    here = number.voice_url.partition("/voice#")[0]
    async with LoadBalancer([here]) as network:
        phone = await Phone(network, public_url=here, token=TOKEN, caller=CALLER, called=CALLS).dials()
        phone.hears("special needs helpline")
        (await phone.presses("5")).hears("For health, press 1")
        assert not phone.failures
