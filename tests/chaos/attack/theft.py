"""A stolen session, used once it ought to be over."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from ivr.console.sessions import COOKIE
from ivr.staff import accounts
from tests.chaos.attack.attack import Tally
from tests.console.staff_browser import StaffBrowser, browser
from tests.console.staff_pages import StaffPages
from tests.staff.staff_accounts import BY, PASSWORD, Person, person

Ends = Callable[[StaffPages, StaffBrowser, Person], Awaitable[object]]


async def stealing_a_session(pages: StaffPages) -> Tally:
    """A cookie that was copied is used after its owner signed out, signed out everywhere else, changed the password,
    left, was idle for three hours, or worked for thirteen; a success is a page of staff."""
    tally = Tally()
    for place, (how, ends) in enumerate(ENDINGS.items()):
        owner = await person(pages.store, f"Jo Marsh {place}", at=pages.clock() - timedelta(minutes=1))
        async with browser(pages.services, f"203.0.113.{place}") as mine:
            await mine.sign_in(owner, pages.clock())
            stolen = mine.client.cookies[COOKIE]
            await ends(pages, mine, owner)
            tally.count(how, succeeded=await _works(pages, stolen))
    return tally


async def fixing_a_session(pages: StaffPages) -> Tally:
    """Somebody signs in with a browser in which a stranger had put a cookie; a success is that cookie letting in."""
    tally, owner = Tally(), await person(pages.store, "Jo Marsh", at=pages.clock() - timedelta(minutes=1))
    async with browser(pages.services) as mine:
        mine.client.cookies.set(COOKIE, "what the stranger chose")
        await mine.sign_in(owner, pages.clock())
    tally.count("the cookie that was put there", succeeded=await _works(pages, "what the stranger chose"))
    return tally


async def _works(pages: StaffPages, token: str) -> bool:
    async with browser(pages.services, "198.51.100.1") as thief:
        answer = await thief.client.get("/console", headers={"Cookie": f"{COOKIE}={token}"})
        return answer.status_code == 200


async def _signs_out(pages: StaffPages, mine: StaffBrowser, owner: Person) -> object:
    return await mine.send("/console/sign-out")


async def _signs_out_elsewhere(pages: StaffPages, mine: StaffBrowser, owner: Person) -> object:
    async with browser(pages.services) as other:
        pages.clock.passes(timedelta(minutes=1))
        await other.sign_in(owner, pages.clock())
        return await other.send("/console/me/sessions/end")


async def _changes_password(pages: StaffPages, mine: StaffBrowser, owner: Person) -> object:
    async with browser(pages.services) as other:
        pages.clock.passes(timedelta(minutes=1))
        await other.sign_in(owner, pages.clock())
        return await other.send("/console/me/password", old=PASSWORD, new="quite another kettle")


async def _leaves(pages: StaffPages, mine: StaffBrowser, owner: Person) -> object:
    async with pages.store.begin() as db:
        return await accounts.leave(db, pages.store.cipher, owner.account, BY)


async def _is_idle(pages: StaffPages, mine: StaffBrowser, owner: Person) -> object:
    pages.clock.passes(timedelta(hours=3))
    return await mine.look("/console/today/live")


async def _works_for_long(pages: StaffPages, mine: StaffBrowser, owner: Person) -> object:
    for _ in range(13):
        pages.clock.passes(timedelta(hours=1))
        await mine.look("/console")
    return None


ENDINGS: dict[str, Ends] = {
    "after signing out": _signs_out,
    "after signing out everywhere else": _signs_out_elsewhere,
    "after another password": _changes_password,
    "of a leaver": _leaves,
    "after three idle hours": _is_idle,
    "after thirteen hours": _works_for_long,
}
