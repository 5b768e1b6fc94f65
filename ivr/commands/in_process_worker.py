"""What a worker does beside a call that is only tried out: against the fake Twilio REST API, a tick at a time."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime

from httpx2 import ASGITransport

from ivr.app import load
from ivr.config import Settings
from ivr.helpline.rota import of_setting
from ivr.helpline.whisper import OFFER
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.routes import rest_api
from ivr.store.database import Store
from ivr.telephony.rest import Provider
from ivr.worker.adviser_call import AdviserCaller
from ivr.worker.call_distributor import CallDistributor
from ivr.worker.recordings import Recordings

Now = Callable[[], datetime]
Round = Callable[[], Awaitable[object]]
Joins = Callable[[Settings, Store, Provider, Now], Round]
"""Somebody who works beside the calls: what they make of settings, database, office and clock is done each round."""


def rings_advisers(settings: Settings, store: Store, provider: Provider, now: Now) -> Round:
    """The one who rings our advisers for a caller who waits."""
    offer = load(settings.content).flows.step_of_kind(OFFER)
    advisers = of_setting(settings.advisers)
    ringer = AdviserCaller(settings.caller_id or "", settings.public_url, settings.secrets, offer, advisers, now)
    return CallDistributor(store, provider, ringer, now).round


def fetches_messages(settings: Settings, store: Store, provider: Provider, now: Now) -> Round:
    """The one who fetches what callers have said."""
    return Recordings(store, provider, now).fetch


PATIENCE = 30.0
"""Seconds for the database of what is only tried out: a busy machine is not to look like a broken one."""
CREW: tuple[Joins, ...] = (rings_advisers, fetches_messages)
"""Who works beside a call."""


class Beside:
    """Opens what the crew needs when the first round comes, in the loop that the call runs in."""

    def __init__(
        self,
        settings: Settings,
        twilio: TwilioAccount,
        clock: Now,
        crew: tuple[Joins, ...] = CREW,
    ) -> None:
        self._settings, self._twilio, self._clock, self._crew = settings, twilio, clock, crew
        self._open = AsyncExitStack()
        self._rounds: list[Round] = []

    async def round(self) -> None:
        """Each of the crew does what there is to do now."""
        if self._crew and not self._rounds:
            self._rounds = await self._begin()
        for one in self._rounds:
            await one()

    async def close(self) -> None:
        """Close what was opened."""
        await self._open.aclose()

    async def _begin(self) -> list[Round]:
        settings, line = self._settings, ASGITransport(rest_api(self._twilio))
        store = await self._open.enter_async_context(Store(settings.database_url, settings.secrets, PATIENCE))
        provider = Provider(settings.account_sid, settings.auth_token, transport=line)
        await self._open.enter_async_context(provider)
        return [joins(settings, store, provider, self._clock) for joins in self._crew]
