"""The telephone company's office at an address of this machine: `python -m ivr.phone.office_server --port 8010`.

Then `TWILIO_API_URL=http://127.0.0.1:8010`, `TWILIO_ACCOUNT_SID=AC00000000000000000000000000000000`,
`TWILIO_AUTH_TOKEN=token`, `IVR_SMS_FROM=+447700900999` and `IVR_CALLER_ID=+441632960000` hand texts in and have calls
placed there: nobody is really texted, and nobody rung.
"""

import asyncio
from argparse import ArgumentParser
from collections.abc import AsyncIterator, Generator
from contextlib import asynccontextmanager, contextmanager
from socket import socket

import uvicorn

from ivr.phone.office import Office

HERE = "127.0.0.1"


@asynccontextmanager
async def served(office: Office, port: int = 0) -> AsyncIterator[str]:
    """The office's address, as long as it is wanted; port 0 takes a free one."""
    with socket() as door:
        door.bind((HERE, port))
        # Lines that are cut on purpose are no news to anybody.
        config = uvicorn.Config(office.app, log_level="critical", access_log=False, lifespan="off")
        server = Quiet(config)
        serving = asyncio.create_task(server.serve(sockets=[door]))
        try:
            yield f"http://{HERE}:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


class Quiet(uvicorn.Server):
    """A server that leaves the signals to whoever runs it."""

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        """Capture none."""
        yield


async def _run(port: int) -> None:
    office, seen, placed = Office(), 0, 0
    async with served(office, port) as url:
        print(f"Texts are handed in, and calls placed, at {url}")
        while True:
            for message in office.messages[seen:]:
                print(f"\nTo {message.to}:\n{message.body}")
            for call in office.calls[placed:]:
                print(f"\nTo be rung: {call.to}")
            seen, placed = len(office.messages), len(office.calls)
            await asyncio.sleep(0.2)


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8010)
    asyncio.run(_run(parser.parse_args().port))
