"""A caller's number on a page: masked until somebody asks for it, which the audit log tells, and then in full once."""

from dataclasses import dataclass, field

from ivr.console.page import Handler, Page, sent
from ivr.console.templates import telephone
from ivr.console.visit import Visit
from ivr.errors import InvalidToken, IvrError
from ivr.helpline.masked_number import LAST, masked
from ivr.helpline.phone_numbers import identity
from ivr.staff.accounts import Role
from ivr.tokens import CallerTokens

CALLER = "/console/callers/{token}"


class CallerPageOver(IvrError):
    """The address of a caller's page is older than an hour, or somebody else's."""


@dataclass(frozen=True)
class NumberShown:
    """What a page shows of a number: `written`, and its last figures for a screen reader where it is masked.

    `path` is where the whole of it is asked for; "" where there is no more to be shown. `caller` is the page with all
    that is kept of them, "" for a number by which nobody is known.
    """

    written: str = field(repr=False)
    last: str = ""
    path: str = ""
    caller: str = ""


def number_shown(
    visit: Visit, number: str | None, path: str, *, in_full: bool, is_own_page: bool = False
) -> NumberShown:
    """Return what the page at a path shows of a number, as it is stored; a caller's own page leads to no other."""
    if number is None or identity(number) is None:
        return NumberShown(telephone(number))
    caller = "" if is_own_page else page_of(visit, number)
    if in_full:
        return NumberShown(telephone(number), caller=caller)
    return NumberShown(masked(number), number[-LAST:], f"{path}/number", caller)


def page_of(visit: Visit, number: str) -> str:
    """Return the address of a caller's page, which is good for whoever is signed in, and for an hour."""
    token = CallerTokens(visit.services.secrets).close(number, visit.account.id, visit.now)
    return CALLER.replace("{token}", token)


def number_in(visit: Visit) -> str:
    """Return the number (E.164) that we sealed into the address of this page; raise CallerPageOver."""
    token = str(visit.request.path_params["token"])
    try:
        return CallerTokens(visit.services.secrets).open(token, visit.account.id, visit.now)
    except InvalidToken:
        raise CallerPageOver("This page was good for an hour. Look the caller up again, under Callers.") from None


def in_full(path: str, answer: Handler) -> Page:
    """Return the page that shows the same with the whole number."""
    return sent(f"{path}/number", Role.adviser, answer)
