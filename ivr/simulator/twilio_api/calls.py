"""Requests to the Call resource: create, fetch, update."""

from asyncio import sleep
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.lists import page
from ivr.simulator.twilio_api.resources.call import CallResource
from ivr.simulator.twilio_api.responses import error_response, not_found, respond
from ivr.simulator.twilio_api.validation import CALL_EVENT, call_error

UPDATES = ("canceled", "completed")


async def create(account: TwilioAccount, request: Request) -> Response:
    """Create a call, which the network then places."""
    fields = parse_qsl((await request.body()).decode(), keep_blank_values=True)
    form, events = dict(fields), [value for name, value in fields if name == CALL_EVENT]
    if code := call_error(form, events, account.may_show):
        return error_response(400, code)
    fault = account.next_fault("Calls")
    call = CallResource(
        to=form["To"],
        sender=form["From"],
        url=form.get("Url", ""),
        date_created=account.clock().replace(microsecond=0),
        method=form.get("Method", "POST"),
        timeout=int(form.get("Timeout", CallResource.timeout)),
        status_callback=form.get("StatusCallback", ""),
        status_callback_method=form.get("StatusCallbackMethod", "POST"),
        events=frozenset(events or ["completed"]),
        listed=fault.listed,
        twiml=form.get("Twiml", ""),
        recorded=form.get("Record") == "true",
    )
    if fault.accepted:
        account.calls.append(call)
    await sleep(fault.delay)
    return respond(fault, call.as_json(account.sid))


async def list_page(account: TwilioAccount, request: Request) -> Response:
    """Return a page of calls, the newest first: all, or those to or from a number, or of a status."""
    query = request.query_params
    every = [*account.inbound.values(), *(one for one in account.calls if one.listed)]
    found = [
        one
        for one in sorted(every, key=lambda one: one.date_created, reverse=True)
        if query.get("To") in (None, one.to)
        and query.get("From") in (None, one.sender)
        and query.get("Status") in (None, one.status)
    ]
    return page(request, "calls", [one.as_json(account.sid) for one in found])


async def fetch(account: TwilioAccount, request: Request) -> Response:
    """Return one call."""
    call = _find(account, request)
    return JSONResponse(call.as_json(account.sid)) if call else not_found()


async def update(account: TwilioAccount, request: Request) -> Response:
    """Cancel or complete a call; nothing else of it can be updated here."""
    form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    call = _find(account, request)
    if call is None:
        return not_found()
    if set(form) != {"Status"} or form["Status"] not in UPDATES:
        return error_response(400, 20001)
    if call.has_ended:
        return error_response(400, 21220)
    fault = account.next_fault("Calls")
    if fault.accepted:
        call.update(form["Status"])
    await sleep(fault.delay)
    return respond(fault, call.as_json(account.sid), 200)


def _find(account: TwilioAccount, request: Request) -> CallResource | None:
    sid = request.path_params["sid"]
    return next((one for one in account.calls if one.sid == sid and one.listed), account.inbound.get(sid))
