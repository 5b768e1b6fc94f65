"""`ivr canary` against a web process, a worker and the provider's API: as its user types it, in real time."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import copytree

from ivr.config import CONTENT
from ivr.helpline.canary import Probe
from ivr.simulator.network.carrier import Carrier
from ivr.simulator.network.clock import Clock
from ivr.simulator.network.directory import Directory
from ivr.simulator.network.webhooks import WebhookClient
from ivr.simulator.twilio_api.account import CALLER_ID, SENDER, TwilioAccount
from ivr.simulator.twilio_api.identifiers import ACCOUNT_SID
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.resources.registration import RegistrationResource
from ivr.simulator.twilio_api.server import served
from tests.processes.ivr_process import IvrProcess
from tests.processes.load_balancer import LoadBalancer
from tests.processes.test_from_nothing import CALLS, TOKEN, free_port, ivr

CANARY_NUMBER, ADVISER = "+447700900555", "+447700900001"
STEP, PAUSE = 1.0, 0.1
"""Calls go ten times as fast as a clock: so many seconds of them in so many of ours."""


def always_open(folder: Path) -> Path:
    """Return our own content without opening hours, whose facts are good for as long as anybody runs this."""
    for part in ("flows", "prompts"):
        copytree(CONTENT / part, folder / part)
    (folder / "flows/hours.yaml").unlink()
    for name in ("contacts", "rules"):
        file = folder / f"flows/{name}.yaml"
        file.write_text(re.sub(r"good_until: \d{4}-\d\d-\d\d", "good_until: 2099-12-31", file.read_text()))
    return folder


@asynccontextmanager
async def calls_go_on(carrier: Carrier) -> AsyncIterator[None]:
    """Let the calls of the account go on meanwhile."""

    async def go_on() -> None:
        while True:
            await carrier.run_until(carrier.now + STEP)
            await asyncio.sleep(PAUSE)

    going = asyncio.create_task(go_on())
    try:
        yield
    finally:
        going.cancel()
        await asyncio.gather(going, return_exceptions=True)


async def test_a_helpline_in_processes_of_its_own_passes_its_test_call(tmp_path: Path) -> None:
    port, account = free_port(), TwilioAccount(token=TOKEN)
    numbers = (CALLS, CALLER_ID, SENDER, CANARY_NUMBER)
    account.incoming_numbers = [IncomingNumberResource(number) for number in numbers]
    account.profiles, account.building = [RegistrationResource()], (0, "completed")
    here = f"http://localhost:{port}"
    async with served(account) as api_url:
        settings = {
            "IVR_PUBLIC_URL": here,
            "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
            "IVR_SECRET_KEY": "A" * 43,
            "IVR_NUMBER": "0808 157 0000",
            "IVR_CALLER_ID": CALLER_ID,
            "IVR_SMS_FROM": SENDER,
            "IVR_ADVISERS": ADVISER,
            "IVR_CANARY_NUMBER": CANARY_NUMBER,
            "IVR_CONTENT": str(always_open(tmp_path / "content")),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'helpline.db'}",
        }
        (tmp_path / ".env").write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        code, told = await ivr(tmp_path, api_url, ["migrate"])
        assert code == 0, told
        process = IvrProcess(tmp_path / "log", {"TWILIO_API_URL": api_url}, ("serve", "--port", str(port)))
        async with process.running(), LoadBalancer([here]) as network:
            await process.base_url()
            code, told = await ivr(tmp_path, api_url, ["twilio", "connect", "--yes"])
            assert code == 0, told
            directory = Directory({}, "no_answer")
            carrier = Carrier(WebhookClient(network, here, TOKEN), account, directory, Clock(), None)
            async with calls_go_on(carrier):
                code, told = await ivr(tmp_path, api_url, ["canary", "--json"])
            assert code == 0, told + process.log.read_text()[-3000:]
            results = json.loads(told[told.index("{") :])["results"]
            assert {one["probe"]: one["verdict"] for one in results} == {str(probe): "passed" for probe in Probe}
            assert directory.dialled == []
            code, told = await ivr(tmp_path, api_url, ["doctor", "canary", "--json"])
            assert (code, json.loads(told[told.index("{") :])["findings"]) == (0, [])
