"""Virtual users: each calls, presses a key every five seconds, hangs up at the goal and calls again.

Of twenty calls two ask for a text and one for a person; the others look for information and listen to it several times.
"""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter

from tests.bench.helpline import LETTER_DATES, action_url
from tests.bench.http_connection import HttpResponse, parse_response
from tests.bench.routes import INFORMATION, PERSON, TEXT
from tests.bench.twilio_requests import call_sid, signed_request, voice_form
from tests.processes.load_balancer import PROVIDER_TIMEOUT

THINK_TIME = 5.0
"""Seconds between two keys of a virtual user."""
REPEAT = ("*",) * 8
HEARD = tuple(route for route in INFORMATION.values() if route is not PERSON)
NETWORK_ERRORS = (OSError, TimeoutError, asyncio.IncompleteReadError)
_calls = count(1 << 64)


@dataclass
class VirtualUserResults:
    """Latencies in seconds, errors by name, and counts.

    Latencies of status callbacks at the end of a call are apart: no caller waits for those. `lost_callbacks` counts
    status callbacks that the provider gave up on. At the end of the run all users hang up at once.
    """

    latencies: list[float] = field(default_factory=list)
    callback_latencies: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    lost_callbacks: int = 0
    texts: int = 0
    person_calls: int = 0


async def run_users(number: int, seconds: float, port: int, seed: int = 8) -> VirtualUserResults:
    """Run this many virtual users for this many seconds."""
    found, end = VirtualUserResults(), perf_counter() + seconds
    await asyncio.gather(*(_call_repeatedly(end, port, found, random.Random(seed + n)) for n in range(number)))
    return found


async def _call_repeatedly(end: float, port: int, found: VirtualUserResults, chance: random.Random) -> None:
    await asyncio.sleep(chance.random() * THINK_TIME)
    while perf_counter() < end:
        try:
            await _call(port, end, found, chance)
        except NETWORK_ERRORS as error:
            found.errors.append(type(error).__name__)
            await asyncio.sleep(THINK_TIME)


async def _call(port: int, end: float, found: VirtualUserResults, chance: random.Random) -> None:
    call = call_sid(next(_calls))
    number = f"+447700900{chance.randrange(1000):03d}"
    caller = {"From": number, "Caller": number}
    response = await _request(port, signed_request("/voice", voice_form(call, **caller)), found, found.latencies)
    for key in _choose_keys(found, chance):
        await asyncio.sleep(THINK_TIME)
        address = action_url(response.body)
        if perf_counter() > end or not address:
            break
        happened = {"Digits": key}
        if b"<Dial" in response.body:
            happened = {"DialCallStatus": "completed", "DialBridged": "true", "DialCallDuration": "5"}
        form = voice_form(call, **happened, **caller)
        response = await _request(port, signed_request(address, form), found, found.latencies)
        found.texts += TEXT.words.encode() in response.body
    await _hang_up(port, voice_form(call, CallStatus="completed", CallDuration="60", **caller), found)


async def _request(port: int, request: bytes, found: VirtualUserResults, latencies: list[float]) -> HttpResponse:
    """Send a request on a new connection: servers may close one that is idle while a caller listens."""
    began, received = perf_counter(), b""
    async with asyncio.timeout(PROVIDER_TIMEOUT):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        while not (response := parse_response(received)):
            chunk = await reader.read(1 << 16)
            if not chunk:
                raise asyncio.IncompleteReadError(received, None)
            received += chunk
        writer.close()
    latencies.append(perf_counter() - began)
    if response.status not in (200, 204):
        found.errors.append(f"HTTP {response.status}")
    elif b"something went wrong" in response.body.lower():
        found.errors.append("error prompt")
    return response


async def _hang_up(port: int, form: Mapping[str, str], found: VirtualUserResults) -> None:
    try:
        await _request(port, signed_request("/voice/status", form), found, found.callback_latencies)
    except NETWORK_ERRORS:
        found.lost_callbacks += 1


def _choose_keys(found: VirtualUserResults, chance: random.Random) -> tuple[str, ...]:
    drawn = chance.random()
    if drawn < 0.10:
        return TEXT.keys
    if drawn < 0.15:
        found.person_calls += 1
        return PERSON.keys
    return (*chance.choice(HEARD).with_letter(chance.choice(LETTER_DATES)), *REPEAT)
