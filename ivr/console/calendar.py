"""The calendar feeds: what a calendar reads at a secret address, and the page of the whole rota's."""

from hashlib import sha256

from starlette.responses import Response

from ivr.console.calendar_file import calendar_file
from ivr.console.page import Page, sent, shown
from ivr.console.visit import Visit
from ivr.staff import calendar_feeds as staff
from ivr.staff.accounts import Role
from ivr.store import calendar_feeds

CALENDAR = "/console/calendar"
MEDIA_TYPE = "text/calendar; charset=utf-8"
LOOK_AGAIN = "private, no-cache"
"""A calendar may keep the file, and asks each time whether it still holds."""


async def feed(visit: Visit) -> Response:
    """Answer a calendar, which nobody is signed in to: the secret is the address.

    It asks many times a day, and strangers may: only the first right time of a day writes anything.
    """
    store, secret = visit.services.store, str(visit.request.path_params["secret"])
    async with store.read() as db:
        found = await staff.read(db, store.cipher, secret, visit.now)
    if not found.feed.was_read_on_the_day_of(visit.now):
        async with store.begin() as db:
            await calendar_feeds.note_reading(db, found.feed, visit.now)
    body = calendar_file(found)
    headers = {"ETag": f'"{sha256(body).hexdigest()[:32]}"', "Cache-Control": LOOK_AGAIN}
    if headers["ETag"] in visit.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, MEDIA_TYPE)


async def whole_rota(visit: Visit) -> Response:
    """Show whether there is an address for the whole rota."""
    async with visit.services.store.read() as db:
        found = await calendar_feeds.of(db, None)
    return visit.page("calendar.html", feed=found)


async def make_whole(visit: Visit) -> Response:
    """Make one."""
    return await make_for(visit, None, CALENDAR)


async def end_whole(visit: Visit) -> Response:
    """End it."""
    async with visit.services.store.begin() as db:
        await staff.end(db, visit.services.store.cipher, None, visit.by)
    return visit.go(CALENDAR, "calendar_ended")


async def make_for(visit: Visit, name: str | None, back: str) -> Response:
    """Make an address for an adviser, by name, or for everybody, and show it, once."""
    async with visit.services.store.begin() as db:
        path = await staff.make(db, visit.services.store.cipher, name, visit.by)
    origin = str(visit.request.base_url).rstrip("/") if visit.services.dev else visit.services.origin
    address = f"{origin}{path}"
    webcal = f"webcal:{address.partition(':')[2]}"
    return visit.page("calendar_given.html", address=address, webcal=webcal, name=name, back=back)


PAGES: tuple[Page, ...] = (
    shown(f"{CALENDAR}/{{secret}}.ics", None, feed),
    shown(CALENDAR, Role.manager, whole_rota),
    sent(CALENDAR, Role.manager, make_whole),
    sent(f"{CALENDAR}/end", Role.manager, end_whole),
)
