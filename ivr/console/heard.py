"""What a caller would hear at any moment, as things are set now."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import time

from starlette.responses import Response

from ivr.console.hours import HOURS, show_hours
from ivr.console.hours_form import day_in, time_or_none
from ivr.console.page import Page, shown
from ivr.console.planned import FormRefused
from ivr.console.speech import preview_shown
from ivr.console.visit import Visit
from ivr.helpline.timezone import local_time
from ivr.staff.accounts import Role
from ivr.staff.trial import hear_at


async def heard(visit: Visit) -> Response:
    """Show what a caller would hear."""
    asked = visit.request.query_params
    try:
        at = local_time(day_in(asked, "heard_day", "a day"), time_or_none(asked, "heard_time") or time())
    except FormRefused as error:
        return await show_hours(visit, "heard", error.errors, 422)
    found = await hear_at(visit.services.store, visit.services.listener, at)
    return visit.page("heard.html", shown=preview_shown(visit, found), typed=_typed(asked), errors=defaultdict(str))


def _typed(asked: Mapping[str, str]) -> Mapping[str, str]:
    return defaultdict(str, asked)


PAGES: tuple[Page, ...] = (shown(f"{HOURS}/heard", Role.adviser, heard),)
