"""Requests to the Message resource: create, list, fetch."""

from asyncio import sleep
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.lists import page
from ivr.simulator.twilio_api.resources.message import MessageResource
from ivr.simulator.twilio_api.responses import error_response, not_found, respond
from ivr.simulator.twilio_api.validation import message_error


async def create(account: TwilioAccount, request: Request) -> Response:
    """Create a message, and have its status callbacks posted."""
    form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    if code := message_error(form, account.senders, account.opted_out):
        return error_response(400, code)
    fault = account.next_fault("Messages")
    created = account.clock().replace(microsecond=0)
    callback = form.get("StatusCallback", "")
    message = MessageResource(form["To"], form["From"], form["Body"], callback, created, fault.listed)
    if fault.accepted:
        account.messages.append(message)
        account.schedule_callbacks(message, fault)
    await sleep(fault.delay)
    return respond(fault, message.as_json(account.sid))


async def list_page(account: TwilioAccount, request: Request) -> Response:
    """Return a page of messages, the newest first."""
    every = sorted([*account.received, *account.messages], key=lambda one: one.date_created)
    found = [one for one in reversed(every) if one.listed and _matches(one, request.query_params)]
    return page(request, "messages", [one.as_json(account.sid) for one in found])


async def fetch(account: TwilioAccount, request: Request) -> Response:
    """Return one message."""
    sid = request.path_params["sid"]
    message = next((one for one in (*account.messages, *account.received) if one.sid == sid), None)
    return JSONResponse(message.as_json(account.sid)) if message else not_found()


def _matches(message: MessageResource, query: Any) -> bool:
    """Return whether a message passes the filters; a filter by DateSent leaves out what is not sent yet."""
    day = message.date_sent.date().isoformat() if message.date_sent else ""
    return all(
        (
            query.get("To") in (None, message.to),
            query.get("From") in (None, message.sender),
            query.get("DateSent") in (None, day),
            "DateSent>" not in query or query["DateSent>"] <= day,
            "DateSent<" not in query or "" < day <= query["DateSent<"],
        )
    )
