"""Counts how advisers were rung: for callers who had gone, outside the opening hours, and left engaged."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from sqlalchemy import func, select

from ivr.simulator.twilio_api.resources.call import CallResource
from ivr.store.hunt_presence import UNHEARD_AFTER
from ivr.store.leg_states import LIVE
from ivr.store.tables import hunts, legs
from tests.chaos.program import opening_hours
from tests.chaos.run import Run
from tests.chaos.run_clock import MINUTE

NOTICED_AFTER: timedelta = UNHEARD_AFTER + MINUTE
"""How long after a caller has gone somebody may still be rung for them: nothing may have told that they have, and once
all calls are over the clock moves by whole minutes."""


async def count_engaged(run: Run) -> int:
    """Return how many legs go on by the database: once all calls are over, an adviser who is never rung again."""
    going_on = select(func.count()).select_from(legs).where(legs.c.state.in_(LIVE))
    async with run.store.begin() as db:
        return await db.scalar(going_on) or 0


async def count_ghost_rings(run: Run) -> int:
    """Return how many calls to advisers were for nobody: their caller had gone, or the helpline was closed."""
    async with run.store.begin() as db:
        rows = (await db.execute(select(legs.c.id, hunts.c.call).join(hunts))).all()
        gone = {run.store.cipher.blind_index(call): at for call, at in run.environment.gone.items()}
    gone_by_leg = {row.id: gone[row.call] for row in rows if row.call in gone}
    hours = opening_hours(run.webs[0].program)

    def is_ghost(ring: CallResource) -> bool:
        at, caller_gone = ring.date_created, gone_by_leg.get(_leg_of(ring))
        is_closed = hours is not None and not any(hours.opening(at).is_open for at in (at - MINUTE, at))
        return is_closed or (caller_gone is not None and at > caller_gone + NOTICED_AFTER)

    return sum(is_ghost(ring) for ring in run.environment.rings)


def _leg_of(ring: CallResource) -> str:
    """Return the id of the leg, which is in the address of its status callback."""
    return parse_qs(urlsplit(ring.status_callback).query).get("leg", [""])[0]
