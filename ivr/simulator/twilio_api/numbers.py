"""Requests for the numbers of the account: those that ring us, and those that are verified as caller ids."""

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ivr.simulator.twilio_api.account import TwilioAccount

PAGE_SIZE = 50


async def list_incoming(account: TwilioAccount, request: Request) -> Response:
    """Return a page of the numbers of the account."""
    return _page(request, "incoming_phone_numbers", [one.as_json(account.sid) for one in account.incoming_numbers])


async def list_caller_ids(account: TwilioAccount, request: Request) -> Response:
    """Return a page of the numbers that are not of the account and verified as caller ids."""
    return _page(request, "outgoing_caller_ids", [{"phone_number": one} for one in account.verified_caller_ids])


def _page(request: Request, name: str, resources: Sequence[dict[str, Any]]) -> Response:
    query = request.query_params
    size, page = int(query.get("PageSize", PAGE_SIZE)), int(query.get("Page", 0))
    following = f"{request.url.path}?PageSize={size}&Page={page + 1}" if len(resources) > (page + 1) * size else None
    shown = resources[page * size : (page + 1) * size]
    return JSONResponse({name: shown, "page": page, "page_size": size, "next_page_uri": following})
