"""What can happen to our processes."""

import asyncio
from contextlib import asynccontextmanager

from torture.day import Day
from torture.fault import Fault, Injected

REPLACED_AFTER = 2.0
"""Seconds until somebody, or something, starts another."""


@asynccontextmanager
async def worker_killed(day: Day) -> Injected:
    await day.workers[0].kill()
    await asyncio.sleep(REPLACED_AFTER)
    await day.workers[0].start()
    yield


@asynccontextmanager
async def web_killed(day: Day) -> Injected:
    address = await day.webs[0].address()
    await day.webs[0].kill()
    await asyncio.sleep(REPLACED_AFTER)
    day.forget(address)
    await day.starts_web(0)
    yield


@asynccontextmanager
async def web_replaced(day: Day) -> Injected:
    """One after the other is told to end, and is followed by another: a new release."""
    for place, web in enumerate(day.webs):
        address = await web.address()
        day.forget(address)
        await web.stop()
        await day.starts_web(place)
    yield


FAULTS = (
    Fault(
        "worker killed",
        f"The only worker is killed (SIGKILL), and replaced after {REPLACED_AFTER:.0f} seconds.",
        worker_killed,
        seconds=2.0,
    ),
    Fault(
        "one web process of two killed",
        f"SIGKILL; replaced after {REPLACED_AFTER:.0f} seconds. The balancer before them asks the other one when the first cannot be reached.",
        web_killed,
        seconds=1.0,
    ),
    Fault(
        "the only web process killed",
        f"SIGKILL; replaced after {REPLACED_AFTER:.0f} seconds. Until then the telephone company plays the document of `ivr fallback`.",
        web_killed,
        seconds=1.0,
        webs=1,
    ),
    Fault(
        "a new release",
        "Two web processes are ended (SIGTERM) and replaced, one after the other.",
        web_replaced,
        seconds=1.0,
    ),
)
