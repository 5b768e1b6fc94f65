"""Time of an answer by the step that it leads to, so that no step can be slow unseen."""

import asyncio
import re
from collections.abc import Mapping
from pathlib import Path
from random import Random
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.parse import urlencode, urlsplit

from starlette.applications import Starlette
from starlette.types import Message, Scope
from twilio.request_validator import RequestValidator

from ivr.app import build
from ivr.config import Settings
from tests.bench.helpline import settings
from tests.bench.servers.helpline import MONDAY
from tests.bench.twilio_requests import AUTH_TOKEN, PUBLIC_URL, call_sid, voice_form

KEYS = (*"1112223334455", "0", "*", "#", "", "14102026", "07700900123")
"""What is pressed at random; the empty one is silence."""
MOST_TURNS = 40
Webhook = tuple[str, Mapping[str, str]]
"""A url, and the form that is posted to it."""


def slowest_steps(calls: int, repeats: int, seed: int = 1) -> dict[str, float]:
    """Return the median microseconds of the answers that lead to each step, the slowest first.

    Random calls find a webhook for each step; each is then sent again and again, inside this process.
    """
    with TemporaryDirectory() as folder:
        app = build(Settings.model_validate(settings(Path(folder))), lambda: MONDAY)
        return asyncio.run(_measured(app, calls, repeats, Random(seed)))


async def _measured(app: Starlette, calls: int, repeats: int, random: Random) -> dict[str, float]:
    async with app.router.lifespan_context(app):
        found: dict[str, Webhook] = {}
        for number in range(calls):
            await _call(app, call_sid(number), random, found)
        times = {step: await _time(app, webhook, repeats) for step, webhook in found.items()}
    return dict(sorted(times.items(), key=lambda one: -one[1]))


async def _call(app: Starlette, call: str, random: Random, found: dict[str, Webhook]) -> None:
    """Call, press keys at random, and note the first webhook that leads to each step."""
    url, form = f"{PUBLIC_URL}/voice", voice_form(call)
    for _ in range(MOST_TURNS):
        document = await _post(app, url, form)
        address = re.search(r'(?:action="|<Redirect[^>]*>)([^"<]+)', document)
        if not address:
            return
        found.setdefault(urlsplit(address[1]).path.removeprefix("/voice/"), (url, form))
        keys = random.choice(KEYS)
        rung = {"DialCallStatus": "no-answer"} if "<Dial" in document else {}
        url, form = address[1], voice_form(call) | rung | ({"Digits": keys} if keys else {})


async def _time(app: Starlette, webhook: Webhook, repeats: int) -> float:
    """Return the median microseconds of an answer; what the provider does before it asks is not counted."""
    scope, body = _request(*webhook)
    times = []
    for _ in range(repeats):
        began = perf_counter()
        await _answer(app, scope, body)
        times.append(perf_counter() - began)
    return median(times) * 1e6


async def _post(app: Starlette, url: str, form: Mapping[str, str]) -> str:
    return (await _answer(app, *_request(url, form))).decode()


def _request(url: str, form: Mapping[str, str]) -> tuple[Scope, bytes]:
    address, signature = urlsplit(url), RequestValidator(AUTH_TOKEN).compute_signature(url, dict(form))
    scope = {
        "type": "http",
        "method": "POST",
        "path": address.path,
        "raw_path": address.path.encode(),
        "root_path": "",
        "query_string": address.query.encode(),
        "headers": [(b"x-twilio-signature", signature.encode())],
    }
    return scope, urlencode(form).encode()


async def _answer(app: Starlette, scope: Scope, body: bytes) -> bytes:
    sent = list[Message]()

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(dict(scope), receive, send)
    answered: bytes = sent[1]["body"]
    return answered
