"""The reference: the same menu step written in the usual way, with Starlette and Twilio's library.

It keeps no state of a call. It writes records if REFERENCE_RECORDS names an SQLite file: one row per step, committed
before the response, with the same settings of SQLite as ours.
"""

import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiosqlite
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

from tests.bench.twilio_requests import AUTH_TOKEN, PUBLIC_URL

MENUS = {"2": "school"}
SENTENCES = (
    "For first steps, press 1.",
    "For writing a complaint, press 2.",
    "For the school's own procedure, press 3.",
    "For taking it further, press 4.",
)
validator = RequestValidator(AUTH_TOKEN)


def next_menu(digits: str) -> str:
    """Return the TwiML of the menu that a key leads to."""
    response = VoiceResponse()
    action = f"{PUBLIC_URL}/voice/{MENUS.get(digits, 'main')}/menu"
    gather = Gather(action=action, method="POST", input="dtmf", timeout=10, num_digits=1)
    for sentence in SENTENCES:
        gather.say(sentence, voice="Polly.Amy-Neural", language="en-GB")
    response.append(gather)
    response.redirect(action, method="POST")
    return str(response)


async def step(request: Request) -> Response:
    """Answer a key with the next menu."""
    form = await request.form()
    url = f"{PUBLIC_URL}{request.url.path}?{request.url.query}"
    if not validator.validate(url, form, request.headers.get("X-Twilio-Signature", "")):
        return Response("invalid signature", 403)
    if db := request.app.state.db:
        row = form["CallSid"], request.url.path, form.get("Digits", "")
        await db.execute("insert into lines values (?, ?, ?, datetime('now'))", row)
        await db.commit()
    return Response(next_menu(str(form.get("Digits", ""))), media_type="text/xml")


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Open the database, if there is one."""
    app.state.db = None
    if "REFERENCE_RECORDS" not in os.environ:
        yield
        return
    async with aiosqlite.connect(os.environ["REFERENCE_RECORDS"]) as db:
        await db.execute("pragma journal_mode=wal")
        await db.execute("create table if not exists lines (call text, step text, digits text, at text)")
        app.state.db = db
        yield


app = Starlette(routes=[Route("/voice/{flow}/{step}", step, methods=["POST"])], lifespan=lifespan)

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, proxy_headers=False, log_level="warning")
