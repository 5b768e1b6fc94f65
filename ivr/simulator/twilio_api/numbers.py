"""Requests for the numbers of the account: those that ring us, and those that are verified as caller ids."""

from email.utils import format_datetime
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.connection_overrides import InvalidOverride, overrides_in
from ivr.simulator.twilio_api.identifiers import API_VERSION
from ivr.simulator.twilio_api.lists import page
from ivr.simulator.twilio_api.resources.incoming_number import BOUGHT, PARAMETERS, IncomingNumberResource
from ivr.simulator.twilio_api.responses import error_response, not_found, respond

METHODS = ("GET", "POST")
INVALID_URL, INVALID_METHOD, UNKNOWN = 21402, 21403, 20001


async def list_incoming(account: TwilioAccount, request: Request) -> Response:
    """Return a page of the numbers of the account: all, or the one that is asked for."""
    wanted = request.query_params.get("PhoneNumber")
    found = [one for one in account.incoming_numbers if wanted in (None, one.number)]
    return page(request, "incoming_phone_numbers", [one.as_json(account.sid) for one in found])


async def fetch_incoming(account: TwilioAccount, request: Request) -> Response:
    """Return one number."""
    number = _find(account, request)
    return JSONResponse(number.as_json(account.sid)) if number else not_found()


async def update_incoming(account: TwilioAccount, request: Request) -> Response:
    """Set where a number sends its calls and texts; nothing else of it can be updated here."""
    form = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
    number = _find(account, request)
    if number is None:
        return not_found()
    if code := _error(form):
        return error_response(400, code)
    fault = account.next_fault("IncomingPhoneNumbers")
    if fault.accepted:
        number.update(form)
    return respond(fault, number.as_json(account.sid), 200)


async def list_caller_ids(account: TwilioAccount, request: Request) -> Response:
    """Return a page of the numbers that are not of the account and verified as caller ids."""
    return page(request, "outgoing_caller_ids", [_caller_id(account.sid, one) for one in account.verified_caller_ids])


def _find(account: TwilioAccount, request: Request) -> IncomingNumberResource | None:
    return next((one for one in account.incoming_numbers if one.sid == request.path_params["sid"]), None)


def _error(form: dict[str, str]) -> int | None:
    """Return the error code of an update that Twilio would refuse, or that this fake does not know."""
    for parameter, value in form.items():
        if parameter not in PARAMETERS:
            return UNKNOWN
        if parameter.endswith("Method"):
            if value not in METHODS:
                return INVALID_METHOD
        elif not _is_url_or_empty(value):
            return INVALID_URL
    return None


def _is_url_or_empty(value: str) -> bool:
    try:
        overrides_in(value)
    except InvalidOverride:
        return False
    url = urlsplit(value)
    return not value or (url.scheme in ("http", "https") and bool(url.hostname))


def _caller_id(account_sid: str, number: str) -> dict[str, Any]:
    sid = f"PN{sha256(number.encode()).hexdigest()[:32]}"
    return {
        "account_sid": account_sid,
        "date_created": format_datetime(BOUGHT),
        "date_updated": format_datetime(BOUGHT),
        "friendly_name": number,
        "phone_number": number,
        "sid": sid,
        "uri": f"/{API_VERSION}/Accounts/{account_sid}/OutgoingCallerIds/{sid}.json",
    }
