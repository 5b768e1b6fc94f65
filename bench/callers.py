"""Simulated callers: each listens for five seconds, presses a key, and rings again when the call is over.

Of twenty, two ask for a text, one for a person, and the others look for what to do; each hangs up when done.
"""

import asyncio
import random
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from time import perf_counter

from bench.helpline import LETTERS, action_of
from bench.webhooks import form_of, name_of_call, request_of
from bench.wire import Answer, parsed

LISTENS = 5.0
"""Seconds between two keys of a caller."""
PATIENCE = 15.0
"""Seconds that the provider waits for an answer."""
TEXT = ("3", "1", "1", "1", "1", "5", "1", "1")
PERSON = ("0",)
AGAIN = ("*",) * 8
LOOKING = (("2", "1", "1", "1", "#"), ("2", "3", "*", "1"), ("4", "1", "#", "2"), ("5", "1", "1", "1"), ())
"""The last is of those who key in the date of their letter; all hear what they found several times."""
BROKEN = (OSError, TimeoutError, asyncio.IncompleteReadError)
_calls = count(1 << 64)


@dataclass
class Heard:
    """What callers got: the seconds that each answer took, and what went wrong.

    `ended` are the answers to the news that a call is over, which nobody hears; `untold` counts those that came too
    late for the provider. When we stop, everybody rings off at once.
    """

    took: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    untold: int = 0
    texts: int = 0
    people: int = 0
    calls: int = 0


async def call_until(end: float, port: int, heard: Heard, chance: random.Random) -> None:
    """One telephone that is never idle for long."""
    await asyncio.sleep(chance.random() * LISTENS)
    while perf_counter() < end:
        try:
            await _call(port, end, heard, chance)
        except BROKEN as error:
            heard.errors.append(type(error).__name__)
            await asyncio.sleep(LISTENS)


async def together(number: int, seconds: float, port: int, seed: int = 8) -> Heard:
    """So many at once, for so long."""
    heard, end = Heard(), perf_counter() + seconds
    await asyncio.gather(*(call_until(end, port, heard, random.Random(seed + n)) for n in range(number)))
    return heard


async def _ask(port: int, request: bytes, heard: Heard, took: list[float]) -> Answer:
    """On a connection of its own: a caller listens for as long as servers keep one open, and it may close meanwhile."""
    began, got = perf_counter(), b""
    async with asyncio.timeout(PATIENCE):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(request)
        while not (answer := parsed(got)):
            more = await reader.read(1 << 16)
            if not more:
                raise asyncio.IncompleteReadError(got, None)
            got += more
        writer.close()
    took.append(perf_counter() - began)
    if answer.status not in (200, 204):
        heard.errors.append(f"HTTP {answer.status}")
    elif b"something went wrong" in answer.body.lower():
        heard.errors.append("an apology")
    return answer


async def _call(port: int, end: float, heard: Heard, chance: random.Random) -> None:
    call = name_of_call(next(_calls))
    number = f"+447700900{chance.randrange(1000):03d}"
    mine = {"From": number, "Caller": number}
    heard.calls += 1
    answer = await _ask(port, request_of("/voice", form_of(call, **mine)), heard, heard.took)
    for key in _wish(heard, chance):
        await asyncio.sleep(LISTENS)
        address = action_of(answer.body)
        if perf_counter() > end or not address:
            break
        if b"<Dial" in answer.body:
            ended = form_of(call, DialCallStatus="completed", DialBridged="true", DialCallDuration="5", **mine)
            answer = await _ask(port, request_of(address, ended), heard, heard.took)
        else:
            answer = await _ask(port, request_of(address, form_of(call, Digits=key, **mine)), heard, heard.took)
        heard.texts += b"We will text you" in answer.body
    await _tells_the_end(port, form_of(call, CallStatus="completed", CallDuration="60", **mine), heard)


async def _tells_the_end(port: int, gone: Mapping[str, str], heard: Heard) -> None:
    try:
        await _ask(port, request_of("/voice/status", gone), heard, heard.ended)
    except BROKEN:
        heard.untold += 1


def _wish(heard: Heard, chance: random.Random) -> tuple[str, ...]:
    drawn = chance.random()
    if drawn < 0.10:
        return TEXT
    if drawn < 0.15:
        heard.people += 1
        return (*PERSON, "1")
    wished = chance.choice(LOOKING) or ("1", "1", chance.choice(LETTERS), "1", "2", "2")
    return (*wished, *AGAIN)
