"""Requests to the Monitor API, for alerts, and for the notifications of old."""

from starlette.requests import Request
from starlette.responses import Response

from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.identifiers import iso_date
from ivr.simulator.twilio_api.lists import meta_page, page


async def list_alerts(account: TwilioAccount, request: Request) -> Response:
    """Return a page of alerts, the newest first: of a level, and of a time, if they are asked for."""
    query, base = request.query_params, str(request.base_url).rstrip("/")
    level, start, end = query.get("LogLevel"), query.get("StartDate", ""), query.get("EndDate", "9999")
    alerts = sorted(account.alerts, key=lambda one: one.at, reverse=True)
    found = [one for one in alerts if level in (None, one.level) and start <= iso_date(one.at) <= end]
    return meta_page(request, "alerts", [one.as_json(account.sid, base) for one in found])


async def list_notifications(account: TwilioAccount, request: Request) -> Response:
    """Return a page of notifications, the newest first."""
    alerts = sorted(account.alerts, key=lambda one: one.at, reverse=True)
    return page(request, "notifications", [one.as_notification(account.sid) for one in alerts])
