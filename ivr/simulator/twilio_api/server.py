"""The fake REST API on a port of this machine: `python -m ivr.simulator.twilio_api.server --port 8010`.

Then `TWILIO_API_URL=http://127.0.0.1:8010`, `TWILIO_ACCOUNT_SID=AC00000000000000000000000000000000`,
`TWILIO_AUTH_TOKEN=token`, `IVR_NUMBER="0808 157 0000"`, `IVR_SMS_FROM=+447700900999` and `IVR_CALLER_ID=+441632960000`
send messages and create calls there, and `ivr twilio connect` sets the numbers up: nobody is really texted or rung.
"""

import asyncio
from argparse import ArgumentParser
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager
from socket import socket

import uvicorn

from ivr.simulator.twilio_api.account import CALLER_ID, SENDER, TwilioAccount
from ivr.simulator.twilio_api.resources.incoming_number import IncomingNumberResource
from ivr.simulator.twilio_api.resources.registration import RegistrationResource
from ivr.simulator.twilio_api.routes import rest_api

HOST = "127.0.0.1"
FREEPHONE = "+448081570000"


@asynccontextmanager
async def served(account: TwilioAccount, port: int = 0) -> AsyncIterator[str]:
    """Serve the API of an account, and yield its address; port 0 takes a free port."""
    with socket() as listening:
        listening.bind((HOST, port))
        listening.listen()  # whoever asks before the server has begun waits, and is not refused
        # Connections that are lost on purpose would fill the log.
        config = uvicorn.Config(
            rest_api(account), log_level="critical", access_log=False, lifespan="off", date_header=False
        )
        server = QuietServer(config)
        account.served_at = f"{HOST}:{listening.getsockname()[1]}"
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        try:
            yield f"http://{HOST}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


class QuietServer(uvicorn.Server):
    """A server that leaves signals to its host process."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Capture none."""
        yield


def account_with_numbers() -> TwilioAccount:
    """Return an account that Twilio has approved, with a number for calls, one for texts and one to show."""
    account = TwilioAccount()
    account.profiles = [RegistrationResource()]
    for number in (FREEPHONE, SENDER, CALLER_ID):
        account.bundles.append(RegistrationResource())
        account.incoming_numbers.append(IncomingNumberResource(number, bundle_sid=account.bundles[-1].sid))
    return account


async def _run(port: int) -> None:
    account, messages, calls = account_with_numbers(), 0, 0
    async with served(account, port) as url:
        print(f"Fake Twilio REST API at {url}")
        while True:
            for message in account.messages[messages:]:
                print(f"\nMessage to {message.to}:\n{message.body}")
            for call in account.calls[calls:]:
                print(f"\nCall to {call.to}")
            messages, calls = len(account.messages), len(account.calls)
            await asyncio.sleep(0.2)


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8010)
    asyncio.run(_run(parser.parse_args().port))
