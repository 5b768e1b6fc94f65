"""The same menu step as a normal developer writes it with Starlette and the provider's library.

It remembers nothing of a call. It keeps a record if RECORDS names a file for it: a row, committed before the answer, as
the documentation of any database shows it, on SQLite with our own settings.
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

from bench.webhooks import PUBLIC_URL, TOKEN

MENUS = {
    "main": {"2": "school"},
    "school": {"1": "first_steps", "2": "writing", "3": "procedure", "4": "further"},
}
SENTENCES = (
    "For first steps, press 1.",
    "For writing a complaint, press 2.",
    "For the school's own procedure, press 3.",
    "For taking it further, press 4.",
)
validator = RequestValidator(TOKEN)


async def step(request: Request) -> Response:
    """The step that the key leads to."""
    form = await request.form()
    url = f"{PUBLIC_URL}{request.url.path}?{request.url.query}"
    if not validator.validate(url, form, request.headers.get("X-Twilio-Signature", "")):
        return Response("not signed", 403)
    if db := request.app.state.db:
        row = form["CallSid"], request.url.path, form.get("Digits", "")
        await db.execute("insert into lines values (?, ?, ?, datetime('now'))", row)
        await db.commit()
    chosen = MENUS["main"].get(str(form.get("Digits", "")), "main")
    response = VoiceResponse()
    action = f"{PUBLIC_URL}/voice/{chosen}/menu"
    gather = Gather(action=action, method="POST", input="dtmf", timeout=10, num_digits=1)
    for sentence in SENTENCES:
        gather.say(sentence, voice="Polly.Amy-Neural", language="en-GB")
    response.append(gather)
    response.redirect(action, method="POST")
    return Response(str(response), media_type="text/xml")


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncIterator[None]:
    """Opens the database, if there is to be one."""
    app.state.db = None
    if "RECORDS" not in os.environ:
        yield
        return
    async with aiosqlite.connect(os.environ["RECORDS"]) as db:
        await db.execute("pragma journal_mode=wal")
        await db.execute("create table if not exists lines (call text, step text, digits text, at text)")
        app.state.db = db
        yield


app = Starlette(routes=[Route("/voice/{flow}/{step}", step, methods=["POST"])], lifespan=lifespan)

if __name__ == "__main__":
    uvicorn.run(app, port=int(sys.argv[1]), access_log=False, proxy_headers=False, log_level="warning")
