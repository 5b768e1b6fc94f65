"""The texts that could not be sent, each with the reason; managers have one sent again."""

from starlette.responses import Response

from ivr.console.caller_number import page_of
from ivr.console.page import Page, sent, shown
from ivr.console.visit import Visit
from ivr.staff import texts as staff
from ivr.staff.accounts import Role
from ivr.staff.texts import CannotRetry
from ivr.store import sms_list
from ivr.store.sms_states import SmsState

PATH, MOST = "/console/unsent", 50


async def unsent(visit: Visit) -> Response:
    """Show them, the latest first; each leads to its caller, whose number is not shown."""
    return await _list(visit)


async def retry(visit: Visit) -> Response:
    """Have one sent again, as if it were promised now."""
    try:
        async with visit.services.store.begin() as db:
            await staff.retry(db, visit.services.store.cipher, visit.id, visit.by)
    except CannotRetry as error:
        return await _list(visit, str(error), 409)
    return visit.go(PATH, "text_again")


async def _list(visit: Visit, error: str = "", status: int = 200) -> Response:
    async with visit.services.store.read() as db:
        found = await sms_list.read(db, visit.services.store.cipher, [SmsState.failed], MOST, numbers=True)
    callers = {text.id: page_of(visit, text.number) for text in found if text.number}
    return visit.page("unsent_texts.html", status, texts=found, callers=callers, most=MOST, error=error)


PAGES: tuple[Page, ...] = (
    shown(PATH, Role.manager, unsent),
    sent(f"{PATH}/{{id}}/retry", Role.manager, retry),
)
