"""What an adviser, or a manager for them, does on their page besides the rota: answers, a calendar, a test ring."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.responses import Response

from ivr.console import calendar, shift_sections
from ivr.console.page import Page, sent, shown
from ivr.console.rota import ONE, adviser_page
from ivr.console.shift_sections import LIVE
from ivr.console.visit import Visit
from ivr.errors import InvalidInput, IvrError
from ivr.helpline.rota import Adviser
from ivr.helpline.shift_answers import ShiftAnswer
from ivr.helpline.shift_words import ShiftWords
from ivr.staff import calendar_feeds, shift_reminders, trial_ring
from ivr.staff.accounts import Role
from ivr.staff.lookup import NoSuchItem
from ivr.staff.rota import NoSuchAdviser
from ivr.staff.shift_reminders import NoSuchShift
from ivr.staff.trial_ring import AtNight, EngagedNow
from ivr.store import rota

NOBODY_RINGS = "Nobody can be rung from here: TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and IVR_CALLER_ID must be set."


class NotTheirs(IvrError):
    """It is another's, and whoever asks is no manager."""


async def answer(visit: Visit) -> Response:
    """Keep whether somebody will be there."""
    services = visit.services
    words = ShiftWords(services.content().flows.words) if services.texting.destinations.prefixes else None
    try:
        said, begins = ShiftAnswer(visit.form.get("answer", "")), datetime.fromisoformat(visit.form.get("begins", ""))
    except ValueError:
        return await adviser_page(visit, "answer", "Choose a shift, and say whether they will be there.")
    try:
        async with services.store.begin() as db:
            cipher, hours = services.store.cipher, services.content().hours
            theirs = await _adviser(db, visit)
            one = await shift_reminders.find_at(db, cipher, hours, theirs.id, begins, visit.now)
            await shift_reminders.answer(db, cipher, words, one, said, visit.by)
    except NoSuchShift as error:
        return await adviser_page(visit, "answer", str(error))
    return visit.go(_page(visit), f"shift_{said}")


async def test_ring(visit: Visit) -> Response:
    """Have their telephone rung; how it goes is shown on the page."""
    async with visit.services.store.read() as db:
        theirs = await _adviser(db, visit)
    if visit.services.ringing is None:
        return await adviser_page(visit, "test-ring", NOBODY_RINGS)
    try:
        await visit.services.ringing.try_out(theirs.name, visit.by, at_night="late" in visit.form)
    except (EngagedNow, AtNight, NoSuchAdviser, InvalidInput) as error:
        return await adviser_page(visit, "test-ring", str(error))
    return visit.go(_page(visit), "test_ring")


async def live(visit: Visit) -> Response:
    """Bring up to date how it goes."""
    async with visit.services.store.read() as db:
        theirs = await _adviser(db, visit)
        found = await trial_ring.state(db, visit.services.store.cipher, theirs.number)
    return LIVE.again(visit, shift_sections.sentence(found), trial=found)


async def make_calendar(visit: Visit) -> Response:
    """Make the address at which a calendar reads their shifts."""
    async with visit.services.store.read() as db:
        theirs = await _adviser(db, visit)
    return await calendar.make_for(visit, theirs.name, _page(visit))


async def end_calendar(visit: Visit) -> Response:
    """End it."""
    async with visit.services.store.begin() as db:
        theirs = await _adviser(db, visit)
        await calendar_feeds.end(db, visit.services.store.cipher, theirs.name, visit.by)
    return visit.go(_page(visit), "calendar_ended")


async def _adviser(db: AsyncConnection, visit: Visit) -> Adviser:
    """Return whose page it is; raise NoSuchItem, or NotTheirs for somebody else's of an adviser."""
    everybody = await rota.read(db, visit.services.store.cipher)
    found = next((one for one in everybody if one.id == visit.id), None)
    if found is None:
        raise NoSuchItem("Nobody of that id is on the rota. They may have been taken off it.")
    if not shift_sections.may_act(visit, found.id):
        raise NotTheirs(f"That is for {found.name} themselves, or a manager.")
    return found


def _page(visit: Visit) -> str:
    return ONE.replace("{id}", visit.id)


PAGES: tuple[Page, ...] = (
    sent(f"{ONE}/answer", Role.adviser, answer),
    sent(f"{ONE}/test-ring", Role.adviser, test_ring),
    shown(LIVE.path, Role.adviser, live, is_live=True),
    sent(f"{ONE}/calendar", Role.adviser, make_calendar),
    sent(f"{ONE}/calendar/end", Role.adviser, end_calendar),
)
