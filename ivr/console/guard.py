"""Lets a request reach a page: from one of our own pages, from somebody signed in, who may.

What goes wrong behind it is told on a page: nothing that was written is lost without a word.
"""

import logging

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import Receive, Scope, Send

from ivr.console import sessions
from ivr.console.form import FormTooLong, read_form
from ivr.console.origin_check import SAFE_METHODS, comes_from_us
from ivr.console.page import Page
from ivr.console.services import Services
from ivr.console.visit import Visit
from ivr.errors import DatabaseUnavailable, IvrError
from ivr.log import redacted_traceback
from ivr.staff.lookup import NoSuchItem

log = logging.getLogger(__name__)

SIGN_IN = "/console/sign-in"
NEVER_SHOWN = frozenset({"password", "old", "new", "half", "token", "passkey"})
LONGEST_TYPED = 40
"""Characters of a field above which somebody has written it, and wants to have it back."""


class Guarded:
    """An ASGI application that answers at one path, with the page of each method."""

    def __init__(self, services: Services, pages: dict[str, Page]) -> None:
        self._services, self._pages = services, pages

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request = Request(scope, receive)
        page = self._pages.get("GET" if request.method == "HEAD" else request.method)
        answer = await self._answer(request, page) if page else self._other_method(request)
        await answer(scope, receive, send)

    def _other_method(self, request: Request) -> Response:
        return _refused(Visit(request, self._services, None), 405, "That cannot be done here.")

    async def _answer(self, request: Request, page: Page) -> Response:
        visit = Visit(request, self._services, None)
        if "\0" in request.scope["path"] or b"%00" in request.scope["query_string"]:  # PostgreSQL keeps none
            return _refused(visit, 404, "There is no such page.")
        if not comes_from_us(request.method, request.headers):
            return _refused(visit, 403, "This did not come from one of our own pages, so nothing was done.")
        try:
            form = {} if request.method in SAFE_METHODS else await read_form(request)
            signed_in = await sessions.signed_in(self._services, request, is_live=page.is_live)
        except FormTooLong as error:
            return _refused(visit, 413, str(error))
        except DatabaseUnavailable as error:
            return _unavailable(visit, error)
        visit = Visit(request, self._services, signed_in, form)
        if page.least is None:
            return await _answered(visit, page)
        if signed_in is None:
            return _signed_out(visit, page)
        if not signed_in.account.role.includes(page.least):
            return _refused(visit, 403, f"This is for a {page.least}: ask one to do it.")
        return await _answered(visit, page)


async def _answered(visit: Visit, page: Page) -> Response:
    try:
        return await page.answer(visit)
    except NoSuchItem as error:
        return _refused(visit, 404, str(error))
    except DatabaseUnavailable as error:
        return _unavailable(visit, error)
    except IvrError as error:
        return _refused(visit, 409, str(error))
    except Exception as error:
        log.error("console page failed: path=%s error=%s", page.path, redacted_traceback(error))
        return _refused(visit, 500, "Something is wrong here. It is in the log of `ivr console`.")


def _signed_out(visit: Visit, page: Page) -> Response:
    """Have somebody sign in; what they wrote is given back to them."""
    if page.is_live:
        return Response(status_code=401, headers={"HX-Redirect": SIGN_IN})
    if page.method in SAFE_METHODS:
        return RedirectResponse(sessions.sign_in_address(visit.services, visit.request), 303)
    return visit.page("signed_out.html", 401, typed=_typed(visit))


def _unavailable(visit: Visit, error: DatabaseUnavailable) -> Response:
    log.error("console page without database: %s", error)
    return _refused(visit, 503, "The database cannot be reached just now. Please try again in a minute.")


def _refused(visit: Visit, status: int, says: str) -> Response:
    return visit.page("refused.html", status, says=says, typed=_typed(visit))


def _typed(visit: Visit) -> list[str]:
    """Return what somebody wrote at length, to be given back to them; what signs somebody in is not."""
    return [value for name, value in visit.form.items() if len(value) > LONGEST_TYPED and name not in NEVER_SHOWN]
