"""The worker of a simulated call: it runs in the process, against the fake REST API, one tick at a time."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime

from httpx2 import ASGITransport

from ivr.config import Settings
from ivr.content_source import ContentSource
from ivr.loader import load
from ivr.simulator.twilio_api.account import TwilioAccount
from ivr.simulator.twilio_api.routes import rest_api
from ivr.store.database import Store
from ivr.telephony.rest import Provider
from ivr.wiring import build_call_distributor, build_provider, build_store
from ivr.worker.recordings import Recordings

Now = Callable[[], datetime]
Round = Callable[[], Awaitable[object]]
JobFactory = Callable[[Settings, Store, Provider, Now], Round]
"""Creates a job from settings, database, provider client and clock; the job runs on each tick."""


def advisers_job(settings: Settings, store: Store, provider: Provider, now: Now) -> Round:
    """Return the job that calls advisers for waiting callers."""
    content = ContentSource(settings.content, load(settings.content))
    return build_call_distributor(settings, store, provider, content, now).distribute


def recordings_job(settings: Settings, store: Store, provider: Provider, now: Now) -> Round:
    """Return the job that fetches recordings."""
    return Recordings(store, provider, now).fetch


PATIENCE = 30.0
"""The database timeout in seconds of a simulation: a busy machine is no failure."""
JOBS: tuple[JobFactory, ...] = (advisers_job, recordings_job)
"""The jobs of a simulated call."""


class InProcessWorker:
    """Opens database and provider client on the first tick, in the event loop of the call."""

    def __init__(
        self,
        settings: Settings,
        twilio: TwilioAccount,
        clock: Now,
        jobs: tuple[JobFactory, ...] = JOBS,
    ) -> None:
        self._settings, self._twilio, self._clock, self._jobs = settings, twilio, clock, jobs
        self._open = AsyncExitStack()
        self._rounds: list[Round] = []

    async def round(self) -> None:
        """Run each job once."""
        if self._jobs and not self._rounds:
            self._rounds = await self._begin()
        for one in self._rounds:
            await one()

    async def close(self) -> None:
        """Close database and provider client."""
        await self._open.aclose()

    async def _begin(self) -> list[Round]:
        settings, transport = self._settings, ASGITransport(rest_api(self._twilio))
        store = await self._open.enter_async_context(build_store(settings, PATIENCE))
        provider = await self._open.enter_async_context(build_provider(settings, transport=transport))
        return [create(settings, store, provider, self._clock) for create in self._jobs]
