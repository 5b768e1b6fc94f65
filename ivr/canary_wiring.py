"""Builds the test call from Settings: for the worker, once a day, and for `ivr canary`."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import TYPE_CHECKING

from ivr.call_environment import environment_of
from ivr.canary.call import Sleep
from ivr.canary.daily import DailyCanary
from ivr.canary.run import Canary, Numbers
from ivr.config import Settings
from ivr.engine.call_flows import CallFlows
from ivr.engine.environment import Environment
from ivr.errors import SettingsError
from ivr.helpline.contacts import ADVISERS
from ivr.helpline.phone_numbers import parse_number
from ivr.helpline.rota import of_setting
from ivr.loader import Helpline
from ivr.store.database import Store
from ivr.telephony.rest import Provider
from ivr.web.staff_cache import StaffCache

if TYPE_CHECKING:
    from ivr.worker.scheduler import Task

EVERY, FIRST = 60.0, 120.0
"""Seconds between two looks whether it is due, and before the first: a worker that was just started settles down."""
NEEDS = "IVR_CANARY_NUMBER, IVR_NUMBER, TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN must be set for a test call"

Clock = Callable[[], datetime]
Situation = Callable[[], Awaitable[tuple[CallFlows, Environment]]]


def build_canary(
    settings: Settings,
    store: Store,
    provider: Provider,
    content: Callable[[], Helpline],
    sleep: Sleep = asyncio.sleep,
    clock: Clock | None = None,
) -> Canary:
    """Return what makes test calls; raise SettingsError without a second number, or an account."""
    called = parse_number(settings.number or "")
    if not (settings.can_test_call and called and settings.canary_number):
        raise SettingsError(NEEDS)
    numbers = Numbers(called, settings.canary_number)
    now = clock or settings.clock
    return Canary(store, provider, numbers, _situation(settings, store, content, now), now, sleep)


def build_daily_canary(
    settings: Settings, store: Store, provider: Provider, content: Callable[[], Helpline]
) -> "list[Task]":
    """Return the task of a worker that makes the test call of each day; none where no second number is set."""
    from ivr.worker.scheduler import Task

    if not settings.can_test_call:
        return []
    canary = build_canary(settings, store, provider, content)
    situation = _situation(settings, store, content, settings.clock)

    async def is_open() -> bool:
        _, environment = await situation()
        return environment.opening(ADVISERS).is_open

    daily = DailyCanary(lambda since: canary.run(unless_since=since), is_open, settings.clock)
    return [Task("make the daily test call", daily.call_if_due, EVERY, first=FIRST)]


def _situation(settings: Settings, store: Store, content: Callable[[], Helpline], clock: Clock) -> Situation:
    async def situation() -> tuple[CallFlows, Environment]:
        helpline, staff = content(), StaffCache(store, of_setting(settings.advisers), clock)
        await staff.refresh()
        environment = environment_of(settings, helpline, staff)(clock(), settings.canary_number or "")
        return helpline.flows, environment

    return situation
